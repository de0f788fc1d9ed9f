"""inviting, invite: a colleague's way in, asked for in the chat and confirmed on a card (A-1.3)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from conversations import staffwords, tokens
from conversations.actions.outdated import Outdated, number
from conversations.desk import Desk
from conversations.staffwords import Meant
from conversations.types import Option, Prompt, Said
from rules.people import ROLES

MAY = frozenset({"admin", "supervisor", "manager"})
IN_TEAMS = ("rep", "supervisor")
OFFERED = ("rep", "supervisor", "manager", "finance", "custodian", "admin")
CARD_LASTS = timedelta(minutes=30)
LONGEST = 12  # signs of a name
TOKEN_BYTES = 64  # of a button, on the channel that carries least
TEAMS = 8
HOW = "邀请谁？写一句就行，例如：邀请 王芳 市场员 市场一部。"
_NONE = "0"


def asked(desk: Desk, words: str) -> None:
    """邀请 王芳 市场员"""
    meant = staffwords.read(words, desk)
    if not meant.name:
        desk.say(Prompt(HOW))
    elif meant.rest:
        desk.say(Prompt(f"「{meant.rest}」没看明白。{HOW}"))
    else:
        _card(desk, meant)


def inviting(desk: Desk, said: Said, name: str, role: str, team: str) -> None:
    _card(desk, Meant(name, "" if role == _NONE else role, "" if team == _NONE else team))


def invite(desk: Desk, said: Said, role: str, name: str, team: str, when: str) -> None:
    made = datetime.fromtimestamp(min(number(when), 2**33), UTC)
    if not timedelta(0) <= desk.now - made + timedelta(seconds=1) <= CARD_LASTS:
        raise Outdated(f"这张卡片太早了，请再写一次：邀请 {name}。")
    known = desk.colleagues(name)
    team = "" if team == _NONE else team
    made_out = desk.invite(name, role, team, made)
    if known:
        told = f"{desk.me.name}给您发了一个新的邀请，可以在另一个手机或电脑上用。不是您要的，请马上告诉管理员。"
        desk.tell(made_out.person, Prompt(told), key=f"invited:{made_out.person}:{when}")
    lines = [f"{name}的邀请好了（{_as(role, team)}），请只交给本人："]
    lines += [f"{where}：{link}" for where, link in made_out.links]
    lines.append("链接 7 天内用一次，也可以扫二维码。" if made_out.picture else "链接 7 天内用一次。")
    lines.append(f"不方便点链接，就让本人发「{name} {made_out.code}」，30 分钟内有效，最多试 5 次。")
    lines.append("用了会告诉您。企业微信里的同事不用邀请，按账号认出。")
    desk.say(Prompt("\n".join(lines), attach=(made_out.picture,) if made_out.picture else ()))


def _card(desk: Desk, meant: Meant) -> None:
    """Asks for what is missing, then shows it all."""
    if desk.me.roles.isdisjoint(MAY):
        raise Outdated("邀请同事请找管理员或部门主管。")
    name, admin = meant.name, "admin" in desk.me.roles
    if not 2 <= len(name) <= LONGEST or "." in name or name.isdecimal():
        raise Outdated(f"「{name[:20]}」不像姓名，请写 2 到 {LONGEST} 个字。{HOW}")
    known = desk.colleagues(name)
    held = [role for one in known for role, _ in desk.own_roles(one.id)]
    role = meant.role or (held[0] if held else "" if admin else "rep")
    if not role:
        options = [Option(ROLES[each], tokens.of_action("inviting", name, each, meant.team or _NONE)) for each in OFFERED]
        desk.say(Prompt(f"{name}是做什么的？", tuple(options)))
        return
    team = meant.team or _team(desk, known[0].team_id if known else None, role)
    if team is None:
        teams = [one.label for one in desk.teams()][:TEAMS]
        options = [Option(each, tokens.of_action("inviting", name, role, each)) for each in teams]
        desk.say(Prompt(f"{name}在哪个部门？" + ("" if options else f"请连部门一起写，例如：邀请 {name} {ROLES[role]} 市场一部。"), tuple(options)))
        return
    _confirm(desk, name, role, team, known=bool(known), person=known[0].id if len(known) == 1 else 0)


def _confirm(desk: Desk, name: str, role: str, team: str, *, known: bool, person: int) -> None:
    if role not in ROLES or not desk.may_invite(role, team, person):
        raise Outdated("您可以邀请自己部门的市场员；别的同事，请找系统管理员邀请。")
    yes = tokens.of_action("invite", role, name, team or _NONE, int(desk.now.timestamp()))
    if len(yes.encode()) > TOKEN_BYTES:
        raise Outdated("姓名和部门名加起来太长了，请管理员在服务器上邀请。")
    options = [Option("对，邀请", yes, main=True)]
    if "admin" in desk.me.roles and not known:
        options.append(Option("换角色", tokens.of_action("inviting", name, _NONE, team or _NONE)))
        if role in IN_TEAMS and len(desk.teams()) > 1:
            options.append(Option("换部门", tokens.of_action("inviting", name, role, _NONE)))
    options.append(Option("不邀请", tokens.of_action("ack", "invite", 0)))
    lead = f"{name}已经在公司名单里，再发一个邀请" if known else f"邀请{name}"
    desk.say(Prompt(f"{lead}：{_as(role, team)}。对吗？", tuple(options)))


def _team(desk: Desk, own: int | None, role: str) -> str | None:
    """Where there is no choice; "" for roles of the whole firm, None to be asked."""
    if role not in IN_TEAMS:
        return ""
    teams = {one.id: one.label for one in desk.teams()}
    if own in teams:
        return teams[own]
    if "admin" not in desk.me.roles:
        return teams.get(desk.me.team_id or 0) or None
    return next(iter(teams.values())) if len(teams) == 1 else None


def _as(role: str, team: str) -> str:
    return f"{ROLES[role]}，{team}" if team else ROLES[role]
