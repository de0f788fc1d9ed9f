"""The sixty-second page: verdict, money and promises first, a button a line, never longer than 12 lines and 600 signs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversations import daylog, tokens
from conversations.actions import table
from conversations.actions.outdated import Outdated
from conversations.digests.page import LINES, OPTIONS, SIGNS, Figure, Item, page
from conversations.types import Option, Prompt, Said
from scheduler.digests.evening import speak
from storage.due import DueRow
from tests.fakes.desk import FakeDesk, Firm

DAY = date(2026, 11, 24)
WEEK_AGO = date(2026, 11, 17)


@pytest.fixture
def firm() -> Firm:
    firm = Firm()
    firm.now = firm.calendar.at(DAY, "18:20")
    for name in ("李强", "张敏", "赵磊"):
        firm.person(name, "rep")
    firm.person("陈主管", "supervisor")
    firm.person("林经理", "manager", team=None)
    return firm


def evening(desk: FakeDesk, day: date = DAY) -> Prompt | None:
    return speak(desk, DueRow(1, "digest", "digest:x", desk.now, desk.me.id, None, {"day": day.isoformat()}))


def log(firm: Firm, person: int, state: str, day: date = DAY, receiver: int = 4) -> None:
    firm.desk(firm.persons[person]).open_case("daylog", state, key=daylog.key(person, day), person=person, day=day, receiver=receiver)


def records(firm: Firm, person: int, day: date, visits: int, calls: int = 0) -> None:
    now, firm.now = firm.now, firm.calendar.at(day, "11:00")
    for n in range(visits + calls):
        firm.desk(firm.persons[person]).file("CustomerVisit" if n < visits else "PhoneCall", 1, {})
    firm.now = now


def chief(firm: Firm) -> FakeDesk:
    return firm.desk(firm.persons[4])


def manager(firm: Firm) -> FakeDesk:
    return firm.desk(firm.persons[5])


def labels(prompt: Prompt) -> dict[str, str]:
    return {option.label: option.token for option in prompt.options}


class TestSupervisor:
    def test_a_day_without_exceptions(self, firm: Firm) -> None:
        for person in (1, 2, 3):
            records(firm, person, DAY, 5, 2)
            records(firm, person, WEEK_AGO, 4)
            log(firm, person, "received")
            log(firm, person, "received", WEEK_AGO)
        prompt = evening(chief(firm))
        assert prompt is not None
        assert prompt.text == (
            "市场一部 11 月 24 日：今天没有要您处理的事。\n拜访 15（上周同日 12），电话 6（上周同日 0），日志 3/3（上周同日 3/3）。"
        )
        assert labels(prompt) == {"明细": "a.day.20261124"}

    def test_exceptions_first_each_with_its_button(self, firm: Firm) -> None:
        log(firm, 2, "handed")
        log(firm, 3, "draft", date(2026, 11, 20))
        customer = firm.customer("上海天籁音响有限公司", firm.persons[1], nickname="天籁音响")
        yesterday = firm.calendar.at(date(2026, 11, 23), "18:00")
        firm.desk(firm.persons[1]).open_case("promise", "open", customer=customer.id, at=yesterday, what="报价")
        firm.desk(firm.persons[1]).open_case("promise", "open", customer=customer.id, at=firm.now + timedelta(hours=1), what="方案")
        prompt = evening(chief(firm))
        assert prompt is not None
        assert prompt.text.splitlines() == [
            "市场一部 11 月 24 日：4 件要您处理。",
            "1 李强 答应天籁音响的报价，原定昨天 18:00，还没答复",
            "2 李强 今天没交日志",
            "3 赵磊 3 天没交日志",
            "4 张敏的日志等您签收",
            "其余正常：拜访 0，电话 0，日志 1/3。",
        ]
        assert labels(prompt) == {
            "转交天籁音响": "a.page.20261124.pass.3.1",
            "问李强": "a.page.20261124.chase.1.20261124",
            "李强算请假": "a.page.20261124.excuse.1.20261124",
            "问赵磊": "a.page.20261124.chase.3.20261124",
            "签收张敏": "a.page.20261124.receive.1.1",
            "明细": "a.day.20261124",
        }

    def test_leave_and_rest_days_are_known(self, firm: Firm) -> None:
        firm.leaves |= {(1, DAY), (2, DAY), (3, date(2026, 11, 23))}
        log(firm, 3, "received", date(2026, 11, 20))
        prompt = evening(chief(firm))
        assert prompt is not None
        assert prompt.text.splitlines()[:2] == ["市场一部 11 月 24 日：1 件要您处理。", "1 赵磊 今天没交日志"]
        assert prompt.text.endswith("日志 0/1。")

    def test_last_week_s_rest_day_is_not_compared(self, firm: Firm) -> None:
        records(firm, 1, DAY, 2)
        records(firm, 1, WEEK_AGO, 2)
        firm.calendar = type(firm.calendar)(exceptions={WEEK_AGO: False})
        prompt = evening(chief(firm))
        assert prompt is not None
        assert "上周" not in prompt.text

    def test_who_has_not_begun_owes_nothing(self, firm: Firm) -> None:
        firm.person("新人", "rep", greeted=False)
        prompt = evening(chief(firm))
        assert prompt is not None
        assert "新人" not in prompt.text
        assert prompt.text.endswith("日志 0/3。")

    def test_nobody_to_report_on(self, firm: Firm) -> None:
        firm.supervisors.clear()
        assert evening(chief(firm)) is None

    def test_not_on_leave(self, firm: Firm) -> None:
        firm.leaves.add((4, DAY))
        assert evening(chief(firm)) is None

    def test_the_deputy_gets_the_team_of_the_absent_supervisor(self, firm: Firm) -> None:
        deputy = firm.person("孙代理", "supervisor", team=2)
        firm.leaves.add((4, DAY))
        firm.deputies[4] = deputy.id
        prompt = evening(firm.desk(deputy))
        assert prompt is not None
        assert "李强 今天没交日志" in prompt.text

    def test_a_log_passed_on_waits_for_the_other(self, firm: Firm) -> None:
        other = firm.person("孙主管", "supervisor", team=2)
        firm.person("钱进", "rep", team=2)
        log(firm, 1, "handed", receiver=other.id)
        mine, theirs = evening(chief(firm)), evening(firm.desk(other))
        assert mine is not None
        assert theirs is not None
        assert "签收" not in mine.text
        assert "李强的日志等您签收" in theirs.text
        assert labels(theirs)["签收李强"] == "a.page.20261124.receive.1.1"


class TestManager:
    def test_the_heading_names_the_teams(self, firm: Firm) -> None:
        firm.person("钱进", "rep", team=2)
        prompt = evening(manager(firm))
        assert prompt is not None
        assert prompt.text.startswith("市场一部、市场二部 11 月 24 日：")
        firm.teams |= {3: "市场三部", 4: "市场四部"}
        for team in (3, 4):
            firm.person("李四", "rep", team=team)
        prompt = evening(manager(firm))
        assert prompt is not None
        assert prompt.text.startswith("11 月 24 日：")

    def test_requests_and_what_has_lasted_two_days(self, firm: Firm) -> None:
        customer = firm.customer("上海华东精密仪器有限公司", firm.persons[1], nickname="华东精密")
        noon = firm.calendar.at(DAY, "12:00")
        firm.desk(firm.persons[1]).open_case("request", "asked", customer=customer.id, at=noon, words="想降 5%", manager=5)
        log(firm, 2, "received", date(2026, 11, 20))
        log(firm, 3, "handed")
        prompt = evening(manager(firm))
        assert prompt is not None
        assert prompt.text.splitlines() == [
            "市场一部 11 月 24 日：2 件要您处理。",
            "1 李强 替华东精密问：想降 5%，等您答复，已过时间",
            "2 张敏 2 天没交日志",
            "其余正常：拜访 0，电话 0，日志 1/3。",
        ]
        assert labels(prompt)["答复华东精密"] == "a.page.20261124.request.1.1.write"

    def test_a_promise_is_the_supervisor_s_matter_for_a_day(self, firm: Firm) -> None:
        for at in (firm.now - timedelta(minutes=20), firm.now - timedelta(days=1)):
            firm.desk(firm.persons[1]).open_case("promise", "open", at=at, what="报价", day=DAY)
        mine, theirs = evening(manager(firm)), evening(chief(firm))
        assert mine is not None
        assert theirs is not None
        assert (mine.text.count("答应报价"), theirs.text.count("答应报价")) == (1, 2)

    def test_one_digest_for_both_roles(self, firm: Firm) -> None:
        boss = firm.person("老板", "manager", "supervisor", "rep", team=3)
        firm.person("小赵", "rep", team=3)
        firm.managers = {None: 5, 3: boss.id}
        prompt = evening(firm.desk(boss))
        assert prompt is not None
        assert "小赵 今天没交日志" in prompt.text
        assert "老板" not in prompt.text


def item(n: int, weight: int = 1, text: str = "张敏 2 天没交日志") -> Item:
    return Item(weight, text, (Option(f"问{n}", f"a.chase.{n}"), Option(f"算请假{n}", f"a.excuse.{n}")))


FIGURES = (Figure("拜访", 46, 41), Figure("电话", 12, 9), Figure("日志", "7/8", "8/8"))


def test_what_does_not_fit_is_counted() -> None:
    prompt = page(DAY, [item(n) for n in range(30)], FIGURES)
    lines = prompt.text.splitlines()
    assert len(lines) == LINES
    assert lines[0] == "11 月 24 日：30 件要您处理。"
    assert lines[-2] == "……另外 21 件在明细里。"
    assert lines[-3].startswith("9 ")
    assert [option.label for option in prompt.options] == ["问0", "问1", "问2", "问3", "问4", "明细"]


@given(st.lists(st.tuples(st.integers(0, 5), st.text("字", min_size=1, max_size=120)), max_size=40))
def test_sixty_seconds(rows: list[tuple[int, str]]) -> None:
    prompt = page(DAY, [item(n, weight, text) for n, (weight, text) in enumerate(rows)], FIGURES)
    assert len(prompt.text) <= SIGNS
    lines = prompt.text.splitlines()
    assert len(lines) <= LINES
    assert len(prompt.options) <= OPTIONS
    shown = [line for line in lines[1:-1] if not line.startswith("……")]
    missing = [line for line in lines if line.startswith("……")]
    assert len(shown) == len(rows) or missing == [f"……另外 {len(rows) - len(shown)} 件在明细里。"]
    assert lines[-1].endswith("拜访 46（上周同日 41），电话 12（上周同日 9），日志 7/8（上周同日 8/8）。")
    assert prompt.options[-1].label == "明细"


LONG_NAMES = st.text("欧阳上海恒达影音设备有限公司 ", min_size=1, max_size=90)
BUTTONS = st.lists(st.tuples(LONG_NAMES, st.sampled_from(["chase", "receive", "pass", "request", "nudge"])), max_size=3)


@given(
    rows=st.lists(st.tuples(st.integers(0, 9), LONG_NAMES, BUTTONS), max_size=60),
    team=LONG_NAMES,
    lead=st.just("") | LONG_NAMES,
    tail=st.just("") | LONG_NAMES,
    values=st.tuples(st.integers(0, 99_999), st.integers(0, 99_999)),
)
def test_never_longer_whatever_the_names(
    rows: list[tuple[int, str, list[tuple[str, str]]]], team: str, lead: str, tail: str, values: tuple[int, int]
) -> None:
    """At most 12 lines and 600 signs, and a button that every channel can carry, for whatever there is to say."""
    items = [
        Item(weight, text, tuple(Option(label, f"a.{verb}.{n}.{k}") for k, (label, verb) in enumerate(buttons)))
        for n, (weight, text, buttons) in enumerate(rows)
    ]
    prompt = page(
        DAY, items, (Figure("拜访", *values), Figure("电话", *values), Figure("日志", "500/500", "499/500")), team=team, lead=lead, tail=tail
    )
    assert len(prompt.text) <= SIGNS
    assert len(prompt.text.splitlines()) <= LINES
    assert len(prompt.options) <= OPTIONS
    assert all(len(option.token.encode()) <= 64 for option in prompt.options)
    assert len({option.token for option in prompt.options}) == len(prompt.options)


class TestOnePage:
    def test_over_all_roles_of_a_person(self, firm: Firm) -> None:
        """Manager, supervisor and admin in one: one message, the supervisor's matters and the manager's, and who has not come in."""
        boss = firm.person("老板", "manager", "supervisor", "admin", team=3)
        firm.person("小赵", "rep", team=3)
        firm.person("新人", "rep", team=3, greeted=False)
        firm.managers = {None: boss.id}
        log(firm, 2, "received", date(2026, 11, 20))
        prompt = evening(firm.desk(boss))
        assert prompt is not None
        assert "小赵 今天没交日志" in prompt.text
        assert "张敏 2 天没交日志" in prompt.text
        assert "李强" not in prompt.text  # one day is the other supervisor's matter
        assert "新人还没有进来用过" in prompt.text

    @pytest.mark.parametrize(
        ("kind", "words"), [("delivery", "李强 给天籁音响送书刊"), ("prospect", "李强 要查的天籁音响"), ("complaint", "天籁音响投诉")]
    )
    def test_what_is_late_of_other_kinds(self, firm: Firm, kind: str, words: str) -> None:
        customer = firm.customer("上海天籁音响有限公司", firm.persons[1], nickname="天籁音响")
        rep = firm.desk(firm.persons[1])
        late = rep.open_case(kind, "open", customer=customer.id, at=firm.now - timedelta(days=1))
        rep.open_case(kind, "open", customer=customer.id, at=firm.now + timedelta(days=1))
        done = rep.open_case(kind, "open", customer=customer.id, at=firm.now - timedelta(days=1))
        rep.move(done.id, None, "finish", "done", closed=True)
        prompt = evening(chief(firm))
        assert prompt is not None
        assert [line for line in prompt.text.splitlines() if words in line] == [
            next(line for line in prompt.text.splitlines() if "原定昨天 18:20，还没办完" in line)
        ]
        action = f"a.page.20261124.complaint.{late.id}.show" if kind == "complaint" else f"a.page.20261124.nudge.{late.id}"
        assert action in labels(prompt).values()

    def test_who_was_missed_at_an_exhibition_from_the_day_after(self, firm: Firm) -> None:
        customer = firm.customer("杭州西湖音视频有限公司", firm.persons[1], nickname="西湖音视频")
        rep = firm.desk(firm.persons[1])
        rep.open_case("meeting", "planned", customer=customer.id, day=DAY, at=firm.calendar.at(DAY, "18:00"), about="音响展")
        today = evening(chief(firm))
        assert today is not None
        assert "展会" not in today.text
        firm.now = firm.calendar.at(date(2026, 11, 25), "18:20")
        after = evening(chief(firm), date(2026, 11, 25))
        assert after is not None
        assert "李强 在展会上没见到西湖音视频，原定昨天，还没办完" in after.text

    def test_a_complaint_about_who_has_left_is_not_forgotten(self, firm: Firm) -> None:
        gone = firm.person("周强", "rep")
        customer = firm.customer("上海天籁音响有限公司", firm.persons[1], nickname="天籁音响")
        firm.desk(gone).open_case("complaint", "open", customer=customer.id, at=firm.now - timedelta(days=1))
        firm.persons[gone.id] = replace(gone, left=True, roles=frozenset())
        prompt = evening(chief(firm))
        assert prompt is not None
        assert "1 天籁音响投诉（周强），原定昨天 18:20，还没办完" in prompt.text

    def test_many_days_without_a_log_are_not_told_as_few(self, firm: Firm) -> None:
        log(firm, 3, "draft", date(2026, 11, 11))
        log(firm, 2, "draft", date(2026, 1, 5))
        prompt = evening(chief(firm))
        assert prompt is not None
        assert "赵磊 10 天没交日志" in prompt.text
        assert "张敏 22 天以上没交日志" in prompt.text

    def test_monday_has_the_week_as_a_picture(self, firm: Firm) -> None:
        monday = date(2026, 11, 23)
        firm.now = firm.calendar.at(monday, "18:20")
        records(firm, 1, date(2026, 11, 16), 4)
        records(firm, 2, date(2026, 11, 18), 2)
        records(firm, 1, date(2026, 11, 10), 1)
        firm.leaves.add((3, date(2026, 11, 17)))
        prompt = evening(chief(firm), monday)
        assert prompt is not None
        assert prompt.text.splitlines()[-1] == "上周拜访 6（前一周 1），最多 李强 4 次，最少 赵磊 0 次。"
        assert prompt.attach == ("chart1",)
        assert firm.charts == ["一周走访（11 月 16 日到 11 月 20 日）：李强 4、0、0、0、0；张敏 0、0、2、0、0；赵磊 0、休、0、0、0"]

    def test_the_month_s_last_day(self, firm: Firm) -> None:
        last = date(2026, 12, 31)
        firm.now = firm.calendar.at(last, "18:20")
        records(firm, 1, date(2026, 12, 2), 3)
        prompt = evening(chief(firm), last)
        assert prompt is not None
        assert prompt.text.splitlines()[-1] == "本月拜访 3（上月 0），写「漏斗」「渠道」看全月。"
        assert prompt.attach == ()

    def test_any_other_day_has_neither(self, firm: Firm) -> None:
        records(firm, 1, date(2026, 11, 16), 4)
        prompt = evening(chief(firm))
        assert prompt is not None
        assert prompt.attach == ()
        assert "上周拜访" not in prompt.text


class TestAnswers:
    """What is tapped on the page comes back on the page, with the rest."""

    def tap(self, firm: Firm, label: str, prompt: Prompt) -> Prompt:
        desk = chief(firm)
        before = len(firm.told)
        said = Said(firm.now, firm.now, tap=labels(prompt)[label])
        tap = tokens.read(said.tap)
        assert isinstance(tap, tokens.ActionTap)
        table.act(desk, said, tap)
        mine = [one for one in firm.told[before:] if one.person == 4]
        assert len(mine) == 1
        assert mine[0].coalesce == "card:digest:4:2026-11-24"
        return mine[0].prompt

    def test_one_after_the_other(self, firm: Firm) -> None:
        log(firm, 3, "draft", date(2026, 11, 20))
        first = evening(chief(firm))
        assert first is not None
        then = self.tap(firm, "问李强", first)
        assert then.text.splitlines() == [
            "已问李强，交了会直接发给您。",
            "市场一部 11 月 24 日：还有 2 件要您处理。",
            "1 张敏 今天没交日志",
            "2 赵磊 3 天没交日志",
            "其余正常：拜访 0，电话 0，日志 0/3。",
        ]
        then = self.tap(firm, "张敏算请假", then)
        then = self.tap(firm, "问赵磊", then)
        assert then.text.splitlines()[1:] == ["市场一部 11 月 24 日：都处理完了。", "拜访 0，电话 0，日志 0/2。"]

    def test_what_is_asked_back_comes_back_as_well(self, firm: Firm) -> None:
        yesterday = firm.calendar.at(date(2026, 11, 23), "18:00")
        firm.desk(firm.persons[1]).open_case("promise", "open", at=yesterday, what="报价", day=DAY)
        prompt = evening(chief(firm))
        assert prompt is not None
        token = next(token for token in labels(prompt).values() if ".pass." in token)
        tap = tokens.read(token)
        assert isinstance(tap, tokens.ActionTap)
        table.act(chief(firm), Said(firm.now, firm.now), tap)
        asked = firm.told[-1].prompt
        assert asked.text == "转给谁？"
        assert set(labels(asked)) == {"张敏", "赵磊"}
        then = self.tap(firm, "张敏", asked)
        assert then.text.startswith("已转给张敏。\n市场一部 11 月 24 日：还有 3 件要您处理。")
        assert "报价" not in then.text

    def test_no_page_within_a_page(self, firm: Firm) -> None:
        tap = tokens.read("a.page.20261124.page.20261124.chase")
        assert isinstance(tap, tokens.ActionTap)
        with pytest.raises(Outdated):
            table.act(chief(firm), Said(firm.now, firm.now), tap)
