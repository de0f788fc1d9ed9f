"""Photographs of stamped papers are read beside the talk: asked for here, told on the same card, never waited for (A-4.4.1, A-4.4.2, A-4.4.10)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from conversations import daylog, engine, seen, tokens
from conversations.asking import REVIEW
from conversations.desk import Desk
from conversations.firm import Case, Paper
from conversations.form import Form
from conversations.questions import Photos, Stamped, answered
from conversations.registry import BY_NAME, form_of
from conversations.seals import question_of
from conversations.seen import Told
from conversations.types import Option, Prompt, Session, Turn

KIND, WAITING, DONE = "reading", "waiting", "read"
ANSWERS = {"same": "两处一致，是读错了", "later": "先存下，回公司再定"}
_LIKELY = re.compile("盖章|盖了章|公章|合同章|财务章|印章|营业执照|执照")


def expects(form: str, words: str) -> bool:
    """A picture sent now, with these words, is likely one that is to be looked at first of all."""
    return (form in BY_NAME and question_of(BY_NAME[form]) is not None) or _LIKELY.search(words) is not None


# --- asking for it ------------------------------------------------------------------------------------------------


def want(desk: Desk, session: Session) -> None:
    """Every picture of a session whose form shows such a paper, once each."""
    form = form_of(session.form)
    question = question_of(form)
    if question is None or session.trial or session.state == "cancelled":
        return
    raw = form(session.answers, desk).raw(question)
    if answered(raw):
        _want(desk, question, question.blobs(raw), f"s{session.id}", form=session.form, session=session.id)


def want_for(desk: Desk, paper: Paper, shas: Sequence[str]) -> None:
    """Pictures that came when the record was filed already."""
    question = question_of(BY_NAME[paper.form]) if paper.form in BY_NAME else None
    if question is not None:
        _want(desk, question, shas, f"p{paper.id}", form=paper.form, session=0)


def _want(desk: Desk, question: Photos, shas: Sequence[str], whose: str, **data: Any) -> None:
    for sha in shas:
        known = desk.seen(sha)
        stage = known.get("stage")
        nothing_to_read = question.shows == "signed" and stage == seen.FIRST and known["presence"] != "有印章"
        on_card = data["session"] and stage in (seen.READ, seen.UNREAD, seen.LOOKED)  # sent before: its card says it at once
        if on_card or nothing_to_read or desk.case_by_key(key := f"{KIND}:{whose}:{sha[:32]}") is not None:
            continue
        desk.open_case(KIND, WAITING, key=key, day=desk.calendar.day_of(desk.now), sha=sha, **data)


# --- telling it ---------------------------------------------------------------------------------------------------


def arrived(desk: Desk, case: Case, verdict: Mapping[str, Any] | None, why: str = "") -> None:
    """Read, or not to be read: noted with the picture, filled in where the form asks for it, said on the card that waits for it."""
    sha = str(case.data["sha"])
    before = desk.seen(sha)
    session = desk.session(int(case.data["session"])) if case.data["session"] else None
    card = _card(desk, session)
    stage = seen.UNREAD if verdict is None else seen.READ if verdict["read"] else seen.LOOKED
    desk.note_seen(case.id, {**(verdict or before or {"presence": "", "advice": "", "seals": []}), "stage": stage})
    told = _told(desk, session, case)
    desk.move(case.id, case.rev, "read" if stage == seen.READ else "give_up", DONE, closed=True, eyes=told.words, why=why)
    if session is not None and session.state in ("open", "paused", "waiting"):
        _in_form(desk, session, sha, card)
    elif (paper := _paper_with(desk, case)) is not None:
        _filed(desk, case, paper, told)


def _told(desk: Desk, session: Session | None, case: Case) -> Told:
    form = form_of(str(case.data["form"]))
    question = question_of(form)
    paper = None if session is not None else _paper_with(desk, case)
    answers = session.answers if session is not None else paper.answers if paper is not None else {}
    view = form(answers, desk)
    return seen.told(desk.seen(str(case.data["sha"])), question.named(view) if question else "", question.shows if question else "")


def _card(desk: Desk, session: Session | None) -> object:
    """What the card of the pictures shows now: said anew only when that changes."""
    form = form_of(session.form) if session is not None else None
    question = question_of(form) if form is not None else None
    if session is None or form is None or question is None or session.at != question.name or session.draft:
        return None
    view = form(session.answers, desk)
    raw = view.raw(question)
    return (question.text(raw, view), question.choices(raw, view, session)) if answered(raw) else None


def _in_form(desk: Desk, session: Session, sha: str, card: object) -> None:
    form = form_of(session.form)
    question = question_of(form)
    raw = form(session.answers, desk).raw(question) if question is not None else None
    if question is None or not answered(raw) or sha not in question.blobs(raw):
        return  # taken out again
    given = form(session.answers, desk).reads(desk.seen(sha))
    fresh = {name: value for name, value in given.items() if session.answers.get(name) is None}
    session = replace(session, answers={**session.answers, **fresh})
    if session.state != "open":
        _beside(desk, desk.save(session), form, question, raw)
        return
    told = question.best(raw, form(session.answers, desk))[1] if isinstance(question, Stamped) else _of(desk, question, form, session, sha)
    quiet = card is not None and card == _card(desk, session)
    if quiet or (not isinstance(question, Stamped) and told.state != "doubt"):
        desk.save(session)
        return
    turn = _turn(desk, session, form, question, raw, told, filled=bool(fresh))
    saved = desk.save(turn.session)
    for prompt in turn.say:
        desk.say(prompt, coalesce=turn.coalesce)
    want(desk, saved)


def _of(desk: Desk, question: Photos, form: type[Form], session: Session, sha: str) -> Told:
    return seen.told(desk.seen(sha), question.named(form(session.answers, desk)), question.shows)


def _turn(desk: Desk, session: Session, form: type[Form], question: Photos, raw: Any, told: Told, *, filled: bool) -> Turn:
    """On the card of the pictures; asked again there when all was thought to be answered; else above what is asked now."""
    if session.at == question.name and not session.draft:
        return engine.anew(form, session, desk)
    decided = any("kept" in one for one in raw["photos"])
    if isinstance(question, Stamped) and session.at == REVIEW and told.state in seen.ATTENTION and not decided:
        return engine.back_to(form, session, desk, question.name)
    return engine.anew(form, session, desk, told.words, onward=filled and session.answers.get(session.at) is not None)


def _beside(desk: Desk, session: Session, form: type[Form], question: Photos, raw: Any) -> None:
    """Something else is being filled: told, with the way back."""
    view = form(session.answers, desk)
    told = question.best(raw, view)[1] if isinstance(question, Stamped) else None
    if told is not None:
        back = (Option("继续", tokens.of_action("resume", session.id)),) if session.state == "paused" else ()
        desk.say(Prompt(f"{form.called(session.answers)}：{told.words}", back))


def _paper_with(desk: Desk, case: Case) -> Paper | None:
    sha, form = str(case.data["sha"]), str(case.data["form"])
    mine = desk.papers(person=case.person_id, forms=(form,), limit=20)
    return next((paper for paper in mine if sha in paper.blobs and paper.state == "filed"), None)


def _filed(desk: Desk, case: Case, paper: Paper, told: Told) -> None:
    """After the record: what agrees is one line, what is to be looked at has its answers; a receipt without a seal is not spoken of."""
    question = question_of(form_of(paper.form))
    if question is None or (question.shows == "signed" and told.state != "doubt"):
        return
    raw = paper.answers.get(question.name)
    insisted = isinstance(raw, Mapping) and any("kept" in one for one in raw.get("photos", ()))
    if insisted and told.state in ("poor", "absent", "unread"):
        return  # said before, and decided
    whose = f"{daylog.customer_of(desk, paper)}的《{form_of(paper.form).title}》"
    if told.state in ("match", "read"):
        desk.say(Prompt(f"{whose}：{told.words}"))
        return
    options = [Option(label, tokens.of_action("reading", case.id, how)) for how, label in ANSWERS.items()] if told.state == "doubt" else []
    more = "" if told.state == "doubt" else "照片存着。方便的话再拍一张发来，会放进这一条。"
    desk.say(Prompt(f"{whose}：{told.words}{more}", tuple(options)))
