"""Form: a paper declared as a class; an instance is a view over the answers given so far."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from json import dumps
from typing import Any, ClassVar, TypeVar, cast

from conversations.desk import Desk
from conversations.firm import Found, Paper
from conversations.lookup import Lookup
from conversations.questions.base import Question, answered
from conversations.questions.lines import Lines
from conversations.types import LATER, STRUCK, Prompt

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Step:
    """One question in its place: "met", or "contacts.0.name" in a row."""

    path: str
    question: Question[Any]
    paper: Form
    raw: Any

    @property
    def open(self) -> bool:
        if self.raw is None:
            return not self.question.silent
        return answered(self.raw) and self.question.is_open(self.raw)

    @property
    def unsaid(self) -> bool:
        """Never asked and not volunteered: nobody hears of it."""
        return self.question.silent and self.raw is None

    @property
    def given(self) -> Any:
        """What a kind of question may look at: neither "/" nor "later"."""
        return self.raw if answered(self.raw) else None

    @property
    def begun(self) -> bool:
        """Something is there that "none" or "later" would throw away by a slip."""
        return self.question.grows and answered(self.raw)

    @property
    def top(self) -> str:
        return self.path.partition(".")[0]


class Form:
    """Reading a question's attribute gives its value: None when hidden, open, struck out or left for later."""

    title: ClassVar[str] = ""
    version: ClassVar[int] = 1
    who: ClassVar[frozenset[str]] = frozenset()
    copies_to: ClassVar[str] = ""
    on: ClassVar[str] = ""
    in_state: ClassVar[frozenset[str]] = frozenset()
    at_once: ClassVar[bool] = False  # filed with the last answer, without a review
    wrong: ClassVar[str] = ""  # the third button under a one-message record: 不是拜访
    questions: ClassVar[Mapping[str, Question[Any]]] = {}
    record: Paper | None = None  # as filed; set while filed() runs

    def __init_subclass__(
        cls,
        *,
        title: str,
        version: int = 1,
        who: str | Sequence[str] = (),
        copies_to: str = "",
        on: str = "",
        in_state: Collection[str] = (),
        at_once: bool = False,
        wrong: str = "",
    ) -> None:
        super().__init_subclass__()
        cls.title, cls.version, cls.copies_to, cls.on, cls.at_once, cls.wrong = title, version, copies_to, on, at_once, wrong
        cls.who, cls.in_state = frozenset([who] if isinstance(who, str) else who), frozenset(in_state)
        own = {name: part for name, part in vars(cls).items() if isinstance(part, Question)}
        for name in own:
            if hasattr(Form, name) or name in ("answers", "look", "now", "review", "edit"):
                raise TypeError(f"{cls.__name__}.{name}: the name is taken")
        cls.questions = {**cls.questions, **own}

    def __init__(self, answers: Mapping[str, Any], look: Lookup | None = None, now: datetime | None = None) -> None:
        self.answers, self._look, self._now = answers, look, now
        self._relevant: dict[str, bool] = {}
        self._labels: dict[tuple[str, int], str] = {}

    @property
    def look(self) -> Lookup:
        if self._look is None:
            raise LookupError(f"{type(self).__name__} is read without a Lookup")
        return self._look

    @property
    def now(self) -> datetime:
        return self._now or self.look.now.astimezone(UTC)

    @property
    def today(self) -> date:
        return self.look.calendar.day_of(self.now)

    def relevant(self, question: Question[Any]) -> bool:
        if question.name not in self._relevant:
            self._relevant[question.name] = question.when is None or bool(question.when(self))
        return self._relevant[question.name]

    def asked(self) -> list[Question[Any]]:
        return [question for question in self.questions.values() if self.relevant(question)]

    def raw(self, question: Question[Any]) -> Any:
        """As stored; None when hidden or open."""
        return self.answers.get(question.name) if self.relevant(question) else None

    def value(self, question: Question[T]) -> T | None:
        raw = self.raw(question)
        return question.value(raw, self) if answered(raw) else None

    def struck(self, name: str) -> bool:
        return bool(self.raw(self.questions[name]) == STRUCK)

    def left(self, name: str) -> bool:
        return bool(self.raw(self.questions[name]) == LATER)

    def labelled(self, source: str, id: int) -> str:
        """The label of a picked line as it is now; asked once."""
        if self._look is None:
            return ""
        if (source, id) not in self._labels:
            self._labels[source, id] = self._look.label(source, id)
        return self._labels[source, id]

    def seen(self, sha256: str) -> Mapping[str, Any]:
        """What was seen on a picture among the answers."""
        return self._look.seen(sha256) if self._look is not None else {}

    def steps(self) -> Iterator[Step]:
        """Every question asked, in order; the rows of Lines before the question whether there is another."""
        for question in self.asked():
            raw = self.answers.get(question.name)
            if isinstance(question, Lines):
                for nth, row in enumerate(question.rows(raw, self)):
                    for step in row.steps():
                        yield Step(f"{question.name}.{nth}.{step.path}", step.question, step.paper, step.raw)
            yield Step(question.name, question, self, raw)

    def shown(self, question: Question[Any]) -> str:
        """One answer in words: "/" when struck out."""
        raw = self.raw(question)
        if raw is None:
            return "（未填）"
        if not answered(raw):
            return "/" if raw == STRUCK else "（以后补）"
        return question.show(raw, self)

    def in_one_line(self) -> str:
        """What was answered, as one says it: 华东精密｜见了王经理｜谈续约."""
        said = [question.card.format(question.said(raw, self)) for question in self.asked() if answered(raw := self.raw(question))]
        return "｜".join(dict.fromkeys(part for part in said if part))

    @classmethod
    def called(cls, answers: Mapping[str, Any]) -> str:
        """恒达影音的《客户走访表》, once the customer is known."""
        picked = answers.get("customer")
        label = picked.get("label") if isinstance(picked, Mapping) else ""
        return f"{label}的《{cls.title}》" if label else f"《{cls.title}》"

    def blobs(self) -> tuple[str, ...]:
        """The pictures and voice messages of the answers that count, in order, once each."""
        found = [sha for question in self.asked() if answered(raw := self.raw(question)) for sha in question.blobs(raw)]
        return tuple(dict.fromkeys(found))

    def pruned(self, *, brief: bool = False) -> dict[str, Any]:
        """What is filed: nothing hidden, nothing begun; in a record by one message, what may wait is left for later."""
        kept: dict[str, Any] = {}
        for question in self.asked():
            raw: Any = self.answers.get(question.name)
            if answered(raw) and question.is_open(raw):
                raw = question.ended(raw)
            if raw is None and brief and question.may_wait:
                raw = LATER
            if isinstance(question, Lines) and answered(raw):
                raw = {**raw, "rows": [row.pruned() for row in question.rows(raw, self)]}
            if raw is not None:
                kept[question.name] = raw
        return kept

    def remark(self) -> str:
        """A line under the review: what filing will not do yet, or what to look at."""
        return ""

    def reads(self, looked: Mapping[str, Any]) -> Mapping[str, Any]:
        """The answers that a picture gives, for the person to confirm."""
        return {}

    def named(self) -> Sequence[str]:
        """Whom its pictures name: they stand first where the customer is picked."""
        return ()

    def subject(self, desk: Desk) -> int | None:
        """The customer the paper is about, known before it is filed; a form that makes a customer makes it here."""
        question = self.questions.get("customer")
        picked = self.value(question) if question is not None else None
        return picked.id or None if isinstance(picked, Found) else None

    def filed(self, desk: Desk) -> None:
        """What filing does to the world, again after a correction (record.rev > 1); without it the paper is kept, that is all."""

    def taken_back(self, desk: Desk) -> None:
        """What withdrawing it undoes, beside the promises and requests that came of it."""

    def stored(self, desk: Desk) -> Prompt:
        """What the person hears once it is filed."""
        return Prompt(f"《{self.title}》{'改好了' if self.record and self.record.rev > 1 else '存下了'}。")

    @classmethod
    def in_words(cls, text: str) -> Mapping[str, Any]:
        """A whole row typed in one line; {} when it is none."""
        return {}

    def insisted(self, at: str) -> Mapping[str, Any]:
        """What else is known once somebody insisted on a doubtful answer to the question `at`."""
        return {}

    @classmethod
    def instead(cls, at: str) -> str:
        """The form to fill instead when they do not."""
        return ""

    @classmethod
    def upgrade(cls, answers: Mapping[str, Any], since: int) -> Mapping[str, Any]:
        """Answers of version `since` in the words of this one; renames come from was=."""
        return answers

    @classmethod
    def describe(cls) -> dict[str, Any]:
        return {
            "questions": {name: question.describe() for name, question in cls.questions.items()},
            "on": cls.on,
            "in_state": sorted(cls.in_state),
            "at_once": cls.at_once,
        }

    @classmethod
    def content_hash(cls) -> str:
        """Of everything an open session depends on."""
        return sha256(dumps(cls.describe(), ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]


def put(answers: Mapping[str, Any], path: str, raw: Any) -> dict[str, Any]:
    """The answers with one replaced, in a row if the path says so; nothing else changes."""
    name, _, rest = path.partition(".")
    if not rest:
        return {**answers, name: raw}
    nth, _, inner = rest.partition(".")
    rows = list(cast(Mapping[str, Any], answers[name])["rows"])
    rows[int(nth)] = put(rows[int(nth)], inner, raw)
    return {**answers, name: {**answers[name], "rows": rows}}
