"""Records said in one message: each becomes a session, shown on one card, filed with one tap (A-3.3.6a)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from conversations import engine, pictures, tokens, turns
from conversations.desk import Desk
from conversations.form import Form
from conversations.forms.sales.stamped import KINDS
from conversations.lexicon import FAIR
from conversations.lookup import Lookup
from conversations.oneline import Note
from conversations.phrases import part_of_day
from conversations.questions.stamped import begun
from conversations.registry import form_of
from conversations.spoken import day_words, spaced, wall
from conversations.types import LATER, STRUCK, Option, Prompt, Said, Session, Turn

FORMS = {
    "visit": "CustomerVisit",
    "call": "PhoneCall",
    "promise": "Promise",
    "appointment": "Appointment",
    "request": "ParkedRequest",
    "delivery": "BookDelivery",
    "stamped": "StampedPaper",
}
ON_ONE_CARD = 6  # their ids have to fit into one button
MARKS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
EARLIER = 600  # seconds: a record of ten minutes ago is kept at its own time


def answers(note: Note) -> dict[str, Any]:
    """What the words say, under the names of the form's questions."""
    said: dict[str, Any] = {}
    if note.customer is not None:
        said["customer"] = {"id": note.customer.id, "label": note.customer.label}
    if note.kind == "visit" and (fair := FAIR.search(note.text)):
        said["fair"] = f"{fair[0].removesuffix('上')}上"
    names = {"promise": "what", "request": "words", "appointment": "about"}
    if note.talked:
        said[names.get(note.kind, "talked")] = note.talked
    if note.kind == "stamped":
        said |= {"what": what} if (what := next((one for one in KINDS if one in note.text), "")) else {}
        said |= {"talked": rest} if (rest := said.pop("talked", "").replace(what, "", 1).strip(" 的，,")) else {}
    if note.kind == "delivery":
        said.pop("talked", None)
        said |= note.given
    if note.kind in ("visit", "call"):
        said |= {"met": note.met} if note.met else {}
        said["need"] = note.need or (LATER if note.reply_by else STRUCK)  # an answer is owed: there is a need, not yet in words
        said |= {"reply_by": note.reply_by.isoformat()} if note.reply_by else {}
    elif note.kind == "promise" and note.reply_by:
        said["by"] = note.reply_by.isoformat()
    elif note.kind == "appointment":
        about = "，".join(part for part in (note.talked, note.need, f"见{note.met}" if note.met else "") if part)
        said |= {"about": about} if about else {}
        said |= {"at_day": note.day} if note.whole_day else {"at": note.at.isoformat()} if note.at else {}
    return said


def when(note: Note, said: Said) -> datetime:
    """The record's own time: as written in it, else when it was said (10:20 拜访… sent from a lift)."""
    return note.at if note.at is not None and note.kind in ("visit", "call", "request", "promise", "delivery", "stamped") else said.at


def late(happened: datetime, said: Said, look: Lookup, day: str = "") -> str:
    """Both times are kept, and nobody is blamed."""
    if (said.received - happened).total_seconds() <= EARLIER:
        return ""
    if day:
        return f"{spaced('按', day_words(look.calendar.day_of(happened), look))}{part_of_day(day)}记下。"
    local, now = look.calendar.local(happened), look.calendar.local(said.received)
    if local.date() != now.date():
        return f"按{day_words(local.date(), look)} {local:%H:%M} 记下。"
    return f"{wall(happened, look)} 的记录 {wall(said.received, look)} 才收到，按 {wall(happened, look)} 记下，不算迟交。"


def begin(desk: Desk, said: Said, notes: list[Note], **fields: Any) -> None:
    """One card for one record, or for several."""
    if len(notes) == 1:
        _one(desk, said, notes[0], **fields)
        return
    for start in range(0, len(notes), ON_ONE_CARD):
        _several(desk, said, notes[start : start + ON_ONE_CARD])


def _one(desk: Desk, said: Said, note: Note, **fields: Any) -> None:
    form = form_of(FORMS[note.kind])
    happened = when(note, said)
    photos, lead = pictures.for_visit(desk, said) if note.kind in ("visit", "delivery", "stamped") else ({}, "")
    if note.kind == "stamped" and photos:
        photos, lead = {"photos": begun(photos["photos"]["photos"], said.at)}, ""  # its card says what was seen
    turns.begin(
        desk,
        said,
        form,
        lead="".join((late(happened, said, desk, note.day), lead)),
        typed=note.name if note.customer is None else "",
        **{"answers": answers(note) | photos, "brief": True, "said_at": happened, **fields},
    )


def _several(desk: Desk, said: Said, notes: list[Note]) -> None:
    lines, ids = [], []
    if (left := desk.open_session()) is not None:
        desk.save(replace(left, state="paused"))  # what is typed next answers this card
    for nth, note in enumerate(notes):
        form = form_of(FORMS[note.kind])
        happened = when(note, said)
        fresh = engine.fresh(form, answers=answers(note), brief=True, said_at=happened, state="paused")
        saved = desk.save(fresh)
        turn = engine.begin(form, replace(saved, state="open"), desk)
        if note.customer is None and note.name:
            turn = engine.advance(form, turn.session, replace(said, text=note.name, tap="", blob=None, place=None), desk)
        session = desk.save(replace(turn.session, state="paused"))
        ids.append(session.id)
        lines.append(f"{MARKS[nth]} {_line(form, session, desk, note, happened, said)}")
    text = "\n".join([f"记成这 {len(notes)} 条，对吗？", *lines])
    joined = "-".join(str(id) for id in ids)
    every = Option("对，都存下", tokens.of_action("all", joined), main=True)
    desk.say(Prompt(text, (every, Option("逐条看", tokens.of_action("each", joined)))))


def _line(form: type[Form], session: Session, desk: Desk, note: Note, happened: datetime, said: Said) -> str:
    view = form(session.answers, desk, session.said_at)
    clock = f"{wall(happened, desk)} " if note.at is not None else ""
    missing = "" if session.at == "review" else "（还差：客户）" if "customer" not in session.answers else "（还差一问）"
    kind = "" if form.__name__ == "CustomerVisit" else f"{form.title}｜"
    return f"{clock}{kind}{view.in_one_line() or note.text}{missing}"


def file_all(desk: Desk, said: Said, sessions: list[Session]) -> None:
    """Those that are full are filed; the first that is not is asked."""
    filed: list[str] = []
    rest: list[Session] = []
    for session in sessions:
        form = form_of(session.form)
        opened = replace(session, state="open")
        tap = tokens.of_session(session.id, session.no, "_file")
        turn: Turn = engine.advance(form, opened, replace(said, tap=tap, text="", blob=None, place=None), desk)
        if turn.session.state == "filed":
            stored = turns.filed(desk, turn.session)
            filed.append(stored.text)
        elif session.state in ("paused", "open"):
            rest.append(session)
    text = _summary(filed)
    if rest:
        if text:
            desk.say(Prompt(text))
        turns.resume(desk, said, rest[0])
        return
    desk.say(Prompt(text or "这几条都已经存下了。"))


def _summary(filed: list[str]) -> str:
    """Counts first, then what each leads to, said once."""
    if not filed:
        return ""
    follow = [line for text in filed for line in text.split("\n")[1:]]
    last = filed[-1].split("\n")[0]
    return "\n".join([f"存好 {len(filed)} 条。{last.partition('，')[2]}", *dict.fromkeys(follow)])
