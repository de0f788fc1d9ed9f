"""Everything one message or tap of a known person leads to; answers only through the desk (§4 of the design)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from conversations import changes, commands, engine, filing, menu, oneline, pictures, records, timeline, tokens, turns
from conversations.actions import deskwords, starting, table
from conversations.actions.outdated import Outdated
from conversations.desk import Desk, NotAllowed, StaleCase
from conversations.forms.repairs.request import RepairRequest
from conversations.questions import Day, Moment, Text
from conversations.registry import form_of
from conversations.repairs import heard
from conversations.tokens import ActionTap, SessionTap, of_action
from conversations.types import Option, Prompt, Said, Session
from conversations.words import SURE, number, plain
from rules.errors import RuleBroken

ANSWERABLE = timedelta(hours=20)  # a bare number belongs to a card of today, not to one of last week
LABEL = 40  # no button says more
NAMESAKES = 6
INITIALS = 3  # hdy may be a customer, hd may be anything
OLD_CARD = "这张卡片太早了，写「菜单」看看现在能做什么。"
_OWN = ("visit", "call", "appointment")  # kinds whose customer may be a name nobody knows yet
_CARD = re.compile(r"接\s*(?P<card>\d{1,9})(?:\s+(?P<nth>\d{1,2}))?")


def converse(desk: Desk, said: Said) -> None:
    """Never raises on what a person may say or tap."""
    try:
        if desk.me.greeted or not _greets(desk, said):
            _answer(desk, said)
    except (Outdated, NotAllowed, RuleBroken) as refusal:
        desk.say(Prompt(str(refusal)))
    except StaleCase as stale:
        desk.say(Prompt(filing.who_was_first(desk, stale.event)))


def _greets(desk: Desk, said: Said) -> bool:
    """The first time: who speaks and what is recorded. True when that was all there was to say."""
    tap = tokens.read(said.tap) if said.tap else None
    desk.mark_greeted()
    if isinstance(tap, ActionTap) and tap.verb in ("mine", "notme", "trial"):
        return False
    desk.say(menu.greeting(desk))
    return not said.tap and not said.blob and not said.place and plain(said.text) in ("", *commands.HELLO)


def _answer(desk: Desk, said: Said) -> None:
    if said.tap:
        _tapped(desk, said)
        return
    session = desk.open_session()
    if session is not None and form_of(session.form).on == "job" and heard.sent(desk, said):
        return  # the form waits: a picture of the work is never its answer
    if session is not None:
        _during(desk, said, session)
    elif said.blob is not None:
        _sent(desk, said)
    elif said.place is not None:
        if not heard.placed(desk, said):
            pictures.placed(desk, said)
    elif said.text.strip():
        _said(desk, said)


def _sent(desk: Desk, said: Said) -> None:
    """A picture whose words are a whole record is that record's; any other finds its visit."""
    blob = said.blob
    usable = blob is not None and blob.kind == "photo" and not blob.broken
    if usable and "rep" in desk.me.roles and len(notes := oneline.read(said.text, said.at, desk)) == 1:
        records.begin(desk, said, notes)
        return
    if not heard.sent(desk, said):
        pictures.heard(desk, said)


# --- taps ---------------------------------------------------------------------------------------------------


def _tapped(desk: Desk, said: Said) -> None:
    tap = tokens.read(said.tap)
    if isinstance(tap, ActionTap):
        table.act(desk, said, tap)
    elif isinstance(tap, SessionTap):
        _tapped_session(desk, said, tap)
    else:
        raise Outdated(OLD_CARD)


def _tapped_session(desk: Desk, said: Said, tap: SessionTap) -> None:
    session = desk.session(tap.session)
    if session is None:
        raise Outdated(OLD_CARD)
    if session.state == "paused" and tap.no == session.no:
        session = replace(session, state="open")  # an earlier card, still unanswered
    if session.state != "open":
        for prompt in turns.advance(desk, said, session).say:
            desk.say(prompt)
        return
    turns.play(desk, said, turns.advance(desk, said, session))


# --- words while a form is open -----------------------------------------------------------------------------


def _during(desk: Desk, said: Said, session: Session) -> None:
    form = form_of(session.form)
    question = form.questions.get(session.at.rpartition(".")[2]) or form.questions.get(session.at)
    if said.text and not said.blob:
        if (token := _by_number(desk, said.text)) is not None:
            _tapped(desk, replace(said, text="", tap=token))
            return
        if commands.always(desk, said):
            return
        if plain(said.text) in ("继续", "接着填"):
            turns.play(desk, said, engine.resume(form, session, desk))
            return
        named = isinstance(question, Day | Moment) and plain(said.text) in ("今天", "明天")
        named = named or (plain(said.text) in commands.MENU and _on_its_button(desk, said, session))
        if not named and commands.of_menu(desk, said):
            return
        free = not isinstance(question, Text) and not named
        if free and plain(said.text) not in ("帮助", "help", "?", "继续") and commands.between(desk, said):
            return
        done = session.at in ("review", "edit")
        if done and commands.starts(desk, said):
            return
        if (done or (free and form is not RepairRequest)) and deskwords.called(desk, said, asking=not done):
            return
        if session.trial and done:
            if starting.tried(desk, said, session):
                return
            if desk.open_session() is None:
                _said(desk, said)
                return
        if (done or (free and not isinstance(question, Moment))) and changes.asked(desk, said):
            return
        if (done or oneline.begins(said.text)) and _another_record(desk, said, session, free):
            return
    turn = turns.advance(desk, said, session)
    if turn.unread and (token := _labelled(desk, said, session)) is not None:
        _tapped(desk, replace(said, text="", tap=token))
        return
    turns.play(desk, said, turn)


def _another_record(desk: Desk, said: Said, session: Session, free: bool) -> bool:
    """拜访 恒达 送书, while the card before is not confirmed: the next record, the other waits."""
    notes = oneline.read(said.text, said.at, desk)
    card = session.at == "review"
    begun = [
        note for note in notes if (note.customer is not None and (note.said or card)) or (card and note.said and note.name and note.kind in _OWN)
    ]
    if not begun:
        return False
    if len(notes) == 1 and _same_record(notes[0], session):
        return False
    if not free and "customer" not in session.answers:
        return False
    _records(desk, said, notes)
    return True


def _same_record(note: oneline.Note, session: Session) -> bool:
    """More about the card's own customer; another paper of theirs is another record: 约 恒达 明天上午10点."""
    picked = session.answers.get("customer")
    if note.customer is None or not isinstance(picked, dict) or picked.get("id") != note.customer.id:
        return False
    return records.FORMS[note.kind] == session.form or not (note.said or note.kind == "appointment")


def _records(desk: Desk, said: Said, notes: list[oneline.Note]) -> None:
    if len(said.text) > oneline.LONGEST:
        desk.keep_words(said.text)
        desk.say(Prompt(f"这段有 {len(said.text):,} 个字，原文已全部留着，先按前 {oneline.LONGEST:,} 个字记。"))
    records.begin(desk, said, notes)


def _on_its_button(desk: Desk, said: Said, session: Session) -> bool:
    """The words stand on a button of the card that is open."""
    last = desk.last_prompt()
    here = last is not None and last[0].ref == f"s{session.id}.{session.no}"
    return last is not None and here and plain(said.text) in [plain(one.label) for one in last[0].options]


def _labelled(desk: Desk, said: Said, session: Session) -> str | None:
    """The words on a button of a card shown meanwhile; numbers and the form's own words stay the form's."""
    last = desk.last_prompt()
    nth, here = number(said.text), last is not None and last[0].ref == f"s{session.id}.{session.no}"
    if last is None or (nth and not len(session.shown) < nth <= len(last[0].options) * here):
        return None
    if nth:  # below the form's own buttons: what to do with a sentence set aside
        return last[0].options[nth - 1].token
    word = plain(said.text)
    found = [one for one in last[0].options if one.token.startswith("a.") and plain(one.label) == word]
    return found[0].token if found else None


# --- words with nothing open --------------------------------------------------------------------------------


def _said(desk: Desk, said: Said) -> None:
    text = said.text.strip()
    if (token := _of_a_card(desk, said)) is not None:
        _tapped(desk, replace(said, text="", tap=token))
        return
    if heard.words(desk, said) or commands.always(desk, said) or commands.between(desk, said) or commands.starts(desk, said):
        return
    if changes.asked(desk, said) or commands.alone(desk, said) or heard.told(desk, said) or deskwords.called(desk, said):
        return
    if "rep" in desk.me.roles and (notes := oneline.read(text, said.at, desk)):
        _records(desk, said, notes)
        return
    if _bare_customer(desk, text):
        return
    if not changes.timed(desk, said):
        _not_understood(desk, said)


def _of_a_card(desk: Desk, said: Said) -> str | None:
    """A number or the words of a button answer the newest card; 接 12 the card of that number."""
    text = said.text.strip()
    if found := _CARD.fullmatch(text):
        if (token := _by_number(desk, text)) is None:
            raise Outdated(f"没找到编号 {found['card']} 的卡片，请看一下卡片上的数字。")
        return token
    last = desk.last_prompt() if len(text) <= LABEL else None
    if last is None or desk.now - last[1] > ANSWERABLE:
        return heard.meant(desk, None, text) or None
    prompt, nth = last[0], number(text)
    if nth:
        return prompt.options[nth - 1].token if nth <= len(prompt.options) else None
    word = plain(text)
    for one in prompt.options:
        if one.token and (plain(one.label) == word or (one.main and word in SURE and one.label.startswith("对，"))):
            return one.token
    return heard.meant(desk, prompt, text) or None


def _by_number(desk: Desk, text: str) -> str | None:
    """接 12 2: what the second button of card 12 sends. While a form is open, other words like it stay the form's."""
    found = _CARD.fullmatch(text.strip())
    shown = desk.prompt_of(int(found["card"])) if found else None
    nth = int(found["nth"] or 1) if found else 0
    return shown.options[nth - 1].token if shown is not None and 0 < nth <= len(shown.options) else None


def _bare_customer(desk: Desk, text: str) -> bool:
    """Only a customer's name, or the beginning of one: what about it?"""
    if not 2 <= len(text) <= 30 or "\n" in text:
        return False
    found = desk.find("customers", text, 0, NAMESAKES)
    exact = [one for one in found if text in (one.label, one.detail)]
    near = exact or [one for one in found if text in one.label or text in one.detail or (text.isascii() and len(text) >= INITIALS)]
    customer = desk.customer(near[0].id) if len(near) == 1 else None
    if customer is not None:
        desk.say(timeline.of(desk, customer))
        return True
    if len(near) > 1 and all(text in one.label for one in near):
        desk.say(timeline.search(desk, text))
        return True
    return False


def _not_understood(desk: Desk, said: Said) -> None:
    """Kept, and offered back."""
    kept = desk.keep_words(said.text)
    if number(said.text):
        desk.say(Prompt("这个数字对不上现在的卡片。请点卡片上的按钮，或写「菜单」。"))
        return
    if "rep" not in desk.me.roles:
        desk.say(menu.of(desk, [], lead="没看懂这句，但已留着。"))
        return
    options = (
        Option("记拜访", of_action("words", kept, "visit"), main=True),
        Option("记电话", of_action("words", kept, "call")),
        Option("问主管", of_action("words", kept, "ask")),
    )
    desk.say(Prompt("没看懂这句，但已留着。您是想：", options))
