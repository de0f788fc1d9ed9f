"""The month's statement: what it says, what changed since the last, and what each may do with it (A-2.1, A-3.3.6c)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from conversations import figures, tokens
from conversations.desk import Desk
from conversations.firm import Case
from conversations.types import Option, Prompt
from rules.figures import MEASURES, Change, Tally, changes, counted
from rules.statements import bounds, spelt

LOOK_BACK = 3  # months whose figures are looked at again


def issued(desk: Desk, month: str, person: int = 0) -> Case | None:
    """One's own, or theirs who has left, with the figures as they are now; None for a month with nothing in it."""
    person = person or desk.me.id
    key = f"statement:{person}:{month}"
    known = desk.case_by_key(key)
    if known is not None:
        return known
    tallies = _now(desk, person, month)
    later = _later(desk, person, month)
    if not any(sum(tally) for tally in tallies.values()) and not later:
        return None
    return desk.issue_statement(person, month, figures=_kept(tallies), later=later)


def _now(desk: Desk, person: int, month: str) -> dict[str, Tally]:
    return dict(desk.tallies([person], *bounds(month)).get(person, {}))


def _kept(tallies: Mapping[str, Tally]) -> dict[str, list[int]]:
    return {key: list(tally) for key, tally in tallies.items() if sum(tally)}


def filed(case: Case) -> dict[str, Tally]:
    """The numbers it was filed with."""
    kept: Mapping[str, list[int]] = case.data.get("figures", {})
    return {measure.key: Tally(*kept.get(measure.key, (0, 0))) for measure in MEASURES}


def _later(desk: Desk, person: int, month: str) -> dict[str, list[Change]]:
    """What would be counted otherwise now in the months before: told once, on the next statement."""
    found: dict[str, list[Change]] = {}
    first, _ = bounds(month)
    known: dict[str, dict[str, int]] = {}
    for _ in range(LOOK_BACK):
        first = date.fromordinal(first.toordinal() - 1).replace(day=1)
        case = desk.case_by_key(f"statement:{person}:{spelt(first)}")
        if case is None:
            continue
        told: Mapping[str, list[list[int]]] = case.data.get("later", {})
        for earlier, rows in told.items():
            known.setdefault(earlier, {})
            for key, _was, became in rows:
                known[earlier].setdefault(str(key), int(became))
        before = counted(filed(case)) | known.get(spelt(first), {})
        if different := changes(before, counted(_now(desk, person, spelt(first)))):
            found[spelt(first)] = different
    return found


def text(case: Case) -> str:
    first, _ = bounds(str(case.data["month"]))
    lines = [f"{first.month} 月数据单：", *figures.in_blocks(filed(case))]
    later: Mapping[str, list[list[object]]] = case.data.get("later", {})
    for month, rows in sorted(later.items()):
        told = "，".join(Change(str(key), int(str(was)), int(str(now))).words() for key, was, now in rows)
        lines.append(f"{bounds(month)[0].month} 月后来有变：{told}。")
    return "\n".join(lines)


def to_owner(case: Case) -> Prompt:
    """What the person hears on the set day."""
    month = str(case.data["month"])
    options = (
        Option("看每一条", tokens.of_action("sheet", month, case.person_id), main=True),
        Option("忘了算", tokens.of_action("statement", case.id, case.rev, "object")),
    )
    return Prompt(f"{text(case)}\n没有不对的，不用回。经理核准后归档。", options, title="月数据单")


def left_to(desk: Desk, person: int) -> bool:
    """Has left, and this is the manager who looks after what they left."""
    who, boss = desk.person(person), desk.manager_of(person)
    return who is not None and who.left and boss is not None and boss.id == desk.me.id


def to_manager(desk: Desk, case: Case) -> Prompt:
    """Of somebody who has left: nobody else can look it over."""
    whose = desk.person(case.person_id)
    name, month = whose.name if whose else "市场员", str(case.data["month"])
    options = (
        Option("核准", tokens.of_action("statement", case.id, case.rev, "approve"), main=True),
        Option("看每一条", tokens.of_action("sheet", month, case.person_id)),
    )
    return Prompt(f"{name}已离职，数据单请您核准。\n{text(case)}", options, title="月数据单")


def passed(desk: Desk, case: Case, rev: int) -> Prompt:
    """核准 on one."""
    moved = desk.move_statement(case.id, rev, "approve")
    whose = desk.person(case.person_id)
    return Prompt(f"已核准{whose.name if whose else ''} {bounds(str(moved.data['month']))[0].month} 月的数据单，已归档。")


def to_supervisor(desk: Desk, case: Case) -> Prompt:
    """An objection: the figures as filed and as they are now."""
    whose = desk.person(case.person_id)
    month = str(case.data["month"])
    different = changes(counted(filed(case)), counted(_now(desk, case.person_id, month)))
    now = f"现在重新数：{'，'.join(one.words() for one in different)}。" if different else "现在重新数，数字没有变。"
    text_ = f"{whose.name if whose else '市场员'}说 {bounds(month)[0].month} 月的数据有漏算。{now}"
    options = (
        Option("按新的算", tokens.of_action("statement", case.id, case.rev, "recount"), main=True),
        Option("照原来的", tokens.of_action("statement", case.id, case.rev, "keep")),
        Option("看每一条", tokens.of_action("sheet", month, case.person_id)),
    )
    return Prompt(text_, options, title="月数据单")


def objected(desk: Desk, case: Case, rev: int) -> Prompt:
    """忘了算: one tap, the supervisor answers."""
    boss = desk.supervisor_of(case.person_id) or desk.manager_of(case.person_id)
    moved = desk.move_statement(case.id, rev, "object")
    if boss is None:
        return Prompt("记下了。现在还没有主管能核对，请告诉管理员。")
    desk.tell(boss.id, to_supervisor(desk, moved), key=f"objected:{moved.id}:{moved.rev}")
    return Prompt(f"已请{boss.name}核对，结果会告诉您。漏了哪一条，也可以直接和{boss.name}说。")


def settled(desk: Desk, case: Case, rev: int, action: str) -> Prompt:
    """The supervisor's answer: counted anew, or left as it was."""
    data = {"figures": _kept(_now(desk, case.person_id, str(case.data["month"])))} if action == "recount" else {}
    moved = desk.move_statement(case.id, rev, action, **data)
    said = "按现在的记录重新算了" if action == "recount" else "核对过，照原来的算"
    desk.tell(case.person_id, Prompt(f"{desk.me.name}{said}。\n{text(moved)}", title="月数据单"), key=f"settled:{moved.id}:{moved.rev}")
    whose = desk.person(case.person_id)
    return Prompt(f"好，已告诉{whose.name if whose else '本人'}。")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A month's statements of one's people that are not approved yet: whose are ready, whose are objected to."""

    month: str
    ready: tuple[Case, ...]
    objected: tuple[Case, ...]


def waiting(desk: Desk) -> list[Waiting]:
    """Oldest month first; nothing for who does not approve."""
    if "manager" not in desk.me.roles:
        return []
    mine = {who.id for who in figures.team_of(desk)} - {desk.me.id}
    cases = desk.cases("statement", states=("issued", "objected"), limit=2000)
    mine |= {id for id in {case.person_id for case in cases} - mine if left_to(desk, id)}
    found = [case for case in cases if case.person_id in mine]
    months = sorted({str(case.data["month"]) for case in found})
    of = {month: [case for case in found if case.data["month"] == month] for month in months}
    return [
        Waiting(month, tuple(one for one in of[month] if one.state == "issued"), tuple(one for one in of[month] if one.state == "objected"))
        for month in months
    ]


def approved(desk: Desk, month: str) -> Prompt:
    """Every statement of the month that waits and is not objected to, once (A-3.3.6c)."""
    found = next((one for one in waiting(desk) if one.month == month), Waiting(month, (), ()))
    chosen, objected_to = found.ready, found.objected
    for case in chosen:
        moved = desk.move_statement(case.id, case.rev, "approve")
        name = f"{bounds(month)[0].month} 月"
        desk.tell(case.person_id, Prompt(f"{desk.me.name}核准了您 {name}的数据单，已归档。"), key=f"approved:{moved.id}")
    rest = f"还有 {len(objected_to)} 份本人有异议，主管答复后再核。" if objected_to else ""
    return Prompt(f"已核准 {len(chosen)} 份。{rest}" if chosen else f"没有等您核准的了。{rest}")
