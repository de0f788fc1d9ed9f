"""What each reminder says, and when it has nothing to say any more; on a firm in memory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from conversations import daylog, tokens
from conversations.dayplan import bag
from conversations.types import LATER, Prompt
from scheduler.kinds import BY_KIND, KINDS
from storage.due import DueRow
from tests.fakes.desk import FakeDesk, Firm

DAY = date(2026, 11, 24)


def at(clock: str, day: date = DAY) -> datetime:
    return Firm().calendar.at(day, clock)


@pytest.fixture
def firm() -> Firm:
    firm = Firm(now=at("08:40"))
    firm.person("李强", "rep")
    firm.person("张敏", "rep")
    firm.person("陈主管", "supervisor")
    firm.person("林经理", "manager", team=None)
    return firm


@pytest.fixture
def li(firm: Firm) -> FakeDesk:
    return firm.desk(firm.persons[1])


def speak(desk: FakeDesk, kind: str, case: int = 0, **args: Any) -> Prompt | None:
    row = DueRow(1, kind, f"{kind}:x", desk.now, desk.me.id, case or None, {"day": DAY.isoformat(), **args})
    return BY_KIND[kind].speak(desk, row)


def taps(prompt: Prompt | None) -> dict[str, str]:
    return {option.label: option.token for option in prompt.options} if prompt else {}


def test_every_kind_once() -> None:
    assert len(BY_KIND) == len(KINDS) >= 9
    assert {reminder.LANE for reminder in KINDS} == {"emergency", "reminder", "digest"}
    assert {kind for kind, reminder in BY_KIND.items() if reminder.LATE == "always"} >= {
        "promise",
        "request_reply",
        "request_told",
        "statement",
        "unmuted",
    }


class TestMorning:
    @pytest.fixture(autouse=True)
    def plan(self, firm: Firm, li: FakeDesk) -> None:
        for n, (name, about, things) in enumerate(
            [("华东精密", "续约，剩 12 天", ["合同 2 份"]), ("恒达影音", "送书 3 本", ["书 3 本"])] + [("雅声", "送书", ["书 3 本"])] * 7
        ):
            customer = firm.customer(f"上海{name}有限公司", li.me, nickname=name)
            li.open_case("appointment", "planned", customer=customer.id, at=at("09:30") + timedelta(hours=n), about=about, bring=things)

    def test_the_day_on_one_card(self, firm: Firm, li: FakeDesk) -> None:
        li.open_case("promise", "open", at=at("18:00"), what="报价", to="张总")
        prompt = speak(li, "morning")
        assert prompt is not None
        assert prompt.text.splitlines() == [
            "早，今天 9 家：",
            "① 9:30 华东精密，续约，剩 12 天",
            "② 10:30 恒达影音，送书 3 本",
            "③ 11:30 雅声，送书",
            "……还有 6 家",
            "要带：合同 2 份、书 24 本、报价单、名片。",
            "出门前：仪容整洁，已预约，负责人和广告投入心里有数。",
            "今天要答复：张总的报价，18:00 前。",
        ]
        assert taps(prompt) == {"看全部": "a.today", "改顺序": "a.order.20261124", "路上出发": "a.route"}

    def test_overdue_promises_and_the_longest_silence_first(self, firm: Firm, li: FakeDesk) -> None:
        late = firm.customer("上海天籁音响有限公司", li.me, nickname="天籁", last=date(2026, 11, 1), coming=date(2026, 11, 30))
        li.open_case("promise", "open", customer=late.id, at=at("18:00", date(2026, 11, 23)), what="报价")
        for days in (10, 14, 20, 33, 16):
            firm.customer(f"{days}天", li.me, last=DAY - timedelta(days=days))
        prompt = speak(li, "morning")
        assert prompt is not None
        assert "今天要答复：天籁的报价，已过昨天 18:00。" in prompt.text
        assert prompt.text.splitlines()[-1] == "好久没联系：33天 33 天、20天 20 天、16天 16 天 等 4 家。"

    def test_settings_decide_bag_checklist_and_patience(self, firm: Firm, li: FakeDesk) -> None:
        firm.customer("老客户", li.me, last=DAY - timedelta(days=5))
        firm.settings = {"bag": ["样刊"], "checklist": "", "silent_days": 5}
        prompt = speak(li, "morning")
        assert prompt is not None
        assert prompt.text.splitlines()[-2:] == ["要带：合同 2 份、书 24 本、样刊。", "好久没联系：老客户 5 天。"]

    def test_not_on_leave_and_not_tomorrow(self, firm: Firm, li: FakeDesk) -> None:
        firm.leaves.add((1, DAY))
        assert speak(li, "morning") is None
        firm.leaves.clear()
        firm.now += timedelta(days=1)
        assert speak(li, "morning") is None


def test_a_morning_without_appointments(li: FakeDesk) -> None:
    prompt = speak(li, "morning")
    assert prompt is not None
    assert prompt.text == "早，今天还没有约好的客户。"
    assert taps(prompt) == {"看全部": "a.today"}


def test_a_few_appointments_are_all_shown(firm: Firm, li: FakeDesk) -> None:
    for clock in ("09:30", "10:30", "11:30", "14:00"):
        li.open_case("appointment", "planned", customer=firm.customer(f"{clock}客户", li.me).id, at=at(clock))
    li.open_case("appointment", "cancelled", at=at("16:00"))
    prompt = speak(li, "morning")
    assert prompt is not None
    assert "④ 14:00 14:00客户" in prompt.text
    assert "还有" not in prompt.text


def test_the_same_thing_for_several_customers_is_counted_together() -> None:
    assert bag(["书 3 本", "合同 2 份", "书 3 本", "名片", "名片", "招商函"]) == ["书 6 本", "合同 2 份", "名片", "招商函"]


class TestLog:
    def visit(self, firm: Firm, li: FakeDesk, **answers: Any) -> None:
        customer = firm.customer("上海恒达影音设备有限公司", li.me, nickname="恒达影音")
        picked = {"id": customer.id, "label": customer.short}
        li.file("CustomerVisit", 1, {"customer": picked, "met": "孙经理", "talked": "送书", **answers}, customer=customer.id)

    def test_written_by_itself_and_one_tap_away(self, firm: Firm, li: FakeDesk) -> None:
        self.visit(firm, li)
        firm.now = at("17:00")
        prompt = speak(li, "log_due", step=60)
        assert prompt is not None
        assert prompt.text == "今天的日志写好了：拜访 1 家，送书 1 家。\n这个月恒达影音对我们："
        case = li.case_by_key(daylog.key(1, DAY))
        assert case is not None
        assert taps(prompt)["交陈主管"] == tokens.of_action("hand", case.id, case.rev)

    def test_what_is_open_is_asked(self, firm: Firm, li: FakeDesk) -> None:
        self.visit(firm, li, met=LATER)
        firm.now = at("17:45")
        prompt = speak(li, "log_due", step=15)
        assert prompt is not None
        assert prompt.text == "18:00 下班，日志还没交。今天的日志写好了：拜访 1 家，送书 1 家。还差 1 处：恒达影音见了谁？"
        assert taps(prompt)["补上"] == "a.fix.1.log"

    @pytest.mark.parametrize("state", ["handed", "received"])
    def test_silent_once_handed_in(self, li: FakeDesk, state: str) -> None:
        li.open_case("daylog", state, key=daylog.key(1, DAY), day=DAY)
        assert speak(li, "log_due", step=15) is None
        assert speak(li, "log_missing") is None

    def test_silent_on_leave(self, firm: Firm, li: FakeDesk) -> None:
        firm.leaves.add((1, DAY))
        assert speak(li, "log_due", step=60) is None
        assert speak(li, "log_missing") is None

    def test_missing_at_the_close(self, firm: Firm, li: FakeDesk) -> None:
        firm.now = at("18:00")
        mine = speak(li, "log_missing")
        assert mine is not None
        assert mine.text == "今天的日志还没交给陈主管。看一眼就能交。"
        assert taps(mine) == {"看日志并交": "a.log.20261124"}
        chief = speak(firm.desk(firm.persons[3]), "log_missing", closes="18:00")
        assert chief is not None
        assert chief.text == "下班了，李强、张敏今天的日志未交（2 人）。"
        assert taps(chief) == {
            "催李强": "a.chase.1.20261124",
            "李强算请假": "a.excuse.1.20261124",
            "催张敏": "a.chase.2.20261124",
            "张敏算请假": "a.excuse.2.20261124",
        }

    def test_the_supervisor_hears_of_those_who_have_gone_home_only(self, firm: Firm, li: FakeDesk) -> None:
        firm.now = at("18:00")
        firm.leaves.add((2, DAY))
        firm.person("夜班", "rep", closes="20:00")
        chief = firm.desk(firm.persons[3])
        early, late = speak(chief, "log_missing", closes="18:00"), speak(chief, "log_missing", closes="20:00")
        assert early is not None
        assert late is not None
        assert (early.text, late.text) == ("下班了，李强今天的日志未交（1 人）。", "下班了，夜班今天的日志未交（1 人）。")
        li.open_case("daylog", "handed", key=daylog.key(1, DAY), day=DAY)
        assert speak(chief, "log_missing", closes="18:00") is None


class TestPromise:
    @pytest.fixture
    def case(self, firm: Firm, li: FakeDesk) -> int:
        customer = firm.customer("上海天籁音响有限公司", li.me, nickname="天籁音响")
        return li.open_case("promise", "open", customer=customer.id, at=at("18:00"), what="报价", to="张总").id

    def test_before_it_is_due(self, firm: Firm, li: FakeDesk, case: int) -> None:
        firm.now = at("17:00")
        prompt = speak(li, "promise", case)
        assert prompt is not None
        assert prompt.text == "答应客户的：张总的报价，18:00 前答复。"
        assert taps(prompt) == {"已答复": f"a.promise.{case}.1.kept", "晚一点": f"a.promise.{case}.1.later"}

    def test_when_it_has_passed(self, firm: Firm, li: FakeDesk, case: int) -> None:
        firm.now = at("09:00", date(2026, 11, 25))
        prompt = speak(li, "promise", case)
        assert prompt is not None
        assert prompt.text == "答应客户的：张总的报价，原定昨天 18:00，还没有记下答复。"

    def test_kept_or_gone(self, li: FakeDesk, case: int) -> None:
        li.move(case, None, "keep", "kept", closed=True)
        assert speak(li, "promise", case) is None
        assert speak(li, "promise", 99) is None
        assert speak(li, "promise") is None

    def test_on_leave_the_supervisor_hears_it(self, firm: Firm, li: FakeDesk, case: int) -> None:
        firm.leaves.add((1, DAY))
        assert speak(li, "promise", case) is None
        (handed_on,) = firm.reminders.values()
        assert (handed_on.person, handed_on.case, handed_on.at) == (3, case, firm.now)
        prompt = speak(firm.desk(firm.persons[3]), "promise", case)
        assert prompt is not None
        assert prompt.text.startswith("李强不在，答应客户的：天籁音响的报价")
        assert taps(prompt) == {"转交": f"a.pass.{case}.1"}


class TestRequest:
    @pytest.fixture
    def case(self, firm: Firm, li: FakeDesk) -> int:
        customer = firm.customer("上海华东精密仪器有限公司", li.me, nickname="华东精密")
        return li.open_case("request", "asked", customer=customer.id, at=at("12:00"), words="想降 5%", about="降价").id

    def test_the_manager_is_reminded_until_answered(self, firm: Firm, li: FakeDesk, case: int) -> None:
        manager = firm.desk(firm.persons[4])
        prompt = speak(manager, "request_reply", case)
        assert prompt is not None
        assert prompt.text == "李强在华东精密：想降 5%。请 12:00 前答复。"
        assert taps(prompt)["可以"] == f"a.request.{case}.1.yes"
        manager.move(case, None, "answer", "answered", answer="可以降 3%")
        assert speak(manager, "request_reply", case) is None

    def test_the_customer_has_to_hear_it(self, firm: Firm, li: FakeDesk, case: int) -> None:
        assert speak(li, "request_told", case) is None
        li.move(case, None, "answer", "answered", answer="可以降 3%")
        prompt = speak(li, "request_told", case)
        assert prompt is not None
        assert prompt.text == "华东精密：想降 5%。经理的答复：可以降 3%。客户知道了吗？"
        assert taps(prompt) == {"已告诉客户": f"a.request.{case}.2.told"}
        li.move(case, None, "tell", "told", closed=True)
        assert speak(li, "request_told", case) is None


def texts(firm: Firm) -> Iterator[str]:
    li = firm.desk(firm.persons[1])
    for n in range(12):
        customer = firm.customer(f"很长名字的客户公司第{n}家", li.me, last=DAY - timedelta(days=40))
        li.open_case(
            "appointment", "planned", customer=customer.id, at=at("09:00") + timedelta(minutes=n), about="续约和明年的版面", bring=["书 3 本"]
        )
        li.open_case("promise", "open", customer=customer.id, at=at("18:00"), what="明年全年的报价单")
    for kind in ("morning", "log_due", "log_missing"):
        prompt = speak(li, kind, step=60)
        assert prompt is not None
        yield prompt.text


def test_no_machine_words_and_not_too_long(firm: Firm) -> None:
    for text in texts(firm):
        assert len(text) <= 400
        assert len(text.splitlines()) <= 12
        assert not any(word in text.lower() for word in ("错误", "无效", "session", "none", "case", "a."))
    assert firm.now == datetime(2026, 11, 24, 0, 40, tzinfo=UTC)
