"""fix, undo, photo: what is filed is corrected, taken back, given its photographs (A-3.3.6a, A-4.4.1)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from conversations import daylog, filing, followups, handins, pictures, tokens, turns
from conversations.actions.outdated import Outdated, number
from conversations.desk import Desk
from conversations.firm import Case, Paper
from conversations.followups import compact
from conversations.questions.stamped import begun
from conversations.registry import BY_NAME
from conversations.spoken import day_of_month
from conversations.types import LATER, Option, Prompt, Said


def own(desk: Desk, id: str) -> Paper:
    paper = desk.paper(number(id))
    if paper is None or paper.person_id != desk.me.id or paper.form not in BY_NAME:
        raise Outdated("这条记录不是您的，要改请找记录的人。")
    if BY_NAME[paper.form].on or paper.form == "NewCustomer":
        raise Outdated(f"{daylog.customer_of(desk, paper)}的《{BY_NAME[paper.form].title}》存下后不能在这里改，请告诉主管。")
    if paper.state != "filed":
        raise Outdated("这条记录已经撤回了，要的话再发一句重新记。")
    return paper


def fix(desk: Desk, said: Said, id: str, then: str = "") -> None:
    """What the log still wants is asked at once and filed with the answer, else what to change; the old version stays (A-3.3.6a)."""
    paper = own(desk, id)
    form = BY_NAME[paper.form]
    missing = next((form.questions[name].label for name in ("met",) if paper.answers.get(name) == LATER), "")
    lead = f"{'补' if missing else '改'}{daylog.customer_of(desk, paper)}的《{form.title}》。"
    fields: dict[str, Any] = {"answers": paper.answers, "version": paper.version, "paper": paper.id, "said_at": paper.said_at, "brief": True}
    if missing and then == "log":
        fields["then"] = f"log.{compact(paper.day)}"
    turns.begin(desk, said, form, lead=lead, typed=missing, **fields)


def undo(desk: Desk, said: Said, id: str, sure: str = "") -> None:
    paper = own(desk, id)
    if sure != "yes":
        yes = Option("撤回这条", tokens.of_action("undo", paper.id, "yes"))
        keep = Option("不撤", tokens.of_action("ack", "kept", paper.id), main=True)
        change = Option("改一处", tokens.of_action("fix", paper.id))
        desk.say(Prompt(f"要撤回这条吗？\n{daylog.line(desk, paper)}", (yes, change, keep)))
        return
    desk.withdraw(paper.id)
    filing.tell_receiver(desk, paper, ["整条撤回了"], f"undone:{paper.id}")
    for kind, states in (("promise", ("open",)), ("request", ("parked",)), ("appointment", ("planned",))):
        for case in desk.cases(kind, person=desk.me.id, states=states, customer=paper.customer_id, limit=50):
            if case.paper_id == paper.id:
                desk.move(case.id, None, "cancel", "dropped" if kind != "appointment" else "cancelled", closed=True)
                desk.forget(kind, str(case.id))
    view = BY_NAME[paper.form](paper.answers, desk, paper.said_at)
    view.record = paper
    view.taken_back(desk)
    followups.unkept(desk, paper)
    more = followups.unask(desk, paper) + _stop_correcting(desk, paper)
    desk.say(Prompt(f"撤回了，{daylog.customer_of(desk, paper)}这条不算数。原来写的还能查到。{more}"))


def _stop_correcting(desk: Desk, paper: Paper) -> str:
    """A correction begun before is of nothing now; the pictures sent for it go to the next record. What to say of them."""
    freed = ""
    for session in [one for one in (desk.open_session(), *desk.paused_sessions()) if one is not None and one.paper == paper.id]:
        desk.save(replace(session, state="cancelled"))
        new = pictures.free(desk, replace(session, paper=0)) if session.answers.get("photos") != paper.answers.get("photos") else ""
        freed = freed or new
    return freed


def photo(desk: Desk, said: Said, batch_id: str, what: str, id: str) -> None:
    """into a record, not this one, or a new visit with these pictures."""
    batch = desk.case(number(batch_id))
    if batch is None or batch.kind != "photos" or batch.person_id != desk.me.id:
        raise Outdated("这几张照片已经放好了。")
    if what == "into":
        paper = own(desk, id)
        if batch.state == "placed":
            raise Outdated("这几张照片已经放好了。")
        count, left = pictures.into(desk, batch, paper)
        wrong = Option("不是这家", tokens.of_action("photo", batch.id, "not", paper.id))
        full = f"一条最多 {pictures.AT_MOST} 张。" if left else ""
        desk.say(Prompt(f"放进{daylog.customer_of(desk, paper)}了，共 {count} 张。{full}", (wrong,)))
        if left:
            pictures.ask_whose(desk, left)
    elif what == "not":
        if batch.state != "placed" or batch.data["paper_id"] != number(id):
            raise Outdated("这几张照片已经挪走了。")
        if batch.day and batch.day != desk.calendar.day_of(desk.now):
            raise Outdated(f"这是 {day_of_month(batch.day)}的照片，早就放好了。放错了的话，请告诉主管。")
        paper = own(desk, id)
        if handins.signed_with(desk, paper, batch.data["blobs"]):
            raise Outdated("这条记录连照片已经签收，不能挪走了。放错了的话，请告诉主管。")
        pictures.ask_whose(desk, pictures.out(desk, batch, paper))
    elif what == "ask":
        if batch.state != "waiting":
            raise Outdated("这几张照片已经放好了。")
        pictures.ask_whose(desk, batch)
    elif what == "visit":
        if batch.state == "placed":
            raise Outdated("这几张照片已经放好了。")
        _visit(desk, said, batch, number(id))
    elif what == "stamped":
        if batch.state == "placed":
            raise Outdated("这几张照片已经放好了。")
        photos = begun([{"sha256": sha} for sha in pictures.take(desk, batch)], said.at)
        turns.begin(desk, replace(said, text=""), BY_NAME["StampedPaper"], lead="照片放进盖章文件了。", answers={"photos": photos})
    else:
        raise Outdated


def _visit(desk: Desk, said: Said, batch: Case, customer: int) -> None:
    more = len(batch.data["blobs"]) - pictures.AT_MOST
    label = desk.label("customers", customer) if customer else ""
    photos = {"photos": [{"sha256": sha} for sha in pictures.take(desk, batch)], "done": True}
    answers: dict[str, object] = {"photos": photos}
    if label:
        answers["customer"] = {"id": customer, "label": label}
    rest = f"一条最多 {pictures.AT_MOST} 张，还有 {more} 张留着。" if more > 0 else ""
    turns.begin(desk, replace(said, text=""), BY_NAME["CustomerVisit"], lead=f"照片放进走访表了。{rest}", answers=answers)
