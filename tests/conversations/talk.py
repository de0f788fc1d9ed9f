"""People talking: says, taps and sends in, hears out; the demo's firm on a real database, one transaction a message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import select, update

from bot import demo
from conversations.converse import converse
from conversations.firm import Case, Paper, Person
from conversations.types import Blob, Option, Point, Prompt, Said
from rules.calendar import FIRM_ZONE, Calendar
from storage import blobs, callers
from storage.codec import prompt_of
from storage.database import Connection, Database
from storage.tables import due, outbox, person, talk
from storage.world import World

DAY = date(2026, 11, 24)  # a Tuesday
CALENDAR = Calendar()
T = TypeVar("T")


@dataclass
class Talk:
    """One firm, one clock, everybody's telephone."""

    database: Database
    now: datetime = field(default_factory=lambda: CALENDAR.at(DAY, "08:25"))
    ids: dict[str, int] = field(default_factory=dict)
    posts: bool = True  # everything said is on the telephone before the next message; off: the sender is slow

    def __post_init__(self) -> None:
        def build(conn: Connection) -> None:
            demo.build(conn, DAY)
            for row in conn.execute(select(person.c.id, person.c.name)):
                self.ids[row.name] = row.id
                callers.talk_of(conn, row.id)

        self.database.write_now(build)

    def at(self, clock: str, day: date = DAY) -> None:
        self.now = CALENDAR.at(day, clock)

    def later(self, **delta: float) -> None:
        self.now += timedelta(**delta)

    def desk(self, who: str, act: Callable[[World], T]) -> T:
        def unit(conn: Connection) -> T:
            return act(World(conn, person_id=self.ids[who], now=self.now, zone=FIRM_ZONE, via="test"))

        return self.database.write_now(unit)

    # -- in -------------------------------------------------------------------------------------------------
    def hand_in(self, who: str, said: Said) -> list[Prompt]:
        """What the person hears in answer; what others hear waits for `hears`."""
        if self.posts:
            self.database.write_now(lambda conn: conn.execute(update(outbox).values(sent_at=self.now)))
        before = self._last(who)
        self.desk(who, lambda world: converse(world, said))
        return self._since(who, before)

    def says(self, who: str, text: str, *, at: str = "") -> list[Prompt]:
        when = CALENDAR.at(CALENDAR.day_of(self.now), at) if at else self.now
        return self.hand_in(who, Said(when, self.now, text=text))

    def taps(self, who: str, label: str, *, of: int = 1) -> list[Prompt]:
        """The newest button of that label, or of the prompt `of` prompts ago."""
        return self.hand_in(who, Said(self.now, self.now, tap=self.option(who, label, of=of).token))

    def token(self, who: str, token: str) -> list[Prompt]:
        return self.hand_in(who, Said(self.now, self.now, tap=token))

    def sends(self, who: str, sha: str = "", *, text: str = "", kind: str = "photo", advice: str = "", broken: str = "") -> list[Prompt]:
        sha = (sha or "ab").ljust(64, "0")
        mime = {"photo": "image/jpeg", "voice": "audio/amr"}[kind]
        self.desk(who, lambda world: blobs.note(world._conn, sha, mime, 100, {"kind": kind}, self.now))
        blob = Blob(sha, mime, 100, kind, advice, broken)  # type: ignore[arg-type]
        return self.hand_in(who, Said(self.now, self.now, text=text, blob=blob))

    def place(self, who: str) -> list[Prompt]:
        return self.hand_in(who, Said(self.now, self.now, place=Point(31.19, 121.43, "漕溪北路")))

    # -- out ------------------------------------------------------------------------------------------------
    def prompts(self, who: str) -> list[Prompt]:
        def unit(conn: Connection) -> list[Prompt]:
            rows = conn.execute(select(outbox.c.body).join(talk).where(talk.c.person_id == self.ids[who]).order_by(outbox.c.id))
            return [prompt_of(row.body) for row in rows]

        return self.database.write_now(unit)

    def number(self, who: str) -> int:
        """Of the newest prompt: 接 12."""
        query = select(outbox.c.id).join(talk).where(talk.c.person_id == self.ids[who]).order_by(outbox.c.id.desc()).limit(1)
        return self.database.write_now(lambda conn: int(conn.execute(query).scalar_one()))

    def option(self, who: str, label: str, *, of: int = 1) -> Option:
        found = [one for prompt in reversed(self.prompts(who)) for one in prompt.options if one.label == label]
        assert len(found) >= of, f"{who} has no button {label}: {[one.label for p in self.prompts(who)[-3:] for one in p.options]}"
        return found[of - 1]

    def last(self, who: str) -> Prompt:
        return self.prompts(who)[-1]

    def _last(self, who: str) -> int:
        return len(self.prompts(who))

    def _since(self, who: str, count: int) -> list[Prompt]:
        return self.prompts(who)[count:]

    # -- kept -----------------------------------------------------------------------------------------------
    def papers(self, who: str, form: str = "") -> list[Paper]:
        """Oldest first."""
        return self.desk(who, lambda world: [*world.papers(person=world.me.id, forms=(form,) if form else (), limit=99)])[::-1]

    def cases(self, who: str, kind: str) -> list[Case]:
        return self.desk(who, lambda world: [*world.cases(kind, person=world.me.id, limit=99)])

    def person(self, who: str) -> Person:
        return self.desk(who, lambda world: world.me)

    def dues(self, kind: str) -> list[datetime]:
        return self.database.write_now(lambda conn: [row.at for row in conn.execute(select(due.c.at).where(due.c.kind == kind).order_by(due.c.at))])


def text(prompts: list[Prompt]) -> str:
    return "\n".join(prompt.text for prompt in prompts)


def labels(prompts: list[Prompt]) -> list[str]:
    return [one.label for prompt in prompts for one in prompt.options]
