"""The register: numbered per station and day, moved by revision and rule, seen by who it concerns (C-3, C-4.5.1, C-5.1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select, text

from conversations.desk import NotAllowed, StaleCase
from rules.errors import RuleBroken
from rules.steps import NotYours
from storage.database import Database
from storage.repairs import jobs
from storage.repairs.desk import RepairsDesk
from storage.repairs.jobs import Sight
from storage.tables import case, job
from tests.storage.repairs.firm import CALL, NOW, Firm, a_firm


@pytest.fixture
def firm(database: Database) -> Firm:
    return a_firm(database)


def registered(database: Database, firm: Firm, **changed: object) -> int:
    call = replace(CALL, area_id=firm.areas["东区"], **changed)  # type: ignore[arg-type]
    return database.write_now(lambda conn: firm.desk(conn, "客服小周").register_job(call).id)


def sent(database: Database, firm: Firm, to: str = "王师傅") -> int:
    id = registered(database, firm)

    def unit(conn: object) -> None:
        desk = firm.desk(conn, "客服小周")  # type: ignore[arg-type]
        desk.step_job(id, None, "send", columns={"sent_at": NOW})
        desk.call_out(id, firm.people[to], "sent")

    database.write_now(unit)
    return id


def test_numbers_run_per_station_and_day(database: Database, firm: Firm) -> None:
    first, second, elsewhere = registered(database, firm), registered(database, firm), registered(database, firm, station_id=firm.station)

    def unit(conn: object) -> list[str]:
        desk = firm.desk(conn, "客服小周")  # type: ignore[arg-type]
        return [found.number for id in (first, second, elsewhere) if (found := desk.job(id))]

    assert database.read_now(unit) == ["1124-01", "1124-02", f"{firm.station}-1124-01"]


def test_only_the_desk_takes_calls_and_dispatches(database: Database, firm: Firm) -> None:
    id = registered(database, firm)
    for who in ("王师傅", "李强", "资产部"):
        with pytest.raises(NotAllowed):
            database.write_now(lambda conn, who=who: firm.desk(conn, who).register_job(CALL))
    with pytest.raises(NotYours):
        database.write_now(lambda conn: firm.desk(conn, "资产部").step_job(id, None, "send"))
    assert database.write_now(lambda conn: firm.desk(conn, "东经理").step_job(id, None, "send")).state == "sent"


@pytest.mark.parametrize(
    ("who", "sees"), [("客服小周", True), ("东经理", True), ("资产部", True), ("西经理", False), ("王师傅", True), ("李师傅", False), ("李强", False)]
)
def test_who_sees_it(database: Database, firm: Firm, who: str, sees: bool) -> None:
    id = sent(database, firm)
    desk = lambda conn: firm.desk(conn, who)  # noqa: E731
    assert database.read_now(lambda conn: desk(conn).job(id) is not None) is sees
    assert database.read_now(lambda conn: [one.id for one in desk(conn).jobs()] == [id]) is sees
    if not sees:
        with pytest.raises(NotAllowed):
            database.write_now(lambda conn: desk(conn).step_job(id, None, "accept"))


def test_two_accept_and_one_has_it(database: Database, firm: Firm) -> None:
    id = registered(database, firm)

    def offer(conn: object) -> None:
        desk = firm.desk(conn, "客服小周")  # type: ignore[arg-type]
        desk.step_job(id, None, "offer")
        for who in ("王师傅", "李师傅"):
            desk.call_out(id, firm.people[who], "offered")

    database.write_now(offer)
    rev = database.read_now(lambda conn: firm.desk(conn, "王师傅").job(id)).rev  # type: ignore[union-attr]
    columns = {"technician_id": firm.people["李师傅"], "accepted_at": NOW}
    taken = database.write_now(lambda conn: firm.desk(conn, "李师傅").step_job(id, rev, "accept", columns=columns))
    assert (taken.state, taken.technician_id) == ("accepted", firm.people["李师傅"])
    with pytest.raises(StaleCase) as stale:
        database.write_now(lambda conn: firm.desk(conn, "王师傅").step_job(id, rev, "accept"))
    assert stale.value.event is not None
    assert stale.value.event.by_id == firm.people["李师傅"]


def test_nothing_is_repaired_before_it_was_looked_at(database: Database, firm: Firm) -> None:
    id = sent(database, firm)

    def unit(conn: object) -> None:
        desk: RepairsDesk = firm.desk(conn, "王师傅")  # type: ignore[arg-type]
        desk.step_job(id, None, "accept", columns={"technician_id": firm.people["王师傅"]})
        desk.step_job(id, None, "arrive", columns={"arrived_at": NOW})
        desk.step_job(id, None, "find")
        desk.step_job(id, None, "start")

    with pytest.raises(RuleBroken, match="先写一下查到什么"):
        database.write_now(unit)


def test_what_is_noted_moves_no_state(database: Database, firm: Firm) -> None:
    id = sent(database, firm)
    noted = database.write_now(lambda conn: firm.desk(conn, "王师傅").note_job(id, "photo", before=["a" * 64]))
    assert (noted.state, noted.before) == ("sent", ("a" * 64,))
    assert noted.what == "厨房水龙头漏水"


def test_whoever_is_told_stands_with_time_and_answer(database: Database, firm: Firm) -> None:
    id = sent(database, firm)
    (told,) = database.read_now(lambda conn: firm.desk(conn, "客服小周").callouts(id))
    database.write_now(lambda conn: firm.desk(conn, "王师傅").answer_callout(told.id, "declined", "在别家"))
    (told,) = database.read_now(lambda conn: firm.desk(conn, "客服小周").callouts(id))
    assert (told.person_id, told.rung, told.answer, told.why) == (firm.people["王师傅"], "sent", "declined", "在别家")
    assert database.read_now(lambda conn: firm.desk(conn, "客服小周").job(id)).asked == frozenset()  # type: ignore[union-attr]


def test_who_is_on_shift(database: Database, firm: Firm) -> None:
    east = firm.areas["东区"]

    def names(conn: object, hours: int) -> list[str]:
        desk = firm.desk(conn, "客服小周")  # type: ignore[arg-type]
        return [who.name for who in desk.on_shift("technician", NOW + timedelta(hours=hours), east)]

    assert database.read_now(lambda conn: names(conn, 1)) == ["王师傅", "李师傅"]
    assert database.read_now(lambda conn: names(conn, 17)) == []
    night = (NOW + timedelta(hours=9), NOW + timedelta(hours=24))
    database.write_now(lambda conn: firm.desk(conn, "资产部").put_duty(firm.people["赵师傅"], "technician", *night, area=east))
    assert database.read_now(lambda conn: names(conn, 17)) == ["赵师傅"]
    with pytest.raises(NotAllowed):
        database.write_now(lambda conn: firm.desk(conn, "王师傅").put_duty(firm.people["王师傅"], "technician", *night))


def test_who_sees_some_areas_is_served_from_what_is_open(database: Database, firm: Firm) -> None:
    """Neither the whole register nor all that ever happened is read for it."""
    id = sent(database, firm)
    asked = {"states": ("open", "sent"), "limit": 50}

    def look(conn: Connection) -> tuple[list[int], list[int], list[int], str]:
        seen = [[one.id for one in firm.desk(conn, who).jobs(**asked)] for who in ("东经理", "西经理", "王师傅")]  # type: ignore[arg-type]
        if conn.dialect.name != "sqlite":
            return seen[0], seen[1], seen[2], ""
        wanted = Sight(firm.people["东经理"], areas=frozenset(firm.areas.values())).of(select(case.c.id).join(job, job.c.case_id == case.c.id))
        wanted = wanted.where(*jobs.UNENDED).order_by(case.c.id.desc())
        plan = conn.execute(text(f"explain query plan {wanted.compile(dialect=conn.dialect, compile_kwargs={'literal_binds': True})}"))
        return seen[0], seen[1], seen[2], "\n".join(row.detail for row in plan)

    east, west, told, plan = database.read_now(look)
    assert (east, west, told) == ([id], [], [id])
    assert "SCAN case" not in plan
    assert "ix_case_open" in plan or not plan
