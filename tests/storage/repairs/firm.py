"""A station with a desk, two areas, technicians; and their desks over a transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Connection, insert

from conversations.repairs.job import Call
from rules.calendar import FIRM_ZONE
from storage import staff
from storage.database import Database
from storage.repairs import stations
from storage.repairs.desk import RepairsDesk
from storage.staff import Listed
from storage.tables import role

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # Tuesday 9:00 in Shanghai
SINCE = date(2026, 1, 1)
CALL = Call("厨房水龙头漏水", "阳光苑502", caller="刘女士", phone="13800001234", trade="water")


@dataclass(frozen=True)
class Firm:
    people: dict[str, int]
    areas: dict[str, int]
    station: int

    def desk(self, conn: Connection, who: str, now: datetime = NOW) -> RepairsDesk:
        return RepairsDesk(conn, person_id=self.people[who], now=now, zone=FIRM_ZONE, via="test")


def a_firm(database: Database) -> Firm:
    def unit(conn: Connection) -> Firm:
        home = stations.add_station(conn, "阳光服务站", "021-55512345")
        areas = {name: stations.add_area(conn, name, home, [estate]) for name, estate in (("东区", "阳光苑"), ("西区", "春江里"))}
        people = {}
        for name, what, where in (
            ("客服小周", "service_desk", 0),
            ("王师傅", "technician", areas["东区"]),
            ("李师傅", "technician", areas["东区"]),
            ("赵师傅", "technician", areas["西区"]),
            ("东经理", "area_manager", areas["东区"]),
            ("西经理", "area_manager", areas["西区"]),
            ("资产部", "asset_management", 0),
            ("李强", "rep", 0),
        ):
            people[name] = staff.add(conn, Listed(name, name))
            scope = {"scope": "area" if where else "firm", "scope_id": where}
            conn.execute(insert(role), {"person_id": people[name], "role": what, "since": SINCE, **scope})
        return Firm(people, areas, home)

    return database.write_now(unit)
