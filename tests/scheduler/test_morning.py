"""The morning card leaves out what is muted, says so, and shows it again when it is not (A-1.2, A-3.2.1, A-3.3.5)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conversations import topics
from scheduler.kinds import BY_KIND
from scheduler.reminders import morning
from storage.database import Database
from storage.due import DueRow
from storage.world import World
from tests.storage.firm import NOW, TODAY, Firm, in_firm


@pytest.fixture
def firm(database: Database) -> Firm:
    return in_firm(database)


def card(desk: World) -> str:
    prompt = morning.speak(desk, DueRow(1, "morning", "morning:x", NOW, desk.me.id, None, {"day": TODAY.isoformat()}))
    return prompt.text if prompt is not None else ""


def prepared(firm: Firm, database: Database) -> None:
    def unit(conn: object) -> None:
        issue = firm.desk(conn, "lin").put_issue("视听技术", "2026 年第 12 期", deliver_by=TODAY)  # type: ignore[arg-type]
        firm.desk(conn, "chen").plan_delivery(issue, firm.customers["li"], 3)  # type: ignore[arg-type]
        desk = firm.desk(conn, "li")  # type: ignore[arg-type]
        desk.open_case("touch", "planned", key="touch:x", customer=firm.customers["li"], day=TODAY, at=NOW - timedelta(hours=1))

    database.write_now(unit)


@pytest.mark.parametrize(("topic", "words"), [("deliveries", "送书：今天要送到：li客户 3 本"), ("customers", "今天该联系：li客户")])
def test_what_is_muted_is_left_out_and_said_to_be(database: Database, firm: Firm, topic: str, words: str) -> None:
    prepared(firm, database)

    def unit(conn: object) -> None:
        desk = firm.desk(conn, "li")  # type: ignore[arg-type]
        assert words in card(desk)
        assert "已静音" not in card(desk)
        topics.muted(desk, topics.BY_KEY[topic], "week")
        quiet = card(firm.desk(conn, "li"))  # type: ignore[arg-type]
        assert words not in quiet
        assert f"{topics.BY_KEY[topic].label}已静音，写「恢复提醒」就恢复。" in quiet
        told = topics.unmuted(firm.desk(conn, "li"), topics.BY_KEY[topic])  # type: ignore[arg-type]
        assert told is not None
        assert words in told.text
        assert words in card(firm.desk(conn, "li"))  # type: ignore[arg-type]

    database.write_now(unit)


def test_a_topic_is_about_something() -> None:
    """Every kind it names exists; one without kinds speaks in the morning card."""
    named = {kind for topic in topics.TOPICS for kind in topic.kinds}
    assert named <= set(BY_KIND)
    assert {topic.key for topic in topics.TOPICS if not topic.kinds} == {"deliveries"}


@pytest.mark.parametrize(
    ("who", "shown"),
    [
        ("li", ["早安卡", "日志提醒", "答应客户的事", "送书送刊", "客户跟进"]),
        ("chen", ["日志提醒", "傍晚汇总"]),
        ("lin", ["客户要求", "傍晚汇总"]),
        ("zhou", []),
    ],
)
def test_only_what_one_is_reminded_of_is_offered(database: Database, firm: Firm, who: str, shown: list[str]) -> None:
    menu = database.write_now(lambda conn: topics.menu(firm.desk(conn, who)))
    assert [one.label.removeprefix("静音") for one in menu.options] == [*shown, "2 小时全静音"]
