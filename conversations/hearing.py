"""What a message means for the question asked: a button, a command, an answer, or something for another question."""

from __future__ import annotations

from dataclasses import replace

from conversations import moves, tokens, words
from conversations.asking import EDIT, REVIEW, Filling
from conversations.form import Step, put
from conversations.questions.base import Heard
from conversations.types import STRUCK, Said, Session, Turn, Unclear

SENT = {"photo": "照片", "voice": "语音", "video": "视频", "file": "文件"}


def tapped(filling: Filling, before: Session, token: str) -> Turn:
    tap = tokens.read(token)
    if not isinstance(tap, tokens.SessionTap) or (tap.session, tap.no) != (before.id, before.no):
        return filling.turn("这张卡片已经处理过了。现在问的是：")
    if filling.session.version != before.version:  # what stood behind the button may have changed
        return filling.goto(filling.session.at, "表改过了，请再答一次。")
    return _chosen(filling, tap.value)


def _chosen(filling: Filling, value: str) -> Turn:
    if value.startswith("_"):
        return moves.control(filling, value)
    step = filling.step
    if step is None:
        return filling.turn("请点下面的一个。")
    return moves.accept(filling, step, step.question.take(value, step.given, step.paper, filling.session))


def typed(filling: Filling, said: Said) -> Turn:
    text, step = said.text.strip(), filling.step
    nth = words.number(text) if said.blob is None else 0
    button = filling.session.shown[nth - 1] if 0 < nth <= len(filling.session.shown) else ""
    if said.blob is None and (value := _meant(filling, text)):
        return _chosen(filling, value)
    if (command := words.command(text)) and (turn := _command(filling, command, said)):
        return turn
    if step is None:
        raise Unclear("请点要改的一处，或写它的名称。" if filling.session.at == EDIT else "请回复「对」存下，或写「改一处」。")
    if words.strikes(text) and (turn := _struck(filling, step, text)):
        return turn
    try:
        outcome = step.question.read(said, step.given, step.paper, filling.session)
    except Unclear:
        if not button:
            raise
        return _chosen(filling, button)
    if button and isinstance(outcome, Heard) and not outcome.why:  # the number of a button, or the answer itself: nothing is guessed
        outcome = replace(outcome, why=f"「{step.question.show(outcome.raw, step.paper)}」就是答案，对吗？")
    return moves.accept(filling, step, outcome)


def _meant(filling: Filling, text: str) -> str:
    """The button that words stand for: yes and no, its number, its label, its value; "" when they are none."""
    session, step, word = filling.session, filling.step, words.plain(text)
    if session.draft or session.at == REVIEW:
        yes, no, sure = ("_yes", "_no", words.SURE) if session.draft else ("_file", "_edit", words.FILES)
        if word in sure or word in words.NO:
            return yes if word in sure else no
    nth = words.number(text)
    if 0 < nth <= len(session.shown):
        listed = session.shown[nth - 1]
        own = step is None or session.draft or not step.question.digits
        return listed if own or (step and step.question.offers and not listed.startswith("_")) else ""
    if session.at == EDIT and (named := filling.named(text)):
        return f"_e.{named.path}"
    for choice in filling.choices if word else ():
        if word == words.plain(choice.label) or (word == choice.value and word[0] != "_" and not word.isdecimal()):
            return choice.value
    return ""


def _command(filling: Filling, command: words.Command, said: Said) -> Turn | None:
    """What a command does; None when 改… names nothing here and is an answer like another."""
    if not command.rest:
        return moves.control(filling, f"_{command.verb}")
    step = filling.step
    named = None if step and step.question.grows and words.number(command.rest) else filling.named(command.rest)
    if named is None:
        return None
    there = Filling(filling.form, filling.goto(named.path).session, filling.look, filling.now)
    anew = command.rest.partition(named.question.label)[2].strip(" 成为是:：,，")
    if not anew:
        return there.turn()
    try:
        return moves.accept(there, named, named.question.read(replace(said, text=anew), named.given, named.paper, there.session))
    except Unclear as problem:
        return there.turn(str(problem), unread=True)


def _struck(filling: Filling, step: Step, text: str) -> Turn | None:
    question = step.question
    if step.begun:  # 没有了: no more of them
        return moves.accept(filling, step, question.take("done", step.given, step.paper, filling.session))
    if question.may_strike:
        return moves.answer(filling, step, STRUCK)
    if words.plain(text) in ("/", "\\"):
        raise Unclear("这一问不能划掉，请答一下；现在答不了可以写「跳过」。")
    return None


def stray(filling: Filling, said: Said) -> Turn | None:
    """A picture or a place that the question asked is not about: put where the form has room for it, or kept and said so."""
    kind = said.blob.kind if said.blob else "place" if said.place else ""
    if not kind or (filling.step and kind in filling.step.question.media):
        return None
    if said.blob and said.blob.broken:
        raise Unclear(said.blob.broken)
    rooms = []
    for step in filling.steps:
        if kind in step.question.media and (grown := step.question.receive(said, step.given)) is not None:
            rooms.append((step, grown | {"done": not step.open or step.question.enough(grown)} if step.question.grows else grown))
    if not rooms:
        raise Unclear("位置收到了，这一问用不上。" if kind == "place" else f"{SENT[kind]}已留着，这一问用不上。")
    step, grown = next((room for room in rooms if room[0].question.grows), rooms[0])
    after = filling.moved(answers=put(filling.session.answers, step.path, grown))
    advice = step.question.advice(grown, said.at)
    what, shown = SENT.get(kind, "位置"), step.question.show(grown, step.paper)
    lead = f"{what}收到了，共 {shown}。{advice}" if step.question.label == what else f"{what}放进「{step.question.label}」了（{shown}）。{advice}"
    return after.turn(lead, coalesce=True)
