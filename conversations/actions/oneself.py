"""mine, notme, cut_off, ack, mute, leave and words like 网页版: what a person says about themselves (A-1.3, A-3.3.6b)."""

from __future__ import annotations

from datetime import date, timedelta

from conversations import menu, tokens
from conversations.actions import staffing
from conversations.actions.outdated import Outdated, number
from conversations.actions.outdated import day as day_of
from conversations.desk import Desk
from conversations.followups import compact
from conversations.spoken import clock_words, day_of_month, day_words
from conversations.types import Option, Prompt, Said
from rules.people import titles

LONGEST_LEAVE = 60
LONGEST_MUTE = 24


def mine(desk: Desk, said: Said) -> None:
    """Also takes 这不是我 back, and the admins hear that too."""
    doubted = desk.case_by_key(_doubt(desk))
    if doubted is not None and doubted.state == "doubted":
        desk.move(doubted.id, doubted.rev, "mine", "clear", closed=True)
        _tell_admins(desk, Prompt(f"刚才说自己不是{desk.me.name}的那位又说是本人，不用处理了。"), "mine")
    found = menu.of(desk, [*desk.paused_sessions()], lead=f"好的，{desk.me.name}。")
    desk.say(found)


def notme(desk: Desk, said: Said) -> None:
    """Somebody else holds this phone: nothing more is said of the firm, the admins see to it."""
    desk.audit("notme", f"person:{desk.me.id}")
    doubted = desk.open_case("account", "doubted", key=_doubt(desk))
    if doubted.state != "doubted":
        desk.move(doubted.id, doubted.rev, "notme", "doubted")
    text = f"有人回复说自己不是{desk.me.name}（{titles(desk.me.roles) or '同事'}），请核对这个账号。"
    options = (
        Option("断开这些设备", tokens.of_action("cut_off", desk.me.id), main=True),
        Option("核对过，没问题", tokens.of_action("ack", "notme", desk.me.id)),
    )
    _tell_admins(desk, Prompt(text, options), "notme")
    desk.say(Prompt("打扰您了。我已请管理员核对，在此之前请不用理会后面的消息。点错了就回「是我」。"))


def cut_off(desk: Desk, said: Said, person: str) -> None:
    """The admin: whatever phones and browsers this account has, none of them speaks for the person any more."""
    whose = desk.person(number(person))
    if whose is None:
        raise Outdated
    desk.cut_off(whose.id)
    desk.say(Prompt(f"好，{whose.name}的手机和网页都断开了。让本人重新进来：写「邀请 {whose.name}」，把链接交给本人。"))


def _doubt(desk: Desk) -> str:
    return f"account:{desk.me.id}"


def _tell_admins(desk: Desk, prompt: Prompt, what: str) -> None:
    for admin in desk.people("admin"):
        if admin.id != desk.me.id:
            desk.tell(admin.id, prompt, key=f"{what}:{desk.me.id}:{admin.id}:{desk.now:%Y%m%d%H%M}")


def web(desk: Desk, said: Said) -> None:
    """One's own way to the web chat on a computer."""
    link = desk.login_link()
    desk.say(Prompt(f"在电脑上打开这个链接就行，10 分钟内有效，用一次，请别转给别人：\n{link}"))


def as_text(desk: Desk, said: Said) -> None:
    desk.show_as("text")
    desk.say(Prompt("好，以后用文字和数字，不用卡片。要改回来，写「用卡片」。"))


def as_cards(desk: Desk, said: Said) -> None:
    desk.show_as("cards")
    desk.say(Prompt("好，以后用卡片和按钮。要改成文字，写「用文字」。"))


def ack(desk: Desk, said: Said, what: str = "", id: str = "") -> None:
    desk.audit("ack", f"{what}:{id}")
    desk.say(Prompt("好的，留着了。" if what in ("words", "kept") else "好的。"))


def mute(desk: Desk, said: Said, hours: str) -> None:
    count = number(hours)
    if not 0 <= count <= LONGEST_MUTE:
        raise Outdated
    until = desk.now + timedelta(hours=count) if count else None
    desk.mute(until)
    desk.say(Prompt(f"好，{clock_words(until, desk)} 前不提醒您。急事照样会发。" if until else "好，照常提醒您。"))


def leave(desk: Desk, said: Said, since: str, until: str, person: str = "0", what: str = "") -> None:
    """Asked by the person, decided by somebody else (A-3.3.6b)."""
    first, last = day_of(since), day_of(until)
    if (last - first).days > LONGEST_LEAVE:
        raise Outdated(f"一次最多 {LONGEST_LEAVE} 天。请分几次写，或直接和主管商量。")
    if last < first:
        raise Outdated("请假的日子没看明白，请再写一次，例如：明天请假。")
    if number(person) and number(person) != desk.me.id:
        _decide(desk, number(person), first, last, what)
        return
    boss = desk.supervisor_of(desk.me.id) or desk.manager_of(desk.me.id) or next((one for one in desk.people("admin") if one.id != desk.me.id), None)
    if boss is None:
        raise Outdated("还没有人能替您记请假，请直接告诉公司。")
    visits = [one for one in desk.cases("appointment", person=desk.me.id, states=("planned",), limit=200) if one.day and first <= one.day <= last]
    more = (
        f"{_those(first, last)}约了 {len(visits)} 家：{'、'.join(desk.label('customers', one.customer_id or 0) for one in visits[:9])}。"
        if visits
        else ""
    )
    yes, no = (tokens.of_action("leave", since, until, desk.me.id, word) for word in ("yes", "no"))
    text = f"{desk.me.name}想请假：{span(desk, first, last)}。{more}"
    key = f"leave:{desk.me.id}:{since}:{until}"
    desk.tell(boss.id, Prompt(text, (Option("同意", yes, main=True), Option("不同意", no))), key=key)
    desk.audit("ask_leave", f"person:{desk.me.id}", f"{since}-{until}")
    desk.say(Prompt(f"已告诉{boss.name}，同意了会告诉您。{more and '约好的客户请先打个招呼。'}"))


def _decide(desk: Desk, person: int, first: date, last: date, what: str) -> None:
    whose = desk.person(person)
    if whose is None or what not in ("yes", "no"):
        raise Outdated
    when = span(desk, first, last)
    key = f"leave:{person}:{compact(first)}:{compact(last)}:{what}"
    if what == "yes":
        desk.take_leave(person, first, last)
        desk.tell(person, Prompt(f"{desk.me.name}同意您{when}请假，{_those(first, last)}不用交日志。"), key=key)
        desk.say(Prompt(f"好，{whose.name}{when}请假，不催日志。"))
        staffing.ask_deputy(desk, whose, first, last)
        return
    boss = desk.supervisor_of(person)
    if desk.me.id not in {boss.id if boss else 0} and desk.me.roles.isdisjoint({"manager", "admin"}):
        raise Outdated("这一项不归您办，请问部门主管。")
    days = [day for day in (first + timedelta(days=n) for n in range((last - first).days + 1)) if desk.calendar.is_working_day(day)]
    if days and all(desk.on_leave(person, day) for day in days):
        raise Outdated(f"{whose.name}{when}的假已经同意了，要改请直接和{whose.name}商量。")
    desk.tell(person, Prompt(f"{desk.me.name}没有同意您{when}请假，请再商量一下。"), key=key)
    desk.say(Prompt(f"好，已告诉{whose.name}。"))


def span(desk: Desk, first: date, last: date) -> str:
    return _named(desk, first) if first == last else f"{_named(desk, first)}到{_named(desk, last)}"


def _those(first: date, last: date) -> str:
    return "那天" if first == last else "那几天"


def _named(desk: Desk, day: date) -> str:
    """明天（11 月 25 日）: of leave the date is always said."""
    words = day_words(day, desk)
    return words if "月" in words else f"{words}（{day_of_month(day)}）"
