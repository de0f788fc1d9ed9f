"""客户跟踪表: a row a local customer, derived from the records; stale ones are marked (A-3.3.7B)."""

from __future__ import annotations

from conversations import keeping, paging, planlist, proposals, surveys, tokens
from conversations.desk import Desk
from conversations.firm import Customer, Paper, Person, Touch
from conversations.lookup import Lookup
from conversations.spoken import day_of_month, day_words, spaced
from conversations.types import Option, Prompt
from rules import touches
from rules.customers import SILENT_AFTER

PAGE, NAMED, NEED = 4, 8, 16


def of(desk: Desk, person: Person, page: int = 0) -> Prompt:
    """The stale ones first, the longest silence before the others."""
    rows = local(desk, person.id)
    if not rows:
        return Prompt("名下还没有本地客户。")
    stale = [one for one in rows if is_stale(desk, one)]
    whose = "" if person.id == desk.me.id else f"{person.name}，"
    lines = [f"{whose}本地客户 {len(rows)} 家{f'，该联系的 {len(stale)} 家' if stale else '，都在跟进'}。"]
    shown = [one for _, one in paging.cut(rows, page, PAGE)]
    lines += [row(desk, one) for one in shown]
    options = (Option(one.label, tokens.of_action("find", one.customer_id)) for one in shown)
    return Prompt("\n".join(lines), (*options, *paging.turn(rows, page, PAGE, "track", person.id)), title="客户跟踪表")


def local(look: Lookup, person: int) -> list[Touch]:
    rows = [one for one in look.touches(person) if one.local]
    return sorted(rows, key=lambda one: (not is_stale(look, one), one.last, one.customer_id))


def is_stale(look: Lookup, touch: Touch) -> bool:
    after = int(look.setting("silent_days", SILENT_AFTER))
    return touches.stale(touch.last, look.calendar.day_of(look.now), touch.coming, after)


def row(look: Lookup, touch: Touch) -> str:
    """恒达影音｜11 月 24 日 拜访｜想换版｜接受｜下次明天."""
    latest = _latest(look, touch.customer_id)
    last = f"{day_of_month(latest.day)}{'电话' if latest.form == 'PhoneCall' else '拜访'}" if latest else "还没联系过"
    coming = spaced("下次", day_words(touch.coming, look)) if touch.coming else "没定下次"
    need = _need(look, touch.customer_id)
    days = (look.calendar.day_of(look.now) - touch.last).days
    mark = f"【{days} 天没联系】" if is_stale(look, touch) else ""
    return "｜".join(part for part in (f"{mark}{touch.label}", last, need, keeping.stage(look, touch.customer_id), coming) if part)


def _latest(look: Lookup, customer: int) -> Paper | None:
    return next((one for one in look.papers(customer=customer, forms=keeping.SPOKEN, limit=3) if one.state == "filed"), None)


def _need(look: Lookup, customer: int) -> str:
    """The newest one that was put in words."""
    for paper in look.papers(customer=customer, forms=keeping.SPOKEN, limit=NAMED):
        need = paper.answers.get("need")
        if paper.state == "filed" and isinstance(need, str):
            return need if len(need) <= NEED else f"{need[:NEED]}…"
    return ""


def of_team(desk: Desk, page: int = 0) -> Prompt:
    """A superior's: how each rep's customers are kept, one tap further the rows."""
    kept = [(who, rows) for who in desk.people("rep") if who.id != desk.me.id and (rows := local(desk, who.id))]
    if not kept:
        return Prompt("还没有本地客户。")
    lines, options = ["客户跟踪："], list[Option]()
    for _, (who, rows) in paging.cut(kept, page, PAGE):
        stale = sum(is_stale(desk, one) for one in rows)
        lines.append(f"{who.name}：本地 {len(rows)} 家{f'，该联系的 {stale} 家' if stale else '，都在跟进'}")
        options.append(Option(f"看{who.name}的", tokens.of_action("track", who.id)))
    return Prompt("\n".join(lines), (*options, *paging.turn(kept, page, PAGE, "track", 0)))


def marks(look: Lookup, customer: Customer) -> list[str]:
    """What the customer's own card says besides: stage, next date, need, survey, complaint."""
    lines = []
    stage, coming = keeping.stage(look, customer.id), keeping.planned(look, customer.id)
    facts = [f"关系：{stage}" if stage else "", f"下次联系：{day_words(coming, look)}" if coming else ""]
    if any(facts):
        lines.append("｜".join(part for part in facts if part))
    for case in look.cases("need", customer=customer.id, states=("asked", "proposed"), limit=3):
        lines.append(f"客户需求：{case.data.get('words', '')}（{proposals.clocks(look, case)}）")
    for case in look.cases("prospect", customer=customer.id, states=("open",), limit=1):
        lines.append(f"客户调查：还差 {len(surveys.missing(case))} 项，{surveys.by(look, case)}")
    if (plan := planlist.latest(look, customer.id)) is not None:
        lines.append(f"宣传方案：{day_words(plan.day, look)}写的")
    for case in look.cases("complaint", customer=customer.id, states=("open",), limit=2):
        lines.append(f"客户意见：{case.data.get('what', '')}（待处理）")
    return lines
