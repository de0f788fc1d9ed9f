"""One turn of a form: begin, resume, advance. Pure: no clock, no database; a session goes in and a new one comes out (A-4.4.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from conversations import hearing, moves
from conversations.asking import EDIT, REVIEW, Filling
from conversations.firm import Found
from conversations.form import Form
from conversations.lookup import Lookup
from conversations.questions.base import Heard, answered
from conversations.questions.lines import Lines
from conversations.questions.words import Text
from conversations.types import LATER, Prompt, Said, Session, TooNew, Turn, Unclear

CLOSED = {
    "filed": "《{}》已经存下了，这张卡片不用再点。",
    "cancelled": "《{}》已经取消了，填过的还留着。",
    "paused": "《{}》先放着了，写「继续」接着填。",
    "waiting": "请先填完刚打开的那一份，《{}》会接着问您。",
}


def fresh(form: type[Form], **fields: Any) -> Session:
    """A session not begun: answers=, brief=, trial=, case=, paper=, said_at=, draft= as known; version= of a paper filed by an older form.

    Save it (its id is on the buttons), then begin.
    """
    return Session(**{"form": form.__name__, "version": form.version, **fields})


def child_of(turn: Turn, form: type[Form]) -> Session:
    """The session of the form a turn opens, with what was typed and not found as its first answer."""
    parent = turn.session
    first = next(iter(form.questions.values()))
    answers = {first.name: turn.words} if turn.words and isinstance(first, Text) else {}
    return fresh(form, answers=answers, parent=parent.id, parent_at=parent.at, trial=parent.trial)


def begin(form: type[Form], session: Session, look: Lookup) -> Turn:
    """The first prompt; answers known already are checked, a correction (session.paper) goes straight to what to change."""
    filling = _opened(form, session, look, look.now)
    if session.paper:
        filling = filling.moved(answers={name: raw for name, raw in filling.session.answers.items() if raw != LATER})
    if session.draft:
        return filling.moved(at=session.draft["at"], no=session.no + 1).turn()
    for step in filling.steps:
        if answered(step.raw) and (problem := step.question.problem(step.raw, step.paper)):
            return filling.goto(step.path, problem)
        if answered(step.raw) and step in filling.tops and not session.paper and (why := moves.warning(step, step.raw)):
            doubted = {"at": step.path, "raw": step.raw, "why": why}
            open_again = {name: raw for name, raw in filling.session.answers.items() if name != step.path}
            return filling.moved(answers=open_again, at=step.path, no=session.no + 1, draft=doubted).turn()
    at = filling.next_open()
    return filling.goto(EDIT if session.paper and at == REVIEW else at)


def resume(form: type[Form], session: Session, look: Lookup, lead: str = "") -> Turn:
    """Open again, days later or after a child: the question it stopped at, if that is still asked."""
    filling = _opened(form, replace(session, state="open"), look, look.now)
    kept = filling.step is not None or session.at == EDIT
    lead = lead or f"接着填{form.called(session.answers)}。"
    if kept and filling.session.draft:
        return filling.moved(no=session.no + 1).turn(lead)
    return filling.goto(session.at if kept else filling.next_open(), lead)


def anew(form: type[Form], session: Session, look: Lookup, lead: str = "", *, onward: bool = False) -> Turn:
    """The same question said again, as more is known of what was sent for it; `onward`: it was the answer to this one too."""
    filling = _opened(form, session, look, look.now)
    if (filling.step is None and filling.session.at not in (REVIEW, EDIT)) or (onward and not filling.session.draft):
        return filling.goto(filling.next_open(), lead)
    return filling.turn(lead)


def back_to(form: type[Form], session: Session, look: Lookup, path: str, lead: str = "") -> Turn:
    """To a question that was answered, and is open again."""
    filling = _opened(form, session, look, look.now)
    again = {**filling.session.answers, path: {**filling.session.answers[path], "done": False}}
    return filling.moved(answers=again).goto(path, lead)


def answer_child(form: type[Form], session: Session, found: Found, look: Lookup) -> Turn:
    """The child was filed: what it made is the answer to the question that opened it."""
    filling = _opened(form, replace(session, state="open"), look, look.now)
    if filling.step is None:
        return filling.goto(filling.next_open())
    try:
        return moves.accept(filling, filling.step, Heard({"id": found.id, "label": found.label}, note=f"已登记：{found.label}。"))
    except Unclear as problem:
        return filling.goto(session.at, str(problem))


def advance(form: type[Form], session: Session, said: Said, look: Lookup) -> Turn:
    """What one message or tap does. A filed turn says nothing: the caller files `turn.session.answers` and speaks."""
    if session.state != "open":
        return Turn(session, (Prompt(CLOSED[session.state].format(form.title)),), unread=not said.tap)
    filling = _opened(form, session, look, said.at)
    if filling.step is None and filling.session.at not in (REVIEW, EDIT):
        return replace(filling.goto(filling.next_open(), "表改过了，刚才那一问不用答了。" if session.at else ""), unread=not said.tap)
    try:
        if said.tap:
            return hearing.tapped(filling, session, said.tap)
        return hearing.stray(filling, said) or hearing.typed(filling, said)
    except Unclear as problem:
        return filling.turn(str(problem), unread=not said.tap)


def check_all(form: type[Form], session: Session, look: Lookup, now: datetime) -> tuple[str, str] | None:
    """The first question that keeps it from being filed, and why: open, struck where it may not be, or a check that fails now."""
    return Filling(form, session, look, now).wrong()


def prune(form: type[Form], session: Session, look: Lookup, now: datetime) -> dict[str, Any]:
    """The answers as they are filed: hidden ones gone; of a record by one message, what may wait is left for later."""
    return Filling(form, session, look, now).paper.pruned(brief=session.brief)


def file_ready(form: type[Form], session: Session, look: Lookup, now: datetime) -> bool:
    return session.state == "open" and check_all(form, session, look, now) is None


def upgraded(form: type[Form], session: Session) -> Session:
    """A session of an older version carried over: renames by was=, then the form's own upgrade."""
    if session.version > form.version:
        raise TooNew(f"{session.form} {session.version} > {form.version}")
    if session.version == form.version:
        return session
    answers = form.upgrade(_renamed(form, session.answers), session.version)
    return replace(session, version=form.version, answers=answers, at=_moved(form, session.at), draft={})


def _names(form: type[Form]) -> dict[str, str]:
    return {old: name for name, question in form.questions.items() for old in question.was}


def _renamed(form: type[Form], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Under the names of now, in rows too."""
    names = _names(form)
    found: dict[str, Any] = {}
    for old, raw in answers.items():
        name = names.get(old, old)
        question = form.questions.get(name)
        if isinstance(question, Lines) and answered(raw):
            raw = {**raw, "rows": [_renamed(question.row, row) for row in raw["rows"]]}
        found[name] = raw
    return found


def _moved(form: type[Form], path: str) -> str:
    top, _, rest = path.partition(".")
    name = _names(form).get(top, top)
    question = form.questions.get(name)
    nth, _, inner = rest.partition(".")
    return f"{name}.{nth}.{_moved(question.row, inner)}" if rest and isinstance(question, Lines) else name


def _opened(form: type[Form], session: Session, look: Lookup, now: datetime) -> Filling:
    return Filling(form, upgraded(form, session), look, now)
