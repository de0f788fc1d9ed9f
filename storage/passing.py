"""Customers and open matters go from one colleague to another, from a day on; what was stays on record (A-1.3, A-3.3.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, insert, or_, select, update

from conversations.desk import NotAllowed
from rules.people import Subject
from storage import matters, people
from storage.matters import Matter
from storage.names import plain
from storage.roster import Roster
from storage.ruling import PAST
from storage.tables import customer, owner, person

CANNOT_TAKE = "这位同事现在不能接，请另选一位。"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Owned:
    """A customer by name, whose it is, and whose it will be."""

    id: int
    name: str
    owner_id: int | None
    owner: str
    since: date | None
    next: str = ""
    next_since: date | None = None


@dataclass(frozen=True, slots=True)
class Ownership:
    """A line of a customer's history; `until` before `since`: it was taken back before it began."""

    person: str
    since: date
    until: date | None


class Passing(Roster):
    """By name alone: who hands customers over need not see into them."""

    def owned(self, who: int | None = None, query: str = "", offset: int = 0, limit: int = 50) -> Sequence[Owned]:
        """By name; `who` 0: those nobody has. One more than `limit` shows that there are more."""
        today, current, owning = self.today, owner.alias("current"), person.alias("owning")
        in_force = (current.c.since <= today) & or_(current.c.until.is_(None), current.c.until >= today)
        rows = (
            select(customer.c.id, func.coalesce(func.nullif(customer.c.nickname, ""), customer.c.name), owning.c.id, owning.c.name, current.c.since)
            .select_from(customer)
            .outerjoin(current, (current.c.customer_id == customer.c.id) & in_force)
            .outerjoin(owning, owning.c.id == current.c.person_id)
        )
        if who is not None:
            rows = rows.where(owning.c.id == who if who else owning.c.id.is_(None))
        reach = self._reach("hand_over")
        if not reach.everybody:
            rows = rows.where(owning.c.id.in_(sorted(reach.people)))
        if wanted := plain(query)[:40]:
            columns = (customer.c.name, customer.c.nickname, customer.c.pinyin, customer.c.initials)
            rows = rows.where(or_(*(func.lower(column).contains(wanted, autoescape=True) for column in columns)))
        found = self._conn.execute(rows.order_by(customer.c.id).offset(offset).limit(limit)).all()
        coming = self._coming_owners([row.id for row in found])
        return [Owned(row[0], row[1], row[2], row[3] or "", row[4], *coming.get(row[0], ("", None))) for row in found]

    def owned_counts(self) -> Mapping[int, int]:
        """Customers by owner today, of those one sees; 0: nobody's."""
        today = self.today
        in_force = (owner.c.since <= today) & or_(owner.c.until.is_(None), owner.c.until >= today)
        counted = select(owner.c.person_id, func.count()).where(in_force).group_by(owner.c.person_id)
        reach = self._reach("hand_over")
        found = {row[0]: int(row[1]) for row in self._conn.execute(counted) if reach.has(row[0])}
        if reach.everybody:
            held = select(owner.c.customer_id).where(in_force)
            found[0] = int(self._conn.execute(select(func.count()).select_from(customer).where(customer.c.id.not_in(held))).scalar_one())
        return found

    def ownership(self, id: int) -> tuple[str, Sequence[Ownership]]:
        """The customer's name and who had it when, newest first."""
        rows = select(owner.c.person_id, person.c.name, owner.c.since, owner.c.until).join(person, person.c.id == owner.c.person_id)
        found = self._conn.execute(rows.where(owner.c.customer_id == id).order_by(owner.c.since.desc(), owner.c.id.desc())).all()
        reach = self._reach("hand_over")
        name = self._conn.execute(select(customer.c.name).where(customer.c.id == id)).scalar()
        if name is None or not (reach.everybody or any(reach.has(row.person_id) for row in found)):
            return "", ()
        return str(name), [Ownership(row.name, row.since, row.until) for row in found]

    def matters(self, who: int) -> Sequence[Matter]:
        """What is still open of somebody's, oldest first."""
        if not self._reach("hand_over").has(who):
            return ()
        return matters.open_of(self._conn, who)

    def pass_customers(self, ids: Sequence[int], to: int, since: date) -> int:
        """From that day on theirs, with the matters that fall on it or later; how many matters. What is still open on that day follows by itself."""
        self._heir(to)
        if since < self.today:
            raise NotAllowed(PAST)
        moved = 0
        for id in ids:
            held = self._conn.execute(select(owner.c.person_id).where(owner.c.customer_id == id, self._holds(self.today))).scalar()
            self._may("hand_over", self._of(held) if held else Subject())
            if held == to and not self._coming_owners([id]):
                continue
            self._log("give", f"customer:{id}", str(to), since.isoformat())
            self._own(id, to, since)
            moved += sum(self._pass(one, to) for one in (self.matters(held) if held else ()) if one.customer_id == id and self._falls(one, since))
        return moved

    def take_over(self) -> int:
        """Customers that are one's own since a day set before: what was open on it comes along (the day's plan asks)."""
        moved = 0
        for id, heir in matters.left_behind(self._conn, self.today, self.calendar):
            if heir == self.me.id and matters.hand(self._conn, id, heir, heir, self._now):
                self._log("hand", f"case:{id}", str(heir))
                moved += 1
        return moved

    def pass_matters(self, who: int, ids: Sequence[int], to: int) -> int:
        self._heir(to)
        self._may("hand_over", self._of(who))
        return sum(self._pass(one, to) for one in self.matters(who) if one.id in ids)

    def leaves_firm(self, who: int, customers: Mapping[int, int], matters: Mapping[int, int]) -> Mapping[int, tuple[int, int]]:
        """Somebody goes, or has gone: what is theirs goes to whom it says, now; heir → customers and matters handed over."""
        gone = self.person(who)
        if gone is not None and not gone.left:
            self.dismiss(who)
        handed: dict[int, list[int]] = {}
        for id, to in customers.items():
            handed.setdefault(to, [0, 0])
            handed[to][1] += self.pass_customers([id], to, self.today)
            handed[to][0] += 1
        for id, to in matters.items():
            handed.setdefault(to, [0, 0])[1] += self.pass_matters(who, [id], to)
        return {to: (counts[0], counts[1]) for to, counts in handed.items() if any(counts)}

    # --- inside -----------------------------------------------------------------------------------------
    def _heir(self, to: int) -> None:
        who = self.person(to)
        if who is None or who.left or not who.roles & {"rep", "supervisor", "manager"}:
            raise NotAllowed(CANNOT_TAKE)

    def _falls(self, matter: Matter, since: date) -> bool:
        return since <= self.today or (matter.day is not None and matter.day >= since)

    def _pass(self, matter: Matter, to: int) -> int:
        if not matters.hand(self._conn, matter.id, to, self.me.id, self._now):
            return 0
        self._log("hand", f"case:{matter.id}", str(to))
        return 1

    def _own(self, id: int, to: int, since: date) -> None:
        later = (owner.c.customer_id == id) & or_(owner.c.until.is_(None), owner.c.until >= since)
        self._conn.execute(update(owner).where(later).values(until=since - _DAY))
        self._conn.execute(insert(owner), {"customer_id": id, "person_id": to, "since": since})

    def _holds(self, day: date) -> Any:
        return (owner.c.since <= day) & or_(owner.c.until.is_(None), owner.c.until >= day)

    def _coming_owners(self, ids: Sequence[int]) -> dict[int, tuple[str, date]]:
        rows = select(owner.c.customer_id, person.c.name, owner.c.since).join(person, person.c.id == owner.c.person_id)
        rows = rows.where(owner.c.customer_id.in_(ids), owner.c.since > self.today, or_(owner.c.until.is_(None), owner.c.until >= owner.c.since))
        return {row.customer_id: (row.name, row.since) for row in self._conn.execute(rows)}


def heirs(world: Passing, who: int) -> list[tuple[int, str]]:
    """Reps of the team first, then the others, then superiors."""
    whose = world.person(who)
    team = whose.team_id if whose is not None else None
    found = [one for role in ("rep", "supervisor", "manager") for one in world.people(role) if one.id != who]
    order = sorted(dict.fromkeys(found), key=lambda one: ("rep" not in one.roles, one.team_id != team))
    teams = people.team_names(world._conn)
    return [(one.id, f"{one.name}{f'（{teams[one.team_id]}）' if one.team_id in teams else ''}") for one in order]
