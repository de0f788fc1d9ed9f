"""A manager's digest over 500 staff and 31 days, with everybody's figures of the month: counted by the database against an ORM that loads to count.

Reference: SQLAlchemy ORM, declarative classes over the same tables, people with their papers, the papers' pictures and their cases of the 31 days by
selectinload, counted in Python. Both in fresh processes, interleaved, on one SQLite file.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

from benchmarks.kit import measure
from benchmarks.kit.measure import Stopwatch
from rules.calendar import FIRM_ZONE, Calendar

STAFF, TEAMS, DAYS, RECORDS = 500, 25, 31, 6
FIRST, LAST = date(2026, 10, 31), date(2026, 11, 30)
ROUNDS, GOAL = 5, 0.1
OURS, ORM = "digest and figures counted in SQL", "ORM selectinload, counted in Python"
FORMS = ("CustomerVisit", "CustomerVisit", "CustomerVisit", "CustomerVisit", "PhoneCall", "NewCustomer")
PROVEN = ("evidenced", "countersigned")
CALENDAR = Calendar()


def build(folder: Path) -> None:
    """The firm and its month, in bulk: what is measured is reading it."""
    from sqlalchemy import Connection, insert

    from storage import staff
    from storage.database import Database
    from storage.staff import Listed
    from storage.tables import case, paper, paper_blob

    database = Database(f"sqlite:///{folder / 'paojie.db'}", folder)
    database.migrate()

    def fill(conn: Connection) -> None:
        manager = staff.add(conn, Listed("lin", "林经理"))
        staff.give_role(conn, manager, "manager", date(2026, 1, 1))
        papers: list[dict[str, object]] = []
        logs: list[dict[str, object]] = []
        for n in range(STAFF):
            team = staff.add_team(conn, f"市场{n % TEAMS + 1}部")
            id = staff.add(conn, Listed(f"rep{n}", f"市场员{n}", f"市场{n % TEAMS + 1}部"))
            staff.give_role(conn, id, "rep", date(2026, 1, 1), team_id=team)
            staff.mark_greeted(conn, id, CALENDAR.at(FIRST, "08:00"))
            for day in CALENDAR.working_days(FIRST, LAST):
                papers += [_paper(id, day, k) for k in range(RECORDS)]
                logs.append(_log(id, day, manager))
        conn.execute(insert(paper), papers)
        conn.execute(insert(paper_blob), [_picture(nth) for nth in range(1, len(papers) + 1) if nth % 2])
        conn.execute(insert(case), logs)

    database.write_now(fill)
    database.close()


def _paper(person: int, day: date, nth: int) -> dict[str, object]:
    at = CALENDAR.at(day, f"{9 + nth:02d}:10")
    answers = {"customer": {"id": 1, "label": "华东精密"}, "met": "王经理", "talked": "谈续约，想降 5%，下周再谈", "need": {"struck": True}}
    row: dict[str, object] = {
        "number": f"{FORMS[nth]}-{person}-{day}-{nth}",
        "form": FORMS[nth],
        "version": 1,
        "person_id": person,
        "answers": answers,
    }
    return row | {"day": day, "said_at": at, "filed_at": at, "grade": PROVEN[nth % 2] if nth < 5 else "declared", "state": "filed"}


def _log(person: int, day: date, receiver: int) -> dict[str, object]:
    at = CALENDAR.at(day, "17:40")
    row: dict[str, object] = {"kind": "daylog", "key": f"daylog:{person}:{day}", "state": "received", "rev": 3, "person_id": person, "day": day}
    return row | {"data": {"receiver": receiver, "papers": [[1, 1]] * RECORDS}, "opened_at": at, "closed_at": at + timedelta(minutes=9)}


def _picture(nth: int) -> dict[str, object]:
    return {"paper_id": nth, "sha256": f"{nth:064x}", "at": CALENDAR.at(LAST, "12:00")}


def ours(folder: Path) -> None:
    """What the manager is sent on the last evening of the month, and the sheet of everybody."""
    from sqlalchemy import Connection

    from conversations.digests import evening
    from conversations.figures import team_of
    from storage.database import Database
    from storage.world import World

    database = Database(f"sqlite:///{folder / 'paojie.db'}", folder)

    def once(conn: Connection) -> int:
        desk = World(conn, person_id=1, now=CALENDAR.at(LAST, "18:20"), zone=FIRM_ZONE)
        page = evening.compose(desk, LAST)
        tallies = desk.tallies([who.id for who in team_of(desk)], FIRST, LAST)
        return sum(tally["visits"].counted for tally in tallies.values()) if page is not None else 0

    database.write_now(once)  # statements built, pages of the file in memory
    with Stopwatch() as watch:
        counted = database.write_now(once)
    database.close()
    measure.report(watch, 1, visits=counted)


def orm(folder: Path) -> None:
    """The usual way: objects, their collections by selectinload, and sums over them."""
    from sqlalchemy import create_engine, select
    from sqlalchemy.orm import Session, selectinload

    from benchmarks.kit.loaded import Case, Paper, Person

    engine = create_engine(f"sqlite:///{folder / 'paojie.db'}")

    def once() -> int:
        papers = Person.papers.and_(Paper.day.between(FIRST, LAST), Paper.state == "filed")
        cases = Person.cases.and_(Case.day.between(FIRST, LAST))
        wanted = select(Person).options(selectinload(papers).selectinload(Paper.pictures), selectinload(cases))
        with Session(engine) as session:
            total, handed = 0, 0
            for who in session.scalars(wanted):
                proven = [one for one in who.papers if one.grade in PROVEN or one.pictures]
                total += sum(one.form == "CustomerVisit" for one in proven)
                handed += sum(one.state in ("handed", "received") for one in who.cases if one.day == LAST)
            return total if handed else 0

    once()
    with Stopwatch() as watch:
        counted = once()
    engine.dispose()
    measure.report(watch, 1, visits=counted)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"{STAFF} staff × {DAYS} days: {STAFF * RECORDS * len(list(CALENDAR.working_days(FIRST, LAST))):,} records", flush=True)
        build(folder)
        found = measure.interleaved("benchmarks.digest", {OURS: ["ours", name], ORM: ["orm", name]}, ROUNDS)
    measure.table(found)
    if found[OURS]["visits"] != found[ORM]["visits"]:
        sys.exit(f"the two did not count the same: {found}")
    measure.goals([("digest of 500 staff × 31 days, against ORM selectinload (CPU)", found[OURS]["cpu_ms"] / found[ORM]["cpu_ms"], GOAL)])


if __name__ == "__main__":
    if "--one" in sys.argv:
        {"ours": ours, "orm": orm}[sys.argv[sys.argv.index("--one") + 1]](Path(sys.argv[-1]))
    else:
        main()
