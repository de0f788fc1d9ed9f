"""What is in whose hands: given, taken back, taken, refused, archived (C-4.6)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, or_

from conversations.desk import NotAllowed
from conversations.desks.repairs import Thing
from conversations.firm import Found
from rules import custody as custody_rule
from rules.custody import Holder
from storage import custody
from storage.repairs.register import Register

NO_THING = "这一件已经不在了。"


class Things(Register):
    """Exactly one holder each; rules/custody.py says what may be done, by whom."""

    def things(self, *, holder: int | None = None, offered_to: int | None = None, kind: str = "", case: int | None = None) -> Sequence[Thing]:
        asked: list[ColumnElement[bool]] = []
        if holder is not None:
            asked.append(custody.held_by(holder))
        if offered_to is not None:
            asked.append(custody.offered_to(offered_to))
        if kind:
            asked.append(custody.of_kind(kind))
        if case is not None:
            asked.append(custody.of_case(case))
        if not self._sight().everybody and not self._receives_papers():
            asked.append(or_(custody.held_by(self.me.id), custody.offered_to(self.me.id)))
        return custody.some(self._conn, and_(*asked)) if asked else custody.some(self._conn)

    def new_thing(self, kind: str, number: str, what: str, amount: int, *, case: int | None = None, holder: int = 0) -> Thing:
        made, new = custody.add(self._conn, kind, number, what, amount, holder or self.me.id, case)
        if new:
            self._log("thing", f"thing:{made.id}", kind, number, str(amount))
        return made

    def give_thing(self, id: int, to: int, *, batch: str = "") -> Thing:
        held = self._thing(id)
        custody_rule.give(custody.rule(held), self.me.id, Holder("person", to), self._now)
        custody.offer(self._conn, held, to, batch, self._now)
        self._log("give", f"thing:{id}", str(to), batch)
        return self._thing(id)

    def take_back_thing(self, id: int) -> Thing:
        held = self._thing(id)
        custody_rule.take_back(custody.rule(held), self.me.id)
        custody.end(self._conn, held, self._now)
        self._log("take_back", f"thing:{id}")
        return self._thing(id)

    def take_thing(self, id: int, counted: int) -> Thing:
        held = self._thing(id)
        _, difference = custody_rule.take(custody.rule(held), self.me.id, self._now, counted)
        custody.taken(self._conn, held, self.me.id, counted, difference, self._now)
        self._log("take", f"thing:{id}", str(counted), str(difference))
        return self._thing(id)

    def refuse_thing(self, id: int, why: str) -> Thing:
        held = self._thing(id)
        custody_rule.refuse(custody.rule(held), self.me.id)
        custody.end(self._conn, held, self._now, why)
        self._log("refuse", f"thing:{id}", why)
        return self._thing(id)

    def archive_thing(self, id: int, number: str) -> Thing:
        held = self._thing(id)
        if held.holder_kind != "person" or held.holder != self.me.id:
            raise NotAllowed("先点收，再归档。")
        custody.archived(self._conn, held, number)
        self._log("archive", f"thing:{id}", number)
        return self._thing(id)

    def find(self, source: str, query: str, offset: int = 0, limit: int = 6) -> Sequence[Found]:
        if source == "offered":
            return [Found(one.id, one.number, one.what) for one in self.things(offered_to=self.me.id) if query in one.number][offset : offset + limit]
        return super().find(source, query, offset, limit)

    def label(self, source: str, id: int) -> str:
        if source == "offered":
            return next((one.number for one in self.things(offered_to=self.me.id) if one.id == id), "")
        return super().label(source, id)

    def _thing(self, id: int) -> Thing:
        found = custody.one(self._conn, id, lock=True)
        if found is None:
            raise NotAllowed(NO_THING)
        return found
