"""dismissing, dismiss, handover: somebody leaves the firm, and what was theirs goes to colleagues (A-1.3)."""

from __future__ import annotations

from collections.abc import Sequence

from conversations import tokens
from conversations.actions import owed, staffing
from conversations.actions.outdated import Outdated, number
from conversations.desk import Desk
from conversations.firm import Case, Person, Touch
from conversations.types import Option, Prompt, Said

SHOWN = 12
COLLEAGUES = 4
_OPEN = {
    "appointment": ("planned",),
    "promise": ("open",),
    "request": ("parked", "asked", "answered"),
    "need": ("asked", "proposed"),
    "prospect": ("open",),
    "delivery": ("planned", "part"),
    "meeting": ("planned",),
}
_WORDS = {
    "appointment": "约好的拜访",
    "promise": "答应客户的事",
    "request": "客户要求",
    "need": "外地客户需求",
    "prospect": "客户调查",
    "delivery": "要送的书",
    "meeting": "展会上要见的客户",
}
_NOT_YOURS = "交接由部门主管或经理来办。"


def asked(desk: Desk, name: str) -> None:
    """李强离职: what it means, before it is done."""
    who = staffing.named(desk, name)
    if who.id == desk.me.id:
        raise Outdated("自己的离职，请另一位管理员来办。")
    yes = Option("确定离职", tokens.of_action("dismiss", who.id), main=True)
    text = f"{who.name}离职？马上不能登录，也不能再做任何事；交过的记录都留着，名下的客户和没办完的事交给主管安排。"
    desk.say(Prompt(text, (yes, Option("不是", tokens.of_action("ack", "dismiss", 0)))))


def dismiss(desk: Desk, said: Said, person: str) -> None:
    who = desk.person(number(person))
    if who is None:
        raise Outdated
    if who.left:
        raise Outdated(f"{who.name}已经离职了。")
    boss = desk.supervisor_of(who.id) or desk.manager_of(who.id)
    customers, waiting = desk.dismiss(who.id)
    done = f"好，{who.name}已离职，不能再登录和操作。"
    if not customers and not waiting:
        desk.say(Prompt(f"{done}没有要交接的。"))
        return
    left = f"名下还有客户 {customers} 家、没办完的事 {waiting} 件"
    if boss is None:
        desk.say(Prompt(f"{done}{left}，还没有主管或经理能安排交接，请先任命一位。"))
        return
    see = Option("去交接", tokens.of_action("handover", who.id), main=True)
    desk.tell(boss.id, Prompt(f"{who.name}今天离职，{left}，请安排交接。", (see,)), key=f"handover:{who.id}:{desk.now:%Y%m%d}")
    desk.say(Prompt(f"{done}{left}，已请{boss.name}安排交接。"))


def handover(desk: Desk, said: Said, person: str, to: str = "0", customer: str = "0") -> None:
    """First what there is; to somebody: all of it, or one customer with what belongs to it, and then the next."""
    who = desk.person(number(person))
    if who is None or not who.left or desk.me.roles.isdisjoint({"supervisor", "manager"}):
        raise Outdated(_NOT_YOURS)
    theirs, cases = desk.touches(who.id), _cases(desk, who)
    if not theirs and not cases:
        raise Outdated(f"{who.name}的客户和事情都交接完了。")
    heirs = _heirs(desk, who)
    one = next((each for each in theirs if each.customer_id == number(customer)), None)
    if number(customer) and one is None:
        raise Outdated("这家已经转给别人了。")
    if not number(to):
        _ask(desk, who, theirs, cases, heirs, one)
        return
    heir = next((each for each in heirs if each.id == number(to)), None)
    if heir is None:
        raise Outdated("这个人现在不能接，请另选一个。")
    _hand(desk, who, heir, [one] if one else theirs, [each for each in cases if one is None or each.customer_id == one.customer_id])
    rest = [each for each in theirs if one is not None and each is not one]
    if rest:
        _ask(desk, who, rest, cases, heirs, rest[0])


def _ask(desk: Desk, who: Person, theirs: Sequence[Touch], cases: Sequence[Case], heirs: Sequence[Person], one: Touch | None) -> None:
    if not heirs:
        desk.say(Prompt("部门里还没有别的市场员能接，请先邀请一位。"))
        return
    if one is not None:
        options = [Option(heir.name, tokens.of_action("handover", who.id, heir.id, one.customer_id)) for heir in heirs[:COLLEAGUES]]
        desk.say(Prompt(f"{one.label}转给谁？{f'后面还有 {len(theirs) - 1} 家。' if len(theirs) > 1 else ''}", tuple(options)))
        return
    names = "、".join(each.label for each in theirs[:SHOWN]) + (f"等 {len(theirs)} 家" if len(theirs) > SHOWN else "")
    counts = {kind: sum(case.kind == kind for case in cases) for kind in _OPEN}
    open_ = "，".join(f"{_WORDS[kind]} {count} 件" for kind, count in counts.items() if count)
    lines = [f"{who.name}的交接：", *([f"客户 {len(theirs)} 家：{names}。"] if theirs else []), *([f"没办完：{open_}。"] if open_ else [])]
    options = [Option(f"全部转给{heir.name}", tokens.of_action("handover", who.id, heir.id)) for heir in heirs[:COLLEAGUES]]
    options += [Option("一家一家转", tokens.of_action("handover", who.id, 0, theirs[0].customer_id))] if theirs else []
    desk.say(Prompt("\n".join([*lines, "转给谁？"]), tuple(options)))


def _hand(desk: Desk, who: Person, heir: Person, theirs: Sequence[Touch], cases: Sequence[Case]) -> None:
    for case in cases:
        owed.goes_to(desk, case, heir)
    for each in theirs:
        desk.give_customer(each.customer_id, heir.id)
    names = "、".join(each.label for each in theirs[:SHOWN]) + (f"等 {len(theirs)} 家" if len(theirs) > SHOWN else "")
    what = f"{names or '客户的事'}{f'，连同没办完的事 {len(cases)} 件' if cases else ''}"
    if heir.id != desk.me.id:
        see = Option("今天", tokens.of_action("today"), main=True)
        key = f"heir:{who.id}:{heir.id}:{theirs[0].customer_id if theirs else 0}:{len(theirs)}"
        desk.tell(heir.id, Prompt(f"{who.name}离职，{desk.me.name}请您接手：{what}。写「查 客户名」看往来。", (see,)), key=key)
    desk.say(Prompt(f"已转给{heir.name}：{what}。"))


def _cases(desk: Desk, who: Person) -> list[Case]:
    return [case for kind, states in _OPEN.items() for case in desk.cases(kind, person=who.id, states=states, limit=200)]


def _heirs(desk: Desk, who: Person) -> list[Person]:
    """Reps of the team first; in a team of one, those of the others."""
    reps = [one for one in desk.people("rep") if one.id != who.id]
    return [*(one for one in reps if one.team_id == who.team_id), *(one for one in reps if one.team_id != who.team_id)]
