"""A desk over one transaction: what is said, filed, opened and kept is there afterwards, once, and in the log."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, TypeVar

import pytest
from sqlalchemy import Connection, func, select

from conversations.desk import NotAllowed, StaleCase
from conversations.types import Option, Prompt, Session
from storage import audit, due, outbox, papers, settings, staff
from storage.database import Database
from storage.errors import StaleSession
from storage.tables import answer_log, session
from storage.tables import audit as audit_table
from storage.world import World
from tests.storage.firm import NOW, TODAY, Firm, in_firm

T = TypeVar("T")
HOUR = timedelta(hours=1)


@pytest.fixture
def firm(database: Database) -> Firm:
    return in_firm(database)


@pytest.fixture
def at(database: Database, firm: Firm) -> Callable[..., Any]:
    """`at("li", lambda desk: …)`: one transaction at that person's desk."""

    def run(account: str, unit: Callable[[World], T], **more: Any) -> T:
        return database.write_now(lambda conn: unit(firm.desk(conn, account, **more)))

    return run


At = Callable[..., Any]


# --- speaking -------------------------------------------------------------------------------------------


def queued(database: Database, channel: str = "web") -> list[outbox.OutboxRow]:
    return database.write_now(lambda conn: outbox.claim(conn, channel, NOW + 9 * HOUR, 60, 1, 100))


def test_say_answers_here_and_tell_finds_the_other(database: Database, firm: Firm, at: At) -> None:
    at("li", lambda desk: (desk.say(Prompt("好的", ref="s1.2")), desk.tell(firm.people["chen"], Prompt("李强交了日志"), lane="reminder")))
    mine, theirs = sorted(queued(database), key=lambda row: row.id)
    assert (mine.person_id, mine.prompt.text, mine.lane, mine.ref, mine.pushed) == (firm.people["li"], "好的", "reply", "s1.2", False)
    assert (theirs.person_id, theirs.lane, theirs.pushed) == (firm.people["chen"], "reminder", True)


def test_a_key_is_told_once_and_coalescing_replaces(database: Database, firm: Firm, at: At) -> None:
    def twice(desk: World) -> tuple[int, int, int, int]:
        chen = firm.people["chen"]
        told = [desk.tell(chen, Prompt("一"), key="k") for _ in range(2)]
        said = [desk.say(Prompt(text), coalesce="album") for text in ("收到 1 张", "收到 2 张")]
        return told[0], told[1], said[0], said[1]

    first, again, one, two = at("li", twice)
    assert (bool(first), again, one == two) == (True, 0, True)
    assert [row.prompt.text for row in queued(database) if row.person_id == firm.people["li"]] == ["收到 2 张"]


def test_mute_holds_reminders_back_but_not_answers(database: Database, firm: Firm, at: At) -> None:
    li = firm.people["li"]
    at("li", lambda desk: desk.mute(NOW + HOUR))
    at("chen", lambda desk: (desk.tell(li, Prompt("提醒"), lane="reminder"), desk.tell(li, Prompt("问您"), lane="emergency")))
    rows = database.write_now(lambda conn: outbox.claim(conn, "web", NOW, 60, 1, 100))
    assert [row.prompt.text for row in rows] == ["问您"]
    assert [row.prompt.text for row in queued(database) if row.lane == "reminder"] == ["提醒"]


def test_nobody_is_told_after_leaving_nor_reminded_before_joining(database: Database, firm: Firm, at: At) -> None:
    new = database.write_now(lambda conn: staff.add(conn, staff.Listed("new", "新人")))
    database.write_now(lambda conn: staff.leaves(conn, firm.people["zhang"], "wu", NOW, TODAY))
    told = at("chen", lambda desk: [desk.tell(id, Prompt("早"), lane="reminder") for id in (new, firm.people["zhang"])])
    assert told == [0, 0]
    assert at("chen", lambda desk: desk.tell(new, Prompt("等您进来"))) > 0


def test_the_last_prompt_with_options_and_one_by_its_number(database: Database, at: At) -> None:
    number = at("li", lambda desk: (desk.say(Prompt("选哪个？", options=(Option("一", "a.x.1"),))), desk.say(Prompt("好")))[0])
    assert at("li", lambda desk: desk.last_prompt()) is None, "not sent yet"
    for _ in range(2):
        for row in queued(database):
            database.write_now(lambda conn, row=row: outbox.sent(conn, row.id, row.epoch, "", row.address_id, NOW))
    prompt, when = at("li", lambda desk: desk.last_prompt())
    assert (prompt.text, when) == ("选哪个？", NOW)
    assert at("li", lambda desk: desk.prompt_of(number)) == prompt
    assert at("chen", lambda desk: desk.prompt_of(number)) is None


def test_remind_moves_and_forget_forgets(database: Database, firm: Firm, at: At) -> None:
    at("li", lambda desk: (desk.remind("promise", "7", NOW, case=7), desk.remind("promise", "7", NOW + HOUR, case=7, n=1)))
    (row,) = database.read_now(lambda conn: due.upcoming(conn, NOW + HOUR))
    assert (row.key, row.at, row.person_id, row.case_id, row.args) == ("7", NOW + HOUR, firm.people["li"], 7, {"n": 1})
    at("li", lambda desk: desk.forget("promise", "7"))
    assert database.read_now(due.next_at) is None


# --- papers ---------------------------------------------------------------------------------------------


def test_papers_are_numbered_by_form_and_day(firm: Firm, at: At) -> None:
    def three(desk: World) -> list[str]:
        filed = [desk.file("CustomerVisit", 1, {"talked": "续约"}, customer=firm.customers["li"]) for _ in range(2)]
        filed.append(desk.file("PhoneCall", 1, {}))
        return [paper.number for paper in filed]

    assert at("li", three) == ["走访-20261124-001", "走访-20261124-002", "电话-20261124-001"]
    late = at("zhang", lambda desk: desk.file("CustomerVisit", 1, {}, said_at=NOW - 24 * HOUR))
    assert (late.number, late.day, late.filed_at) == ("走访-20261123-001", date(2026, 11, 23), NOW)


def test_replicas_never_give_one_number_twice(database: Database, firm: Firm, connect: Callable[[], Database]) -> None:
    numbers: list[str] = []

    def work(replica: Database, account: str) -> None:
        for _ in range(10):
            numbers.append(replica.write_now(lambda conn: firm.desk(conn, account).file("CustomerVisit", 1, {}).number))

    threads = [threading.Thread(target=work, args=args) for args in ((database, "li"), (connect(), "zhang"), (connect(), "zhao"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(numbers) == [f"走访-20261124-{n:03}" for n in range(1, 31)]
    assert database.read_now(audit.verify) is None


def test_a_correction_keeps_what_was_there(database: Database, firm: Firm, at: At) -> None:
    paper = at("li", lambda desk: desk.file("CustomerVisit", 1, {"met": "王"}, customer=firm.customers["li"], blobs=("a" * 64, "b" * 64)))
    assert paper.blobs == ("a" * 64, "b" * 64)
    new = at("li", lambda desk: desk.amend(paper.id, {"met": "王经理"}))
    assert (new.rev, new.answers, new.customer_id, new.blobs) == (2, {"met": "王经理"}, firm.customers["li"], paper.blobs)
    assert at("li", lambda desk: desk.paper(paper.id)) == new
    kept = database.read_now(lambda conn: papers.versions(conn, paper.id))
    assert kept == [(1, {"met": "王"}, firm.people["li"], NOW)]


def test_a_withdrawn_paper_is_on_no_list_and_a_countersigned_one_stays(at: At) -> None:
    first, second = at("li", lambda desk: [desk.file("PhoneCall", 1, {"n": n}) for n in (1, 2)])
    assert at("li", lambda desk: desk.withdraw(first.id)).state == "withdrawn"
    assert [paper.id for paper in at("li", lambda desk: desk.papers(person=desk.me.id))] == [second.id]
    assert at("li", lambda desk: desk.paper(first.id)).state == "withdrawn"
    at("chen", lambda desk: desk.grade(second.id, "countersigned"))
    with pytest.raises(NotAllowed, match="已经有人签收"):
        at("li", lambda desk: desk.withdraw(second.id))
    with pytest.raises(NotAllowed, match="自己的电话记录"):
        at("li", lambda desk: desk.grade(second.id, "countersigned"))


def test_pictures_count_once(at: At) -> None:
    paper = at("li", lambda desk: desk.file("PhoneCall", 1, {}))
    assert at("li", lambda desk: [desk.attach(paper.id, sha * 64) for sha in "aab"]) == [1, 1, 2]
    at("li", lambda desk: desk.detach(paper.id, "a" * 64))
    assert at("li", lambda desk: desk.paper(paper.id)).blobs == ("b" * 64,)


def test_lists_of_papers(firm: Firm, at: At) -> None:
    mine = firm.customers["li"]

    def file(desk: World) -> list[int]:
        rows = (("CustomerVisit", mine, NOW), ("PhoneCall", None, NOW), ("CustomerVisit", mine, NOW - 24 * HOUR))
        return [desk.file(form, 1, {}, customer=customer, said_at=said).id for form, customer, said in rows]

    visit, call, old = at("li", file)

    def listed(desk: World, **asked: Any) -> list[int]:
        return [paper.id for paper in desk.papers(**asked)]

    assert at("li", lambda desk: listed(desk)) == [old, call, visit]
    assert at("li", lambda desk: listed(desk, day=TODAY)) == [call, visit]
    assert at("li", lambda desk: listed(desk, forms=("CustomerVisit",), day=TODAY)) == [visit]
    assert at("chen", lambda desk: listed(desk, customer=mine, before=old)) == [visit]
    assert at("lin", lambda desk: listed(desk, person=firm.people["li"], limit=1)) == [old]


# --- cases ----------------------------------------------------------------------------------------------


def test_a_move_by_revision(database: Database, firm: Firm, at: At) -> None:
    opened = at("li", lambda desk: desk.open_case("daylog", "draft", key="daylog:1:2026-11-24", day=TODAY, n=1))
    same = at("li", lambda desk: desk.open_case("daylog", "draft", key="daylog:1:2026-11-24", day=TODAY, n=2))
    assert (same.id, same.data, opened.rev) == (opened.id, {"n": 1}, 1)
    handed = at("li", lambda desk: desk.move(opened.id, 1, "hand", "handed", words="八家"))
    assert (handed.rev, handed.state, handed.data, handed.closed_at) == (2, "handed", {"n": 1, "words": "八家"}, None)
    received = at("chen", lambda desk: desk.move(opened.id, 2, "receive", "received", closed=True))
    assert received.closed_at == NOW
    with pytest.raises(StaleCase) as stale:
        at("li", lambda desk: desk.move(opened.id, 2, "withdraw", "draft"))
    assert (stale.value.event.action, stale.value.event.by_id, stale.value.event.at) == ("receive", firm.people["chen"], NOW)
    assert [event.action for event in at("li", lambda desk: desk.case_events(opened.id))] == ["open", "hand", "receive"]
    assert at("li", lambda desk: desk.move(opened.id, None, "withdraw", "draft")).rev == 4
    assert at("chen", lambda desk: desk.case_by_key("daylog:1:2026-11-24")).rev == 4


def test_a_request_handed_on_is_still_seen_by_who_asked(firm: Firm, at: At) -> None:
    asked = at("li", lambda desk: desk.open_case("request", "parked", customer=firm.customers["li"], at=NOW + HOUR, what="降 5%"))
    handed = at("li", lambda desk: desk.hand_case(asked.id, firm.people["lin"]))
    assert (handed.person_id, handed.state, handed.rev) == (firm.people["lin"], "parked", 2)
    assert at("li", lambda desk: desk.case(asked.id)) == handed
    assert [case.id for case in at("lin", lambda desk: desk.cases("request", person=desk.me.id))] == [asked.id]
    assert at("zhang", lambda desk: desk.case(asked.id)) is None
    with pytest.raises(NotAllowed):
        at("zhang", lambda desk: desk.move(asked.id, None, "answer", "answered"))


def test_an_appointment_put_off_stands_on_the_other_days_list(firm: Firm, at: At) -> None:
    def put_off(desk: World) -> tuple[int, list[int], list[int]]:
        case = desk.open_case("appointment", "planned", customer=firm.customers["li"], at=NOW)
        moved = desk.move(case.id, case.rev, "later", "planned", at=NOW + 24 * HOUR)
        days = (TODAY, TODAY + timedelta(days=1))
        assert moved.day == days[1]
        today, tomorrow = ([one.id for one in desk.cases("appointment", day=day)] for day in days)
        return case.id, today, tomorrow

    id, today, tomorrow = at("li", put_off)
    assert (today, tomorrow) == ([], [id])


def test_lists_of_cases_by_time(firm: Firm, at: At) -> None:
    def plan(desk: World) -> list[int]:
        hours = (3, 1, 2, 40)
        cases = [desk.open_case("appointment", "planned", customer=firm.customers["li"], at=NOW + n * HOUR) for n in hours]
        desk.move(cases[2].id, 1, "do", "done", closed=True)
        return [case.id for case in cases]

    third, first, done, later = at("li", plan)

    def listed(account: str, **asked: Any) -> list[int]:
        return [case.id for case in at(account, lambda desk: desk.cases("appointment", **asked))]

    assert listed("li", day=TODAY) == [first, done, third]
    assert listed("li", states=("planned",), person=firm.people["li"]) == [first, third, later]
    assert listed("chen", until=NOW + 2 * HOUR, customer=firm.customers["li"]) == [first, done]
    assert listed("zhang") == []


def test_when_each_customer_was_last_spoken_to(firm: Firm, at: At) -> None:
    mine, day = firm.customers["li"], 24 * HOUR

    def touch(desk: World) -> None:
        other = desk.add_customer("另一家有限公司", local=True).id
        for said in (NOW - 9 * day, NOW - 20 * day):
            desk.file("CustomerVisit", 1, {}, customer=mine, said_at=said)
        desk.withdraw(desk.file("PhoneCall", 1, {}, customer=mine).id)
        desk.file("Appointment", 1, {}, customer=mine)
        desk.open_case("appointment", "planned", customer=other, at=NOW + 3 * day)
        desk.open_case("appointment", "planned", customer=other, at=NOW - 3 * day)

    at("li", touch)
    mine_touched, other = at("li", lambda desk: desk.touches(desk.me.id))
    assert (mine_touched.label, mine_touched.last, mine_touched.coming) == ("li客户", date(2026, 11, 15), None)
    assert (other.label, other.last, other.coming) == ("另一家有限公司", TODAY, date(2026, 11, 27))
    assert [touch.label for touch in at("chen", lambda desk: desk.touches(firm.people["zhang"]))] == ["zhang客户"]
    assert list(at("zhang", lambda desk: desk.touches(firm.people["li"]))) == []


# --- sessions and words ---------------------------------------------------------------------------------


def test_one_session_is_open(database: Database, at: At) -> None:
    first = at("li", lambda desk: desk.save(Session("CustomerVisit", 1)))
    second = at("li", lambda desk: desk.save(Session("PhoneCall", 2, {"met": "王"}, at="talked", no=3, shown=("a", "b"), said_at=NOW)))
    assert at("li", lambda desk: desk.open_session()) == second
    assert [one.id for one in at("li", lambda desk: desk.paused_sessions())] == [first.id]
    assert at("zhang", lambda desk: desk.session(first.id)) is None
    with pytest.raises(StaleSession):
        at("li", lambda desk: desk.save(first))
    paused = at("li", lambda desk: desk.session(first.id))
    again = at("li", lambda desk: desk.save(replace(paused, state="open")))
    assert at("li", lambda desk: desk.open_session()) == again
    assert at("li", lambda desk: desk.session(second.id)).state == "paused"


def test_every_answer_is_logged_with_its_message(database: Database, at: At) -> None:
    one = at("li", lambda desk: desk.save(Session("CustomerVisit", 1, {"met": "王", "who": [1, 2]})))
    two = at("li", lambda desk: desk.save(replace(one, answers={"met": "李", "who": (1, 2)})), inbox_id=7)
    at("li", lambda desk: desk.save(replace(two, answers={"met": "李"})), inbox_id=8)
    columns = (answer_log.c.question, answer_log.c.value, answer_log.c.inbox_id)
    rows = database.read_now(lambda conn: [tuple(row) for row in conn.execute(select(*columns).order_by(answer_log.c.id))])
    assert rows == [("met", "王", None), ("who", [1, 2], None), ("met", "李", 7), ("who", None, 8)]


def test_a_trial_leaves_nothing(database: Database, at: At) -> None:
    one = at("li", lambda desk: desk.save(Session("CustomerVisit", 1, {"met": "王"}, trial=True)))
    at("li", lambda desk: desk.save(replace(one, state="filed")))
    counts = database.read_now(lambda conn: [conn.execute(select(func.count()).select_from(t)).scalar_one() for t in (session, answer_log)])
    assert counts == [0, 0]


def test_words_are_kept_for_who_said_them(at: At) -> None:
    id = at("li", lambda desk: desk.keep_words("嗯嗯", "a" * 64))
    assert (at("li", lambda desk: desk.kept_words(id)), at("zhang", lambda desk: desk.kept_words(id))) == ("嗯嗯", "")


# --- settings, calendar, log ----------------------------------------------------------------------------


def test_a_setting_holds_from_its_day(database: Database, at: At) -> None:
    for since, value in ((date(2026, 1, 1), 14), (date(2026, 11, 24), 10), (date(2026, 12, 1), 7)):
        database.write_now(lambda conn, since=since, value=value: settings.put(conn, "silent_days", value, since))
    assert at("li", lambda desk: desk.setting("silent_days", 0)) == 10
    assert at("li", lambda desk: desk.setting("silent_days", 0), now=NOW + 7 * 24 * HOUR) == 7
    assert at("li", lambda desk: desk.setting("other", "x")) == "x"


def test_leave_and_rest_days(database: Database, firm: Firm, at: At) -> None:
    sunday, monday = date(2026, 11, 29), date(2026, 11, 30)
    at("chen", lambda desk: desk.take_leave(firm.people["li"], monday, monday))
    asked = at("chen", lambda desk: [desk.on_leave(firm.people[who], day) for who in ("li", "zhang") for day in (sunday, monday)])
    assert asked == [True, True, True, False]
    database.write_now(lambda conn: settings.amend_day(conn, sunday, True, "调班"))
    assert not at("chen", lambda desk: desk.on_leave(firm.people["li"], sunday))
    with pytest.raises(NotAllowed, match="自己的请假"):
        at("chen", lambda desk: desk.take_leave(desk.me.id, monday, monday))


def test_every_write_is_in_the_log_and_no_answer_in_clear(database: Database, firm: Firm, at: At) -> None:
    before = database.read_now(audit.head)[0]

    def day(desk: World) -> None:
        paper = desk.file("CustomerVisit", 1, {"met": "王经理要降价"}, customer=firm.customers["li"])
        desk.amend(paper.id, {"met": "没有"})
        case = desk.open_case("promise", "open", customer=firm.customers["li"], what="王经理要降价")
        desk.move(case.id, 1, "keep", "kept", words="王经理要降价")
        desk.remind("promise", "1", NOW)
        desk.save(Session("CustomerVisit", 1, {"met": "王经理要降价"}))
        desk.keep_words("王经理要降价")
        desk.mark_greeted()
        assert desk.me.greeted
        desk.audit("look", "page:1")

    at("li", day, via="wecom")
    rows = database.read_now(lambda conn: conn.execute(select(audit_table).where(audit_table.c.seq > before).order_by(audit_table.c.seq)).all())
    assert [row.verb for row in rows] == ["file", "amend", "open", "keep", "remind", "open", "keep", "greeted", "look"]
    assert {(row.who, row.via) for row in rows} == {("li", "wecom")}
    assert not any("降价" in str(row) for row in rows)
    assert database.read_now(audit.verify) is None


def test_who_has_left_does_nothing_more(database: Database, firm: Firm, at: At) -> None:
    case = at("li", lambda desk: desk.open_case("promise", "open", customer=firm.customers["li"]))
    database.write_now(lambda conn: staff.leaves(conn, firm.people["li"], "wu", NOW, TODAY))
    acts: tuple[Callable[[World], object], ...] = (
        lambda desk: desk.file("CustomerVisit", 1, {}),
        lambda desk: desk.move(case.id, 1, "keep", "kept", closed=True),
        lambda desk: desk.open_case("daylog", "draft", day=TODAY),
        lambda desk: desk.remind("promise", "1", NOW),
        lambda desk: desk.save(Session("CustomerVisit", 1)),
        lambda desk: desk.add_customer("新客户有限公司", local=True),
        lambda desk: desk.keep_words("x"),
        lambda desk: desk.mute(NOW),
    )
    for act in acts:
        with pytest.raises(NotAllowed, match="账号已经停用"):
            at("li", act)
    assert at("li", lambda desk: (desk.me.left, desk.me.roles, desk.customer(firm.customers["li"]))) == (True, frozenset(), None)


def test_reading_changes_nothing(database: Database, firm: Firm) -> None:
    def read(conn: Connection) -> object:
        desk = firm.desk(conn, "li")
        return desk.find("customers", ""), desk.papers(), desk.cases("promise"), desk.people("rep"), desk.open_session()

    assert database.read_now(read)
