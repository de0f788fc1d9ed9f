"""The evening: what is still missing, and the day's papers, keys and money into the desk's hands (C-4.6a, C-4.6b)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from conversations import tokens
from conversations.desk import Desk
from conversations.desks.repairs import Thing
from conversations.firm import Person
from conversations.repairs import reconcile, visit
from conversations.repairs.job import Job
from conversations.spoken import wall
from conversations.types import Option, Prompt
from rules import money
from rules.repairs import jobs as rule
from rules.repairs.reconciliation import HAND_OVER

SHOWN = 8
GAPS_SHOWN = 3
MONEY = ("cash", "cheque")
UNFINISHED = ("arrived", "found", "quoted", "working", "finished", "tried", "content", "signed")


def held(desk: Desk) -> list[Thing]:
    """What is in one's hands and not on its way."""
    return [one for one in desk.things(holder=desk.me.id) if not one.to_id]


def owed(desk: Desk, day: date) -> list[Thing]:
    """Of it, what belongs to that day: a job finished after the hand-over is on tomorrow's list by itself; money never waits."""
    end = desk.calendar.at(day, desk.hours_on(desk.me.id, day)[1]) - HAND_OVER
    found = []
    for one in held(desk):
        job = desk.job(one.case_id) if one.case_id and one.kind == "paper" else None
        if job is None or job.closed_at is None or job.closed_at <= end:
            found.append(one)
    return found


def gaps(desk: Desk) -> list[Job]:
    """Begun today and not ended: what would be missing tomorrow."""
    return [job for job in visit.mine(desk) if job.state in UNFINISHED]


def card(desk: Desk) -> Prompt:
    """今天 6 张单，07 号还差客户签名; one tap hands over what is there."""
    mine, open_jobs = held(desk), gaps(desk)
    lacking = "".join(f"\n{job.number} {rule.STATES[job.state]}" for job in open_jobs[:GAPS_SHOWN])
    text = f"{counted(mine)}。" if mine else "手上没有要交的单。"
    text += f"\n没办完的：{lacking}" if lacking else ""
    options = [Option(f"补 {job.number}", tokens.of_action("job", job.id, job.rev, "card")) for job in open_jobs[:GAPS_SHOWN]]
    if mine:
        options.insert(0, Option("交给客服", tokens.of_action("hand_papers"), main=True))
    options.append(Option("还有一张纸单", tokens.of_action("paper_found")))
    return Prompt(text, tuple(options))


def hand_over(desk: Desk) -> Prompt:
    """To whoever is at the desk; what is finished later goes on tomorrow's list by itself."""
    mine = held(desk)
    if not mine:
        return Prompt("手上没有要交的单了。")
    to = receiver(desk)
    if to is None:
        return Prompt("客服现在没人在班，\n请明早再交，\n单先留在您手上。")
    batch = f"{desk.me.id}:{desk.calendar.day_of(desk.now):%Y%m%d}:{desk.now:%H%M%S}"
    for one in mine:
        desk.give_thing(one.id, to.id, batch=batch)
    desk.tell(to.id, offered(desk, to, desk.me.id))
    back = Option("收回", tokens.of_action("papers_back"))
    return Prompt(f"{wall(desk.now, desk)} 交给{to.name}了：\n{counted(mine)}。\n对方点收前可以收回。", (back,))


def take_back(desk: Desk) -> Prompt:
    mine = [one for one in desk.things(holder=desk.me.id) if one.to_id]
    for one in mine:
        desk.take_back_thing(one.id)
    for to in {one.to_id for one in mine}:
        desk.tell(to, Prompt(f"{desk.me.name}收回去了：{counted([one for one in mine if one.to_id == to])}，先不用点收。"))
    return Prompt("收回来了，补好再交。" if mine else "对方已经点收，\n收不回来了。\n要改请告诉客服。")


def receiver(desk: Desk) -> Person | None:
    """Somebody of the desk and never oneself (C-4.6b)."""
    there = desk.on_shift("service_desk", desk.now)
    return next((who for who in there if who.id != desk.me.id), None)


def offered(desk: Desk, to: Person, giver: int) -> Prompt:
    """What lies before the receiver: digital papers that match are only a number; originals, keys and money are to be counted."""
    things = [one for one in desk.things(holder=giver) if one.to_id == to.id]
    who = desk.person(giver)
    look = to_count(desk, things)
    quiet = [one for one in things if one not in look]
    text = f"{who.name if who else ''}交来：{counted(things)}。"
    text += f"\n电子单 {len(quiet)} 张，都和登记对上了。" if quiet else ""
    text += "\n请点一下：" if look else ""
    text += "".join(f"\n{said(desk, one)}" for one in look[:SHOWN])
    text += f"\n……共 {len(look)} 件" if len(look) > SHOWN else ""
    options = [Option("全部收下", tokens.of_action("take_papers", giver), main=True)]
    options += [Option(f"数目不对 {money.short(one.amount)}", tokens.of_action("count_thing", one.id, one.rev)) for one in look if one.kind in MONEY][
        :3
    ]
    options += [Option("有一件没收到", tokens.of_action("papers_lacking", giver))]
    if any(one.kind == "paper" for one in look):
        options.append(Option("单上写的不一样", tokens.of_action("papers_differ", giver)))
    return Prompt(text, tuple(options))


def take_all(desk: Desk, giver: int) -> Prompt:
    """Received by the one it was given to; the giver hears it (C-4.6b)."""
    things = [one for one in desk.things(holder=giver, offered_to=desk.me.id) if one.to_id == desk.me.id]
    if not things:
        return Prompt("这一批已经点收过了。")
    for one in things:
        desk.take_thing(one.id, one.amount)
    desk.tell(giver, Prompt(f"{desk.me.name} {wall(desk.now, desk)} 点收了：\n{counted(things)}。"))
    compare = (Option("对单", tokens.of_action("compare")),) if "service_desk" in desk.me.roles and any(one.kind == "paper" for one in things) else ()
    return Prompt(f"收下了：{counted(things)}。", compare)


def refuse(desk: Desk, id: int) -> Prompt:
    """One that did not come with the others stays with the giver."""
    one = next((each for each in desk.things(offered_to=desk.me.id) if each.id == id), None)
    if one is None:
        return Prompt("这一件已经处理过了。")
    desk.refuse_thing(id, "没有收到")
    desk.tell(one.holder, Prompt(f"{desk.me.name}说没收到：\n{_line(one)}\n还在您手上，\n请找一找。"))
    rest = [each for each in desk.things(holder=one.holder) if each.to_id == desk.me.id]
    options = (Option("其余全部收下", tokens.of_action("take_papers", one.holder), main=True),) if rest else ()
    return Prompt(f"好，{_line(one)} 退回给对方了。" + (f"还有 {counted(rest)}。" if rest else ""), options)


def count(desk: Desk, one: Thing, amount: int) -> None:
    """Money as it was counted, which may be more or less than was said; both know it (A-8.3c)."""
    desk.take_thing(one.id, amount)
    less = amount - one.amount
    words = f"，比说的{'多' if less > 0 else '少'} {money.short(abs(less))}" if less else ""
    desk.tell(one.holder, Prompt(f"{desk.me.name}点收 {one.number}：\n{money.short(amount)}{words}。\n有出入请当面核对。"))


def to_count(desk: Desk, things: Sequence[Thing]) -> list[Thing]:
    """All but the digital papers that match their line of the register."""
    return [one for one in things if (job := _digital(desk, one)) is None or reconcile.found_of(desk, job, one).open]


def said(desk: Desk, one: Thing) -> str:
    """What it is, and why it is to be looked at."""
    return f"{_line(one)}{_why(desk, one)}"


def lacking(desk: Desk, giver: int) -> Prompt:
    """Which of them? The buttons say refuse."""
    return _which(desk, giver, "哪一件没收到？", "没收到 ", "refuse_thing", list(desk.things(holder=giver, offered_to=desk.me.id)))


def differing(desk: Desk, giver: int) -> Prompt:
    papers = [one for one in desk.things(holder=giver, offered_to=desk.me.id) if one.kind == "paper"]
    return _which(desk, giver, "哪一张和登记的不一样？", "", "paper_differs", papers)


def _which(desk: Desk, giver: int, words: str, before: str, verb: str, things: Sequence[Thing]) -> Prompt:
    options = tuple(Option(f"{before}{one.number}"[:20], tokens.of_action(verb, one.id)) for one in things[:SHOWN])
    return Prompt(words if options else "这一批已经点收过了。", options)


def counted(things: Sequence[Thing]) -> str:
    papers = sum(one.kind == "paper" for one in things)
    keys = sum(one.kind == "key" for one in things)
    cash = sum(one.amount for one in things if one.kind in MONEY)
    parts = [f"{papers} 张单" if papers else "", f"钱 {money.short(cash)}" if cash else "", f"钥匙 {keys} 把" if keys else ""]
    return "、".join(part for part in parts if part) or "0 件"


def _digital(desk: Desk, one: Thing) -> Job | None:
    """Signed on a page: there is no original to count. One signed on paper, or of no request, has come as paper."""
    job = desk.job(one.case_id) if one.kind == "paper" and one.case_id else None
    return job if job is not None and not job.data.get("original") else None


def _why(desk: Desk, one: Thing) -> str:
    """Why a paper is to be looked at."""
    if one.kind != "paper":
        return ""
    if one.case_id is None:
        return "（纸单，报修里没有）"
    job = _digital(desk, one)
    if job is None:
        return "（纸单）"
    return _unsigned(job) if reconcile.found_of(desk, job, one).finding == "unsigned" else "（和登记对不上）"


def _unsigned(job: Job) -> str:
    """The area manager let it be; the desk reads why there is no signature, and need not look for one (C-4.5.5b)."""
    if job.data.get("unsigned"):
        return f"（没有签名，原因：{job.data['unsigned']}）"
    return f"（没有签名，没修好：{job.data['unmet']}）" if job.data.get("unmet") else "（没有签名）"


def _line(one: Thing) -> str:
    if one.kind in MONEY:
        return f"钱 {money.exact(one.amount)} 元（{one.number} {one.what}）"
    return one.what if one.kind == "key" else f"{one.number} {one.what}".strip()
