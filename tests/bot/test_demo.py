"""The demo's firm is the one the rehearsals tell of, on both databases."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from bot import demo, demo_station
from rules.calendar import FIRM_ZONE, Calendar
from scheduler.plan import plan
from scheduler.tick import tick
from storage import audit, outbox, people, websessions
from storage.database import Connection, Database
from storage.office import duties_lacking
from storage.world import World

DAY = date(2026, 11, 24)
OPENS = Calendar(FIRM_ZONE).at(DAY, demo.OPENS)


@pytest.fixture
def firm(database: Database) -> Database:
    database.write_now(lambda conn: demo.build(conn, DAY))
    return database


def desk(conn: Connection, account: str) -> World:
    who = people.by_account(conn, account, DAY)
    assert who is not None
    return World(conn, person_id=who.id, now=OPENS, zone=FIRM_ZONE)


def test_ten_in_the_firm_and_eight_at_the_station(firm: Database) -> None:
    everybody = firm.read_now(lambda conn: people.everybody(conn, DAY))
    assert [(one.account, one.name, set(one.roles), one.greeted) for one in everybody] == [
        ("liqiang", "李强", {"rep"}, True),
        ("zhangmin", "张敏", {"rep"}, True),
        ("zhaolei", "赵磊", {"rep"}, False),
        ("chen", "陈主管", {"supervisor"}, True),
        ("lin", "林经理", {"manager"}, True),
        ("zhou", "周姐", {"finance"}, True),
        ("wu", "小吴", {"admin"}, True),
        ("zheng", "郑姐", {"custodian"}, True),
        ("jiang", "蒋姐", {"operations"}, True),
        ("feng", "冯工", {"production"}, True),
        *[(one.account, one.name, {one.role}, True) for one in demo_station.HANDS],
    ]
    assert len(everybody) == 18
    assert firm.read_now(lambda conn: duties_lacking(conn, DAY)) == []  # the admin's ten o'clock is quiet

    def over(conn: Connection) -> list[str]:
        mine = desk(conn, "liqiang")
        return [one.account for one in (mine.supervisor_of(mine.me.id), mine.manager_of(mine.me.id)) if one]

    assert firm.read_now(over) == ["chen", "lin"]


def test_who_sees_which_customers(firm: Database) -> None:
    def seen(conn: Connection) -> Counter[str]:
        return Counter({who.account: len(desk(conn, who.account).find("customers", "", limit=99)) for who in demo.people()})

    own = Counter(firm.rep for firm in demo.CUSTOMERS)
    everything = len(demo.CUSTOMERS)
    assert firm.read_now(seen) == own | Counter(chen=everything, lin=everything)
    assert {one.local for one in demo.CUSTOMERS if one.rep == "liqiang"} == {True, False}


def test_the_day_of_nine(firm: Database) -> None:
    def plan_of(conn: Connection) -> list[tuple[str, str, str]]:
        mine = desk(conn, "liqiang")
        cases = mine.cases("appointment", person=mine.me.id, day=DAY, states=("planned",))
        return [
            (f"{case.at.astimezone(FIRM_ZONE):%H:%M}", mine.label("customers", case.customer_id or 0), case.data["about"])
            for case in cases
            if case.at
        ]

    listed = firm.read_now(plan_of)
    assert len(listed) == 9
    assert listed[:2] == [("09:30", "华东精密", "续约，剩 12 天"), ("10:30", "恒达影音", "送书 3 本")]


def test_the_morning_card(firm: Database) -> None:
    def morning(conn: Connection) -> str:
        websessions.settle(conn, desk(conn, "liqiang").me.id, "liqiang")
        at = Calendar(FIRM_ZONE).at(DAY, "08:40")
        plan(conn, OPENS, FIRM_ZONE, DAY)
        tick(conn, at, FIRM_ZONE)
        (row,) = outbox.claim(conn, "web", at, 60, 1, 10)
        return row.prompt.text

    text = firm.write_now(morning)
    for part in ("今天 9 家", "9:30 华东精密", "10:30 恒达影音", "合同 2 份", "书 6 本", "报价单", "名片", "张总"):
        assert part in text, text


def test_all_of_it_is_in_the_log(firm: Database) -> None:
    assert firm.read_now(audit.verify) is None
    assert firm.read_now(audit.head)[0] >= 50


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2027, 2, 28)])
def test_any_day_will_do(database: Database, day: date) -> None:
    database.write_now(lambda conn: demo.build(conn, day))
    assert len(database.read_now(lambda conn: people.everybody(conn, day))) == 18
