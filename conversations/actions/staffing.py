"""give, end, deputy: roles from–until, and who stands in while somebody is on leave (A-1.3, A-3.3.6b)."""

from __future__ import annotations

from datetime import date

from conversations import staffwords, tokens
from conversations.actions.outdated import Outdated, number
from conversations.actions.outdated import day as day_of
from conversations.desk import Desk
from conversations.firm import Person
from conversations.followups import compact
from conversations.spoken import day_of_month
from conversations.types import Option, Prompt, Said
from rules.people import ROLES

OVER = ("supervisor", "manager")  # roles others report to
IN_TEAMS = ("rep", "supervisor")
SHOWN = 5
_NONE = "0"
_GIVE = "给谁什么角色？例如：任命 张敏 部门主管 市场一部。要到哪天为止，就再写：到11月30日。"
_END = "免去谁的什么角色？例如：免去 张敏 部门主管。"


def named(desk: Desk, name: str) -> Person:
    """The one colleague meant; who is not known, or not alone with the name, is said."""
    found = [*desk.colleagues(name)]
    if not found and name:
        picked = desk.find("colleagues", name, 0, 2)
        found = [who for one in picked if (who := desk.person(one.id))] if len(picked) == 1 else []
    if len(found) != 1:
        raise Outdated(f"公司名单里有 {len(found)} 位{name}，请在服务器上办，写明账号。" if found else f"公司名单里没有「{name[:20]}」，请写全名。")
    return found[0]


def give_asked(desk: Desk, words: str) -> None:
    """任命 张敏 部门主管 市场一部 11月25日到11月30日"""
    meant = staffwords.read(words, desk)
    if not meant.name or not meant.role or meant.rest:
        raise Outdated(_GIVE)
    who, today = named(desk, meant.name), desk.calendar.day_of(desk.now)
    teams = {one.id: one.label for one in desk.teams()}
    team = meant.team or (teams.get(who.team_id or 0, "") if meant.role in IN_TEAMS else "")
    if meant.role in IN_TEAMS and not team:
        raise Outdated(f"{ROLES[meant.role]}要写明部门，例如：任命 {who.name} {ROLES[meant.role]} 市场一部。")
    id = next((id for id, label in teams.items() if label == team), 0)
    if team and not id:
        raise Outdated(f"还没有「{team}」，现在的部门：{'、'.join(teams.values()) or '无'}。")
    since = max(meant.since or today, today)
    yes = tokens.of_action("give", who.id, meant.role, id, compact(since), compact(meant.until) if meant.until else _NONE)
    options = (Option("对，就这样", yes, main=True), Option("不是", tokens.of_action("ack", "role", 0)))
    desk.say(Prompt(f"{who.name}任{ROLES[meant.role]}{f'（{team}）' if team else ''}，{_span(since, meant.until, today)}。对吗？", options))


def give(desk: Desk, said: Said, person: str, role: str, team: str, since: str, until: str) -> None:
    who, first, last = desk.person(number(person)), day_of(since), None if until == _NONE else day_of(until)
    where = next((one.label for one in desk.teams() if one.id == number(team)), "")
    today = desk.calendar.day_of(desk.now)
    if who is None or role not in ROLES or (number(team) and not where) or (last or today) < today:
        raise Outdated
    desk.give_role(who.id, role, where, first, last)
    what = f"{ROLES[role]}{f'（{where}）' if where else ''}，{_span(first, last, today)}"
    if who.id != desk.me.id:
        desk.tell(who.id, Prompt(f"{desk.me.name}给您加了角色：{what}。写「菜单」看看能做什么。"), key=f"role:{who.id}:{role}:{team}:{since}:{until}")
    desk.say(Prompt(f"好，{who.name}任{what}。"))


def end_asked(desk: Desk, words: str) -> None:
    """免去 张敏 部门主管; with 到11月30日 not before then."""
    meant = staffwords.read(words, desk)
    if not meant.name or meant.rest:
        raise Outdated(_END)
    who = named(desk, meant.name)
    held = list(dict.fromkeys(role for role, _ in desk.own_roles(who.id)))
    if not held:
        raise Outdated(f"{who.name}现在没有角色。")
    last = meant.until or meant.since
    if meant.role and meant.role not in held:
        raise Outdated(f"{who.name}不是{ROLES[meant.role]}，现在的角色：{'、'.join(ROLES[role] for role in held)}。")
    chosen = [meant.role] if meant.role else held
    when = f"{day_of_month(last)}为止" if last else "马上"
    ends = compact(last or staffwords.day_before(desk.calendar.day_of(desk.now)))
    options = tuple(Option(f"免去{ROLES[role]}", tokens.of_action("end", who.id, role, ends), main=len(chosen) == 1) for role in chosen[:SHOWN])
    text = f"{who.name}不再任{ROLES[chosen[0]]}，{when}。对吗？" if len(chosen) == 1 else f"免去{who.name}的哪个角色（{when}）？"
    desk.say(Prompt(text, (*options, Option("不是", tokens.of_action("ack", "role", 0)))))


def end(desk: Desk, said: Said, person: str, role: str, last: str) -> None:
    who, day, today = desk.person(number(person)), day_of(last), desk.calendar.day_of(desk.now)
    if who is None or role not in {held for held, _ in desk.own_roles(who.id)}:
        raise Outdated("这个角色已经不在了。")
    desk.end_role(who.id, role, max(day, staffwords.day_before(today)))
    when = f"到 {day_of_month(day)}为止" if day >= today else "从现在起"
    if who.id != desk.me.id:
        desk.tell(who.id, Prompt(f"{when}您不再任{ROLES[role]}，有疑问请找{desk.me.name}。"), key=f"role_end:{who.id}:{role}:{last}:{today}")
    desk.say(Prompt(f"好，{when}{who.name}不再任{ROLES[role]}。"))


# --- while somebody is on leave -------------------------------------------------------------------------------


def reported_to(desk: Desk, who: Person) -> list[Person]:
    """Whose supervisor or manager this is, by the roles held in one's own right."""
    over = [(role, team) for role, team in desk.own_roles(who.id) if role in OVER]
    reps = [one for one in desk.people("rep") if one.id != who.id]
    return [one for one in reps if any(team in (0, one.team_id) for _, team in over)]


def ask_deputy(desk: Desk, who: Person, first: date, last: date) -> None:
    """Leave was approved of somebody with people reporting: who does it meanwhile?"""
    under = reported_to(desk, who)
    if not under:
        return
    peers = [*desk.people("supervisor"), *(one for one in under if one.team_id == who.team_id), *under]
    others = [one for one in dict.fromkeys(peers) if one.id not in (who.id, desk.me.id) and not desk.on_leave(one.id, first)]
    options = [Option(one.name, tokens.of_action("deputy", who.id, compact(first), compact(last), one.id)) for one in others[:SHOWN]]
    none = Option("由我来" if "manager" in desk.me.roles else "不用代", tokens.of_action("deputy", who.id, compact(first), compact(last), desk.me.id))
    desk.say(Prompt(f"{who.name}请假期间，{len(under)} 位同事的日志、电话记录和请假由谁来签？", (*options, none)))


def deputy(desk: Desk, said: Said, person: str, since: str, until: str, to: str) -> None:
    away, who, first, last = desk.person(number(person)), desk.person(number(to)), day_of(since), day_of(until)
    if away is None or who is None or who.left or last < max(first, desk.calendar.day_of(desk.now)):
        raise Outdated
    if who.id == away.id or desk.on_leave(who.id, first):
        raise Outdated(f"{who.name}那天也不在，请另选一位。")
    desk.stand_in(who.id, away.id, first, last)
    when = f"{day_of_month(first)}" if first == last else f"{day_of_month(first)}到 {day_of_month(last)}"
    key = f"deputy:{away.id}:{since}:{until}:{who.id}"
    if who.id != desk.me.id:
        desk.tell(who.id, Prompt(f"{away.name} {when}请假，由您代签日志和电话记录、代批请假，到时会发给您。"), key=key)
    if away.id != desk.me.id:
        desk.tell(away.id, Prompt(f"您 {when}请假期间，由{who.name}代您签日志、批请假。"), key=f"{key}:away")
    desk.say(Prompt(f"好，{when}由{'您' if who.id == desk.me.id else who.name}代{away.name}。"))


def _span(since: date, until: date | None, today: date) -> str:
    begins = "从今天起" if since == today else f"从 {day_of_month(since)}起"
    return f"{begins}，到 {day_of_month(until)}为止" if until else begins
