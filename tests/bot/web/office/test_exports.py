"""What a supervisor takes out as Excel: papers with their answers, cases in words, a day's log as text, settings with what held before (A-1.3)."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import pytest

from conversations.forms.sales.visit import CustomerVisit
from papers import workbook
from rules import complaints, daylog, deliveries, exhibitions, needs, promises, prospects, relations, requests, touches
from storage.exports import STATES
from tests.bot.web.office.house import Browser, House

RULES: Mapping[str, Any] = {
    "daylog": daylog,
    "promise": promises,
    "request": requests,
    "need": needs,
    "touch": touches,
    "complaint": complaints,
    "prospect": prospects,
    "delivery": deliveries,
    "meeting": exhibitions,
    "relation": relations,
}


async def taken(browser: Browser, name: str) -> Mapping[str, Sequence[Sequence[Any]]]:
    answer: httpx.Response = await browser.get(f"/office/exports/{name}")
    assert answer.status_code == 200, answer.text
    return {sheet.name: sheet.rows for sheet in workbook.read(io.BytesIO(answer.content).getvalue())}


async def says(house: House, account: str, id: str, **said: str) -> list[Mapping[str, Any]]:
    """Through the chat's page; answers what stands there since."""
    async with house.browser(account) as browser:
        sent = await browser.client.post("/chat/api/said", json={"id": f"0b6e2d5c-6a1c-4a3e-9f0e-{id:0>12}", **said})
        assert sent.status_code == 200, sent.text
        await house.app.drain()
        found: list[Mapping[str, Any]] = (await browser.client.get("/chat/api/prompts", params={"after": 0})).json()["prompts"]
        return found


async def test_papers_cases_and_the_log_come_out_in_words(house: House) -> None:
    prompts = await says(house, "li", "1", text="拜访 李强的客户有限公司 王经理 谈续约 周五18:00前答复")
    (file,) = [one["token"] for one in prompts[-1]["options"] if one["label"].startswith("对，存下")]
    await says(house, "li", "2", tap=file)
    await says(house, "li", "3", text="日志")
    async with house.browser("chen") as chen:
        papers, cases = await taken(chen, "papers"), await taken(chen, "cases")
    visits = papers[CustomerVisit.title]
    (visit,) = [dict(zip(visits[0], row, strict=True)) for row in visits[1:]]
    assert (visit["谁"], visit["客户全称"], visit["状态"]) == ("李强", "李强的客户有限公司", "已存")
    assert "王经理" in visit.values()
    assert any("续约" in str(cell) for cell in visit.values())
    (log,) = [dict(zip(cases["工作日志"][0], row, strict=True)) for row in cases["工作日志"][1:]]
    assert log["状态"] == "还没交"
    assert "10:00 li客户｜见了王经理｜谈续约｜答应周五 18:00 前答复" in log["内容"]
    (promise,) = [dict(zip(cases["答应客户的事"][0], row, strict=True)) for row in cases["答应客户的事"][1:]]
    assert promise["状态"] == "等答复"


async def test_settings_tell_what_held_from_the_beginning(admin: Browser) -> None:
    rows = (await taken(admin, "settings"))["设置"]
    known = {row[3]: row for row in rows[1:] if row[1] == "一开始"}
    assert known["morning_before"][2] == "20 分钟"
    assert all(isinstance(row[0], str) for row in rows[1:])


async def test_days_off_come_out_as_far_as_one_sees(house: House, admin: Browser) -> None:
    await admin.post("/office/calendar/day", {"day": "2026-12-24", "last": "2026-12-25", "works": "0"})
    for account, day in (("li", "2026-12-01"), ("lin", "2026-12-02")):
        await admin.post("/office/leave/add", {"person": str(house.firm.people[account]), "kind": "leave", "since": day, "until": day})
    sheets = await taken(admin, "leave")
    assert [row[:3] for row in sheets["公司自己的假"][1:]] == [[day, day, "休息"] for day in ("2026-12-24", "2026-12-25")]
    mine = {row[0] for row in sheets["请假和轮休"][1:]}
    async with house.browser("chen") as browser:
        theirs = {row[0] for row in (await taken(browser, "leave"))["请假和轮休"][1:]}
    assert "李强" in mine & theirs
    assert theirs <= mine


@pytest.mark.parametrize("kind", RULES)
def test_every_state_has_words(kind: str) -> None:
    reached = {state for step in RULES[kind].STEPS for state in (*step.before, step.after)}
    assert reached <= STATES[kind].keys(), reached - STATES[kind].keys()
