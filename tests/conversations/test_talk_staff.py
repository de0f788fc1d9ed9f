"""Invitations, roles, deputies, leaving and hand-over, all said in the chat (A-1.3, A-3.3.6b)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from storage import audit, invitations, people, staff, tables, websessions
from storage.database import Connection
from tests.conversations.talk import DAY, Talk, labels, text

LI, ZHANG, CHEN, LIN, WU, ZHOU = "李强", "张敏", "陈主管", "林经理", "小吴", "周姐"
TOMORROW = DAY + timedelta(days=1)


def audited(firm: Talk, *verbs: str) -> list[str]:
    def query(conn: Connection) -> list[str]:
        assert audit.verify(conn) is None
        return [verb for verb in conn.execute(select(tables.audit.c.verb).order_by(tables.audit.c.seq)).scalars() if verb in verbs]

    return firm.database.read_now(query)


def write(firm: Talk, act: Any, *args: Any) -> Any:
    return firm.database.write_now(lambda conn: act(conn, *args))


def team_two(firm: Talk) -> None:
    """A second team, so that there is something to choose."""
    write(firm, staff.add_team, "市场二部")


# --- invitations ------------------------------------------------------------------------------------------------


def test_the_admin_invites_on_one_card(firm_on_either: Talk) -> None:
    firm = firm_on_either
    card = firm.says(WU, "邀请 王芳 市场员")
    assert text(card) == "邀请王芳：市场员，市场一部。对吗？"
    assert labels(card) == ["对，邀请", "换角色", "不邀请"]
    said = text(firm.taps(WU, "对，邀请"))
    link, code = re.search(r"#in=([\w-]{43})", said), re.search(r"王芳 (\d{8})」，30 分钟内有效，最多试 5 次", said)
    assert link is not None
    assert code is not None
    wang = firm.database.read_now(lambda conn: people.named(conn, "王芳", DAY))
    assert [(who.account, *who.roles) for who in wang] == [("wangfang", "rep")]
    assert write(firm, invitations.redeem_code, "王芳", code[1], firm.now) == invitations.Invited(wang[0].id, firm.ids[WU])
    assert audited(firm, "invite", "give_role") == ["give_role", "invite"]


def test_a_second_tap_invites_nobody_again(firm: Talk) -> None:
    firm.says(WU, "邀请 王芳 市场员")
    firm.taps(WU, "对，邀请")
    firm.later(seconds=30)
    assert "刚才已经发给您了" in text(firm.taps(WU, "对，邀请"))
    assert audited(firm, "invite") == ["invite"]
    firm.later(minutes=40)
    assert "太早了" in text(firm.taps(WU, "对，邀请"))
    assert "再发一个邀请：市场员，市场一部" in text(firm.says(WU, "邀请 王芳"))
    assert "王芳 " in text(firm.taps(WU, "对，邀请"))


def test_what_is_missing_is_asked_with_buttons(firm: Talk) -> None:
    team_two(firm)
    assert "邀请 王芳 市场员 市场一部" in text(firm.says(WU, "邀请"))
    assert labels(firm.says(WU, "邀请 王芳")) == ["市场员", "部门主管", "经理", "财务部", "合同管理员", "系统管理员"]
    assert labels(firm.taps(WU, "部门主管")) == ["市场一部", "市场二部"]
    assert text(firm.taps(WU, "市场二部")) == "邀请王芳：部门主管，市场二部。对吗？"
    assert labels(firm.taps(WU, "换部门")) == ["市场一部", "市场二部"]
    assert "市场部三个人" in text(firm.says(WU, "邀请 王芳 市场员 市场部三个人"))


def test_a_supervisor_invites_reps_to_the_own_team_only(firm: Talk) -> None:
    team_two(firm)
    assert text(firm.says(CHEN, "邀请 王芳")) == "邀请王芳：市场员，市场一部。对吗？"
    firm.taps(CHEN, "对，邀请")
    for words in ("邀请 王芳 市场员 市场二部", "邀请 王五 部门主管", "邀请 王五 系统管理员", "邀请 周姐", "邀请 小吴"):
        assert "请找系统管理员" in text(firm.says(CHEN, words)), words
    assert "对，邀请" in labels(firm.says(CHEN, "邀请 李强"))
    assert firm.prompts(LI) == []
    firm.taps(CHEN, "对，邀请")
    assert "陈主管给您发了一个新的邀请" in firm.last(LI).text


def test_a_forged_button_opens_nothing(firm: Talk) -> None:
    when = int(firm.now.timestamp())
    for who, token in (
        (CHEN, f"a.invite.admin.王五.0.{when}"),
        (CHEN, f"a.invite.rep.周姐.市场一部.{when}"),
        (LI, f"a.invite.rep.王五.市场一部.{when}"),
    ):
        assert "不归您办" in text(firm.token(who, token))
    assert firm.database.read_now(lambda conn: people.named(conn, "王五", DAY)) == []
    assert "没看懂" in text(firm.says(LI, "邀请 王五"))
    for token in (
        "a.dismiss.1",
        "a.dismiss.2",
        "a.give.1.admin.0.20261124.0",
        "a.end.1.rep.20261123",
        "a.cut_off.1",
        "a.deputy.1.20261124.20261124.2",
    ):
        assert re.search("归您办|不在了|自己的离职", text(firm.token(LI, token))), token
    assert firm.person(LI).roles == {"rep"}
    assert firm.person(ZHANG).left is False


def test_a_boss_who_visits_customers_writes_of_those_too(firm: Talk) -> None:
    """In a small firm one person is everything."""
    for role in ("rep", "supervisor"):
        write(firm, staff.give_role, firm.ids[WU], role, DAY)
    assert "对，邀请" not in labels(firm.says(WU, "邀请张总参加展会"))
    assert "确定离职" not in labels(firm.says(WU, "王经理离职了"))
    assert "确定离职" in labels(firm.says(WU, "张敏离职了"))


# --- roles ------------------------------------------------------------------------------------------------------


def test_a_role_from_until(firm: Talk) -> None:
    firm.says(WU, "任命 张敏 部门主管 11月25日到11月30日")
    assert firm.last(WU).text == "张敏任部门主管（市场一部），从 11 月 25 日起，到 11 月 30 日为止。对吗？"
    firm.taps(WU, "对，就这样")
    assert "小吴给您加了角色：部门主管（市场一部）" in firm.last(ZHANG).text
    assert firm.person(ZHANG).roles == {"rep"}
    firm.at("09:00", TOMORROW)
    assert firm.person(ZHANG).roles == {"rep", "supervisor"}
    assert text(firm.says(WU, "免去 张敏 部门主管")) == "张敏不再任部门主管，马上。对吗？"
    firm.taps(WU, "免去部门主管")
    assert firm.person(ZHANG).roles == {"rep"}
    assert "从现在起您不再任部门主管" in firm.last(ZHANG).text
    assert "已经不在了" in text(firm.taps(WU, "免去部门主管"))
    assert audited(firm, "give_role", "end_role") == ["give_role", "end_role"]


def test_a_role_that_ends_with_a_day(firm: Talk) -> None:
    firm.says(WU, "任命 周姐 系统管理员 到11月30日")
    assert firm.last(WU).text == "周姐任系统管理员，从今天起，到 11 月 30 日为止。对吗？"
    firm.taps(WU, "对，就这样")
    assert firm.person(ZHOU).roles == {"finance", "admin"}
    firm.says(WU, "免去 周姐 财务部 到11月27日")
    firm.taps(WU, "免去财务部")
    assert firm.person(ZHOU).roles == {"finance", "admin"}
    firm.at("09:00", DAY + timedelta(days=4))
    assert firm.person(ZHOU).roles == {"admin"}


def test_the_last_admin_stays(firm: Talk) -> None:
    firm.says(WU, "免去 小吴 管理员")
    assert "至少要有一位系统管理员" in text(firm.taps(WU, "免去系统管理员"))
    assert "另一位管理员" in text(firm.says(WU, "小吴离职"))
    assert firm.person(WU).roles == {"admin"}


@pytest.mark.parametrize("words", ["任命", "任命 张敏", "任命 赵六 部门主管", "免去", "免去 赵六 主管", "免去 张敏 经理", "赵六离职"])
def test_what_cannot_be_read_says_how(firm: Talk, words: str) -> None:
    said = text(firm.says(WU, words))
    assert re.search("例如|没有「赵六」|不是经理", said), said


# --- leave and deputies -----------------------------------------------------------------------------------------


def on_leave(firm: Talk) -> None:
    firm.says(CHEN, "明天请假")
    firm.taps(CHEN, "对，去请假")
    firm.taps(LIN, "同意")


def test_a_manager_with_nobody_above_asks_the_admin(firm: Talk) -> None:
    firm.says(LIN, "明天请假")
    assert "已告诉小吴" in text(firm.taps(LIN, "对，去请假"))
    assert "林经理明天（11 月 25 日）请假" in text(firm.taps(WU, "同意"))
    assert "小吴同意您明天（11 月 25 日）请假" in firm.last(LIN).text


def test_the_deputy_is_asked_for_and_receives(firm_on_either: Talk) -> None:
    firm = firm_on_either
    on_leave(firm)
    assert firm.last(LIN).text == "陈主管请假期间，3 位同事的日志、电话记录和请假由谁来签？"
    assert labels([firm.last(LIN)]) == [LI, ZHANG, "赵磊", "由我来"]
    firm.taps(LIN, ZHANG)
    assert "陈主管 11 月 25 日请假，由您代签日志" in firm.last(ZHANG).text
    assert "由张敏代您签日志" in firm.last(CHEN).text
    firm.at("17:30", TOMORROW)
    assert firm.desk(LI, lambda desk: desk.supervisor_of(desk.me.id).name) == ZHANG  # type: ignore[union-attr]
    assert "交张敏" in labels(firm.says(LI, "日志"))
    firm.taps(LI, "交张敏")
    assert "签收" in labels([firm.last(ZHANG)])
    assert "已交待签：李强" in text(firm.says(ZHANG, "谁没交"))
    assert "已签收" in text(firm.taps(ZHANG, "签收"))
    assert audited(firm, "stand_in") == ["stand_in"]


def test_with_nobody_chosen_the_manager_is_in_charge(firm: Talk) -> None:
    on_leave(firm)
    firm.at("17:30", TOMORROW)
    assert "交林经理" in labels(firm.says(LI, "日志"))


def test_a_rep_on_leave_needs_no_deputy(firm: Talk) -> None:
    firm.says(LI, "明天请假")
    firm.taps(LI, "对，去请假")
    assert text(firm.taps(CHEN, "同意")) == "好，李强明天（11 月 25 日）请假，不催日志。"


# --- leaving the firm -------------------------------------------------------------------------------------------


def test_leaving_ends_everything_and_is_handed_over(firm_on_either: Talk) -> None:
    firm = firm_on_either
    write(firm, websessions.begin, firm.ids[LI], "cookie", firm.now, firm.now + timedelta(days=9), DAY)
    card = firm.says(WU, "李强离职")
    assert labels(card) == ["确定离职", "不是"]
    assert firm.person(LI).left is False
    assert text(firm.taps(WU, "确定离职")) == "好，李强已离职，不能再登录和操作。名下还有客户 11 家、没办完的事 12 件，已请陈主管安排交接。"
    assert firm.database.read_now(lambda conn: websessions.by_token(conn, "cookie", firm.now, DAY)) is None
    assert (firm.person(LI).left, firm.person(LI).roles) == (True, frozenset())
    assert "停用" in text(firm.says(LI, "拜访 华东精密 谈续约"))
    assert "已经离职" in text(firm.taps(WU, "确定离职"))
    handover = firm.taps(CHEN, "去交接")
    assert "客户 11 家" in text(handover)
    assert "约好的拜访 9 件，答应客户的事 1 件" in text(handover)
    assert labels(handover) == ["全部转给张敏", "全部转给赵磊", "一家一家转"]
    firm.taps(CHEN, "全部转给张敏")
    assert "李强离职，陈主管请您接手" in firm.last(ZHANG).text
    assert "上海华东精密" in text(firm.says(ZHANG, "查 华东精密"))
    assert len(firm.cases(ZHANG, "appointment")) == 9
    assert [case.data["what"] for case in firm.cases(ZHANG, "promise")] == ["报价"]
    assert "交接完了" in text(firm.taps(CHEN, "去交接"))
    assert audited(firm, "leave firm") == ["leave firm"]
    assert len(audited(firm, "give")) == 11


def test_one_customer_after_the_other(firm: Talk) -> None:
    firm.says(WU, "离职 李强")
    firm.taps(WU, "确定离职")
    firm.taps(CHEN, "去交接")
    first = text(firm.taps(CHEN, "一家一家转"))
    assert first.endswith("转给谁？后面还有 10 家。")
    name = first.partition("转给谁")[0]
    answers = firm.taps(CHEN, ZHANG)
    assert answers[0].text.startswith(f"已转给张敏：{name}")
    assert answers[1].text.endswith("后面还有 9 家。")
    assert "转给别人了" in text(firm.taps(CHEN, ZHANG, of=2))
    assert "客户 10 家" in text(firm.token(CHEN, f"a.handover.{firm.ids[LI]}"))
    assert "由部门主管" in text(firm.token(ZHANG, f"a.handover.{firm.ids[LI]}"))


def test_a_promise_passed_on_is_told_to_who_had_it(firm: Talk) -> None:
    promise = firm.cases(LI, "promise")[0]
    firm.token(CHEN, f"a.pass.{promise.id}.{promise.rev}")
    firm.taps(CHEN, ZHANG)
    assert firm.last(LI).text == "陈主管把这件转给张敏了：天籁音响，报价，18:00 前。您不用再办。"
    assert "欠答复：报价，18:00 前（张敏办）" in text(firm.says(LI, "查 天籁音响"))
