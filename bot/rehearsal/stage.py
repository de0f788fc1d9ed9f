"""The embedded stage: the demo firm in a folder of its own, its people on the web chat, the clock moved by hand."""

from __future__ import annotations

import hashlib
import tempfile
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import SecretStr

from bot import demo
from bot.app import App
from bot.channels.base import Channel, Event, Media
from bot.clock import StillClock
from bot.eyes import Seeing
from bot.rehearsal.compare import Kept
from bot.rehearsal.customer import ASGIApp
from bot.rehearsal.eye import Noted
from bot.rehearsal.phone import Heard, Phone
from bot.rehearsal.script import BadScript, Script
from bot.settings import Settings
from bot.web.app import Site
from conversations.firm import Paper, Person
from conversations.types import Point
from rules.repairs.jobs import STATES
from storage import callers, people, posting, sessions, shown, webbox, websessions
from storage.database import Connection
from storage.repairs import jobs
from storage.shown import ShownRow
from storage.websessions import Visitor
from storage.world import World

T = TypeVar("T")
LOOKED = 300  # messages looked back through for a link


class WebStage:
    """One App without loops: it moves only when it is told to. `database` is a url; the default a SQLite file in the folder.

    `_own` is the channel people are on unless a step says otherwise.
    """

    _own = "web"

    def __init__(self, database: str = "", zone: ZoneInfo | None = None) -> None:
        self.zone = zone or ZoneInfo("Asia/Shanghai")
        self._database = database
        self._clock = StillClock(datetime(2000, 1, 1, tzinfo=UTC))
        self._folder = tempfile.TemporaryDirectory(prefix="paojie-rehearsal-", ignore_cleanup_errors=True)
        self._phones: dict[tuple[str, str], Phone] = {}
        self._people: dict[str, Person] = {}
        self._site_of: tuple[App, Site] | None = None
        self.app: App

    def now(self) -> datetime:
        return self._clock.now()

    async def open(self, script: Script) -> None:
        self._clock.move_to(script.clock.replace(tzinfo=self.zone))
        self.app = self._new_app()
        self.app.database.migrate()
        day = script.day
        await self.app.database.write(lambda conn: demo.build(conn, day))
        await self._up()
        firm = await self.app.database.read(lambda conn: people.everybody(conn, day))
        self._people = {one.name: one for one in firm}
        for who in self._people:
            await self._reach(who)
        await self.move_to(self.now())

    async def close(self) -> None:
        await self._off()
        self._folder.cleanup()

    async def restart(self) -> None:
        """The composition root is closed and a new one built on the same data."""
        await self._off()
        self.app = self._new_app()
        await self._up()

    async def down(self, until: datetime) -> None:
        await self._off()
        self._clock.move_to(until)
        self.app = self._new_app()
        await self._up()
        await self.settle()

    async def move_to(self, instant: datetime) -> None:
        await self.app.advance_to(instant)

    async def settle(self) -> None:
        await self.app.drain()

    async def fault(self, plan: Mapping[str, Any]) -> None:
        """Nothing is sent over a wire here; the stages of the tests break theirs."""

    async def phone(self, who: str, channel: str) -> Phone:
        channel = channel or self._own
        if (who, channel) not in self._phones:
            self._phones[who, channel] = await self._new_phone(who, channel)
        return self._phones[who, channel]

    async def kept(self, form: str, by: str) -> Sequence[Kept]:
        person = self.person(by).id

        def query(conn: Connection) -> list[Kept]:
            world = World(conn, person_id=person, now=self.now(), zone=self.zone)
            filed = [paper for paper in world.papers(person=person, forms=[form]) if paper.state == "filed"]
            return [Kept(paper.form, self._facts(world, paper), paper.answers) for paper in filed]

        return await self.read(query)

    async def kept_words(self, by: str) -> Sequence[str]:
        person = self.person(by).id
        return await self.read(lambda conn: sessions.words_of(conn, person))

    def kept_bytes(self, data: bytes) -> bool:
        return self.app.blobs.path(hashlib.sha256(data).hexdigest()).is_file()

    def site(self) -> ASGIApp:
        if self._site_of is None or self._site_of[0] is not self.app:
            self._site_of = (self.app, Site(self.app))
        return self._site_of[1]

    async def shown(self) -> Sequence[str]:
        return await self.read(lambda conn: ["\n".join((said.text, *(one.url for one in said.options))) for said in posting.newest(conn, LOOKED)])

    async def job(self, number: str) -> Mapping[str, Any] | None:
        def query(conn: Connection) -> Mapping[str, Any] | None:
            day = self.now().astimezone(self.zone).date()
            found = [one for one in jobs.today(conn, day) if one.number == number]
            names = {one.id: one.name for one in self._people.values()}
            return next(
                (
                    {
                        "state": STATES[one.state],
                        "by": names.get(one.technician_id, ""),
                        "paid": one.paid,
                        "photos": len(one.before) + len(one.after),
                        "rounds": one.rounds,
                    }
                    for one in found
                ),
                None,
            )

        return await self.read(query)

    def _facts(self, world: World, paper: Paper) -> Mapping[str, Any]:
        """`photos` counts pictures that came later too."""
        customer = world.customer(paper.customer_id) if paper.customer_id else None
        photos = sum(world.blob_kind(sha) == "photo" for sha in paper.blobs)
        at = f"{paper.said_at.astimezone(self.zone):%H:%M}"
        return {"customer": customer.short if customer else "", "photos": photos, "grade": paper.grade, "at": at}

    async def pushed(self, who: str) -> int:
        person = self.person(who).id
        return await self.read(lambda conn: shown.pushed_to(conn, person))

    async def address_of(self, who: str, channel: str, external_id: str) -> None:
        """Let the person be reached there from now on, as an invitation would."""
        person = self.person(who).id
        await self.app.database.write(lambda conn: callers.reachable(conn, person, channel, external_id))

    def person(self, who: str) -> Person:
        if who not in self._people:
            raise BadScript(f"演示公司里没有“{who}”，有：{'、'.join(self._people)}")
        return self._people[who]

    async def read(self, query: Callable[[Connection], T]) -> T:
        return await self.app.database.read(query)

    async def _reach(self, who: str) -> None:
        """Everybody can be told something before they say anything."""
        await self.address_of(who, "web", self.person(who).account)

    async def _new_phone(self, who: str, channel: str) -> Phone:
        """A second device is another page of the same person here."""
        person = self.person(who)
        address_id = await self.app.database.write(lambda conn: websessions.settle(conn, person.id, person.account))
        return WebPhone(self, Visitor(person.id, person.account, who, address_id))

    async def _up(self) -> None:
        await self.app.start()

    async def _off(self) -> None:
        await self.app.stop()

    def _new_app(self) -> App:
        return App(self._settings(), self._clock, self._channels(), eyes=self._eyes(), loops=False)

    def _eyes(self) -> Seeing:
        return Noted()

    def _channels(self) -> Mapping[str, Channel]:
        """The web chat is always there; stages of other platforms add theirs."""
        return {}

    def _settings(self) -> Settings:
        """Nothing of the machine's own environment."""
        defaults = {name: field.default for name, field in Settings.model_fields.items()}
        return Settings.model_construct(**{**defaults, "data": Path(self._folder.name), "database": SecretStr(self._database)})


class WebPhone:
    """The web chat without its page: the same events in, the same prompts out."""

    def __init__(self, stage: WebStage, visitor: Visitor) -> None:
        self._stage, self._visitor = stage, visitor
        self._after = 0

    async def says(self, text: str, at: datetime, times: int) -> None:
        await self._send(at, times, text=text)

    async def taps(self, message: Heard, label: str, at: datetime, times: int) -> None:
        tokens = dict(zip(message.buttons, message.handle.split(" "), strict=True))
        await self._send(at, times, tap=tokens[label])

    async def sends_photos(self, pictures: Sequence[bytes], at: datetime, times: int) -> None:
        for picture in pictures:
            await self._send(at, times, media=self._kept(picture, "photo"))

    async def sends_voice(self, sound: bytes, at: datetime, times: int) -> None:
        await self._send(at, times, media=self._kept(sound, "voice"))

    async def sends_place(self, lat: float, lon: float, at: datetime, times: int) -> None:
        await self._send(at, times, place=Point(lat, lon))

    async def heard(self) -> Sequence[Heard]:
        def take(conn: Connection) -> list[ShownRow]:
            rows = webbox.for_web(conn, self._visitor.address_id, self._after, 200)
            webbox.web_fetched(conn, self._visitor.address_id, [row.id for row in rows], self._stage.now())
            return rows

        rows = await self._stage.app.database.write(take)
        self._after = max([self._after, *(row.id for row in rows)])
        return [_heard(row) for row in rows]

    def _kept(self, data: bytes, kind: Any) -> Media:
        return Media(f"blob:{self._stage.app.blobs.put(data)}", kind=kind, size=len(data))

    async def _send(self, at: datetime, times: int, **what: Any) -> None:
        event = Event(key=str(uuid.uuid4()), sender=self._visitor.external_id, at=self._stage.now(), claimed_at=at, **what)
        for _ in range(times):
            await self._stage.app.receive("web", event)


def _heard(row: ShownRow) -> Heard:
    options = [option for option in row.prompt.options if not option.url]
    title = f"{row.prompt.title}\n" if row.prompt.title else ""
    return Heard(title + row.prompt.text, tuple(option.label for option in options), " ".join(option.token for option in options))
