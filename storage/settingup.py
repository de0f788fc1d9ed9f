"""What the admin's desk does while the firm is set up: its name, the platforms with their sealed secrets, the test message (A-1.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from conversations import tokens
from conversations.desk import NotAllowed
from conversations.firm import Invited
from conversations.types import Option, Prompt
from rules.people import ROLES, Subject
from storage import callers, channels, invitations, outbox, people, settings, staff, starting
from storage.channels import Stored
from storage.codec import prompt_json
from storage.staff import Listed
from storage.staffing import IN_TEAMS, Staffing
from storage.tables import address, person, talk
from storage.tables import outbox as queue

STEPS = "setup_steps"
TEST = "跑街测试：您能看到这条，发消息就是通的。请回一句话，或点下面的按钮，看看收消息是不是也通。"
_BEGINNING = date(2000, 1, 1)

_tests = (
    select(queue.c.sent_at, queue.c.fetched_at, queue.c.error, queue.c.created_at, address.c.heard_at, address.c.channel)
    .join(address, address.c.id == queue.c.address_id)
    .where(queue.c.ref == bindparam("about"), queue.c.talk_id == bindparam("talk"))
    .order_by(queue.c.id.desc())
    .limit(1)
)
_refused = (
    select(address.c.dead_why)
    .where(address.c.channel == bindparam("channel"), address.c.talk_id == bindparam("talk"), address.c.dead_at >= bindparam("since"))
    .order_by(address.c.dead_at.desc())
    .limit(1)
)
_mine = (
    select(address.c.external_id)
    .where(address.c.channel == bindparam("channel"), address.c.talk_id == bindparam("talk"), address.c.dead_at.is_(None))
    .order_by(address.c.heard_at.desc().nulls_last(), address.c.id.desc())
    .limit(1)
)
_whose = (
    select(person.c.id, person.c.name)
    .join(talk, talk.c.person_id == person.c.id)
    .join(address, address.c.talk_id == talk.c.id)
    .where(address.c.channel == bindparam("channel"), address.c.external_id == bindparam("external"))
)


@dataclass(frozen=True, slots=True)
class Test:
    """How the last test message fares."""

    at: datetime
    delivered: bool
    answered: bool
    error: str


class SettingUp(Staffing):
    """Everything here is the admin's."""

    # --- reads ------------------------------------------------------------------------------------------
    def firm_name(self) -> str:
        return str(settings.value(self._conn, starting.FIRM_NAME, self.today, ""))

    def setup_steps(self) -> Mapping[str, str]:
        """Step: done | skipped."""
        return dict(settings.value(self._conn, STEPS, self.today, {}))

    def channels(self) -> Mapping[str, Stored]:
        return channels.every(self._conn)

    def my_address(self, channel: str) -> str:
        """Where I am reached there; "" when nowhere."""
        return str(self._conn.execute(_mine, {"channel": channel, "talk": self._own_talk()}).scalar() or "")

    def test(self, channel: str) -> Test | None:
        row = self._conn.execute(_tests, {"about": _about(channel), "talk": self._own_talk()}).first()
        if row is None:
            return None
        refused = self._conn.execute(_refused, {"channel": channel, "talk": self._own_talk(), "since": row.created_at}).scalar()
        if refused is not None:  # it went to another address of mine, which is no tick here
            return Test(row.created_at, False, False, refused)
        delivered = row.fetched_at if channel == outbox.WEB else row.sent_at
        answered = row.channel == channel and row.heard_at is not None and row.heard_at >= row.created_at
        return Test(row.created_at, (row.channel == channel and delivered is not None) or answered, answered, "" if row.sent_at else row.error or "")

    # --- writes -----------------------------------------------------------------------------------------
    def is_found_at(self, url: str) -> None:
        """Invitations, QR codes and customers' links lead there from now on."""
        self._set_up("public_url", "firm", url)
        settings.put(self._conn, starting.PUBLIC_URL, url, _BEGINNING)

    def step_is(self, step: str, how: str) -> None:
        """done | skipped"""
        self._set_up("set_up", f"step:{step}", how)
        settings.put(self._conn, STEPS, {**self.setup_steps(), step: how}, _BEGINNING)

    def set_channel(self, name: str, plain: Mapping[str, Any], sealed: str, *, rev: int, verified: datetime | None = None) -> None:
        """`rev`: as it was when the page was made; somebody else's change meanwhile is not overwritten."""
        self._set_up("set_channel", f"channel:{name}", sealed)
        now_is = self.channels().get(name)
        if (now_is.rev if now_is is not None else 0) != rev:
            raise NotAllowed("刚才有人改过这一项，没有存下。请看一下现在的样子，再填一次。")
        off = now_is is not None and bool(now_is.sealed) and not now_is.active
        channels.put(self._conn, name, plain, sealed, self._now, verified=verified, active=not off)

    def switch_channel(self, name: str, on: bool) -> None:
        self._set_up("switch_channel", f"channel:{name}", "on" if on else "off")
        channels.set_active(self._conn, name, on, self._now)

    def remove_channel(self, name: str) -> None:
        self._set_up("remove_channel", f"channel:{name}")
        channels.remove(self._conn, name, self._now)

    def send_test(self, channel: str, account: str = "") -> None:
        """To myself; `account` where I am not known there yet."""
        to = account.strip().lower() or self.my_address(channel)
        if not to:
            raise NotAllowed("还不知道怎么找到您，请先填账号。")
        owner = self._conn.execute(_whose, {"channel": channel, "external": to}).first()
        if owner is not None and owner.id != self.me.id:
            raise NotAllowed(f"这个账号已经是{owner.name}的。请填您自己的。")
        self._set_up("send_test", f"channel:{channel}", to)
        id = callers.reachable(self._conn, self.me.id, channel, to)
        prompt = Prompt(TEST, (Option("收到了", tokens.of_action("ack", "test", 0), main=True),), ref=_about(channel))
        outbox.put(self._conn, self._own_talk(), "reply", prompt_json(prompt), now=self._now, address_id=id, ref=_about(channel))

    def telegram_way(self) -> str:
        """A token by which my own Telegram is known as mine."""
        self._set_up("invite", f"person:{self.me.id}", "telegram")
        return invitations.invite(self._conn, self.me.id, None, self._now)[0]

    def add_colleague(self, name: str, role: str, team: str, account: str) -> Invited:
        """One more in the list, with a way in; who has a WeCom account is known by it without."""
        self._set_up("add", f"person:{account or name}", role, team)
        if role not in ROLES:
            raise NotAllowed("请选一个角色。")
        if role in IN_TEAMS and not team:
            raise NotAllowed("市场员和主管要有部门，请先填部门。")
        if account and not staff.ACCOUNT.fullmatch(account):
            raise NotAllowed(staff.NO_ACCOUNT)
        known = callers.by_account(self._conn, account, self.today) if account else None
        if known is not None:
            raise NotAllowed(f"账号 {account} 已经是{known.name}的。")
        id = staff.add(self._conn, Listed(account, name, team))
        self._give(id, role, team, self.today, None)
        token, code = invitations.invite(self._conn, id, self.me.id, self._now)
        links = self._links(token)
        return Invited(id, code, links, self._picture(links[0][1]) if self._ways else "")

    def add_team(self, name: str) -> None:
        self._set_up("add", f"team:{name}")
        staff.add_team(self._conn, name)

    # --- inside -----------------------------------------------------------------------------------------
    def _set_up(self, verb: str, subject: str, *details: str) -> None:
        self._may("set_rules", Subject())
        self._log(verb, subject, *details)

    def _own_talk(self) -> int:
        found = people.talk_of(self._conn, self.me.id)
        return found.id if found is not None else callers.talk_of(self._conn, self.me.id)


def _about(channel: str) -> str:
    return f"setup:{channel}"
