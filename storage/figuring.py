"""What a person's desk answers about figures, statements, muted topics and charts (A-2.1, A-3.0, A-3.3.6c)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from conversations.desk import NotAllowed, StaleCase
from conversations.desks.figures import Line, Logs, Source
from conversations.firm import Case
from rules import statements
from rules.errors import RuleBroken
from rules.figures import BY_KEY, Stage, Tally
from rules.people import Action, Subject
from rules.statements import bounds
from storage import blobs, cases, mutes, people, reports
from storage.codec import canonical, digest
from storage.voice import Voice

NOT_YOURS = "这一项不归您办，请问部门主管。"
CHART = "image/png"
FEW = 200  # more people than that are read all together and then chosen from
MAY: Mapping[str, Action] = {"object": "object_figures", "approve": "approve_figures"}


class Figuring(Voice):
    """Only of those whose records one may see."""

    def tallies(self, people: Sequence[int], first: date, last: date) -> Mapping[int, Mapping[str, Tally]]:
        chosen = self._visible(people)
        narrow = chosen if len(chosen) <= FEW else None
        return reports.by_measure(reports.tallies(self._conn, narrow, first, last, self.calendar), chosen)

    def figure_lines(self, measure: str, person: int, first: date, last: date, offset: int = 0, limit: int = 8) -> Sequence[Line]:
        if measure not in BY_KEY or not self._visible([person]):
            return ()
        return reports.lines(self._conn, BY_KEY[measure], person, first, last, self.calendar, offset, limit)

    def daily(self, people: Sequence[int], first: date, last: date, forms: Sequence[str]) -> Mapping[tuple[int, date, str], int]:
        chosen = set(self._visible(people))
        return {key: count for key, count in reports.daily(self._conn, first, last, forms).items() if key[0] in chosen}

    def logs(self, people: Sequence[int], first: date, last: date) -> Logs:
        chosen, found = set(self._visible(people)), reports.logs(self._conn, first, last)
        states = {key: state for key, state in found.states.items() if key[0] in chosen}
        return Logs(states, frozenset(one for one in found.away if one[0] in chosen), {id: day for id, day in found.first.items() if id in chosen})

    def funnel(self, people: Sequence[int], first: date, last: date) -> Sequence[Stage]:
        return reports.funnel(self._conn, self._visible(people), first, last, self.calendar)

    def sources(self, people: Sequence[int], first: date, last: date) -> Sequence[Source]:
        return reports.sources(self._conn, self._visible(people), first, last)

    # --- the month's statement ----------------------------------------------------------------------------
    def issue_statement(self, person: int, month: str, **data: object) -> Case:
        self._may("see_figures", self._whose(person))
        key = f"statement:{person}:{month}"
        row: dict[str, Any] = {"kind": "statement", "state": "issued", "key": key, "person_id": person, "customer_id": None}
        row |= {"paper_id": None, "day": bounds(month)[1], "at": None, "data": {"month": month, **data}}
        opened, new = cases.open_(self._conn, row, self.me.id, self._now)
        if new:
            self._log("issue", f"case:{opened.id}", month, canonical(dict(data)))
        return opened

    def move_statement(self, case: int, rev: int | None, action: str, **data: object) -> Case:
        cases.lock(self._conn, case)
        old = self.case(case)
        if old is None or old.kind != "statement":
            raise NotAllowed(NOT_YOURS)
        self._may(
            "object_figures" if action == "object" else "approve_figures" if action == "approve" else "answer_figures", self._whose(old.person_id)
        )
        try:
            step = statements.move(old.state, action, by=self.me.id, owner=old.person_id, supervisors=self._above, managers=self._above)
        except RuleBroken as broken:
            raise NotAllowed(broken.text) from broken
        closed = {"closed_at": self._now} if step.closes else {}
        moved = cases.move(self._conn, old, action, self.me.id, self._now, data, state=step.after, **closed) if rev in (None, old.rev) else None
        if moved is None:
            raise StaleCase(cases.last_event(self._conn, case))
        self._log(action, f"case:{case}", moved.state, canonical(dict(data)))
        return moved

    # --- muted topics --------------------------------------------------------------------------------------
    def topics_muted(self) -> Mapping[str, datetime | None]:
        return mutes.of(self._conn, self.me.id, self._now)

    def mute_topic(self, topic: str, until: datetime | None) -> None:
        self._log("mute", f"person:{self.me.id}", topic, until.isoformat() if until else "")
        mutes.put(self._conn, self.me.id, topic, until, self._now)

    def unmute_topic(self, topic: str) -> Sequence[tuple[str, datetime]]:
        self._log("unmute", f"person:{self.me.id}", topic)
        return mutes.end(self._conn, self.me.id, topic)

    # --- charts --------------------------------------------------------------------------------------------
    def chart(self, spec: Mapping[str, object], words: str) -> str:
        """Under the hash of what is to be drawn: the same chart is one file."""
        sha = digest("chart", canonical(dict(spec)))
        blobs.note(self._conn, sha, CHART, 0, {"kind": "photo", "chart": dict(spec), "alt": words}, self._now)
        return sha

    # --- inside --------------------------------------------------------------------------------------------
    @property
    def _above(self) -> frozenset[int]:
        """The policy has said that this person is a superior of the owner's."""
        return frozenset((self.me.id,))

    def _visible(self, people: Sequence[int]) -> list[int]:
        reach = self._reach("see_figures")
        return [id for id in people if id == self.me.id or reach.has(id)]

    def _whose(self, person: int) -> Subject:
        who = people.one(self._conn, person, self.today)
        return Subject(owner=person, unit=who.team_id or 0 if who is not None else 0, makers=frozenset((person,)))
