"""Figures as they are told: one's sheet, what is behind a line, the team's table, the funnel, yield by source (A-2.1–A-2.3, A-3.0, A-3.1.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from conversations import paging, tokens
from conversations.daylog import line as paper_line
from conversations.desk import Desk
from conversations.desks.figures import Line, Source
from conversations.firm import Person
from conversations.lookup import Lookup
from conversations.matters import about
from conversations.owedlogs import reps_under
from conversations.spoken import day_of_month, day_words, wall
from conversations.types import Option, Prompt
from rules.figures import BLOCKS, BY_KEY, MEASURES, Block, Tally, of_block, share, total
from rules.statements import bounds, spelt

PAGE = 4  # records on one card, each with its button
NAMED = 8  # people on a page of the team's table
WHY = "只数有凭证或有人签收的记录；复杂不复杂、资历、学历都不算。"
OPEN = "点一项看每一条。"
Sheet = dict[str, Tally]


def sheet(desk: Desk, person: int, month: str) -> Prompt:
    """One person's month, explained; every line opens."""
    first, last = bounds(month)
    tallies = dict(desk.tallies([person], first, last).get(person, {}))
    whose, today = desk.person(person), desk.calendar.day_of(desk.now)
    mine = person == desk.me.id
    until = f"（到 {day_of_month(today)}）" if first <= today <= last else ""
    head = f"{'您' if mine else whose.name if whose else ''} {_month(desk, first)}的数据{until}："
    shown = [measure for measure in MEASURES if sum(tallies.get(measure.key, Tally()))]
    lines = [head, *in_blocks(tallies), f"{WHY}{OPEN if shown else ''}"]
    options = [Option(f"{one.label} {tallies[one.key].counted}", tokens.of_action("figure", month, one.key, person, 0)) for one in shown]
    before = spelt(date.fromordinal(first.toordinal() - 1))
    options.append(Option("上月", tokens.of_action("sheet", before, person)))
    return Prompt("\n".join(lines), tuple(options))


def in_blocks(tallies: dict[str, Tally]) -> list[str]:
    """成果：…… 付出：……: what is nought in every way is left out, a block never is."""
    lines = []
    for block in ("results", "effort", "apart"):
        said = [tallies[measure.key].words(measure) for measure in of_block(_block(block)) if sum(tallies.get(measure.key, Tally()))]
        if said or block != "apart":
            lines.append(f"{BLOCKS[_block(block)]}：{'，'.join(said) or '还没有'}。")
    return lines


def _block(name: str) -> Block:
    return next(block for block in BLOCKS if block == name)


def records(desk: Desk, month: str, key: str, person: int, page: int) -> Prompt:
    """The records behind one figure, a page at a time; each opens to its proof."""
    measure, (first, last) = BY_KEY[key], bounds(month)
    found = desk.figure_lines(key, person, first, last, page * PAGE, PAGE + 1)
    rows, more = found[:PAGE], len(found) > PAGE
    tally = desk.tallies([person], first, last).get(person, {}).get(key, Tally())
    lines = [f"{_month(desk, first)}{tally.words(measure)}。{measure.how}"]
    lines += [f"{nth} {_record(desk, row)}" for nth, row in enumerate(rows, page * PAGE + 1)]
    options = [
        Option(f"看第 {nth} 条", tokens.of_action("record", row.what, row.id, key, int(row.counts))) for nth, row in enumerate(rows, page * PAGE + 1)
    ]
    if page:
        options.append(Option("上一页", tokens.of_action("figure", month, key, person, page - 1)))
    if more:
        options.append(Option("下一页", tokens.of_action("figure", month, key, person, page + 1)))
    options.append(Option("回到数据", tokens.of_action("sheet", month, person)))
    if not rows:
        lines.append("还没有记录。")
    return Prompt("\n".join(lines), tuple(options))


def _record(desk: Desk, row: Line) -> str:
    return f"{spoken_at(desk, row.at)} {_what(desk, row)}{'' if row.counts else '（还不算）'}"


def spoken_at(look: Lookup, at: datetime) -> str:
    """今天 09:40, 11 月 20 日（周五）14:05."""
    day = day_words(look.calendar.day_of(at), look)
    return f"{day}{'' if day.endswith('）') else ' '}{wall(at, look)}"


def _month(look: Lookup, first: date) -> str:
    """11 月; with its year when it is another one."""
    year = "" if first.year == look.calendar.day_of(look.now).year else f"{first.year} 年 "
    return f"{year}{first.month} 月"


def _what(desk: Desk, row: Line) -> str:
    if row.what == "paper":
        paper = desk.paper(row.id)
        return paper_line(desk, paper) if paper is not None else "（看不到了）"
    case = desk.case(row.id)
    return f"{day_of_month(case.day)}的日志" if case and case.kind == "daylog" and case.day else about(desk, case) if case else "（看不到了）"


def months_of(desk: Desk) -> tuple[str, str]:
    """This month and the one before."""
    today = desk.calendar.day_of(desk.now)
    first = today.replace(day=1)
    return spelt(first), spelt(date.fromordinal(first.toordinal() - 1))


def team_of(desk: Desk) -> list[Person]:
    """Whom a superior looks after; nobody for a rep."""
    roles = desk.me.roles & {"manager", "supervisor"}
    return list(dict.fromkeys(who for role in sorted(roles) for who in reps_under(desk, desk.me.id, role)))


def table(desk: Desk, people: Sequence[Person], month: str, page: int = 0) -> Prompt:
    """Everybody's month in a line each, by name, nobody ranked; a button for each, a page at a time."""
    first, last = bounds(month)
    tallies = desk.tallies([who.id for who in people], first, last)
    keys = ("visits", "calls", "new_customers", "logs")
    lines, options = [f"{_month(desk, first)}，{len(people)} 人（只数有凭证或签收的）："], list[Option]()
    for _, who in paging.cut(people, page, NAMED):
        said = "，".join(f"{BY_KEY[key].label} {tallies.get(who.id, {}).get(key, Tally()).counted}" for key in keys)
        lines.append(f"{who.name}：{said}")
        options.append(Option(who.name, tokens.of_action("sheet", month, who.id)))
    together = total(dict(one) for one in tallies.values())
    lines.append("合计：" + "，".join(f"{BY_KEY[key].label} {together.get(key, Tally()).counted}" for key in keys) + "。")
    before = spelt(date.fromordinal(first.toordinal() - 1))
    turn = paging.turn(people, page, NAMED, "sheets", month)
    return Prompt(
        "\n".join(lines), (*options, *turn, Option("上月", tokens.of_action("sheets", before)), Option("漏斗", tokens.of_action("funnel", month)))
    )


def funnel(desk: Desk, people: Sequence[Person], month: str) -> Prompt:
    """How far the customers come, as words and as a picture (A-3.0)."""
    first, last = bounds(month)
    stages = desk.funnel([who.id for who in people], first, last)
    title = f"{_month(desk, first)}漏斗（{_named(people)}）"
    words = "\n".join(f"{stage.label} {stage.customers} 家" for stage in stages)
    note = "同一家客户每一步算一次；还没有记录的步骤不列"
    spec = {"kind": "funnel", "title": title, "rows": [[stage.label, stage.customers] for stage in stages], "note": note}
    picture = desk.chart(spec, f"{title}：\n{words}") if any(stage.customers for stage in stages) else ""
    before = spelt(date.fromordinal(first.toordinal() - 1))
    options = (Option("渠道", tokens.of_action("sources", month)), Option("上月漏斗", tokens.of_action("funnel", before)))
    return Prompt(f"{title}：\n{words}\n{note}。", options, attach=(picture,) if picture else ())


def sources(desk: Desk, people: Sequence[Person], month: str) -> Prompt:
    """What each channel brought (A-3.1.2)."""
    first, last = bounds(month)
    found = desk.sources([who.id for who in people], first, last)
    lines = [f"{_month(desk, first)}登记的新客户从哪里来（{_named(people)}）："]
    lines += [*(_source(one) for one in found), "登记的都算在内；成果里只算有凭证的。"]
    before = spelt(date.fromordinal(first.toordinal() - 1))
    options = (Option("漏斗", tokens.of_action("funnel", month)), Option("上月渠道", tokens.of_action("sources", before)))
    return Prompt("\n".join(lines) if found else f"{_month(desk, first)}还没有新客户。登记新客户时选的来源会列在这里。", options)


def _source(one: Source) -> str:
    signed = f"，有合同 {one.signed} 家（{share(one.signed, one.entered)}）" if one.signed else ""
    return f"{one.name}：{one.entered} 家，谈过且有凭证 {one.reached} 家（{share(one.reached, one.entered)}）{signed}"


def _named(people: Sequence[Person]) -> str:
    return people[0].name if len(people) == 1 else f"{len(people)} 人"


MOVES: Mapping[str, str] = {
    "open": "记下",
    "plan": "排好",
    "name": "指派",
    "hand": "交出",
    "receive": "签收",
    "return": "退回",
    "withdraw": "撤回",
    "pass": "转交",
    "keep": "已答复客户",
    "later": "改时间",
    "ask": "转经理",
    "answer": "答复",
    "tell": "告诉客户",
    "part": "送到一部分",
    "deliver": "送到",
    "reason": "写了没送到的原因",
    "undo": "改回没办",
    "fill": "填了一部分",
    "finish": "填完",
    "note": "补充情况",
    "solve": "已解决",
    "explain": "已说明",
    "correct": "改正",
    "drop": "取消",
}


def moved(action: str, *, log: bool = False) -> str:
    """A move of a case, as one says it; what is handed on is another thing than a log handed in."""
    return "转给同事" if action == "hand" and not log else MOVES.get(action, "更新")
