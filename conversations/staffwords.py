"""What admins and superiors write about colleagues: 邀请 王芳 市场员, 任命 张敏 部门主管 到11月30日, 李强离职 (A-1.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from conversations import phrases
from conversations.lookup import Lookup
from conversations.types import Unclear
from rules.people import ROLES

INVITE = re.compile(r"(?:我?想?要?邀请|添加同事|加同事|请加)(?:同事|一下)?\s*[:：]?\s*(?P<rest>.{0,60})")
GIVE = re.compile(r"(?:任命|任职|给角色|授予)\s*[:：]?\s*(?P<rest>.{0,60})")
END = re.compile(r"(?:免去|免职|收回|取消角色|撤销)\s*[:：]?\s*(?P<rest>.{0,60})")
GONE = re.compile(r"(?:离职|已离职)\s*[:：]?\s*(?P<who>\S.{0,19})|(?P<before>\S.{0,19}?)\s*(?:今天|已经?)?(?:离职了?|离开公司了?)[。！]?")
_PART = re.compile(r"[\s,，、;；。|｜]+")
_TEAM = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]{1,16}(?:部|组|队|站|中心)")
_BEFORE = re.compile(r"[到至]\s*$")
_DAY = re.compile(r"\d|月|号|日|周|天|到|至|从|起|底|初")
_ALIASES = {
    **{title: role for role, title in ROLES.items()},
    "业务员": "rep",
    "销售": "rep",
    "销售员": "rep",
    "主管": "supervisor",
    "销售主管": "supervisor",
    "财务": "finance",
    "会计": "finance",
    "管理员": "admin",
    "总经理": "manager",
    "合同管理": "custodian",
    "客服": "service_desk",
}


@dataclass(frozen=True, slots=True)
class Meant:
    """ "" for what was not said."""

    name: str = ""
    role: str = ""
    team: str = ""
    rest: str = ""  # what is none of these
    since: date | None = None
    until: date | None = None


def read(words: str, look: Lookup) -> Meant:
    """In any order: whom, as what, where, from when until when."""
    name = role = team = rest = days = ""
    teams = {one.label for one in look.teams()}
    for part in filter(None, _PART.split(words.strip())):
        if not role and part in _ALIASES:
            role = _ALIASES[part]
        elif part in teams or (name and _TEAM.fullmatch(part)):
            team = part
        elif not name:
            name, role = (part, role) if role else _apart(part)
        elif _DAY.search(part):
            days += part
        else:
            rest = part
    since, until = _span(days, look)
    return Meant(name, role, team, rest, since, until)


def _apart(part: str) -> tuple[str, str]:
    """王芳市场员; 陈主管 and 林经理 are how people are called."""
    for title, role in sorted(_ALIASES.items(), key=lambda one: -len(one[0])):
        if part.endswith(title) and len(part) - len(title) >= 2:
            return part.removesuffix(title), role
    return part, ""


def _span(text: str, look: Lookup) -> tuple[date | None, date | None]:
    """11月25日到11月30日; one day alone is the first, after 到 the last."""
    if not text:
        return None, None
    today = look.calendar.day_of(look.now)
    try:
        found = phrases.find_days(text, look.calendar.local(look.now), look.calendar)
    except Unclear:
        return None, None
    days = [one.value for one in found]
    if not days:
        return None, None
    if len(days) > 1:
        return min(days), max(days)
    last = text[:2].startswith(("到", "至"))
    return (None, days[0]) if last and days[0] >= today else (days[0], None)


def day_before(day: date) -> date:
    return day - timedelta(days=1)
