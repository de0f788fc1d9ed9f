"""邀请, 任命, 免去, 离职: which of them was written, by somebody whose business it is (A-1.3)."""

from __future__ import annotations

from conversations import staffwords
from conversations.actions import inviting, leaving, staffing
from conversations.desk import Desk
from conversations.staffwords import Meant
from conversations.types import Said

LONGEST = 60
NAME = 4  # signs of a Chinese name


def written(desk: Desk, said: Said) -> bool:
    """False too for whose business it is not: to a rep 邀请 is a word like any other."""
    text = said.text.strip()
    if len(text) > LONGEST or "\n" in text or desk.me.roles.isdisjoint(inviting.MAY):
        return False
    if (found := staffwords.INVITE.fullmatch(text)) and not _customers(desk, staffwords.read(found["rest"], desk)):
        inviting.asked(desk, found["rest"])
        return True
    if "admin" not in desk.me.roles:
        return False
    if found := staffwords.GIVE.fullmatch(text):
        staffing.give_asked(desk, found["rest"])
    elif found := staffwords.END.fullmatch(text):
        staffing.end_asked(desk, found["rest"])
    elif (found := staffwords.GONE.fullmatch(text)) and not _contact(desk, who := found["who"] or found["before"]):
        leaving.asked(desk, who)
    else:
        return False
    return True


def _customers(desk: Desk, meant: Meant) -> bool:
    """邀请张总参加展会: who visits customers invites those as well."""
    return "rep" in desk.me.roles and not meant.role and len(meant.name) > NAME


def _contact(desk: Desk, name: str) -> bool:
    """王经理离职了: somebody's of a customer, written by who visits customers."""
    return "rep" in desk.me.roles and not desk.colleagues(name)
