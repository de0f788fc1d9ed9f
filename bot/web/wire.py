"""What goes between the chat's page and us, as types: decoding checks against them, openapi.py describes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from bot.channels.base import file_name
from bot.receive import event_of
from conversations import exhibits
from conversations.types import Prompt
from storage.shown import ShownRow
from storage.webhistory import FileNote, SaidRow

FileKind = Literal["photo", "voice", "video", "file"]
Sha = Annotated[str, Meta(pattern="^[0-9a-f]{64}$", description="SHA-256 of a stored file")]
Uuid = Annotated[str, Meta(pattern="^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", description="drawn by the client, one a message")]


class PlaceIn(Struct, forbid_unknown_fields=True):
    """Degrees, WGS-84."""

    lat: Annotated[float, Meta(ge=-90, le=90)]
    lon: Annotated[float, Meta(ge=-180, le=180)]
    label: Annotated[str, Meta(max_length=200)] = ""


class FileIn(Struct, forbid_unknown_fields=True):
    """A file that POST blobs has stored."""

    sha256: Sha
    kind: FileKind = "photo"
    mime: Annotated[str, Meta(max_length=80)] = ""
    name: Annotated[str, Meta(max_length=200)] = ""


class SaidIn(Struct, forbid_unknown_fields=True):
    """One message or tap. The same `id` again is the same message, and is taken once."""

    id: Uuid
    text: Annotated[str, Meta(max_length=20_000)] = ""
    tap: Annotated[str, Meta(max_length=64, description="the token of an option")] = ""
    place: PlaceIn | None = None
    blob: FileIn | Sha | None = None  # a bare hash is a photograph
    album: Annotated[str, Meta(max_length=60, description="the same for photographs sent together")] = ""
    at: Annotated[datetime, Meta(tz=True, description="the phone's own time")] | None = None


class LoginIn(Struct, forbid_unknown_fields=True):
    """Either the token of an invitation's link, or name and 8-digit code."""

    token: Annotated[str, Meta(max_length=200)] = ""
    name: Annotated[str, Meta(max_length=80)] = ""
    code: Annotated[str, Meta(max_length=20)] = ""


class LoginOut(Struct):
    account: str
    name: str


class SaidOut(Struct):
    """It is kept: told only after COMMIT."""

    id: str
    no: int
    new: bool
    now: Annotated[datetime, Meta(tz=True, description="the firm's clock")]


class FileOut(Struct):
    sha256: Sha
    size: int
    kind: FileKind
    mime: str


class OptionOut(Struct):
    label: str
    token: str
    main: bool
    url: str


class AttachedOut(Struct):
    """GET blobs/{sha256}, with ?paper= where one is named: the picture as that record shows it.

    `words` say what a drawn picture shows, for who does not see it, or what a file is called.
    """

    sha256: Sha
    kind: FileKind
    mime: str
    paper: int = 0
    words: str = ""


class PromptOut(Struct):
    """Something said to the person. `ref` is s<session>.<number> where a form asks."""

    id: int
    at: Annotated[datetime, Meta(tz=True)]
    lane: str
    title: str
    text: str
    options: list[OptionOut]
    wants: list[str]
    ref: str
    step: list[int]
    attach: list[AttachedOut]


class HeardOut(Struct):
    """Something the person said, from whichever browser."""

    id: str
    no: int
    at: Annotated[datetime, Meta(tz=True, description="when it was received")]
    said_at: Annotated[datetime, Meta(tz=True, description="when it was said")]
    text: str
    tap: str
    place: PlaceIn | None
    blob: AttachedOut | None


class PageOut(Struct):
    """What is new. Ask again with `after` and `heard`, and with the ids of `prompts` in `got`."""

    prompts: list[PromptOut]
    said: list[HeardOut]
    after: int
    heard: int
    now: Annotated[datetime, Meta(tz=True, description="the firm's clock")]


class MenuItem(Struct, frozen=True):
    """`say` is sent as it stands; `fill` waits in the text field for the rest."""

    label: str
    say: str = ""
    fill: str = ""


class MeOut(Struct):
    account: str
    name: str
    roles: list[str]
    zone: str
    now: Annotated[datetime, Meta(tz=True)]
    menu: list[MenuItem]
    welcome: str
    example: str


class ProblemOut(Struct):
    """What went wrong, in words for the person."""

    text: str


class ClockOut(Struct):
    """The demo's clock and what comes next."""

    now: Annotated[datetime, Meta(tz=True)]
    next: Annotated[datetime, Meta(tz=True)] | None


class ClockIn(Struct, forbid_unknown_fields=True):
    to: Literal["next", "17:00", "morning"]


class DoneOut(Struct):
    ok: bool = True


def prompt_out(row: ShownRow, notes: Mapping[str, FileNote]) -> PromptOut:
    prompt: Prompt = row.prompt
    return PromptOut(
        id=row.id,
        at=row.created_at,
        lane=row.lane,
        title=prompt.title,
        text=prompt.text,
        options=[OptionOut(option.label, option.token, option.main, option.url) for option in prompt.options],
        wants=list(prompt.wants),
        ref=prompt.ref,
        step=list(prompt.step or ()),
        attach=[attached(entry, notes) for entry in prompt.attach],
    )


def heard_out(row: SaidRow) -> HeardOut:
    event = event_of(row.body, row.said_at)
    place = PlaceIn(event.place.lat, event.place.lon, event.place.label) if event.place else None
    media = event.media
    blob = AttachedOut(media.remote.removeprefix("blob:"), media.kind, media.mime) if media else None
    return HeardOut(row.key.partition("/")[2], row.id, row.received_at, row.said_at, event.text, event.tap, place, blob)


def attached(entry: str, notes: Mapping[str, FileNote]) -> AttachedOut:
    sha, paper = exhibits.read(entry)
    if paper:
        return AttachedOut(sha, "photo", "image/jpeg", paper)
    note = notes.get(sha)
    if note is None:
        return AttachedOut(sha, "photo", "")
    said = str(note.facts.get("alt") or "") if note.mime.startswith("image/") else str(note.facts.get("name") or note.facts.get("alt") or "")
    return AttachedOut(sha, kind_of(note.mime), note.mime, 0, file_name(said, note.mime, "pdf", "") if note.mime == "application/pdf" else said)


def kind_of(mime: str) -> FileKind:
    family = mime.partition("/")[0]
    kinds: Mapping[str, FileKind] = {"image": "photo", "audio": "voice", "video": "video"}
    return kinds.get(family, "file")
