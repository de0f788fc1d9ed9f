"""Muted topics: until when, what was held back, and what cannot be muted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from conversations import topics
from scheduler.kinds import KINDS
from scheduler.tick import tick
from storage import due, mutes
from storage.database import Connection, Database
from storage.tables import due as due_table
from storage.tables import outbox
from tests.storage.firm import NOW, Firm, found


@pytest.fixture
def firm(database: Database) -> Firm:
    return database.write_now(found)


def outcomes(conn: Connection) -> dict[str, str]:
    return {row.kind: row.outcome for row in conn.execute(select(due_table.c.kind, due_table.c.outcome))}


def test_muted_is_not_said_and_listed_afterwards(database: Database, firm: Firm) -> None:
    def unit(conn: Connection) -> None:
        desk = firm.desk(conn, "li")
        desk.mark_greeted()
        desk.mute_topic("promises", None)
        case = desk.open_case("promise", "open", customer=firm.customers["li"], at=NOW + timedelta(hours=1), what="报价")
        desk.remind("promise", str(case.id), NOW + timedelta(minutes=5), case=case.id)
        assert tick(conn, NOW + timedelta(minutes=6), desk.calendar.zone) == 0
        assert outcomes(conn) == {"promise": "muted"}
        later = firm.desk(conn, "li", NOW + timedelta(minutes=10))
        told = topics.unmuted(later, topics.BY_KEY["promises"])
        assert told is not None
        assert told.text == "答应客户的事恢复提醒了。静音时没提醒您的 1 条：10:05 答应客户的事到时间。"
        assert later.topics_muted() == {}
        assert topics.unmuted(later, topics.BY_KEY["promises"]) is None

    database.write_now(unit)


def test_it_ends_by_itself_and_then_says_what_was_held(database: Database, firm: Firm) -> None:
    def unit(conn: Connection) -> None:
        desk = firm.desk(conn, "li")
        desk.mark_greeted()
        topics.muted(desk, topics.BY_KEY["morning"], "today")
        desk.remind("morning", "1", NOW + timedelta(minutes=1), day="2026-11-24")
        tick(conn, NOW + timedelta(minutes=2), desk.calendar.zone)
        tomorrow = desk.calendar.at(desk.today + timedelta(days=1), "07:31")
        assert tick(conn, tomorrow, desk.calendar.zone) == 1
        said = [str(body["text"]) for body in conn.execute(select(outbox.c.body).order_by(outbox.c.id)).scalars()]
        assert said[-1].endswith("早安卡恢复提醒了。静音时没提醒您的 1 条：昨天 10:01 早安卡。")
        assert mutes.of(conn, firm.people["li"], tomorrow) == {}

    database.write_now(unit)


def test_another_s_reminders_go_on(database: Database, firm: Firm) -> None:
    def unit(conn: Connection) -> None:
        firm.desk(conn, "li").mute_topic("morning", None)
        assert firm.desk(conn, "zhang").topics_muted() == {}
        assert firm.desk(conn, "li").topics_muted() == {"morning": None}

    database.write_now(unit)


def test_shorter_and_longer(database: Database, firm: Firm) -> None:
    def unit(conn: Connection) -> None:
        desk = firm.desk(conn, "li")
        desk.mute_topic("logs", NOW + timedelta(hours=1))
        desk.mute_topic("logs", NOW + timedelta(hours=2))
        assert desk.topics_muted() == {"logs": NOW + timedelta(hours=2)}
        assert mutes.of(conn, firm.people["li"], NOW + timedelta(hours=3)) == {}

    database.write_now(unit)


def test_money_contracts_law_and_emergencies_have_no_topic() -> None:
    assert not [kind.KIND for kind in KINDS if topics.topic_of_kind(kind.KIND) and topics.never(kind.KIND)]
    assert all(topics.never(word) for word in ("收款", "合同到期", "紧急维修", "法律期限", "现金"))
    assert {topics.topic_of_kind(kind) for kind in ("statement", "unmuted", "cash", "renewal", "emergency", "backup")} == {""}


@pytest.mark.parametrize(
    ("words", "key"), [("早安卡", "morning"), ("日志", "logs"), ("日志提醒", "logs"), ("傍晚汇总", "digest"), ("答应的事", "promises")]
)
def test_by_the_words_people_use(words: str, key: str) -> None:
    found_topic = topics.named(words)
    assert found_topic is not None
    assert found_topic.key == key


def test_kinds_are_muted_by_one_topic_only() -> None:
    kinds = [kind for topic in topics.TOPICS for kind in topic.kinds]
    assert len(kinds) == len(set(kinds))
    assert {kind for kind in topics.KINDS_IN_WORDS if kind} <= set(kinds)


def test_due_rows_tell_what_was_muted(database: Database, firm: Firm) -> None:
    def unit(conn: Connection) -> None:
        desk = firm.desk(conn, "li")
        assert mutes.end(conn, firm.people["li"], "morning") == ()
        desk.mute_topic("morning", None)
        desk.remind("morning", "x", NOW)
        (row,) = due.claim(conn, NOW, 5)
        due.done(conn, row.id, mutes.MUTED, NOW)
        assert desk.unmute_topic("morning") == [("morning", NOW)]

    database.write_now(unit)
