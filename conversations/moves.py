"""What an answer or a command does to a session."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from conversations import tokens
from conversations.asking import EDIT, REVIEW, Filling
from conversations.form import Step, put
from conversations.questions.base import Goes, Listing, Opens, Outcome, answered
from conversations.types import LATER, STRUCK, Option, Prompt, Turn, Unclear

HELP = "可以写：上一问、改一处、没有（或 /）、跳过、先放着、取消。"


def accept(filling: Filling, step: Step, outcome: Outcome) -> Turn:
    session, question = filling.session, step.question
    if isinstance(outcome, Listing):
        return filling.moved(query=outcome.query, page=outcome.page, draft={}).turn(outcome.text)
    if isinstance(outcome, Goes):
        return filling.goto(next(one.path for one in filling.steps if one.path.startswith(f"{step.path}.{outcome.row}.")))
    if isinstance(outcome, Opens):
        return Turn(replace(session, state="waiting"), child=outcome.form, words=outcome.words)
    if outcome.raw == STRUCK:
        return answer(filling, step, STRUCK)
    if problem := question.problem(outcome.raw, step.paper):
        raise Unclear(problem)
    if why := outcome.why or warning(step, outcome.raw):
        return filling.moved(draft={"at": step.path, "raw": outcome.raw, "why": why}, no=session.no + 1).turn()
    return answer(filling, step, outcome.raw, outcome.note)


def warning(step: Step, raw: Any) -> str:
    return step.question.warn(step.question.value(raw, step.paper), step.paper) if step.question.warn else ""


def answer(filling: Filling, step: Step, raw: Any, note: str = "") -> Turn:
    after = filling.moved(answers=put(filling.session.answers, step.path, raw), draft={})
    inside = after.within(step.path) if step.question.grows and answered(raw) else ""
    if inside == step.path:
        return after.turn(note, coalesce=bool(step.question.media))
    at = inside or after.next_open(step.path)
    if at == REVIEW and after.form.at_once:
        return _file(after)
    return after.goto(at, note)


def control(filling: Filling, value: str) -> Turn:
    session, step, at = filling.session, filling.step, filling.session.at
    if value in _ALWAYS:
        return _ALWAYS[value](filling)
    if value.startswith("_e.") and at == EDIT and filling.at(value[3:]):
        return filling.goto(value[3:])
    if value == "_keep" and (at == EDIT or (step and not step.open)):
        return filling.goto(filling.steps[filling.index(at) + 1].path if "." in at else filling.next_open(at if step else ""))
    if step and session.draft and value == "_yes":
        return answer(filling.moved(answers={**session.answers, **filling.paper.insisted(at)}), step, session.draft["raw"])
    if (
        step
        and session.draft
        and value == "_no"
        and (form := filling.form.instead(at))
        and session.draft["why"] == warning(step, session.draft["raw"])
    ):
        known = put(session.answers, at, session.draft["raw"])
        return Turn(replace(session, state="cancelled", answers=known, shown=(), draft={}), instead=form)
    if step and session.draft and value == "_no":
        return filling.goto(at, "好，请再答一次。")
    if step and value == "_strike" and step.question.may_strike and not step.begun:
        return answer(filling, step, STRUCK)
    if step and value == "_later" and step.question.may_wait and not step.begun:
        return answer(filling, step, LATER)
    if step and value == "_skip":
        return _skip(filling, step)
    if step and value == "_drop" and "." in step.path:
        return _drop_row(filling, step)
    raise Unclear("请先回答这一问。" if step else "请点下面的一个。")


def _back(filling: Filling) -> Turn:
    at = filling.session.at
    if at == EDIT:
        return filling.goto(filling.next_open())
    before = filling.before(at)
    return filling.goto(before) if before else filling.turn("这已经是第一问。")


def _skip(filling: Filling, step: Step) -> Turn:
    """Struck out where it may be, left for later where it may wait, otherwise asked again at the end."""
    if not step.open:
        return filling.goto(filling.next_open(step.path))
    if step.raw is None and (step.question.may_strike or step.question.may_wait):
        return answer(filling, step, STRUCK if step.question.may_strike else LATER)
    at = filling.next_open(step.path)
    if at in (step.path, REVIEW):
        raise Unclear("只剩这一问了，答完就可以存。现在答不了可以写「先放着」。")
    return filling.goto(at, "好，这一问最后再问您。")


def _drop_row(filling: Filling, step: Step) -> Turn:
    name, nth, _ = step.path.split(".", 2)
    lines = filling.session.answers[name]
    rows = [row for n, row in enumerate(lines["rows"]) if n != int(nth)]
    after = filling.moved(answers={**filling.session.answers, name: {"rows": rows, "done": False}}, draft={})
    return after.goto(name, "好，这个不要了。")


def _edit(filling: Filling) -> Turn:
    return filling.goto(EDIT)


def _help(filling: Filling) -> Turn:
    missing = filling.missing()
    left = f"还差 {len(missing)} 问。" if missing else "都答完了。"
    return filling.turn(f"《{filling.form.title}》{left}{HELP}")


def _pause(filling: Filling) -> Turn:
    if filling.session.trial:
        return _cancel(filling)
    session = replace(filling.session, state="paused")
    again = Option("继续", tokens.of_action("resume", session.id), main=True)
    return Turn(session, (Prompt(f"{filling.form.called(session.answers)}先放着了，写「继续」就接着填。", (again,)),))


def _cancel(filling: Filling) -> Turn:
    session, form = filling.session, filling.form
    closed = replace(session, state="cancelled", answers={} if session.trial else session.answers, shown=(), draft={})
    if session.parent:
        return Turn(closed)  # the form that opened it speaks next
    if session.trial:
        return Turn(closed, (Prompt("试完了，什么都没有留下。"),))
    if session.paper:
        text = f"好，《{form.title}》没有改，还是原来那样。"
    elif session.brief:
        text = "好，没有存，原话还留着。"
    else:
        text = f"《{form.title}》取消了。{'填过的还留着。' if session.answers else ''}"
    again = (Option("接着填", tokens.of_action("resume", session.id)),) if session.answers else ()
    return Turn(closed, (Prompt(text, again),))


def _file(filling: Filling) -> Turn:
    begun, filling = filling, _ended(filling)
    session = filling.session
    if wrong := filling.wrong():
        missing = filling.missing()
        return begun.goto(wrong[0], f"还差 {len(missing)} 问：{'、'.join(missing)}。" if missing else wrong[1])
    if session.at != REVIEW and not filling.form.at_once:
        return filling.goto(REVIEW)
    kept = {} if session.trial and not session.parent else filling.paper.pruned(brief=session.brief)
    filed = replace(session, state="filed", answers=kept, at="", shown=(), draft={})
    return Turn(filed, (Prompt("试好了，什么都没有留下。真记的时候，这一步就存下了。"),) if session.trial and not session.parent else ())


def _ended(filling: Filling) -> Filling:
    """存下 ends what was begun: the photographs that are there are all there are."""
    begun = {step.path: step.question.ended(step.raw) for step in filling.tops if answered(step.raw) and step.question.is_open(step.raw)}
    ended = {name: raw for name, raw in begun.items() if raw is not None}
    return filling.moved(answers={**filling.session.answers, **ended}) if ended else filling


_ALWAYS = {"_back": _back, "_edit": _edit, "_help": _help, "_pause": _pause, "_cancel": _cancel, "_file": _file}
