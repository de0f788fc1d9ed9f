"""介绍内容: what reps explain to customers, a topic a line; the next version, the earlier ones, who has opened which (A-3.4.1)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from bot.web.answers import Problem
from bot.web.office.frame import ALL_ROLES, Office, Page, day, said, text
from conversations.desk import NotAllowed
from conversations.desks.handouts import Card
from rules import introductions
from rules.errors import RuleBroken
from rules.introductions import TOPICS
from storage.world import World

LIST = "/office/cards"
LARGEST = 20 * 1024 * 1024
KINDS = {b"%PDF-": ("application/pdf", "file"), b"\xff\xd8\xff": ("image/jpeg", "photo"), b"\x89PNG": ("image/png", "photo")}
ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}
GONE = "没找到这一版，请回到介绍内容。"


@dataclass(frozen=True, slots=True)
class Row:
    topic: str
    label: str
    card: Card | None
    read: int = 0
    reps: int = 0
    coming: str = ""  # the next version, not yet in force


@dataclass(slots=True)
class Given:
    """The form as it was typed."""

    topic: str = ""
    name: str = ""
    text: str = ""
    since: str = ""
    problem: str = ""


async def listed(office: Office, request: Request) -> Response:
    def ask(world: World) -> list[Row]:
        every = world.introductions(current=False)
        current = {one.topic: one for one in world.introductions()}
        rows = []
        for topic, label in TOPICS.items():
            card = current.get(topic)
            reads = world.introduction_reads(card.id) if card else {}
            coming = next(
                (f"{one.name}，{one.since.month} 月 {one.since.day} 日起" for one in every if one.topic == topic and one.since > office.today), ""
            )
            rows.append(Row(topic, label, card, sum(at is not None for at in reads.values()), len(reads), coming))
        return rows

    return office.page(request, "office/cards.html", rows=await office.read(request, ask))


async def one(office: Office, request: Request) -> Response:
    id = int(request.path_params["id"])

    def ask(world: World) -> tuple[Card, list[tuple[str, datetime | None]], Sequence[Card], list[str]] | None:
        card = world.introduction(id)
        if card is None:
            return None
        reads = [(who.name if (who := world.person(person)) else "", at) for person, at in world.introduction_reads(id).items()]
        kinds = ["图片" if world.blob_kind(sha) == "photo" else "PDF" for sha in card.blobs]
        return card, sorted(reads, key=lambda read: (read[1] is not None, read[0])), world.introductions(card.topic, current=False), kinds

    found = await office.read(request, ask)
    if found is None:
        raise Problem(404, GONE)
    card, reads, versions, kinds = found
    return office.page(request, "office/card.html", card=card, label=TOPICS[card.topic], reads=reads, versions=versions, kinds=kinds)


async def file(office: Office, request: Request) -> Response:
    """A picture or PDF of one version; nothing else is given out here."""
    id, nth = int(request.path_params["id"]), int(request.path_params["nth"])

    try:
        sha, mime = await office.read(request, lambda world: world.card_file(id, nth))
    except NotAllowed:
        raise Problem(404, GONE) from None
    path = office.app.blobs.path(sha)
    if not path.exists():
        raise Problem(404, GONE)
    name = quote(f"介绍{id}-{nth + 1}{ENDINGS.get(mime, '.bin')}")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "X-Content-Type-Options": "nosniff"}
    return FileResponse(path, media_type=mime, headers=headers)


async def new(office: Office, request: Request) -> Response:
    if request.method == "POST":
        return await _made(office, request)
    topic = request.query_params.get("topic", "")
    return _form(office, request, Given(topic if topic in TOPICS else "", since=office.today.isoformat()))


def _form(office: Office, request: Request, given: Given, status: int = 200) -> Response:
    return office.page(request, "office/card_new.html", status=status, given=given, topics=[("", "请选择"), *TOPICS.items()])


async def _made(office: Office, request: Request) -> Response:
    form = await office.form(request, files=True)
    given = Given(
        text(form, "topic", 20), text(form, "name", introductions.NAME), text(form, "text", introductions.LONGEST + 1), text(form, "since", 10)
    )
    try:
        since = day(given.since)
        if since is None:
            raise NotAllowed("请选从哪天起用。")
        kept = await _kept(office, form)
        introductions.check(given.topic, given.name, given.text, len(kept), since, office.today)
        made = await office.write(request, lambda world: _add(world, office, given, since, kept))
    except (NotAllowed, RuleBroken) as refused:
        given.problem = said(refused)
        return _form(office, request, given, 422)
    finally:
        await form.close()
    return office.back(f"{LIST}/{made}", "放好了。市场员会在早上的卡片里看到一次。")


def _add(world: World, office: Office, given: Given, since: date, kept: Sequence[tuple[str, int, str, str]]) -> int:
    for sha, size, mime, kind in kept:
        world.note_file(sha, mime, size, kind)
    return world.add_introduction(given.topic, given.name, given.text, [sha for sha, *_ in kept], since).id


async def _kept(office: Office, form: FormData) -> list[tuple[str, int, str, str]]:
    """By their first signs, not by their names: pictures are drawn anew, so that nothing rides along."""
    found: list[tuple[str, int, str, str]] = []
    for upload in form.getlist("files"):
        if not isinstance(upload, UploadFile) or not upload.filename:
            continue
        data = await upload.read()
        mime, kind = next((known for head, known in KINDS.items() if data.startswith(head)), ("", ""))
        if not mime or len(data) > LARGEST:
            raise NotAllowed(f"「{upload.filename[:40]}」放不了，请用 JPG、PNG 图片或 PDF，每个 20 MB 以内。")
        sha = await asyncio.to_thread(office.app.blobs.put, data)
        if kind == "photo":
            looked = await office.app.pictures.look(office.app.blobs.path(sha))
            if looked.broken or looked.upright is None:
                raise NotAllowed(f"「{upload.filename[:40]}」打不开，请换一张。")
            data, mime = looked.upright, "image/jpeg"
            sha = await asyncio.to_thread(office.app.blobs.put, data)
        found.append((sha, len(data), mime, kind))
    return found


PAGES: tuple[Page, ...] = (
    Page(LIST, "介绍内容", listed, ALL_ROLES, group="资料"),
    Page(f"{LIST}/new", "放新版介绍", new, ALL_ROLES, ("GET", "POST")),
    Page(f"{LIST}/{{id:int}}", "介绍的一版", one, ALL_ROLES),
    Page(f"{LIST}/{{id:int}}/files/{{nth:int}}", "介绍的附件", file, ALL_ROLES),
)
