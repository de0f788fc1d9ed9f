"""Who got or lost customers by an import hears of it once; taken back it is said too, or not said at all (A-1.3, A-3.3.5)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, update

from bot.channels.base import Outgoing
from bot.channels.wecom_cards import button_card
from conversations import menu
from rules.calendar import FIRM_ZONE
from storage import audit, outbox
from storage.database import Database
from storage.tables import outbox as queue
from storage.tables import person, talk
from tests import office_files
from tests.bot.test_intake import NOW, Bench
from tests.storage.firm import PEOPLE

HEAD = ["客户名称", "负责人"]
LIS, ZHANGS = "李强的客户有限公司", "张敏的客户有限公司"


@pytest.fixture
def bench(database: Database, tmp_path: Path) -> Bench:
    """Everybody has come in but 钱进."""
    bench = Bench(database, tmp_path)
    for account in (one for one in PEOPLE if one != "qian"):
        bench.database.write_now(lambda conn, account=account: bench.firm.desk(conn, account).mark_greeted())
    return bench


def lines(*rows: list[str]) -> bytes:
    return office_files.book(("客户", [HEAD, *rows]))


def heard(bench: Bench, account: str) -> list[str]:
    asked = select(queue.c.body).join(talk, talk.c.id == queue.c.talk_id).where(talk.c.person_id == bench.firm.people[account], queue.c.pushed)
    rows = bench.database.read_now(lambda conn: conn.execute(asked.order_by(queue.c.id)).scalars().all())
    return [str(body["text"]) for body in rows]


def send(bench: Bench) -> None:
    """Everything waiting leaves."""

    def go(conn: Connection) -> int:
        rows = outbox.claim(conn, "web", bench.clock.now(), 60, 1, 100)
        return sum(outbox.sent(conn, row.id, 1, "", row.address_id, bench.clock.now()) for row in rows)

    while bench.database.write_now(go):
        pass


async def test_each_hears_one_line_of_what_came_and_what_went(bench: Bench) -> None:
    bench.database.write_now(
        lambda conn: bench.firm.desk(conn, "li").open_case(
            "promise", "open", customer=bench.firm.customers["li"], at=NOW + timedelta(hours=6), what="报价"
        )
    )
    file = lines(
        [LIS, "张敏"], ["新来的有限公司", "张敏"], *([f"第{n}家新公司", "张敏"] for n in range(5)), [ZHANGS, "赵磊"], ["赵磊的客户有限公司", "赵磊"]
    )
    await bench.look(file)
    assert [heard(bench, one) for one in PEOPLE] == [[]] * len(PEOPLE)  # a dry run is no news
    await bench.bring(file)
    assert heard(bench, "zhang") == [
        "小吴导入了客户名单，从今天起您名下的客户有变动：\n"
        "归您的 7 家：新来的有限公司、第0家新公司、第1家新公司、第2家新公司等 6 家；原来李强的li客户，连同没办完的事 1 件。写「查 客户名」看往来。\n"
        "转出的 1 家：给赵磊的zhang客户。您做过的记录都留着。"
    ]
    assert heard(bench, "li") == ["小吴导入了客户名单，从今天起您名下的客户有变动：\n转出的 1 家：给张敏的li客户。您做过的记录都留着。"]
    assert heard(bench, "zhao") == ["小吴导入了客户名单，从今天起您名下的客户有变动：\n归您的 1 家：原来张敏的zhang客户。写「查 客户名」看往来。"]
    assert [heard(bench, one) for one in ("qian", "chen", "lin", "wu")] == [[]] * 4
    await bench.bring(file)
    assert [len(heard(bench, one)) for one in ("li", "zhang", "zhao")] == [1, 1, 1]  # nothing changed the second time


async def test_broken_off_and_gone_on_with_is_said_once(bench: Bench) -> None:
    file = lines(*([f"第{n:02}家公司", "李强"] for n in range(90)))
    looked = await bench.look(file)
    run = await bench.intake.begin(looked, {})
    begun = await bench.intake._write(lambda world: world.import_start(run))
    await bench.intake._put(begun.id, looked.checked[0].entries[:40])
    assert heard(bench, "li") == []
    await bench.intake.carry_out(run)
    (said,) = heard(bench, "li")
    assert "归您的 90 家：第00家公司" in said
    assert "等 90 家" in said


async def test_taken_back_before_it_left_nothing_is_said(bench: Bench) -> None:
    run = await bench.bring(lines([LIS, "张敏"]))
    assert len(heard(bench, "zhang")) == 1
    await bench.intake.undo(run)
    assert [heard(bench, one) for one in ("li", "zhang")] == [[], []]


async def test_taken_back_afterwards_the_way_back_is_said(bench: Bench) -> None:
    run = await bench.bring(lines([LIS, "张敏"], ["新来的有限公司", "张敏"]))
    send(bench)
    bench.clock.move_to(NOW + timedelta(hours=1))
    await bench.intake.undo(run)
    (_, back) = heard(bench, "zhang")
    assert back == "小吴撤回了那次客户名单的导入，您名下的客户变回来了：\n不归您了的 2 家：还给李强的li客户；不在名单里了的新来的有限公司。"
    (_, home) = heard(bench, "li")
    assert home == "小吴撤回了那次客户名单的导入，您名下的客户变回来了：\n又归您的 1 家：给过张敏的li客户。写「查 客户名」看往来。"
    assert bench.database.read_now(audit.verify) is None


async def test_what_could_not_be_taken_back_is_not_said_to_have_been(bench: Bench) -> None:
    run = await bench.bring(lines([LIS, "张敏"], ["新来的有限公司", "张敏"]))

    def used(conn: Connection) -> None:
        desk = bench.firm.desk(conn, "zhang")
        (found,) = desk.find("customers", "新来的", 0, 1)
        desk.file("PhoneCall", 1, {}, customer=found.id)

    bench.database.write_now(used)
    await bench.intake.undo(run)
    assert heard(bench, "li") == []
    assert heard(bench, "zhang") == ["小吴导入了客户名单，从今天起您名下的客户有变动：\n归您的 1 家：新来的有限公司。写「查 客户名」看往来。"]


async def test_who_said_not_now_hears_it_afterwards(bench: Bench) -> None:
    until = NOW + timedelta(hours=2)
    bench.database.write_now(lambda conn: bench.firm.desk(conn, "li").mute(until))
    await bench.bring(lines([LIS, "张敏"]))
    at = bench.database.read_now(lambda conn: conn.execute(select(queue.c.not_before).where(queue.c.pushed).order_by(queue.c.id)).scalars().all())
    assert sorted(at) == [NOW, until]


async def test_at_night_nobody_is_woken(bench: Bench) -> None:
    bench.clock.move_to(NOW + timedelta(hours=12))  # 22:00 in Shanghai
    await bench.bring(lines([LIS, "张敏"]))
    at = bench.database.read_now(lambda conn: conn.execute(select(queue.c.not_before).where(queue.c.pushed)).scalars().all())
    assert {one.astimezone(FIRM_ZONE).strftime("%d %H:%M") for one in at} == {"25 07:30"}


async def test_who_has_not_come_in_reads_it_in_the_greeting(bench: Bench) -> None:
    run = await bench.bring(lines(["甲公司有一个很长很长很长的名称", "钱进"], ["乙公司", "钱进"], ["丙公司", "钱进"]))
    assert heard(bench, "qian") == []
    greeting = bench.database.read_now(lambda conn: menu.greeting(bench.firm.desk(conn, "qian")))
    assert "您名下现有客户：qian客户、甲公司有一个很长很长很长的…等 4 家。" in greeting.text
    assert button_card(Outgoing(1, "qian", greeting, "reply")) is not None
    bench.database.write_now(lambda conn: bench.firm.desk(conn, "qian", now=NOW + timedelta(minutes=5)).mark_greeted())
    await bench.intake.undo(run)
    (back,) = heard(bench, "qian")
    assert "不归您了的 3 家：不在名单里了的甲公司有一个很长很长很长的名称、乙公司、丙公司。" in back


async def test_who_was_to_have_it_later_hears_that_too(bench: Bench) -> None:
    mine = bench.firm.customers["li"]
    bench.database.write_now(lambda conn: bench.firm.desk(conn, "lin").pass_customers([mine], bench.firm.people["zhao"], date(2026, 12, 1)))
    await bench.bring(lines([LIS, "张敏"]))
    assert "给张敏的li客户" in heard(bench, "zhao")[0]
    assert "原来李强的li客户" in heard(bench, "zhang")[0]


async def test_who_has_left_hears_nothing(bench: Bench) -> None:
    gone = update(person).where(person.c.account == "li").values(left_on=date(2026, 11, 20))
    bench.database.write_now(lambda conn: conn.execute(gone).rowcount)
    await bench.bring(lines([LIS, "张敏"]))
    assert heard(bench, "li") == []
    assert "原来李强的li客户" in heard(bench, "zhang")[0]
