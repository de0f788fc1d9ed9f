"""sheet, sheets, figure, record, funnel, sources, statement, approve: what is counted, and what may be said to it (A-2.1, A-3.3.6c)."""

from __future__ import annotations

import re

from conversations import daylog, exhibits, figures, statements, tokens
from conversations.actions.logs import fresh, the_case
from conversations.actions.outdated import Outdated, number
from conversations.desk import Desk
from conversations.firm import Person
from conversations.matters import about
from conversations.spoken import day_of_month
from conversations.types import Option, Prompt, Said
from rules.evidence import Grade
from rules.figures import BY_KEY, proven
from rules.statements import bounds

NOT_YOURS = "这份数据不归您看，请问部门主管。"
FILES = 3  # pictures sent with one record


def _month(text: str) -> str:
    try:
        bounds(text)
    except ValueError:
        raise Outdated from None
    return text


def sheet(desk: Desk, said: Said, month: str = "", person: str = "0") -> None:
    """我的数据, 本月: one's own; a superior's people by their button."""
    which = _month(month or figures.months_of(desk)[0])
    id = number(person) or desk.me.id
    if id == desk.me.id and "rep" not in desk.me.roles:
        sheets(desk, said, which)
        return
    if id != desk.me.id and not _may_see(desk, id):
        raise Outdated(NOT_YOURS)
    desk.say(figures.sheet(desk, id, which))


def last_month(desk: Desk, said: Said) -> None:
    sheet(desk, said, figures.months_of(desk)[1])


def sheets(desk: Desk, said: Said, month: str = "", page: str = "0") -> None:
    people = _people(desk)
    which = _month(month or figures.months_of(desk)[0])
    desk.say(figures.table(desk, people, which, number(page)))


_OF = re.compile(
    r"(?P<who>\S{2,6}?)\s*的?\s*(?P<when>本月|上月|上个月)?\s*的?\s*(?:数据|成绩)|(?P<then>数据|成绩|本月|上月)[\s:：]+(?P<whom>\S{2,6})"
)


def written(desk: Desk, said: Said) -> bool:
    """张敏的数据, 上月 张敏: of those one looks after, by name."""
    found = _OF.fullmatch(said.text.strip(" 。"))
    name = (found["who"] or found["whom"]) if found else ""
    who = next((one for one in figures.team_of(desk) if one.name == name), None) if name else None
    if found is None or who is None:
        return False
    last = (found["when"] or found["then"] or "").startswith("上")
    sheet(desk, said, figures.months_of(desk)[last], str(who.id))
    return True


def figure(desk: Desk, said: Said, month: str, key: str, person: str, page: str) -> None:
    if key not in BY_KEY:
        raise Outdated
    id = number(person)
    if id != desk.me.id and not _may_see(desk, id):
        raise Outdated(NOT_YOURS)
    desk.say(figures.records(desk, _month(month), key, id, number(page)))


def record(desk: Desk, said: Said, what: str, id: str, key: str = "", counts: str = "") -> None:
    """One record with how it is shown, and its pictures; `counts`: it was in the figure it was opened from."""
    desk.say(_paper(desk, number(id)) if what == "paper" else _case(desk, number(id), _why(key, counts)))


def _why(key: str, counts: str) -> str:
    """What a person may ask of a line: is it in, and if not, what for."""
    if key not in BY_KEY or not counts:
        return ""
    return "算在数据里。" if counts == "1" else f"还不算（{BY_KEY[key].short}）：{BY_KEY[key].how}"


def _paper(desk: Desk, id: int) -> Prompt:
    paper = desk.paper(id)
    if paper is None:
        raise Outdated(NOT_YOURS)
    files = exhibits.of(desk, paper)[:FILES]
    counts = "算在数据里" if proven(paper.grade) else "还不算：补一张照片，或随日志交主管签收"
    text = f"{paper.number}　{Grade(paper.grade).label}（{counts}）\n{daylog.line(desk, paper)}"
    mine = paper.person_id == desk.me.id and paper.form == "CustomerVisit"
    add = (Option("补照片", tokens.of_action("fix", paper.id)),) if mine and not proven(paper.grade) else ()
    return Prompt(text, add, attach=files)


def _case(desk: Desk, id: int, why: str) -> Prompt:
    case = desk.case(id)
    if case is None:
        raise Outdated(NOT_YOURS)
    lines = [about(desk, case) if case.kind != "daylog" else f"{day_of_month(case.day)}的日志" if case.day else "工作日志"]
    for event in desk.case_events(id):
        who = desk.person(event.by_id) if event.by_id else None
        lines.append(f"{figures.spoken_at(desk, event.at)} {who.name if who else '系统'} {figures.moved(event.action, log=case.kind == 'daylog')}")
    lines += [why] if why else []
    paper = int(case.data.get("record") or 0) or case.paper_id
    see = (Option("看记录", tokens.of_action("record", "paper", paper)),) if paper else ()
    return Prompt("\n".join(lines), see)


def funnel(desk: Desk, said: Said, month: str = "") -> None:
    desk.say(figures.funnel(desk, _people(desk), _month(month or figures.months_of(desk)[0])))


def sources(desk: Desk, said: Said, month: str = "") -> None:
    desk.say(figures.sources(desk, _people(desk), _month(month or figures.months_of(desk)[0])))


def statement(desk: Desk, said: Said, id: str, rev: str, what: str) -> None:
    """object is the person's; answer, recount and keep the supervisor's; approve the manager's."""
    case = the_case(desk, id, "statement")
    if what == "answer":
        desk.say(statements.to_supervisor(desk, case))
        return
    now = fresh(desk, case, rev)
    if what == "object":
        desk.say(statements.objected(desk, case, now))
    elif what in ("recount", "keep"):
        desk.say(statements.settled(desk, case, now, what))
    elif what == "approve":
        desk.say(statements.passed(desk, case, now))
    else:
        raise Outdated


def approve(desk: Desk, said: Said, month: str) -> None:
    desk.say(statements.approved(desk, _month(month)))


def _people(desk: Desk) -> list[Person]:
    """A superior's people; a rep's only oneself."""
    people = figures.team_of(desk) or ([desk.me] if "rep" in desk.me.roles else [])
    if not people:
        raise Outdated("您名下还没有市场员，数据在部门主管和经理那里看。")
    return people


def _may_see(desk: Desk, person: int) -> bool:
    return any(who.id == person for who in figures.team_of(desk)) or ("manager" in desk.me.roles and statements.left_to(desk, person))
