"""What people say, what they are asked, and what one turn of a form gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

type_of_media = Literal["photo", "voice", "video", "file"]

STRUCK: Mapping[str, Any] = {"struck": True}
"""The answer "/" of rule A-4.4.1: asked, and does not apply."""
LATER: Mapping[str, Any] = {"later": True}
"""Left open on purpose in a one-line record; the evening log asks for it (A-3.3.6a)."""


class Unclear(Exception):
    """The reply does not answer the question; the text tells the person what is wanted."""


class TooNew(Exception):
    """A session begun by newer code; this replica leaves the event to a newer one."""


@dataclass(frozen=True, slots=True)
class Point:
    """A place as the phone gave it: degrees, and the words the map had for it."""

    lat: float
    lon: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class Blob:
    """A stored file by its SHA-256; `advice` is what would make a poor photograph better ("" if usable)."""

    sha256: str
    mime: str
    size: int
    kind: type_of_media = "photo"
    advice: str = ""
    broken: str = ""  # why a picture could not be kept, in the person's words; sha256 is then of the bytes received


@dataclass(frozen=True, slots=True)
class Said:
    """One inbound message or tap, after fetching: what the engine sees of it."""

    at: datetime  # when the person said it, aware UTC
    received: datetime  # when we had it, aware UTC
    text: str = ""
    tap: str = ""  # the whole token of the button, see tokens.py
    blob: Blob | None = None
    place: Point | None = None
    album: str = ""  # the platform's group id of several photographs

    @property
    def late(self) -> bool:
        """More than ten minutes between saying and receiving: kept at its own time, and not late."""
        return (self.received - self.at).total_seconds() > 600


@dataclass(frozen=True, slots=True)
class Option:
    """A button: what it says and the token it sends; `main` is drawn large."""

    label: str
    token: str
    main: bool = False
    url: str = ""  # a link instead of a token


@dataclass(frozen=True, slots=True)
class Prompt:
    """One outbound message. `wants` tells the channel which keyboard helps: text, photo, place, voice, day."""

    text: str
    options: tuple[Option, ...] = ()
    wants: tuple[str, ...] = ()
    ref: str = ""  # s<session>.<number> when a session asks; empty otherwise
    title: str = ""  # the card's heading: which job, which paper
    attach: tuple[str, ...] = ()  # sha256 of pictures and voice to show; exhibits.py: a record's picture, stamped
    step: tuple[int, int] | None = None  # question k of n, from four questions up
    number: int = 0  # of a card shown while a form is open: a bare number answers the form, this card is typed 接 12 1


@dataclass(frozen=True, slots=True)
class Session:
    """A form being filled. Position is derived from answers; `at` is the question last asked."""

    form: str
    version: int
    answers: Mapping[str, Any] = field(default_factory=dict)
    id: int = 0
    at: str = ""  # question name, "review", or "" before the first prompt
    no: int = 0  # running prompt number
    shown: tuple[str, ...] = ()  # option values last listed: "2" means the second of these
    state: str = "open"  # open | paused | waiting (for a child) | filed | cancelled
    brief: bool = False  # begun by one message: what may wait, waits
    trial: bool = False  # 试一次: nothing is kept
    page: int = 0  # of a long list
    query: str = ""  # what a long list is narrowed to
    case: int = 0
    case_rev: int = 0
    paper: int = 0  # a correction of this filed paper
    parent: int = 0
    parent_at: str = ""  # the parent's question that this child answers
    said_at: datetime | None = None  # when the thing recorded happened (10:20 拜访…)
    rev: int = 0
    then: str = ""  # what is shown once it is filed: log.20261124 (without a review), page.20261124
    draft: Mapping[str, Any] = field(default_factory=dict)  # a reading that waits for a tap: {"at", "raw", "why"}


@dataclass(frozen=True, slots=True)
class Turn:
    """What one message did to a session."""

    session: Session
    say: tuple[Prompt, ...] = ()
    child: str = ""  # a form to fill first, whose filing answers the question asked
    unread: bool = False  # something in it was not used; words and blob are to be kept. `say` has answered already
    coalesce: str = ""  # confirmations of an album: while unsent, the newer one replaces the older (desk.say's coalesce)
    words: str = ""  # with `child`: what was typed and not found, to begin the child with
    instead: str = ""  # another form that takes these answers over
