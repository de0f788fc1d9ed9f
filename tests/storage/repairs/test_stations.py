"""Where a repair is: told by telephone, place or tenant, and never a place that is not the firm's (C-2); who may change what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from conversations.desk import NotAllowed
from rules.calendar import FIRM_ZONE
from rules.repairs.quotations import Price
from storage.database import Database
from storage.repairs import stations
from storage.tables import audit
from storage.world import World
from tests.storage.repairs.firm import NOW, Firm, a_firm

FLATS = (
    ("阳光苑", "3 号楼", "502", "刘女士", "13800000502"),
    ("阳光苑", "3 号楼", "301", "", ""),
    ("阳光苑", "5 号楼", "502", "陈先生", "13800001201"),
    ("春江里", "1 号楼", "102", "黄阿姨", "13800000102"),
    ("春江里", "A 座", "1501", "吴先生", "13800000502"),
)


@pytest.fixture
def firm(database: Database) -> Firm:
    firm = a_firm(database)
    database.write_now(lambda conn: [stations.add_unit(conn, *flat[:3], "阳光服务站", *flat[3:]) for flat in FLATS])
    return firm


def desk(firm: Firm, conn: Connection, who: str = "客服小周") -> World:
    return World(conn, person_id=firm.people[who], now=NOW, zone=FIRM_ZONE, via="test")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("13800000102", ["春江里 1 号楼 102"]),
        ("0102", ["春江里 1 号楼 102"]),
        ("13800000502", ["春江里 A 座 1501", "阳光苑 3 号楼 502"]),
        ("阳光苑3号楼502", ["阳光苑 3 号楼 502"]),
        ("阳光苑 5-502 厨房漏水", ["阳光苑 5 号楼 502"]),
        ("阳光苑502", ["阳光苑 3 号楼 502", "阳光苑 5 号楼 502"]),
        ("3号楼502", ["阳光苑 3 号楼 502"]),
        ("春江里a座1501", ["春江里 A 座 1501"]),
        ("阳光苑3号楼1单元502", ["阳光苑 3 号楼 502"]),
        ("黄阿姨", ["春江里 1 号楼 102"]),
        ("阳光苑5号楼楼道灯", ["阳光苑 5 号楼 公共部位"]),
        ("阳光苑", ["阳光苑 3 号楼 公共部位", "阳光苑 5 号楼 公共部位"]),
        ("阳光苑9号楼502", []),
        ("阳光苑9号楼楼道灯", []),
        ("阳光苑3号楼999", []),
        ("紫金花园3号楼502", []),
        ("13999999999", []),
        ("%_", []),
        ("", []),
    ],
)
def test_a_place_as_it_is_said(database: Database, firm: Firm, words: str, found: list[str]) -> None:
    assert sorted(one.label for one in database.write_now(lambda conn: desk(firm, conn).spots(words))) == sorted(found)


def test_home_vacant_or_public(database: Database, firm: Firm) -> None:
    def unit(conn: Connection) -> dict[str, str]:
        here = desk(firm, conn)
        return {words: here.spots(words)[0].place for words in ("阳光苑3-502", "阳光苑3-301", "阳光苑3号楼")}

    assert database.write_now(unit) == {"阳光苑3-502": "home", "阳光苑3-301": "vacant", "阳光苑3号楼": "public"}


def test_a_key_made_up_leads_nowhere(database: Database, firm: Firm) -> None:
    keys = ("999999", "阳光苑|9 号楼", "火星苑|", "|", "x", "1" * 30, "-1")
    assert [database.write_now(lambda conn, key=key: desk(firm, conn).spot(key)) for key in keys] == [None] * len(keys)


def test_the_area_and_the_station_follow_the_estate(database: Database, firm: Firm) -> None:
    spot = database.write_now(lambda conn: desk(firm, conn).spots("春江里1-102")[0])
    assert (spot.area_id, spot.station_id) == (firm.areas["西区"], 0)
    database.write_now(lambda conn: stations.add_station(conn, "第二站", ""))
    again = database.write_now(lambda conn: desk(firm, conn).spots("春江里1-102")[0])
    assert again.station_id == firm.station


@pytest.mark.parametrize("who", ["王师傅", "客服小周", "李强"])
def test_others_change_neither_stations_nor_prices_nor_rules(database: Database, firm: Firm, who: str) -> None:
    for act in (
        lambda here: here.put_station("甲", ""),
        lambda here: here.put_area("甲", firm.station, []),
        lambda here: here.add_prices("新版", NOW.date(), [Price("B", "x", "", 100)]),
        lambda here: here.add_house_rules("一版", "x", NOW.date()),
        lambda here: here.close_tenant_complaint(1, "x"),
        lambda here: here.put_duty(firm.people["王师傅"] + 1, "technician", NOW, NOW + timedelta(hours=8)),
    ):
        with pytest.raises(NotAllowed):
            database.write_now(lambda conn, act=act: act(desk(firm, conn, who)))


def test_a_rep_sees_neither_flats_nor_complaints(database: Database, firm: Firm) -> None:
    def unit(conn: Connection) -> tuple[object, ...]:
        here = desk(firm, conn, "李强")
        return (*here.spots("阳光苑3-502"), *here.tenant_complaints(), *here.price_versions())

    assert database.write_now(unit) == ()


def test_a_shift_that_has_begun_ends_now_and_one_to_come_is_gone(database: Database, firm: Firm) -> None:
    def unit(conn: Connection) -> list[str]:
        here = desk(firm, conn, "资产部")
        here.put_duty(firm.people["王师傅"], "technician", NOW - timedelta(hours=1), NOW + timedelta(hours=8))
        here.put_duty(firm.people["李师傅"], "technician", NOW + timedelta(days=1), NOW + timedelta(days=1, hours=8))
        for one in here.duties(NOW, NOW + timedelta(days=2)):
            here.end_duty(one.id)
        return [one.name for one in here.duties(NOW - timedelta(hours=2), NOW + timedelta(days=2))]

    assert database.write_now(unit) == ["王师傅"]


def test_every_write_is_in_the_log(database: Database, firm: Firm) -> None:
    def unit(conn: Connection) -> None:
        here = desk(firm, conn)
        here.tenant_complaint("师傅抽烟", spot="阳光苑|3 号楼")
        desk(firm, conn, "资产部").add_prices("新版", here.today, [Price("B01", "换阀", "个", 100)])
        rules = desk(firm, conn, "东经理").add_house_rules("一版", "不抽烟", here.today)
        desk(firm, conn, "王师傅").confirm_house_rules(rules.id)

    database.write_now(unit)
    logged = database.write_now(
        lambda conn: [(row.verb, row.subject.partition(":")[0]) for row in conn.execute(audit.select().order_by(audit.c.seq))]
    )
    assert logged[-4:] == [("open", "case"), ("prices", "price"), ("add", "card"), ("confirm", "card")]
