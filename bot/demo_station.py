"""The demo's rental-service station: two areas, its flats and tenants, the price table, desk and technicians (C-2, C-3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from storage import staff
from storage.database import Connection
from storage.repairs import stations
from storage.staff import Listed

STATION, PHONE = "阳光服务站", "021-55512345"
AREAS = {"东区": ("阳光苑",), "西区": ("春江里",)}
PRICES_OF, PRICES_FROM = "2026 年 10 月版", date(2026, 10, 1)


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody at the station; without an area, for all of it."""

    account: str
    name: str
    role: str
    area: str = ""
    phone: str = ""


HANDS = (
    Hand("fang", "小方", "service_desk", phone="021-55512345"),
    Hand("wangjg", "王师傅", "technician", "东区", "13900000001"),
    Hand("lijm", "李师傅", "technician", "东区", "13900000002"),
    Hand("sunhai", "孙师傅", "technician", "西区", "13900000003"),
    Hand("gao", "高经理", "area_manager", "东区", "13900000004"),
    Hand("tang", "唐经理", "area_manager", "西区", "13900000005"),
    Hand("tian", "田站长", "station_master", phone="13900000006"),
    Hand("xu", "许姐", "asset_management", phone="13900000007"),
)
UNITS = (
    ("阳光苑", "3 号楼", "502", "刘女士", "13800000502"),
    ("阳光苑", "3 号楼", "301", "", ""),  # vacant
    ("阳光苑", "5 号楼", "1201", "陈先生", "13800001201"),
    ("春江里", "1 号楼", "102", "黄阿姨", "13800000102"),
)
PRICES = (
    ("B01", "换 4 分球阀", "个", 3500),
    ("B02", "换水龙头", "个", 4500),
    ("B03", "换软管", "根", 2500),
    ("B04", "疏通下水", "次", 8000),
    ("L01", "人工", "次", 5000),
    ("E01", "换插座", "个", 3000),
    ("E02", "换开关", "个", 2800),
    ("D01", "换锁芯", "个", 12000),
)


def build(conn: Connection, today: date) -> list[int]:
    """People, places and prices, no job yet; the people's ids."""
    station = stations.add_station(conn, STATION, PHONE)
    areas = {name: stations.add_area(conn, name, station, estates) for name, estates in AREAS.items()}
    since = today.replace(month=1, day=1)
    people = []
    for hand in HANDS:
        people.append(id := staff.add(conn, Listed(hand.account, hand.name)))
        stations.set_phone(conn, id, hand.phone)
        stations.give_role(conn, id, hand.role, since, area=areas.get(hand.area, 0))
    for estate, building, room, tenant, phone in UNITS:
        stations.add_unit(conn, estate, building, room, STATION, tenant, phone)
    for code, item, per, fen in PRICES:
        stations.add_price(conn, PRICES_OF, code, item, per, fen, min(today, PRICES_FROM))
    return people
