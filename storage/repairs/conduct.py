"""《办公环境及员工行为管理制度》: its versions, and who has confirmed them (C-4.1.1, C-6.1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from conversations.desk import NotAllowed
from conversations.desks.handouts import Card
from rules.people import Subject
from storage import people
from storage.repairs.register import Register
from storage.tables import card, card_read
from storage.upsert import both, on

RULES = "conduct"
AT_STATIONS = ("technician", "service_desk", "area_manager", "station_master", "property_manager")
_card_columns = tuple(card.c[name] for name in ("id", "topic", "version", "name", "text", "blobs", "since", "by_id", "at"))
_read = both(card_read, lambda into: into.on_conflict_do_nothing(index_elements=["card_id", "person_id"]))


class Conduct(Register):
    """Kept like a card: versions with a day, confirmed once each."""

    def house_rules(self) -> Card | None:
        found = select(*_card_columns).where(card.c.topic == RULES, card.c.since <= self.today)
        row = self._conn.execute(found.order_by(card.c.since.desc(), card.c.version.desc()).limit(1)).first()
        return _as_card(row) if row is not None else None

    def add_house_rules(self, name: str, text: str, since: date) -> Card:
        self._may("keep_house_rules", Subject())
        if not name.strip() or not text.strip():
            raise NotAllowed("请写版本名称和内容。")
        if since < self.today:
            raise NotAllowed("启用日期要在今天或以后。")
        last = self._conn.execute(select(func.max(card.c.version)).where(card.c.topic == RULES)).scalar() or 0
        values: dict[str, Any] = {"topic": RULES, "version": last + 1, "name": name.strip()[:80], "text": text.strip(), "blobs": []}
        values |= {"since": since, "by_id": self.me.id, "at": self._now}
        made = self._conn.execute(insert(card).values(**values).returning(*_card_columns)).one()
        self._log("add", f"card:{made[0]}", RULES, name.strip(), text.strip())
        return _as_card(made)

    def confirm_house_rules(self, id: int) -> bool:
        if not self._conn.execute(select(card.c.id).where(card.c.id == id, card.c.topic == RULES)).first():
            raise NotAllowed("这一版已经不在了。")
        self._log("confirm", f"card:{id}")
        self._conn.execute(on(self._conn, _read), {"card_id": id, "person_id": self.me.id, "told_at": None, "opened_at": None})
        mine = card_read.c.card_id == id, card_read.c.person_id == self.me.id, card_read.c.opened_at.is_(None)
        return bool(self._conn.execute(update(card_read).where(*mine).values(opened_at=self._now)).rowcount)

    def house_rules_read(self, id: int) -> Mapping[int, datetime | None]:
        here = [who.id for who in people.everybody(self._conn, self.today) if not who.roles.isdisjoint(AT_STATIONS)]
        if not self._opens("see_house_rules_read"):
            here = [self.me.id]
        rows = select(card_read.c.person_id, card_read.c.opened_at).where(card_read.c.card_id == id)
        read = {row.person_id: row.opened_at for row in self._conn.execute(rows)}
        return {who: read.get(who) for who in here}


def unread_rules(conn: Connection, day: date) -> tuple[int, frozenset[int]] | None:
    """The version in force, and who has confirmed it."""
    found = select(card.c.id).where(card.c.topic == RULES, card.c.since <= day).order_by(card.c.since.desc(), card.c.version.desc()).limit(1)
    id = conn.execute(found).scalar()
    if id is None:
        return None
    read = select(card_read.c.person_id).where(card_read.c.card_id == id, card_read.c.opened_at.is_not(None))
    return int(id), frozenset(conn.execute(read).scalars())


def _as_card(row: Any) -> Card:
    id, topic, version, name, text, blobs, since, by_id, at = row
    return Card(id, topic, version, name, text, tuple(blobs), since, by_id, at)
