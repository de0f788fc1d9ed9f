"""A session as it stands: what is asked, what is open, and the prompt that says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cached_property

from conversations import tokens, words
from conversations.form import Form, Step
from conversations.lookup import Lookup
from conversations.questions.base import Choice, answered
from conversations.types import STRUCK, Option, Prompt, Session, Turn

REVIEW, EDIT = "review", "edit"
FROM_FOUR = 4  # questions: shorter forms show no progress
LINE, CARD = 100, 400  # characters of an answer or a card that are shown; all of it is kept


def clipped(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[:room]}…（共 {len(text):,} 字）"


class Filling:
    """A form, its session and the world at one moment; never changed, only replaced."""

    def __init__(self, form: type[Form], session: Session, look: Lookup, now: datetime) -> None:
        self.form, self.session, self.look, self.now = form, session, look, now
        # a record of what happened, and its correction, are judged by their own time: 10:20 heard at 14:05 may promise noon
        then = session.said_at if session.paper or session.brief else None
        self.paper = form(session.answers, look, then or now)

    def moved(self, **fields: object) -> Filling:
        return Filling(self.form, replace(self.session, **fields), self.look, self.now)  # type: ignore[arg-type]

    @cached_property
    def steps(self) -> list[Step]:
        return list(self.paper.steps())

    @cached_property
    def step(self) -> Step | None:
        """The question being asked, if it is one of the form's."""
        return self.at(self.session.at)

    def at(self, path: str) -> Step | None:
        return next((step for step in self.steps if step.path == path), None)

    def index(self, path: str) -> int:
        return next((n for n, step in enumerate(self.steps) if step.path == path), len(self.steps))

    def is_open(self, step: Step) -> bool:
        return step.open and not (self.session.brief and step.question.may_wait)

    def next_open(self, after: str = "") -> str:
        """The next open question behind this one, else the first, else the review."""
        since = self.index(after) + 1 if after else 0
        paths = [step.path for step in (*self.steps[since:], *self.steps[:since]) if self.is_open(step)]
        return paths[0] if paths else REVIEW

    def within(self, path: str) -> str:
        """The first open question of an answer begun: a row's, or the question itself; "" when it is ended."""
        inside = [step for step in self.steps if step.path == path or step.path.startswith(path + ".")]
        return next((step.path for step in inside if step.open), "")

    def wrong(self) -> tuple[str, str] | None:
        """The first question that keeps the paper from being filed, and why."""
        for step in self.steps:
            question, raw = step.question, step.raw
            if self.is_open(step):
                return step.path, "这一问还没答完。"
            if raw == STRUCK and not question.may_strike:
                return step.path, "这一问现在要填。"
            if answered(raw) and (problem := question.problem(raw, step.paper)):
                return step.path, problem
        return None

    def missing(self) -> list[str]:
        return [step.question.label for step in self.steps if self.is_open(step)]

    def before(self, path: str) -> str:
        """The question asked before this one; "" for the first."""
        return next((step.path for step in reversed(self.steps[: self.index(path)]) if not step.unsaid), "")

    @property
    def tops(self) -> list[Step]:
        """What there is to edit: every question but the rows' own."""
        return [step for step in self.steps if "." not in step.path and not step.unsaid]

    def named(self, text: str) -> Step | None:
        """The question somebody means to edit: by its number in the list or by (part of) its label."""
        steps = self.tops
        nth = words.number(text)
        if 1 <= nth <= len(steps):
            return steps[nth - 1]
        wanted = text.strip("「」 ")
        exact = [step for step in steps if step.question.label == wanted]
        near = exact or [step for step in steps if wanted and (wanted in step.question.label or wanted.startswith(step.question.label))]
        return near[0] if len(near) == 1 else None

    @property
    def choices(self) -> list[Choice]:
        """Everything there is to tap now, in the order it is numbered."""
        if self.session.at == REVIEW:
            return self._review_choices()
        if self.session.at == EDIT:
            lines = [Choice(f"_e.{step.path}", f"{step.question.label}：{clipped(self.paper.shown(step.question), 30)}") for step in self.tops]
            return [*lines, Choice("_keep", "不改了")]
        if self.step is None:
            return []
        if self.session.draft:
            return [Choice("_yes", self.step.question.insist, main=True), Choice("_no", self.step.question.refuse)]
        own = self.step.question.choices(self.step.given, self.step.paper, self.session)
        return [*own, *self._controls(self.step)]

    def _review_choices(self) -> list[Choice]:
        lines = [Choice("_file", "对，改成这样" if self.session.paper else "对，存下", main=True), Choice("_edit", "改一处")]
        if self.session.brief and not self.session.paper:
            lines.append(Choice("_cancel", "不改了" if self.session.paper else self.form.wrong or "不存"))
        return lines

    def _controls(self, step: Step) -> list[Choice]:
        question, given = step.question, step.raw is not None
        lines = [Choice("_keep", "不改")] if given and not step.open else []
        if question.may_strike and step.raw != STRUCK and not step.begun:
            lines.append(Choice("_strike", "没有"))
        if question.may_wait and step.raw is None:
            lines.append(Choice("_later", "以后补"))
        if "." in step.path:
            lines.append(Choice("_drop", "这个不要了"))
        if self.before(step.path) and not self.session.then:
            lines.append(Choice("_back", "上一问"))
        return lines

    def text(self) -> str:
        if self.session.at == REVIEW:
            return self._review()
        if self.session.at == EDIT:
            return "改哪一处？"
        if self.step is None:
            return ""
        if self.session.draft:
            return str(self.session.draft["why"])
        text = self.step.question.text(self.step.given, self.step.paper)
        return text if self.step.open else f"{text}\n现在是：{clipped(self.step.paper.shown(self.step.question), LINE)}"

    def _review(self) -> str:
        paper = self.paper
        if self.session.brief:
            listed = f"记成这样，对吗？\n{clipped(paper.in_one_line(), CARD)}"
        else:
            lines = [f"{step.question.label}：{clipped(paper.shown(step.question), LINE)}" for step in self.tops]
            listed = "\n".join([f"请核对《{self.form.title}》：", *lines])
        remark = paper.remark()
        return f"{listed}\n{remark}" if remark else listed

    def _title(self) -> str:
        """What belongs to a job names it on every message."""
        job = self.look.job(self.session.case) if self.form.on == "job" and self.session.case else None
        return f"{job.title}{self.form.title}" if job is not None else self.form.title

    def progress(self) -> tuple[int, int] | None:
        asked = [step.path for step in self.tops]
        if self.step is None or self.session.brief or len(asked) < FROM_FOUR:
            return None
        return asked.index(self.step.top) + 1, len(asked)

    def prompt(self, lead: str, choices: list[Choice]) -> Prompt:
        session, step = self.session, self.step
        asking = step is not None and not session.draft
        return Prompt(
            f"{lead}\n{self.text()}" if lead else self.text(),
            tuple(Option(one.label, tokens.of_session(session.id, session.no, one.value), one.main) for one in choices),
            wants=step.question.wants if step and asking else ("text",),
            ref=f"s{session.id}.{session.no}",
            title=self._title(),
            attach=step.question.blobs(session.draft["raw"]) if step and session.draft else (),
            step=self.progress(),
        )

    def turn(self, lead: str = "", *, unread: bool = False, coalesce: bool = False) -> Turn:
        """Say it: the same number as before unless the caller moved on, so that a repeated prompt is harmless."""
        choices = self.choices
        session = replace(self.session, shown=tuple(one.value for one in choices))
        lives = self.step is not None and self.step.question.lives and not session.draft
        key = f"card:s{session.id}.{session.no}" if lives else f"s{session.id}.{session.no}+" if coalesce else ""
        return Turn(session, (self.prompt(lead, choices),), unread=unread, coalesce=key)

    def goto(self, at: str, lead: str = "") -> Turn:
        """Ask something else; buttons shown before no longer count."""
        return self.moved(at=at, no=self.session.no + 1, page=0, query="", draft={}).turn(lead)
