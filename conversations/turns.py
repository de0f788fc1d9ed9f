"""Sessions on the desk: begin a form, play one turn, file, come back to the form that opened it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from conversations import daylog, engine, filing, keeping, offers, pictures, sight, tokens
from conversations.desk import Desk
from conversations.digests import evening
from conversations.firm import Found, Paper
from conversations.form import Form
from conversations.registry import form_of
from conversations.types import Option, Prompt, Said, Session, Turn

A_SENTENCE = 5  # signs; what is shorter is an answer that was not understood, and asked for again
TITLES = {"rep": "市场员", "supervisor": "主管", "manager": "经理", "admin": "系统管理员"}


def begin(desk: Desk, said: Said, form: type[Form], *, lead: str = "", typed: str = "", **fields: Any) -> None:
    """A new session; `typed` answers its first question as the person wrote it."""
    if form.who and not form.who & desk.me.roles:
        whose = "、".join(TITLES.get(role, role) for role in sorted(form.who))
        desk.say(Prompt(f"《{form.title}》由{whose}填写。要帮忙的话，请找您的主管。"))
        return
    end_trial(desk)
    session = desk.save(engine.fresh(form, **{"said_at": said.at, **fields}))
    pictures.claim(desk, session)
    turn = engine.begin(form, session, desk)
    if typed and turn.session.state == "open":
        turn = engine.advance(form, turn.session, replace(said, text=typed, tap="", blob=None, place=None), desk)
    play(desk, said, turn, lead=lead)


def end_trial(desk: Desk) -> None:
    """试一次 leaves nothing behind, not even when something else begins before its end."""
    session = desk.open_session()
    while session is not None and session.trial:
        desk.save(replace(session, state="cancelled"))
        session = desk.session(session.parent) if session.parent else None


def advance(desk: Desk, said: Said, session: Session) -> Turn:
    """One message to an open session. A place sent along answers the form's own question for it."""
    form = form_of(session.form)
    question = form.questions.get("place")
    if said.place is not None and question is not None and session.at != "place" and not session.answers.get("place"):
        raw = question.receive(said, None)
        session = replace(session, answers={**session.answers, "place": raw})
        return engine.resume(form, session, desk, lead="位置收到了。")
    return engine.advance(form, session, said, desk)


def play(desk: Desk, said: Said, turn: Turn, *, lead: str = "") -> None:
    """Save and say what one turn did; file it when it is full."""
    session = turn.session
    if session.then.startswith("log.") and session.state == "open" and session.at == "review":
        file_it = tokens.of_session(session.id, session.no, "_file")
        turn = engine.advance(form_of(session.form), session, replace(said, text="", tap=file_it, blob=None, place=None), desk)
        session = turn.session
    sight.want(desk, session)
    if session.state == "filed":
        finish(desk, said, turn)
        return
    saved = desk.save(session)
    if turn.instead:
        form = form_of(turn.instead)
        known = {name: raw for name, raw in session.answers.items() if name in form.questions}
        lead += pictures.free(desk, saved) if "photos" not in known else ""
        begin(desk, said, form, lead=lead, answers=known, brief=session.brief, trial=session.trial, said_at=session.said_at)
        return
    if turn.unread and (said.text or said.blob):
        kept = desk.keep_words(said.text, said.blob.sha256 if said.blob else "")
        pictures.spare(desk, said)
        turn = set_aside(desk, said, turn, saved, kept)
    if turn.child:
        begin_child(desk, said, turn, saved)
        return
    freed = pictures.free(desk, saved) if saved.state == "cancelled" else ""
    if saved.state == "cancelled" and (saved.parent or saved.brief):
        after_cancel(desk, said, saved, turn, freed)
        return
    lead = f"{freed}{lead}"
    for prompt in turn.say:
        desk.say(replace(prompt, text=f"{lead}\n{prompt.text}") if lead else prompt, coalesce=turn.coalesce)
        lead = ""


def set_aside(desk: Desk, said: Said, turn: Turn, session: Session, kept: int) -> Turn:
    """A sentence that was no answer is kept, which is said, and offered: into this record, or one of its own."""
    if len(said.text.strip()) < A_SENTENCE or not turn.say or "rep" not in desk.me.roles or session.trial or session.state != "open":
        return turn
    options = []
    if session.at == "review" and room(form_of(session.form)):
        options.append(Option("加进这条", tokens.of_action("add", session.id, kept)))
    if session.at in ("review", "edit"):
        options.append(Option("另记一条", tokens.of_action("words", kept, "visit")))
    first = turn.say[0]
    if "留着" in first.text:
        return replace(turn, say=(replace(first, options=(*first.options, *options)), *turn.say[1:]))
    if options:
        text = f"这句没放进这条，原话已留着。\n{first.text}"
    else:  # why it was no answer comes first
        why, _, asked = first.text.partition("\n")
        text = f"{why}原话已留着。\n{asked}".rstrip()
    return replace(turn, say=(replace(first, text=text, options=(*first.options, *options)), *turn.say[1:]))


def room(form: type[Form]) -> str:
    """The question that takes whatever else was talked about."""
    return next((name for name in ("talked", "about", "what", "words") if name in form.questions), "")


def begin_child(desk: Desk, said: Said, turn: Turn, parent: Session) -> None:
    form = form_of(turn.child)
    child = desk.save(replace(engine.child_of(replace(turn, session=parent), form), said_at=said.at))
    play(desk, said, engine.begin(form, child, desk), lead=f"先登记一下，填完接着问《{form_of(parent.form).title}》。")


def finish(desk: Desk, said: Said, turn: Turn) -> None:
    """A full session: filed, or forgotten when it was a trial; then back to the form that opened it."""
    session = turn.session
    form = form_of(session.form)
    if session.trial:
        _finish_trial(desk, said, turn)
        return
    if gone := filing.stale_case(desk, form, session):
        desk.save(replace(session, state="cancelled"))
        desk.say(Prompt(gone))
        return
    paper, stored = filing.file(desk, session)
    desk.save(session)
    if session.parent and (parent := desk.session(session.parent)) is not None:
        label = desk.label("customers", paper.customer_id or 0)
        play(desk, said, engine.answer_child(form_of(parent.form), parent, Found(paper.customer_id or 0, label), desk))
        return
    if session.then:
        prompt, coalesce = _then(desk, session, stored)
        desk.say(prompt, coalesce=coalesce)
        return
    _say_filed(desk, said, stored, paper)


def _then(desk: Desk, session: Session, stored: Prompt) -> tuple[Prompt, str]:
    """Back to the log that asked for it, now one tap from handed in; or to the evening's page, with what is left."""
    where, _, when = session.then.partition(".")
    day = datetime.strptime(when, "%Y%m%d").date()  # noqa: DTZ007 a local day has no zone
    if where == "page":
        page = evening.compose(desk, day, lead=stored.text) if not stored.options else None
        return (page, evening.card(desk, day)) if page is not None else (stored, "")
    log = daylog.draft(desk, day)
    more = stored.text.partition("\n")[2]
    return (replace(log, text=f"{more}\n{log.text}") if more else log), ""


def filed(desk: Desk, session: Session) -> Prompt:
    """One of several, filed without a word of its own; what it would have said is answered."""
    _, stored = filing.file(desk, session)
    desk.save(session)
    return stored


def _finish_trial(desk: Desk, said: Said, turn: Turn) -> None:
    session = turn.session
    parent = desk.session(session.parent) if session.parent else None
    made = str(session.answers.get("name", "新客户"))
    desk.save(session)
    if parent is not None:
        play(desk, said, engine.answer_child(form_of(parent.form), parent, Found(0, made), desk))
        return
    for prompt in turn.say:
        desk.say(prompt)


def _say_filed(desk: Desk, said: Said, stored: Prompt, paper: Paper) -> None:
    """A record begun and interrupted is not forgotten: a card that only wants its tap is shown, any other is offered."""
    waiting = desk.paused_sessions()
    if not waiting or stored.options:
        desk.say(offers.also(desk, paper, keeping.offered(desk, paper, stored)))
        return
    first = waiting[0]
    form = form_of(first.form)
    if first.brief and first.at == "review" and not first.paper:
        play(desk, said, engine.resume(form, replace(first, state="open"), desk, lead=f"{stored.text}\n还有一条没存，请看一下。"))
        return
    more = f"（共 {len(waiting)} 份）" if len(waiting) > 1 else ""
    text = f"{stored.text}\n{form.called(first.answers)}还没填完{more}。"
    desk.say(replace(stored, text=text, options=(Option("接着填", tokens.of_action("resume", first.id)),)))


def after_cancel(desk: Desk, said: Said, session: Session, turn: Turn, freed: str = "") -> None:
    """Back to the parent; or, for a one-message record, what else the words may have been."""
    if session.parent and (parent := desk.session(session.parent)) is not None:
        play(desk, said, engine.resume(form_of(parent.form), parent, desk, lead="好，不登记了。"))
        return
    if session.paper:
        desk.say(Prompt("好，不改了，还是原来的。"))
        return
    if session.trial or session.form not in OTHERWISE:
        for prompt in turn.say:
            desk.say(replace(prompt, text=f"{prompt.text}{freed}"))
        return
    options = [Option(label, tokens.of_action("turn", session.id, name)) for name, label in OTHERWISE.items() if name != session.form]
    desk.say(Prompt(f"好，没有存，原话还留着。{freed}您是想：", (*options, Option("先留着", tokens.of_action("ack", "words", session.id)))))


OTHERWISE = {"CustomerVisit": "记拜访", "PhoneCall": "记电话", "Appointment": "约客户", "Promise": "记答应的事"}


def resume(desk: Desk, said: Said, session: Session) -> None:
    """Open again; whatever was open is paused by saving."""
    end_trial(desk)
    pictures.claim(desk, session)
    play(desk, said, engine.resume(form_of(session.form), replace(session, state="open"), desk))
