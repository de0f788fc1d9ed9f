"""Colleagues whose WeCom account stands in the list are written to first, once each, and how that fares (A-1.3)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import String, bindparam, cast, false, literal, select, update

from conversations import menu
from storage import inbox, outbox, people, posting
from storage.codec import prompt_json
from storage.staffing import Staffing
from storage.tables import address, person, role, talk
from storage.tables import outbox as queue

REF = "greet"  # of what is written first, so that thirty wrong accounts are one word to the admin
CHANNEL = "wecom"
State = Literal["new", "waits", "sent", "failed"]
_KEY = f"{REF}:{CHANNEL}:"

_listed = (
    select(
        person.c.id,
        person.c.name,
        person.c.account,
        queue.c.id.label("row"),
        queue.c.sent_at,
        queue.c.dead_at,
        queue.c.error,
        queue.c.not_before,
        address.c.dead_why,
    )
    .outerjoin(queue, queue.c.dedupe_key == literal(_KEY) + cast(person.c.id, String))
    .outerjoin(address, address.c.id == queue.c.address_id)
    .where(
        people.here(),
        person.c.greeted_at.is_(None),
        person.c.account_made == false(),
        select(role.c.id).where(role.c.person_id == person.c.id, people.in_force(role)).exists(),
    )
    .order_by(person.c.id)
)
_whose = select(person.c.id, person.c.name).join(talk, talk.c.person_id == person.c.id).where(talk.c.id == bindparam("talk"))
_again = (
    update(queue)
    .where(queue.c.id == bindparam("row"), queue.c.sent_at.is_(None), queue.c.dead_at.is_not(None))
    .values(
        talk_id=bindparam("talk"),
        address_id=bindparam("to"),
        body=bindparam("text"),
        not_before=bindparam("later"),
        dead_at=None,
        attempts=0,
        lease_until=None,
        error="",
    )
)
_revived = update(address).where(address.c.id == bindparam("to")).values(dead_at=None, dead_why="")
_asked = update(talk).where(talk.c.id == bindparam("asked"), talk.c.person_id.is_(None)).values(polite_at=bindparam("now"))


@dataclass(frozen=True, slots=True)
class Greeting:
    """`why` is the platform's reason as it was left behind, for words."""

    id: int
    name: str
    account: str
    state: State
    why: str = ""
    at: datetime | None = None  # not before

    def due(self, now: datetime) -> bool:
        return self.at is not None and self.at <= now


class Greetings(Staffing):
    def greetings(self) -> Sequence[Greeting]:
        """Who has not come in yet and can be written to in WeCom."""
        found = []
        for row in self._conn.execute(_listed, {"today": self.today}):
            state: State = "new" if row.row is None else "failed" if row.dead_at is not None else "sent" if row.sent_at is not None else "waits"
            why = row.dead_why if row.error == outbox.NO_ADDRESS and row.dead_why else row.error or ""
            found.append(Greeting(row.id, row.name, row.account, state, posting.reason(why), row.not_before))
        return found

    def greet(self, ids: Collection[int], not_before: datetime) -> tuple[int, Sequence[str]]:
        """How many are written to, and why others are not. Who was reached once is not written to again."""
        written, refused = 0, []
        for one in self.greetings():
            if one.id not in ids or one.state in ("waits", "sent"):
                continue
            self._may("invite", self._of(one.id))
            to = inbox.address_of(self._conn, CHANNEL, one.account.lower())
            owner = self._conn.execute(_whose, {"talk": to.talk_id}).first()
            if owner is not None and owner.id != one.id:
                refused.append(f"{one.name}：账号 {one.account} 已经是{owner.name}在用，请核对。")
                continue
            self._write(one, to.id, to.talk_id, not_before)
            written += 1
        return written, refused

    def _write(self, one: Greeting, address_id: int, talk_id: int, not_before: datetime) -> None:
        self._log("greet", f"person:{one.id}", CHANNEL, one.account)
        self._conn.execute(_revived, {"to": address_id})
        self._conn.execute(_asked, {"asked": talk_id, "now": self._now})
        body, key = prompt_json(menu.whose(one.name)), f"{_KEY}{one.id}"
        if outbox.put(
            self._conn, talk_id, "reminder", body, now=self._now, address_id=address_id, ref=REF, pushed=True, dedupe_key=key, not_before=not_before
        ):
            return
        row = self._conn.execute(select(queue.c.id).where(queue.c.dedupe_key == key)).scalar_one()
        self._conn.execute(_again, {"row": row, "talk": talk_id, "to": address_id, "text": body, "later": not_before})
