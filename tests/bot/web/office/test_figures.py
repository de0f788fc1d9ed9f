"""数据: figures down to their records; a month's statements approved by the manager, and by nobody else (A-2.1, A-3.3.6c)."""

from __future__ import annotations

from datetime import date, datetime

from conversations import statements
from rules.calendar import Calendar
from storage.database import Connection
from tests.bot.web.office.house import House
from tests.bot.web.office.test_people import told
from tests.storage.firm import NOW, Firm

CALENDAR = Calendar()
OCTOBER = CALENDAR.at(date(2026, 10, 12), "10:00")


def visits(firm: Firm, conn: Connection, *accounts: str, at: datetime = NOW) -> None:
    """A proven one and one that is only declared, each."""
    for account in accounts:
        desk = firm.desk(conn, account, at)
        desk.file("CustomerVisit", 1, {"talked": "<b>续约</b>"}, grade="evidenced")
        desk.file("CustomerVisit", 1, {"talked": "报价"})


async def test_each_figure_opens_down_to_its_proof(house: House) -> None:
    await house.app.database.write(lambda conn: visits(house.firm, conn, "li"))
    li = house.firm.people["li"]
    async with house.browser("chen") as browser:
        page = (await browser.get("/office/figures")).text
        assert "李强" in page
        assert "另 1 缺凭证、没签收" in page
        lines = (await browser.get(f"/office/figures/lines?person={li}&measure=visits")).text
        assert "报价" in lines
        assert "<b>续约</b>" not in lines
        assert "有凭证" in (await browser.get("/office/figures/record/paper/1")).text
        assert "本人声明" in (await browser.get("/office/figures/record/paper/2")).text
    async with house.browser("sun") as browser:  # of another team
        assert (await browser.get("/office/figures/record/paper/1")).status_code == 404
        assert (await browser.get(f"/office/figures/lines?person={li}&measure=visits")).status_code == 404


async def test_the_manager_approves_a_month_on_the_page(house: House) -> None:
    def prepare(conn: Connection) -> None:
        visits(house.firm, conn, "li", "zhang", "zhao", at=OCTOBER)
        for account in ("li", "zhang", "zhao"):
            assert statements.issued(house.firm.desk(conn, account), "2026-10") is not None
        desk = house.firm.desk(conn, "zhao")
        case = desk.case_by_key(f"statement:{desk.me.id}:2026-10")
        assert case is not None
        desk.move_statement(case.id, None, "object")

    await house.app.database.write(prepare)
    async with house.browser("chen") as browser:
        assert "数据单" not in (await browser.get("/office/figures")).text
        assert (await browser.post("/office/figures/approve", {"month": "2026-10"})).status_code == 403
    async with house.browser("lin") as browser:
        page = (await browser.get("/office/figures")).text
        assert "2026 年 10 月的数据单" in page
        assert "等您核准 2 份：李强、张敏。" in page
        assert "赵磊说有漏算，主管答复后再核。" in page
        done = await browser.post("/office/figures/approve", {"month": "2026-10"})
        assert "已核准 2 份。还有 1 份本人有异议" in done.text
        assert "等您核准 " not in done.text
        assert "没有等您核准的了" in (await browser.post("/office/figures/approve", {"month": "2026-10"})).text
        assert (await browser.post("/office/figures/approve", {"month": "x"})).status_code == 404
    assert any("林经理核准了您 10 月的数据单" in one for one in await told(house, "li"))
    assert not any("核准" in one for one in await told(house, "zhao"))
