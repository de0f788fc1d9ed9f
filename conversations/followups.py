"""What a filed record leaves to be done: promises, requests for the manager, appointments kept, logs sent back (A-4.4.6, A-3.3.6, A-3.3.7A)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from conversations import handins, tokens
from conversations.desk import Desk
from conversations.firm import Case, Found, Paper
from conversations.spoken import clock_words, day_of_month, spaced, wall
from conversations.types import Option, Prompt
from rules import daylog, promises, requests

PASSED_OVER = timedelta(hours=1)


def owe(desk: Desk, key: str, customer: Found, at: datetime, what: str, *, to: str = "", paper: int | None = None) -> Case:
    """An answer owed to a customer, once for each key; another time moves it."""
    case = desk.open_case("promise", "open", key=key, customer=customer.id, paper=paper, at=at, what=what, to=to)
    if case.at != at and case.state == "open":
        case = desk.move(case.id, None, "later", "open", at=at, what=what, to=to)
    if case.state == "open":
        desk.remind("promise", str(case.id), promises.remind_at(at, desk.now), case=case.id)
    return case


def unowe(desk: Desk, key: str) -> None:
    """A corrected paper promises nothing any more."""
    case = desk.case_by_key(key)
    if case is not None and case.state == "open":
        desk.move(case.id, None, "drop", "dropped", closed=True)
        desk.forget("promise", str(case.id))


def park(desk: Desk, key: str, customer: Found, words: str, *, paper: int | None = None, promised: datetime | None = None) -> Case:
    """Noted in silence: nobody rings the company from the customer's place (A-4.4.6a)."""
    by = promised.isoformat() if promised else ""
    about = requests.special(words)
    return desk.open_case("request", "parked", key=key, customer=customer.id, paper=paper, words=words, about=about, promised=by)


def ask(desk: Desk, case: Case) -> str:
    """A parked request goes to the manager with a time to reply by; answers what to tell the rep (A-4.4.6b)."""
    if case.state != "parked":
        return ""
    manager = desk.manager_of(desk.me.id)
    if manager is None:
        return "还没有人能答复客户的要求，请告诉主管。"
    promised = _promised(case)
    by = requests.reply_by(desk.now, desk.calendar, promised)
    step = requests.move(case.state, "ask", by=desk.me.id, owner=case.person_id, managers={manager.id})
    asked = desk.move(case.id, case.rev, "ask", step.after, at=by, manager=manager.id)
    desk.remind("request_reply", str(case.id), by, person=manager.id, case=case.id)
    desk.tell(manager.id, request_prompt(desk, asked))
    return f"「{case.data['about'] or case.data['words']}」已转{spaced(manager.name + '，', clock_words(by, desk))} 前答复，到时告诉您。"


def ask_parked(desk: Desk, customer: Found) -> list[str]:
    """Everything parked for this customer: the visit is over."""
    mine = desk.cases("request", person=desk.me.id, customer=customer.id, states=("parked",))
    return [said for case in mine if (said := ask(desk, case))]


def request_prompt(desk: Desk, case: Case) -> Prompt:
    """What the manager is asked."""
    whose, customer = desk.person(case.person_id), desk.label("customers", case.customer_id or 0)
    by = f"{spaced('请', clock_words(case.at, desk))} 前答复。" if case.at else "请答复。"
    text = f"{whose.name if whose else '市场员'}在{customer}：{case.data['words']}。{by}"
    return Prompt(
        text,
        (
            Option("可以", tokens.of_action("request", case.id, case.rev, "yes"), main=True),
            Option("不行", tokens.of_action("request", case.id, case.rev, "no")),
            Option("写答复", tokens.of_action("request", case.id, case.rev, "write")),
            Option("转交", tokens.of_action("pass", case.id, case.rev)),
        ),
        title="客户要求",
    )


def answered(desk: Desk, case: Case, rev: int | None, answer: str) -> Case:
    """The manager's word goes back to the rep, who tells the customer."""
    managers = {who.id for who in desk.people("manager")}
    step = requests.move(case.state, "answer", by=desk.me.id, owner=case.person_id, managers=managers)
    promised = _promised(case)
    by = requests.tell_by(desk.now, desk.calendar, promised)
    moved = desk.move(case.id, rev, "answer", step.after, at=by, answer=answer, answered_by=desk.me.id)
    desk.forget("request_reply", str(case.id))
    desk.remind("request_told", str(case.id), by, person=case.person_id, case=case.id)
    told = Option("已告诉客户", tokens.of_action("request", moved.id, moved.rev, "told"), main=True)
    customer = desk.label("customers", case.customer_id or 0)
    text = f"{customer}：{case.data['words']}。\n{desk.me.name}答复：{answer}。{spaced('请', clock_words(by, desk))} 前告诉客户。"
    desk.tell(case.person_id, Prompt(text, (told,), title="客户要求"))
    return moved


def _promised(case: Case) -> datetime | None:
    return datetime.fromisoformat(case.data["promised"]) if case.data.get("promised") else None


def kept_appointment(desk: Desk, customer: Found, day: date, paper: int, about: str = "") -> None:
    """Whoever was visited that day is off the day's list; `about` only for what the appointment was made for."""
    planned = desk.cases("appointment", person=desk.me.id, customer=customer.id, states=("planned",), day=day)
    for case in [one for one in planned if about in str(one.data.get("about", ""))][:1]:
        desk.move(case.id, case.rev, "visit", "done", closed=True, paper=paper)


def unkept(desk: Desk, record: Paper) -> None:
    """The record that crossed an appointment off the list was withdrawn: it stands there again."""
    for case in desk.cases("appointment", person=desk.me.id, customer=record.customer_id, states=("done",), day=record.day, limit=50):
        if case.data.get("paper") == record.id:
            desk.reopen(case.id, "undo", "planned", paper=0)


def unask(desk: Desk, record: Paper) -> str:
    """What the withdrawn record asked of the manager needs no answer any more, and both are told."""
    said = ""
    for case in desk.cases("request", person=desk.me.id, customer=record.customer_id, states=("asked",), limit=50):
        if case.paper_id != record.id:
            continue
        step = requests.move(case.state, "drop", by=desk.me.id, owner=case.person_id, managers=())
        desk.move(case.id, None, "drop", step.after, closed=step.closes)
        desk.forget("request_reply", str(case.id))
        manager, customer = desk.person(int(case.data.get("manager") or 0)), desk.label("customers", case.customer_id or 0)
        if manager is not None:
            desk.tell(manager.id, Prompt(f"{desk.me.name}撤回了{customer}的记录，「{case.data['words']}」不用答复了。"))
            said = f"已告诉{manager.name}不用答复「{case.data['about'] or case.data['words']}」。"
    return said


def coming(desk: Desk, day: date) -> str:
    """Where one goes next, once a visit is kept; what was passed over is not rubbed in."""
    planned = desk.cases("appointment", person=desk.me.id, states=("planned",), day=day, limit=50)
    ahead = [case for case in planned if case.at is None or case.at > desk.now - PASSED_OVER]
    if day != desk.calendar.day_of(desk.now) or not ahead:
        return ""
    case = min(ahead, key=lambda one: (one.data.get("order", 0), one.at or desk.now, one.id))
    return f"下一家 {f'{wall(case.at, desk)} ' if case.at else ''}{desk.label('customers', case.customer_id or 0)}。"


def compact(day: date) -> str:
    return f"{day:%Y%m%d}"


def receivers(desk: Desk, case: Case) -> set[int]:
    """Whoever may receive this log: the supervisor or manager in charge, and whom it was passed to."""
    in_charge = (desk.supervisor_of(case.person_id), desk.manager_of(case.person_id))
    return {who.id for who in in_charge if who} | {int(case.data.get("receiver") or 0)} - {0}


def log_returned(desk: Desk, case: Case, remark: str) -> None:
    """Back to the rep with what to change (A-3.3.6a)."""
    step = daylog.move(case.state, "return", by=desk.me.id, owner=case.person_id, receivers=receivers(desk, case))
    desk.move(case.id, None, "return", step.after, remark=remark)
    day = case.day or desk.calendar.day_of(desk.now)
    see = Option("看日志", tokens.of_action("log", compact(day)), main=True)
    desk.tell(case.person_id, Prompt(f"{desk.me.name}退回了您 {day_of_month(day)}{handins.called(case)}：{remark}。改好再交一次就行。", (see,)))
