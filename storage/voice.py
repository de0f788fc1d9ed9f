"""How a person's desk speaks and reminds, and what every write goes through: not after leaving, by the policy, into the log."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from conversations.desk import NotAllowed
from conversations.types import Prompt
from rules import people as policy
from rules.errors import RuleBroken
from rules.people import Action, Subject
from storage import audit, callers, due, matters, outbox, people, shown
from storage.codec import prompt_json
from storage.view import View

LEFT = "您的账号已经停用，有事请联系公司管理员。"
_WAITS = ("reminder", "digest")  # what nobody asked for just now


class Voice(View):
    """Reads by View; `via` is the channel spoken on, or tick."""

    def __init__(
        self,
        conn: Connection,
        *,
        person_id: int,
        now: datetime,
        zone: ZoneInfo,
        talk_id: int | None = None,
        address_id: int | None = None,
        via: str = "web",
        inbox_id: int | None = None,
    ) -> None:
        super().__init__(conn, person_id=person_id, now=now, zone=zone)
        self._talk_id = talk_id
        self._address_id = address_id
        self._via = via
        self._inbox_id = inbox_id

    def tell(
        self,
        person: int,
        prompt: Prompt,
        *,
        lane: str = "reply",
        key: str = "",
        pushed: bool = True,
        coalesce: str = "",
        not_before: datetime | None = None,
    ) -> int:
        who = self.person(person)
        if who is None or who.left:
            return 0
        talk = people.talk_of(self._conn, person)
        if talk is None or not talk.reachable:
            if lane in _WAITS:
                return 0  # a new colleague does not begin with last week's reminders
            talk_id, muted = callers.talk_of(self._conn, person), None
        else:
            talk_id, muted = talk.id, talk.muted_until if lane in _WAITS else None
        waits = [at for at in (muted, not_before) if at is not None]
        return outbox.put(
            self._conn,
            talk_id,
            lane,
            prompt_json(prompt),
            now=self._now,
            ref=prompt.ref,
            pushed=pushed,
            dedupe_key=key or None,
            coalesce_key=coalesce or None,
            not_before=max(self._now, *waits) if waits else None,
        )

    def say(self, prompt: Prompt, *, coalesce: str = "") -> int:
        return outbox.put(
            self._conn,
            self._talk(),
            "reply",
            prompt_json(prompt),
            now=self._now,
            address_id=self._address_id,
            ref=prompt.ref,
            coalesce_key=coalesce or None,
        )

    def last_prompt(self) -> tuple[Prompt, datetime] | None:
        row = shown.last_with_options(self._conn, self._talk())
        return None if row is None else (row.prompt, row.sent_at or row.created_at)

    def prompt_of(self, number: int) -> Prompt | None:
        row = shown.shown(self._conn, self._talk(), number)
        return None if row is None or row.sent_at is None else row.prompt

    def remind(self, kind: str, key: str, at: datetime, *, person: int | None = None, case: int = 0, **args: Any) -> None:
        self._log("remind", f"due:{kind}:{key}", at.isoformat())
        due.put(self._conn, kind, key, at, person or self.me.id, case or None, args)

    def forget(self, kind: str, key: str) -> None:
        self._log("forget", f"due:{kind}:{key}")
        due.forget(self._conn, kind, key)

    def hand_matters(self, person: int, customer: int, to: int, *, but: int = 0) -> int:
        """A customer changes hands: what is open of it goes along, with its reminders; how many. The caller has asked the policy."""
        moved = [
            one
            for one in matters.open_of(self._conn, person, customer)
            if one.id != but and matters.hand(self._conn, one.id, to, self.me.id, self._now)
        ]
        for one in moved:
            self._log("hand", f"case:{one.id}", str(to))
        return len(moved)

    def _log(self, verb: str, subject: str, *details: str | bytes) -> None:
        """Leaving ends every action at once: nothing is written for who has left."""
        if self.me.left:
            raise NotAllowed(LEFT)
        detail = "\n".join(part.decode() if isinstance(part, bytes) else part for part in details)
        audit.append(self._conn, [audit.Entry(self.me.account, self._via, verb, subject, detail)], self._now)

    def _may(self, action: Action, what: Subject) -> None:
        if self.me.left:
            raise NotAllowed(LEFT)
        try:
            policy.require(self.standing, action, what)
        except RuleBroken as broken:
            raise NotAllowed(broken.text) from broken

    def _talk(self) -> int:
        if self._talk_id is None:
            known = people.talk_of(self._conn, self.me.id)
            self._talk_id = known.id if known is not None else callers.talk_of(self._conn, self.me.id)
        return self._talk_id
