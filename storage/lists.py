"""The firm's lists, looked up by the words somebody types: flats, prices, media, positions, issues, running contracts (A-3.4.1, A-4.4.3, A-6.4)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from conversations.holdings import Issue, Medium, Position, Price, RunningContract, Unit
from rules import people as policy
from rules.people import Action, Subject
from storage.names import plain
from storage.reach import Reach, owned
from storage.tables import customer, issue, medium, position, price, running_contract, unit
from storage.voice import Voice

T = TypeVar("T")
WORDS = 6  # of what was typed; more narrow nothing
UNITS = select(
    *(unit.c[name] for name in ("id", "estate", "building", "room", "station", "address", "tenant", "phone", "let_from", "let_until", "note"))
)
_prices = select(*(price.c[name] for name in ("id", "version", "code", "item", "per", "fen", "note", "since")))
_media = select(*(medium.c[name] for name in ("id", "name", "short", "kind", "note")))
_positions = select(
    position.c.id,
    position.c.medium_id,
    medium.c.name.label("medium"),
    position.c.name,
    position.c.size,
    position.c.fen,
    position.c.per,
    position.c.note,
).join(medium, medium.c.id == position.c.medium_id)
_issues = select(
    issue.c.id,
    issue.c.medium_id,
    medium.c.name.label("medium"),
    issue.c.number,
    issue.c.closes_on,
    issue.c.publishes_on,
    issue.c.deliver_by,
    issue.c.note,
).join(medium, medium.c.id == issue.c.medium_id)
_contracts = (
    select(
        running_contract.c.id,
        running_contract.c.number,
        running_contract.c.customer_id,
        customer.c.name.label("customer"),
        func.coalesce(medium.c.name, "").label("medium"),
        *(running_contract.c[name] for name in ("position", "since", "until", "fen", "open_fen", "note")),
    )
    .join(customer, customer.c.id == running_contract.c.customer_id)
    .outerjoin(medium, medium.c.id == running_contract.c.medium_id)
)
_appears = func.coalesce(issue.c.deliver_by, issue.c.publishes_on, issue.c.closes_on)


def fitting(words: str, *columns: ColumnElement[str]) -> ColumnElement[bool]:
    """Every word stands somewhere in the line."""
    asked = [plain(word) for word in words.split()[:WORDS]]
    likes = [or_(*(func.lower(column).contains(word[:40], autoescape=True) for column in columns)) for word in asked if word]
    return and_(*likes) if likes else and_(True)


def version_of(conn: Connection, day: date) -> str:
    """The price table in force on a day: the newest that has begun, else the first that will."""
    newest = select(price.c.version).order_by(price.c.since.desc(), price.c.version.desc()).limit(1)
    begun = conn.execute(newest.where(price.c.since <= day)).scalar()
    return str(begun or conn.execute(newest).scalar() or "")


def issues(conn: Connection, *conditions: ColumnElement[bool], limit: int = 100) -> list[Issue]:
    """By the day they are to be delivered, else appear."""
    return _listed(conn, _issues.where(*conditions).order_by(_appears, issue.c.id), Issue, limit)


class Lists(Voice):
    """Look-ups over one open transaction."""

    def units(self, words: str, limit: int = 6) -> Sequence[Unit]:
        if not self._opens("see_units"):
            return ()
        columns = (unit.c.estate, unit.c.building, unit.c.room, unit.c.tenant, unit.c.phone, unit.c.address, unit.c.pinyin, unit.c.initials)
        found = UNITS.where(fitting(words, *columns)).order_by(unit.c.estate, unit.c.building, unit.c.room)
        return _listed(self._conn, found, Unit, limit)

    def prices(self, words: str = "", limit: int = 6, version: str = "") -> Sequence[Price]:
        if not self._opens("see_prices"):
            return ()
        chosen = version or version_of(self._conn, self.today)
        columns = (price.c.code, price.c.item, price.c.note, price.c.pinyin, price.c.initials)
        found = _prices.where(price.c.version == chosen, fitting(words, *columns)).order_by(price.c.code, price.c.id)
        return _listed(self._conn, found, Price, limit)

    def media(self, words: str = "", limit: int = 20) -> Sequence[Medium]:
        if not self._opens("see_media"):
            return ()
        columns = (medium.c.name, medium.c.short, medium.c.pinyin, medium.c.initials)
        return _listed(self._conn, _media.where(fitting(words, *columns)).order_by(medium.c.id), Medium, limit)

    def positions(self, words: str = "", limit: int = 6, medium: int = 0) -> Sequence[Position]:
        if not self._opens("see_media"):
            return ()
        found = _positions.where(fitting(words, *_position_words)).order_by(position.c.medium_id, position.c.id)
        return _listed(self._conn, found.where(position.c.medium_id == medium) if medium else found, Position, limit)

    def issues(self, words: str = "", limit: int = 6, medium: int = 0, since: date | None = None) -> Sequence[Issue]:
        if not self._opens("see_media"):
            return ()
        asked = [fitting(words, *_issue_words)]
        asked += [issue.c.medium_id == medium] if medium else []
        asked += [or_(_appears >= since, _appears.is_(None))] if since else []
        return issues(self._conn, *asked, limit=limit)

    def issue(self, id: int) -> Issue | None:
        found = issues(self._conn, issue.c.id == id, limit=1) if self._opens("see_media") else []
        return found[0] if found else None

    def contracts(self, words: str = "", limit: int = 6, customer: int = 0) -> Sequence[RunningContract]:
        reach = self._reach("see_contracts")
        found = _contracts.where(fitting(words, *_contract_words)).order_by(running_contract.c.until, running_contract.c.id)
        if customer:
            found = found.where(running_contract.c.customer_id == customer)
        return _listed(self._conn, found if reach.everybody else _within(found, reach, self.today), RunningContract, limit)

    def _opens(self, action: Action) -> bool:
        return not self.me.left and policy.may(self.standing, action, Subject())


_position_words = (position.c.name, position.c.size, position.c.pinyin, position.c.initials, medium.c.name, medium.c.short)
_issue_words = (issue.c.number, medium.c.name, medium.c.short, medium.c.pinyin, medium.c.initials)
_contract_words = (
    running_contract.c.number,
    customer.c.name,
    customer.c.nickname,
    customer.c.pinyin,
    customer.c.initials,
    medium.c.name,
    running_contract.c.position,
)


def _within(found: Select[Any], reach: Reach, today: date) -> Select[Any]:
    return found.where(owned(running_contract.c.customer_id)).params(people=sorted(reach.people), today=today)


def _listed(conn: Connection, found: Select[Any], into: Callable[..., T], limit: int) -> list[T]:
    return [into(*row) for row in conn.execute(found.limit(limit))]
