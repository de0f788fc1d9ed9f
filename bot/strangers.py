"""An address nobody knows yet: invitation link or code, WeCom account, else one polite answer and nothing more."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.channels.base import Event
from conversations import menu
from conversations.commands import HELLO
from conversations.types import Option, Prompt
from storage import audit, callers, invitations, outbox
from storage.codec import prompt_json
from storage.database import Connection
from storage.inbox import InboxRow

POLITE = (
    "您好，我是跑街，只为公司同事服务。您是同事的话，请向管理员要一个邀请：点开邀请链接就行，或者把姓名和 8 位数字一起发给我，例如：李强 12345678。"
)
WRONG = "姓名和 8 位数字没有对上，或者已经过了 30 分钟。请核对后再发一次；还不行，请管理员重新发一个邀请。"
LEFT = "您好，您的账号已经停用。有事请联系公司管理员。"
NOT_YOURS = "这个邀请不是给您的，没有使用。请让对方自己点开。"
NOTED = "好的，打扰您了。我已请管理员核对。点错了就回「是我」。"
MINE, NOTME = "a.mine", "a.notme"
_YES = ("是我", "是", "是的", "对", "我是", "我是本人", "1")
_NO = ("不是我", "不是", "这不是我", "我不是", "2")
_DAILY = timedelta(hours=24)
_BRIEFLY = timedelta(seconds=10)
_TOKEN = re.compile(r"(?:^|[/=\s])([A-Za-z0-9_-]{43})\s*$")
_CODE = re.compile(r"(?<!\d)(\d{8})(?!\d)")
_NOT_A_NAME = re.compile(r"[\s,，:：;；.。/、-]+")


@dataclass(frozen=True, slots=True)
class Bound:
    """Who it turned out to be; `spoken` when the message itself is still to be answered."""

    person_id: int
    talk_id: int
    spoken: bool


def meet(conn: Connection, row: InboxRow, event: Event, now: datetime, today: date) -> Bound | None:
    """None: still a stranger, and answered if that was due."""
    invited = _invited(conn, event, now)
    if invited is not None and (person := callers.by_id(conn, invited.person_id, today)):
        if invited.by_id is not None:
            confirm(conn, invited.by_id, person.name, now)
        return _bind(conn, row, person, "join", now, spoken=False)
    if row.channel == "wecom" and (person := callers.by_account(conn, event.sender, today)):
        return _matched(conn, row, event, person, now, today)
    if event.kind == "said" and _CODE.search(event.text):
        _answer(conn, row, WRONG, now, _BRIEFLY)
    elif event.kind in ("said", "start", "enter"):
        _answer(conn, row, POLITE, now, _DAILY)
    return None


def _matched(conn: Connection, row: InboxRow, event: Event, person: callers.Caller, now: datetime, today: date) -> Bound | None:
    """The account is in the list: asked who it is before anything is done in that name. What was said meanwhile is not lost."""
    if person.greeted:
        return _bind(conn, row, person, "match", now, spoken=event.kind in ("said", "start"))
    word = _NOT_A_NAME.sub("", event.text).removesuffix("！").removesuffix("!")
    if event.tap == MINE or word in (*_YES, person.name, f"我是{person.name}"):
        callers.say_again(conn, row.address_id, now - _DAILY, (*HELLO, *_YES, *_NO))  # before binding, which takes along what is open
        return _bind(conn, row, person, "match", now, spoken=False)
    if event.tap == NOTME or word in _NO:
        audit.append(conn, [audit.Entry(person.account, row.channel, "notme", f"address:{row.address_id}")], now)
        note = f"企业微信账号 {event.sender[:40]} 在名单里是{person.name}，有人回复说不是。请核对名单里的账号。"
        seen = (Option("知道了", "a.ack.notme.0"),)
        callers.tell_admins(conn, note, key=f"notme:{row.address_id}:{today}", now=now, today=today, options=seen)
        _answer(conn, row, NOTED, now, timedelta(0))
    elif event.kind in ("said", "start", "enter"):
        every = _DAILY if event.kind == "enter" else _BRIEFLY  # who opens the app to answer the question is not asked it again
        _answer(conn, row, menu.whose(person.name), now, every)
    return None


def gone(conn: Connection, row: InboxRow, now: datetime) -> None:
    """Somebody who has left the firm."""
    _answer(conn, row, LEFT, now, _DAILY)


def joins_again(conn: Connection, person_id: int, name: str, token: str, now: datetime) -> str:
    """A known person opened an invitation: "" when it was theirs (used up now, and confirmed), else what they are told."""
    whose = invitations.whose(conn, token, now)
    if whose is None:
        return ""
    if whose != person_id:
        return NOT_YOURS
    invited = invitations.redeem_token(conn, token, now)
    if invited is not None and invited.by_id not in (None, person_id):
        confirm(conn, invited.by_id, name, now)
    return ""


def _invited(conn: Connection, event: Event, now: datetime) -> invitations.Invited | None:
    if event.kind not in ("said", "start"):
        return None
    if token := _TOKEN.search(event.text):
        return invitations.redeem_token(conn, token[1], now)
    if code := _CODE.search(event.text):
        name = _NOT_A_NAME.sub("", event.text.replace(code[1], ""))
        return invitations.redeem_code(conn, name, code[1], now)
    return None


def _bind(conn: Connection, row: InboxRow, person: callers.Caller, how: str, now: datetime, *, spoken: bool) -> Bound:
    talk_id = callers.bind(conn, row.address_id, person.id)
    audit.append(conn, [audit.Entry(person.account, row.channel, how, f"address:{row.address_id}")], now)
    return Bound(person.id, talk_id, spoken)


def confirm(conn: Connection, by_id: int, name: str, now: datetime) -> None:
    body = prompt_json(Prompt(f"{name}已经用您的邀请进来了。不是本人的话，请马上告诉管理员。"))
    outbox.put(conn, callers.talk_of(conn, by_id), "reminder", body, now=now, pushed=True)


def _answer(conn: Connection, row: InboxRow, said: str | Prompt, now: datetime, every: timedelta) -> None:
    if callers.may_answer(conn, row.talk_id, now, every):
        prompt = said if isinstance(said, Prompt) else Prompt(said)
        outbox.put(conn, row.talk_id, "reply", prompt_json(prompt), now=now, address_id=row.address_id)
