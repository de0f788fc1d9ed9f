"""Figures as the database counts them, against a second count from the audit chain; each line opens; funnel and yield."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Connection

from conversations import figures
from rules.calendar import Calendar
from rules.figures import MEASURES, Tally
from storage import audit, reports
from storage.database import Database
from storage.tables import running_contract
from storage.world import World
from tests.storage.firm import Firm, found
from tests.storage.month import FIRST, LAST, REPS, Month
from tests.storage.recount import recount

CALENDAR = Calendar()
KEYS = tuple(measure.key for measure in MEASURES)
NOW = CALENDAR.at(date(2026, 12, 3), "09:30")


@pytest.fixture
def firm(database: Database) -> Firm:
    return database.write_now(found)


@pytest.mark.parametrize("seed", [5, 8])
def test_a_month_recounted_from_the_audit_chain(database: Database, firm: Firm, seed: int) -> None:
    """Whatever the month was, both ways come to the same numbers (A-2.1)."""
    Month(database, firm, seed).work()

    def both(conn: Connection) -> None:
        assert audit.verify(conn) is None
        for first, last in ((date(2026, 11, 1), date(2026, 11, 30)), (date(2026, 11, 9), date(2026, 11, 15))):
            ours = reports.tallies(conn, None, first, last, CALENDAR)
            theirs = recount(conn, first, last)
            for account in REPS:
                mine = ours.get(firm.people[account], {})
                assert {key: mine.get(key, Tally()).counted for key in KEYS} == {key: theirs[account][key] for key in KEYS}, account
        whole = recount(conn, FIRST, LAST)
        assert all(sum(one[key] for one in whole.values()) for key in KEYS), whole  # nothing was compared with nothing

    database.read_now(both)


# --- each figure down to its records --------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [3])
def test_every_figure_opens_to_just_its_records(database: Database, firm: Firm, seed: int) -> None:
    """Counted and not counted are in the list, each once, newest first; as many count as the figure says (A-2.1)."""
    Month(database, firm, seed).work()

    def unit(conn: Connection) -> None:
        desk = firm.desk(conn, "li", NOW)
        li = firm.people["li"]
        tallies = desk.tallies([li], FIRST, LAST)[li]
        assert {measure.key for measure in MEASURES} == set(tallies)
        for measure in MEASURES:
            pages = [desk.figure_lines(measure.key, li, FIRST, LAST, start, 7) for start in range(0, sum(tallies[measure.key]) + 7, 7)]
            rows = [row for page in pages for row in page]
            assert len(rows) == len({(row.what, row.id) for row in rows}) == sum(tallies[measure.key]), measure.key
            assert sum(row.counts for row in rows) == tallies[measure.key].counted, measure.key
            assert [row.at for row in rows] == sorted((row.at for row in rows), reverse=True)
        assert any(tallies[key].waiting for key in KEYS)

    database.write_now(unit)


def test_nobody_else_opens_them(database: Database, firm: Firm) -> None:
    Month(database, firm, 4).work()

    def unit(conn: Connection) -> None:
        li = firm.people["li"]
        for who, sees in (("li", True), ("chen", True), ("lin", True), ("zhang", False), ("sun", False), ("zhou", False)):
            desk = firm.desk(conn, who, NOW)
            assert bool(desk.figure_lines("visits", li, FIRST, LAST)) is sees, who
            assert bool(desk.tallies([li], FIRST, LAST)) is sees, who

    database.write_now(unit)


# --- funnel and yield -----------------------------------------------------------------------------------------


def stages(desk: World, *people: int, first: date = FIRST, last: date = LAST) -> dict[str, int]:
    return {one.label: one.customers for one in desk.funnel(people, first, last)}


def test_a_stage_is_what_was_done_not_what_is_planned(database: Database, firm: Firm) -> None:
    """A book on the list is not delivered; a plan is a paper; a contract of another year is none of these months (A-3.0)."""

    def unit(conn: Connection) -> None:
        li, mine = firm.people["li"], firm.customers["li"]
        desk, chief = firm.desk(conn, "li"), firm.desk(conn, "lin")
        assert stages(desk, li) == {"在手的客户": 1, "谈过的客户": 0, "谈过且有凭证": 0}
        issue = chief.put_issue("视听技术", "2026 年第 12 期", deliver_by=date(2026, 11, 26))
        book = chief.plan_delivery(issue, mine, 3)
        assert "书刊送到" not in stages(desk, li)
        desk.move(book.id, None, "deliver", "delivered", closed=True)
        desk.file("PromotionPlan", 1, {"aim": "推新产品"}, customer=mine)
        for grade in ("declared", "evidenced"):
            desk.file("CustomerVisit", 1, {"talked": "续约"}, customer=mine, grade=grade)
        contract = {"number": "HT-1", "customer_id": mine, "since": date(2026, 1, 1), "until": date(2026, 12, 31)}
        conn.execute(running_contract.insert().values(**contract))
        assert stages(desk, li) == {"在手的客户": 1, "谈过的客户": 1, "谈过且有凭证": 1, "书刊送到": 1, "做了方案": 1, "有合同": 1}
        october = stages(desk, li, first=date(2026, 10, 1), last=date(2026, 10, 31))
        assert (october["谈过的客户"], october["书刊送到"], october["做了方案"]) == (0, 0, 0)
        assert stages(desk, li, first=date(2027, 1, 1), last=date(2027, 1, 31))["有合同"] == 0
        assert stages(firm.desk(conn, "zhang"), li)["在手的客户"] == 0  # not theirs to see

    database.write_now(unit)


def test_what_each_channel_brought(database: Database, firm: Firm) -> None:
    def unit(conn: Connection) -> None:
        desk = firm.desk(conn, "li")
        fair = [desk.add_customer(f"展会认识的第{n}家", local=True, source="行业展会").id for n in range(3)]
        desk.add_customer("朋友说起的一家", local=True, source="朋友介绍")
        desk.file("CustomerVisit", 1, {"talked": "续约"}, customer=fair[0], grade="evidenced")
        desk.file("CustomerVisit", 1, {"talked": "续约"}, customer=fair[1], grade="declared")
        conn.execute(running_contract.insert().values(number="HT-2", customer_id=fair[0], until=date(2027, 5, 1)))
        found = {one.name: (one.entered, one.reached, one.signed) for one in desk.sources([firm.people["li"]], FIRST, LAST)}
        assert found == {"行业展会": (3, 1, 1), "朋友介绍": (1, 0, 0), "没写来源": (1, 0, 0)}
        assert "行业展会：3 家，谈过且有凭证 1 家（33%），有合同 1 家（33%）" in figures.sources(desk, [desk.me], "2026-11").text

    database.write_now(unit)
