"""Whose customers an import changed, told once to each who got or lost some; taken back before it left, it is not said (A-1.3, A-3.3.5)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Table, func, select

from conversations import handed
from conversations.handed import Named, Passed
from conversations.types import Prompt
from rules.people import Subject
from storage import matters, outbox
from storage.codec import prompt_json
from storage.recorder import Change
from storage.tables import customer, import_change, owner, person
from storage.voice import Voice

AT_ONCE = 400  # ids a query
_KEY, _BACK = "imported:{}:{}", "import_back:{}:{}"


class _Hand(NamedTuple):
    """A customer by id and label, who has it by the import, and who had it or was to have it."""

    customer: int
    label: str
    heir: int
    former: Sequence[int]


class Imported(Voice):
    def import_passed(self, run: int, *, undone: bool = False) -> Mapping[int, Passed]:
        """By colleague, of what stands or of what was taken back."""
        self._may("import_lists", Subject())
        asked = select(import_change.c.label, import_change.c.changes).where(
            import_change.c.run_id == run, import_change.c.undone.is_(undone), import_change.c.subject.startswith("customer:")
        )
        rows = [
            (label, [one for one in changes if one[0] == owner.name]) for label, changes in self._conn.execute(asked.order_by(import_change.c.id))
        ]
        closed = self._holders(id for _, changes in rows for _, id, before, _ in changes if before is not None)
        hands = [hand for label, changes in rows if (hand := _hand(label, changes, closed)) is not None]
        return self._sorted(hands, undone)

    def _sorted(self, hands: Sequence[_Hand], undone: bool) -> Mapping[int, Passed]:
        people = self._called(person, person.c.name, {id for one in hands for id in (one.heir, *one.former)})
        short = func.coalesce(func.nullif(customer.c.nickname, ""), customer.c.name)
        customers = self._called(customer, short, {one.customer for one in hands})
        found: dict[int, Passed] = {}
        along: dict[int, list[int]] = {}
        for one in hands:
            label, holder = customers.get(one.customer, one.label), one.former[0] if one.former else 0
            found.setdefault(one.heir, Passed()).came.setdefault(people.get(holder, ""), Named()).add(label)
            for id in one.former:
                found.setdefault(id, Passed()).went.setdefault(people.get(one.heir, ""), Named()).add(label)
            if holder:
                along.setdefault(holder if undone else one.heir, []).append(one.customer)
        for id, customers_of in along.items():
            found[id].matters = sum(matters.count_of(self._conn, id, some) for some in _some(customers_of))
        return found

    def _tell_passed(self, run: int, passed: Mapping[int, Passed], later: datetime | None) -> None:
        """Who has not come in yet reads in the greeting whose customers are theirs."""
        greeted = self._greeted(passed)
        for id, what in passed.items():
            if id != self.me.id and greeted.get(id) is not None:
                self._tell_once(id, handed.by_list(self.me.name, what), _KEY.format(run, id), later)

    def _tell_back(
        self, run: int, by: str, ended: datetime | None, stands: Mapping[int, Passed], back: Mapping[int, Passed], later: datetime | None
    ) -> None:
        """Not yet said: only what stands is. Said, or read in the greeting since: the way back is said too."""
        greeted = self._greeted(back)
        for id, what in back.items():
            key, body = _KEY.format(run, id), prompt_json(handed.by_list(by, stands[id])) if id in stands else None
            if outbox.recall(self._conn, key, body) or id == self.me.id:
                continue
            came = greeted.get(id)
            if outbox.known(self._conn, key) or (came is not None and ended is not None and came >= ended):
                self._tell_once(id, handed.taken_back(self.me.name, what), _BACK.format(run, id), later)

    def _tell_once(self, id: int, prompt: Prompt, key: str, later: datetime | None) -> None:
        """As a reminder, which is mute when they said so; who cannot be reached now finds it waiting."""
        if not self.tell(id, prompt, lane="reminder", key=key, not_before=later):
            self.tell(id, prompt, key=key, not_before=later)

    def _greeted(self, ids: Collection[int]) -> Mapping[int, datetime | None]:
        asked = select(person.c.id, person.c.greeted_at).where(person.c.id.in_(sorted(ids)))
        return {row.id: row.greeted_at for row in self._conn.execute(asked)}

    def _holders(self, ids: Iterable[int]) -> Mapping[int, tuple[date, int]]:
        """Since when and whose, by the row's id."""
        asked = select(owner.c.id, owner.c.since, owner.c.person_id)
        return {row.id: (row.since, row.person_id) for some in _some([*ids]) for row in self._conn.execute(asked.where(owner.c.id.in_(some)))}

    def _called(self, table: Table, name: ColumnElement[str], ids: Collection[int]) -> Mapping[int, str]:
        asked = select(table.c.id, name)
        return {id: called for some in _some(sorted(ids)) for id, called in self._conn.execute(asked.where(table.c.id.in_(some)))}


def _some(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def _hand(label: str, changes: Sequence[Change], closed: Mapping[int, tuple[date, int]]) -> _Hand | None:
    """The one in force first, then who was to have it from a later day on."""
    added = next((after for _, _, before, after in changes if before is None), None)
    if added is None:
        return None
    ended = sorted(closed[id] for _, id, before, _ in changes if before is not None and id in closed)
    former = [whose for _, whose in ended if whose != added["person_id"]]
    return _Hand(int(added["customer_id"]), label, int(added["person_id"]), former)
