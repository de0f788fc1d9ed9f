"""Six lists in, twice, and back again; on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, update

from bot.clock import StillClock
from bot.intake import Intake, Looked
from conversations import listed
from conversations.desk import NotAllowed
from papers import workbook
from rules.calendar import FIRM_ZONE
from storage import audit, matters
from storage.blobs import BlobFolder
from storage.database import Database
from storage.tables import case, contact, customer, due, metadata, owner, person, position, price, role, running_contract, unit
from tests import office_files
from tests.storage.firm import Firm, in_firm

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


class Bench:
    def __init__(self, database: Database, folder: Path, account: str = "wu") -> None:
        self.database = database
        self.firm: Firm = in_firm(database)
        self.clock = StillClock(NOW)
        self.intake = Intake(database, BlobFolder(folder / "blobs"), self.clock, FIRM_ZONE, self.firm.people[account], "test")

    async def look(self, data: bytes, name: str = "名单.xlsx", asked: dict[str, object] | None = None) -> Looked:
        return await self.intake.look(await self.intake.keep(data), name, asked or {})

    async def bring(self, data: bytes, name: str = "名单.xlsx") -> int:
        run = await self.intake.begin(await self.look(data, name), {})
        await self.intake.carry_out(run)
        return run

    def count(self, table: object) -> int:
        return self.database.read_now(lambda conn: len(conn.execute(select(table)).all()))  # type: ignore[call-overload]


@pytest.fixture
def bench(database: Database, tmp_path: Path) -> Bench:
    return Bench(database, tmp_path)


async def test_six_files_twelve_faults_and_twice_is_once(bench: Bench) -> None:
    faults, before = 0, {table: bench.count(table) for table in (person, customer)}
    for name, data in office_files.six().items():
        looked = await bench.look(data, name)
        assert not [one.found.missing for one in looked.checked if one.found.list and one.found.missing]
        faults += looked.count("faulty")
        run = await bench.intake.begin(looked, {})
        done = await bench.intake.carry_out(run)
        assert done.state == "done"
        assert done.done == done.total == looked.total
        assert done.counts == looked.counts
        again = await bench.look(data, name)
        assert (again.count("new"), again.count("changed")) == (0, 0), name
        assert again.count("same") == looked.total
    assert faults == office_files.FAULTY
    assert bench.count(person) == before[person] + 29  # one was here already
    assert bench.count(customer) == before[customer] + 200
    assert (bench.count(unit), bench.count(price), bench.count(position), bench.count(running_contract)) == (60, 20, 3, 40)
    assert bench.database.read_now(audit.verify) is None


async def test_undo_takes_all_of_it_back_but_what_was_touched(bench: Bench) -> None:
    tables = (person, role, customer, contact, owner)
    before = {table: bench.count(table) for table in tables}
    first = await bench.bring(office_files.people())
    run = await bench.bring(office_files.customers())
    bench.database.write_now(lambda conn: conn.execute(update(customer).where(customer.c.nickname == "客户007").values(address="搬走了")))

    def used(conn: object) -> None:
        desk = bench.firm.desk(conn, "lin")  # type: ignore[arg-type]
        (found,) = desk.find("customers", "客户008", 0, 1)
        desk.file("PhoneCall", 1, {}, customer=found.id)

    bench.database.write_now(used)
    await bench.intake.undo(run)
    kept = bench.database.read_now(lambda conn: bench.firm.desk(conn, "wu").import_lines(run, kept=True))
    assert [(one.label, one.kept_why) for one in kept] == [
        ("上海第007客户有限公司", "之后有人改过"),
        ("上海第008客户有限公司", "已经用上了，有别的记录连着它"),
    ]
    assert bench.count(customer) == before[customer] + 2
    assert bench.count(contact) == before[contact] + 2
    await bench.intake.undo(first)
    assert bench.count(person) == before[person] + 2  # those whose customers stay
    assert bench.database.read_now(audit.verify) is None


NOTED = {"import_run", "import_change", "audit", "audit_head", "audit_salt", "blob"}  # what was done is remembered, whatever becomes of it


def hashed(rows: object) -> str:
    return sha256(repr(rows).encode()).hexdigest()


def whole(conn: Connection) -> dict[str, str]:
    """Every row of every table but the notes of what was done."""
    tables = [table for table in metadata.sorted_tables if table.name not in NOTED]
    return {table.name: hashed(sorted(repr(tuple(row)) for row in conn.execute(select(table)))) for table in tables}


async def test_an_import_day_there_back_and_there_again(bench: Bench, tmp_path: Path) -> None:
    """In, undone, in again: the firm is what it was, then what it was after the first time."""

    def lists() -> str:
        target, found = tmp_path / "out.xlsx", []
        for name in ("people", "customers", "units", "prices", "media", "contracts"):
            bench.database.read_now(lambda conn, name=name: bench.firm.desk(conn, "wu").export(name, target))
            found += [(sheet.name, sheet.rows) for sheet in workbook.read(target.read_bytes())]
        return hashed(found)

    nothing, empty = bench.database.read_now(whole), lists()
    runs = [await bench.bring(data, name) for name, data in office_files.six().items()]
    first = lists()
    assert first != empty
    for run in reversed(runs):
        assert await bench.intake.undo(run) == []
    assert bench.database.read_now(whole) == nothing
    assert lists() == empty
    for name, data in office_files.six().items():
        await bench.bring(data, name)
    assert lists() == first
    assert bench.database.read_now(audit.verify) is None


async def test_a_change_goes_back_to_what_it_was(bench: Bench) -> None:
    first = office_files.book(("客户", [["客户名称", "地址", "负责人", "联系人", "电话"], ["甲公司", "旧地址", "李强", "王经理", "021-5551111"]]))
    await bench.bring(first)
    second = office_files.book(
        ("客户", [["客户名称", "地址", "负责人", "联系人", "电话"], ["甲公司", "新地址", "张敏", "王经理", "021-5552222"], ["", "", "", "小赵", ""]])
    )
    looked = await bench.look(second)
    (changed,) = looked.checked[0].changed
    assert changed.differs == (
        ("地址", "旧地址", "新地址"),
        ("负责人", "李强", "张敏"),
        ("王经理的电话", "021-5551111", "021-5552222"),
        ("联系人", "", "小赵"),
    )
    run = await bench.bring(second)
    await bench.intake.undo(run)
    again = await bench.look(first)
    assert again.count("same") == 1
    assert bench.count(contact) == 1


async def test_what_is_open_goes_with_the_customer_and_comes_back_with_it(bench: Bench) -> None:
    li, zhang, mine = bench.firm.people["li"], bench.firm.people["zhang"], bench.firm.customers["li"]

    def busy(conn: Connection) -> None:
        desk = bench.firm.desk(conn, "li")
        promise = desk.open_case("promise", "open", customer=mine, at=NOW + timedelta(hours=6), what="报价")
        desk.remind("promise", str(promise.id), NOW + timedelta(hours=5), case=promise.id)
        desk.open_case("appointment", "planned", customer=mine, at=NOW + timedelta(days=1), about="续约")
        other = desk.add_customer("留下的公司", local=True)
        desk.open_case("promise", "open", customer=other.id, at=NOW + timedelta(hours=6), what="样刊")

    def whose(conn: Connection) -> tuple[set[int], set[int], set[int]]:
        cases = conn.execute(select(case.c.person_id).where(case.c.customer_id == mine, case.c.state.in_(("open", "planned")))).scalars()
        reminded = conn.execute(select(due.c.person_id).where(due.c.kind == "promise", due.c.case_id.is_not(None), due.c.done_at.is_(None))).scalars()
        held = conn.execute(select(owner.c.person_id).where(owner.c.customer_id == mine, owner.c.until.is_(None))).scalars()
        return {*cases}, {*reminded}, {*held}

    bench.database.write_now(busy)
    file = office_files.book(("客户", [["客户名称", "地址", "负责人"], ["李强的客户有限公司", "", "张敏"], ["赵磊的客户有限公司", "新地址", "赵磊"]]))
    (looked,) = (await bench.look(file)).checked
    assert (looked.hands, looked.going) == (1, 2)
    assert bench.database.read_now(whose) == ({li}, {li}, {li})  # only looked at
    run = await bench.bring(file)
    assert bench.database.read_now(whose) == ({zhang}, {zhang}, {zhang})
    assert [one.customer for one in bench.database.read_now(lambda conn: matters.open_of(conn, li))] == ["留下的公司"]
    (again,) = (await bench.look(file)).checked
    assert (again.hands, again.going) == (0, 0)
    await bench.intake.undo(run)
    assert bench.database.read_now(whose) == ({li}, {li}, {li})
    assert bench.database.read_now(audit.verify) is None


async def test_who_was_to_have_it_later_has_it_not_when_the_list_says_otherwise(bench: Bench) -> None:
    mine = bench.firm.customers["li"]
    bench.database.write_now(lambda conn: bench.firm.desk(conn, "lin").pass_customers([mine], bench.firm.people["zhao"], date(2026, 12, 1)))
    await bench.bring(office_files.book(("客户", [["客户名称", "地址", "负责人"], ["李强的客户有限公司", "", "张敏"]])))
    (now,) = bench.database.read_now(lambda conn: bench.firm.desk(conn, "lin").owned(query="李强的客户"))
    assert (now.owner, now.next) == ("张敏", "")


async def test_what_no_colleague_can_be_is_a_fault(bench: Bench) -> None:
    rows = (
        ["姓名", "企业微信账号", "部门", "岗位", "上班", "下班"],
        ["王芳", "王芳", "一部", "业务员", "", ""],
        ["赵云", "zhaoyun", "一部", "业务员", "18:00", "9:00"],
        ["孙权", "sun.q@1", "一部", "业务员", "8:30", "17:30"],
    )
    looked = await bench.look(office_files.book(("人员", rows)))
    (one,) = looked.checked
    assert (looked.count("faulty"), looked.count("new")) == (2, 1)
    assert ["不是姓名" in one.faults[2][1], "下班要在上班之后" in one.faults[3][5]] == [True, True]


async def test_only_the_admin_imports(database: Database, tmp_path: Path) -> None:
    bench = Bench(database, tmp_path, "chen")
    with pytest.raises(NotAllowed):
        await bench.bring(office_files.prices())
    assert bench.count(price) == 0


async def test_undo_ends_after_some_days(bench: Bench) -> None:
    run = await bench.bring(office_files.prices())
    bench.clock.move_to(datetime(2026, 12, 3, 2, 0, tzinfo=UTC))
    with pytest.raises(NotAllowed, match="超过 7 天"):
        await bench.intake.undo(run)


async def test_what_goes_out_comes_in_as_the_same(bench: Bench, tmp_path: Path) -> None:
    for name, data in office_files.six(faulty=False).items():
        await bench.bring(data, name)
    for name in ("people", "customers", "units", "prices", "media", "contracts"):
        target = tmp_path / f"{name}.xlsx"
        rows = bench.database.read_now(lambda conn, name=name, target=target: bench.firm.desk(conn, "wu").export(name, target))
        looked = await bench.look(target.read_bytes(), target.name)
        assert rows
        assert (looked.count("new"), looked.count("changed"), looked.count("faulty")) == (0, 0, 0), name
        assert looked.count("same") == looked.total > 0


async def test_looked_up_in_chat_by_who_may(bench: Bench) -> None:
    for name, data in office_files.six(faulty=False).items():
        await bench.bring(data, name)

    def asked(account: str, words: str) -> str:
        def read(conn: Connection) -> str:
            found = listed.search(bench.firm.desk(conn, account), words)
            return found.text if found else ""

        return bench.database.read_now(read)

    assert "阳光苑 1 号楼 502｜租户1 13600000001" in asked("wu", "阳光苑 502")
    assert "12,000 元" in asked("li", "版位 封二")
    assert "A00 更换 4 分球阀｜35.00 元/个" in asked("wu", "价目 球阀")
    assert "HT-2026-007" in asked("lin", "合同 第007")
    assert "没找到" in asked("li", "合同 第007")  # somebody else's customer
    assert "不归您查" in asked("li", "租户 阳光苑")
    assert "送书截止 12-08" in asked("li", "刊期")
    assert asked("li", "华东") == ""
