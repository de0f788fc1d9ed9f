"""A licence that ends is said thirty and seven days before, unless another was registered (A-4.4.10b)."""

from __future__ import annotations

from datetime import date

import pytest

from conversations import certificates
from scheduler.reminders import licence
from storage import due
from storage.database import Database
from storage.due import DueRow
from storage.world import World
from tests.conversations.talk import Talk

LI = "李强"


@pytest.fixture
def firm(database: Database) -> Talk:
    talk = Talk(database)
    talk.at("10:00")
    return talk


def register(firm: Talk, until: str) -> int:
    def act(world: World) -> int:
        customer = world.find("customers", "恒达影音")[0]
        answers = {"customer": {"id": customer.id, "label": customer.label}, "name": "上海恒达影音设备有限公司", "until": until}
        form = certificates.FORM
        paper = world.file(form, 1, answers, customer=customer.id)
        certificates.owe(world, customer.id, None if until == "长期" else date.fromisoformat(until))
        return paper.id

    return firm.desk(LI, act)


def owed(firm: Talk) -> list[DueRow]:
    rows = firm.database.write_now(lambda conn: due.upcoming(conn, firm.now.replace(year=2027)))
    return [row for row in rows if row.kind == licence.KIND]


def test_thirty_and_seven_days_before(firm: Talk) -> None:
    register(firm, "2026-12-30")
    assert [row.at.astimezone().date() for row in owed(firm)] == [date(2026, 11, 30), date(2026, 12, 23)]
    row = owed(firm)[0]
    prompt = firm.desk(LI, lambda world: licence.speak(world, row))
    assert prompt is not None
    assert "恒达影音的营业执照 12 月 30 日（周三）到期" in prompt.text
    assert [one.label for one in prompt.options] == ["登记新执照"]


def test_a_new_one_silences_the_old(firm: Talk) -> None:
    register(firm, "2026-12-30")
    row = owed(firm)[0]
    register(firm, "长期")
    assert owed(firm) == []
    assert firm.desk(LI, lambda world: licence.speak(world, row)) is None


def test_nothing_of_a_customer_who_is_somebody_else_s(firm: Talk) -> None:
    register(firm, "2026-12-30")
    row = owed(firm)[0]
    assert firm.desk("张敏", lambda world: licence.speak(world, row)) is None
