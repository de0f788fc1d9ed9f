"""The price list of paid repairs, by version (C-4.5.5a)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select

from conversations.desk import NotAllowed
from conversations.desks.repairs import PriceList
from conversations.desks.stations import PriceVersion
from conversations.firm import Found
from rules import money
from rules.people import Subject
from rules.repairs.quotations import Price
from storage.codec import canonical
from storage.lists import version_of
from storage.repairs import stations
from storage.repairs.register import Register
from storage.tables import price

MOST_PRICES = 2000


class Pricing(Register):
    """A version that was in use is never changed: the next one has another name and a day."""

    def price_list(self) -> PriceList:
        found = self.prices(limit=MOST_PRICES)
        lines = {one.id: Price(one.code, one.item, one.per, one.fen) for one in found}
        return PriceList(found[0].version if found else "", lines)

    def price_versions(self) -> Sequence[PriceVersion]:
        if not self._opens("see_prices"):
            return ()
        current = version_of(self._conn, self.today)
        rows = select(price.c.version, func.min(price.c.since), func.count()).group_by(price.c.version).order_by(func.min(price.c.since).desc())
        return [PriceVersion(version, since, lines, version == current) for version, since, lines in self._conn.execute(rows)]

    def add_prices(self, version: str, since: date, lines: Sequence[Price]) -> int:
        self._may("keep_prices", Subject())
        if not version or not lines:
            raise NotAllowed("请写版本名称，并至少写一项价格。")
        if since < self.today:
            raise NotAllowed("启用日期要在今天或以后，用过的版本不改。")
        if any(one.version == version for one in self.price_versions()):
            raise NotAllowed(f"已经有「{version}」了。用过的版本不改，请另起一个名字。")
        if len({one.code for one in lines}) < len(lines):
            raise NotAllowed("有两行编号一样，请核对。")
        for one in lines:
            stations.add_price(self._conn, version, one.code, one.name, one.unit, one.fen, since)
        self._log("prices", f"price:{version}", since.isoformat(), canonical([[one.code, one.name, one.unit, one.fen] for one in lines]))
        return len(lines)

    def find(self, source: str, query: str, offset: int = 0, limit: int = 6) -> Sequence[Found]:
        if source == "prices":
            lines = self.prices(query, offset + limit)[offset:]
            return [Found(one.id, one.item, f"{money.exact(one.fen)}/{one.per or '次'}") for one in lines]
        return super().find(source, query, offset, limit)

    def label(self, source: str, id: int) -> str:
        if source == "prices":
            line = self.price_list().lines.get(id)
            return line.name if line is not None else ""
        return super().label(source, id)
