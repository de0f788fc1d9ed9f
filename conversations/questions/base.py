"""What every kind of question is: asked, read, shown, checked; stored as plain JSON under its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import CodeType
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, overload

from conversations.types import LATER, STRUCK, Said, Session

if TYPE_CHECKING:
    from typing import Self

    from conversations.form import Form

T = TypeVar("T")
Test = Callable[[Any, "Form"], str]
"""A check or a warning: the answer's value and the paper so far → "" or what to tell the person."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to tap: the value its token carries and the words on it."""

    value: str
    label: str
    main: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """A reply understood. With `why` it waits for a tap before it counts; `note` is said before what comes next."""

    raw: Any
    why: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """The same question again, its list narrowed or turned to another page."""

    query: str = ""
    page: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Opens:
    """Another form has to be filled first; `words` are what was typed and not found."""

    form: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Goes:
    """To a row that is there already, to change it."""

    row: int


Outcome = Heard | Listing | Opens | Goes


class Question(Generic[T]):
    """A kind overrides read, take, value, show and choices; values of choices never begin with "_", those are the engine's.

    A silent question is never asked, only taken when sent.
    """

    wants: ClassVar[tuple[str, ...]] = ("text",)
    media: ClassVar[tuple[str, ...]] = ()  # what may be sent for it without being asked: photo, voice, place
    digits: ClassVar[bool] = False  # a bare number may be the answer itself
    offers: bool = False  # its choices are answers, so a number means one of them all the same
    grows: ClassVar[bool] = False  # answered piece by piece, until "done" is taken
    lives: ClassVar[bool] = False  # its card is said anew, in place where the channel can, when more is known
    insist: str = "对"  # on the button that lets a doubtful reading count
    refuse: str = "不是，重答"  # and on the one that does not
    name: str = ""

    def __init__(
        self,
        ask: str | Callable[[Form], str],
        *,
        label: str = "",
        card: str = "{}",
        when: Callable[[Any], object] | None = None,
        check: Test | None = None,
        warn: Test | None = None,
        may_strike: bool = False,
        may_wait: bool = False,
        silent: bool = False,
        was: Sequence[str] = (),
        insist: str = "",
        refuse: str = "",
    ) -> None:
        self.ask, self._label, self.card = ask, label, card
        self.when, self.check, self.warn = when, check, warn
        self.may_strike, self.may_wait, self.silent, self.was = may_strike, may_wait, silent, tuple(was)
        self.insist, self.refuse = insist or self.insist, refuse or self.refuse

    def __set_name__(self, form: type[Form], name: str) -> None:
        self.name = name

    @overload
    def __get__(self, paper: None, form: type[Form]) -> Self: ...
    @overload
    def __get__(self, paper: Form, form: type[Form]) -> T | None: ...
    def __get__(self, paper: Form | None, form: type[Form]) -> Self | T | None:
        return self if paper is None else paper.value(self)

    @property
    def label(self) -> str:
        """What the review and the edit list call it."""
        return self._label or (self.ask.strip("？?。： ").removeprefix("请") if isinstance(self.ask, str) else self.name)

    def text(self, raw: Any, paper: Form) -> str:
        """The question as it is put now, with what is there already."""
        return self.ask if isinstance(self.ask, str) else self.ask(paper)

    def choices(self, raw: Any, paper: Form, session: Session) -> Sequence[Choice]:
        return ()

    def read(self, said: Said, raw: Any, paper: Form, session: Session) -> Outcome:
        """What was typed or sent; raises Unclear with what to do."""
        raise NotImplementedError

    def take(self, value: str, raw: Any, paper: Form, session: Session) -> Outcome:
        """A tap on one of the choices, now or on an earlier page; raises Unclear when it is none."""
        raise NotImplementedError

    def receive(self, said: Said, raw: Any) -> Any:
        """The answer with a picture or place added that came while something else was asked; None when there is no room."""
        return None

    def advice(self, raw: Any, at: datetime) -> str:
        """What would make better what was sent just now."""
        return ""

    def value(self, raw: Any, paper: Form) -> T:
        raise NotImplementedError

    def show(self, raw: Any, paper: Form) -> str:
        return str(self.value(raw, paper))

    def said(self, raw: Any, paper: Form) -> str:
        """As one says it in a sentence."""
        return self.show(raw, paper)

    def is_open(self, raw: Any) -> bool:
        """An answer begun and not yet ended (photographs, lines, ticks)."""
        return False

    def enough(self, raw: Any) -> bool:
        """An answer begun that need not be ended by a word of its own."""
        return False

    def ended(self, raw: Any) -> Any:
        """An answer begun, taken as it stands; None when that is no answer."""
        return raw

    def problem(self, raw: Any, paper: Form) -> str:
        """Asked when the answer is given and again when the paper is filed."""
        return self.check(self.value(raw, paper), paper) if self.check else ""

    def blobs(self, raw: Any) -> tuple[str, ...]:
        return ()

    def describe(self) -> dict[str, Any]:
        """Everything an open session depends on, for the content hash."""
        return {
            "kind": type(self).__name__,
            "ask": fingerprint(self.ask),
            "when": fingerprint(self.when),
            "check": fingerprint(self.check),
            "may_strike": self.may_strike,
            "may_wait": self.may_wait,
            "silent": self.silent,
            "was": list(self.was),
        }


def answered(raw: Any) -> bool:
    """Neither struck out nor left for later."""
    return raw is not None and raw != STRUCK and raw != LATER


def fingerprint(part: object) -> Any:
    """A text as it is; a function by its name, a lambda by the names and words in it: the same on every Python."""
    if not callable(part):
        return part
    code: CodeType | None = getattr(part, "__code__", None)
    name = getattr(part, "__qualname__", type(part).__qualname__)
    if code is None or "<lambda>" not in name:
        return name
    return ["lambda", list(code.co_names), sorted(repr(c) for c in code.co_consts if isinstance(c, str | int) and not isinstance(c, bool))]


def ordered(options: Mapping[str, str] | Sequence[str]) -> dict[str, str]:
    """Choices by value: a mapping as it is, plain words stand for themselves."""
    return dict(options) if isinstance(options, Mapping) else {word: word for word in options}
