"""What a record shows: a picture with time, place, person and number under it, a printed paper; made when first wanted (A-4.4.1, C-5)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from bot.clock import Clock
from bot.pictures import Pictures
from bot.printing import Made, Printer
from conversations import exhibits
from conversations.firm import Paper
from storage import blobs, papers, people
from storage.blobs import BlobFolder, BlobNote
from storage.database import Connection, Database

ON_TIME = timedelta(minutes=10)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be shown: a file that is there, or the lines that a copy still has to get."""

    sha: str
    mime: str
    lines: Sequence[str] = ()
    chart: Mapping[str, Any] | None = None  # there is no file yet: what is to be drawn
    sheet: Mapping[str, Any] | None = None  # or printed

    @property
    def key(self) -> str:
        """Other words, another copy: a place that was added later is on the next one. A chart is one picture."""
        return sha256("\n".join(self.lines).encode()).hexdigest()[:16]


class Stamps:
    """Everything slow happens outside transactions: read what is known, draw in the child, note the copy."""

    def __init__(self, database: Database, folder: BlobFolder, pictures: Pictures, clock: Clock, zone: ZoneInfo) -> None:
        self._database, self._folder, self._pictures, self._clock, self._zone = database, folder, pictures, clock, zone
        self._printer = Printer()

    async def close(self) -> None:
        await self._printer.close()

    async def shown(self, entry: str) -> tuple[str, str]:
        """Hash and mime of what leaves the house for an entry of Prompt.attach."""
        original, paper = exhibits.read(entry)
        wanted = await self._database.read(lambda conn: self._wanted(conn, original, paper))
        if wanted.chart is not None:
            return await self._charted(wanted)
        if wanted.sheet is not None:
            return await self._printed(wanted)
        if not wanted.lines:
            return wanted.sha, wanted.mime
        drawn = await self._pictures.stamped(self._folder.path(original), wanted.lines)
        if drawn is None:
            log.warning("a picture is shown without its stamp", picture=original[:12], paper=paper)
            return wanted.sha, wanted.mime
        copy = await asyncio.to_thread(self._folder.put, drawn)
        now = self._clock.now()
        await self._database.write(lambda conn: blobs.note_copy(conn, original, wanted.key, copy, len(drawn), now))
        return copy, "image/jpeg"

    async def words(self, entry: str) -> str:
        """What a chart says, what a file is called; "" for a photograph, which needs no words, and for what is not known."""
        original, _ = exhibits.read(entry)
        note = await self._database.read(lambda conn: blobs.noted(conn, original))
        if note is None or (note.mime.startswith("image/") and "chart" not in note.facts):
            return ""
        return str(note.facts.get("name") or note.facts.get("alt") or "")

    async def paper(self, entries: Sequence[str]) -> Path | None:
        """The PDF among what conversations/repairs/printed.py gives to attach, set now if it has not been; None when it cannot be."""
        for entry in entries:
            sha, mime = await self.shown(entry)
            if mime == "application/pdf" and self._folder.exists(sha):
                return self._folder.path(sha)
        return None

    async def sheet(self, layout: str, data: Mapping[str, Any], pictures: Mapping[str, bytes]) -> Made:
        """For one reader, kept nowhere; `broken` says in words why there is none."""
        return await self._printer.printed(layout, data, pictures)

    async def _charted(self, wanted: Wanted) -> tuple[str, str]:
        drawn = await self._pictures.chart(wanted.chart or {})
        if drawn is None:
            log.warning("a chart could not be drawn", chart=wanted.sha[:12])
            return wanted.sha, wanted.mime
        copy, now = await asyncio.to_thread(self._folder.put, drawn), self._clock.now()
        await self._database.write(lambda conn: blobs.note_copy(conn, wanted.sha, wanted.key, copy, len(drawn), now, "image/png"))
        return copy, "image/png"

    async def _printed(self, wanted: Wanted) -> tuple[str, str]:
        """Paper and preview are made together, and each is kept under its own entry."""
        spec = wanted.sheet or {}
        pictures: dict[str, bytes] = {}
        for name, sha in spec["pictures"].items():
            made = await self._for_paper(name, sha)
            if made is not None:
                pictures[name] = made
        data = {**spec["data"], **{side: [name for name in spec["data"].get(side, ()) if name in pictures] for side in ("before", "after")}}
        made_now = await self._printer.printed(spec["layout"], data, pictures)
        if made_now.broken:
            log.warning("a paper could not be printed", paper=wanted.sha[:12], layout=spec["layout"])
            return wanted.sha, wanted.mime
        files = {"application/pdf": made_now.pdf, "image/png": made_now.page}
        kept = {mime: (await asyncio.to_thread(self._folder.put, data), len(data)) for mime, data in files.items()}
        now = self._clock.now()

        def note(conn: Connection) -> None:
            for mime, entry in spec["entries"].items():
                copy, size = kept[mime]
                blobs.note_copy(conn, entry, wanted.key, copy, size, now, mime)

        await self._database.write(note)
        return kept[wanted.mime][0], wanted.mime

    async def _for_paper(self, name: str, sha: str) -> bytes | None:
        """Photographs small; what we drew ourselves (a signature, a code to scan) as it is."""
        try:
            if name.endswith(".png"):
                return await asyncio.to_thread(self._folder.read, sha)
            return await self._pictures.small(self._folder.path(sha))
        except OSError:
            log.warning("a picture is missing on a paper", picture=sha[:12])
            return None

    def _wanted(self, conn: Connection, original: str, paper_id: int) -> Wanted:
        plain = Wanted(*blobs.to_show(conn, original))
        paper, note = papers.one(conn, paper_id) if paper_id else None, blobs.noted(conn, original)
        if note is not None and (chart := note.facts.get("chart")):
            drawn = note.facts.get("copies", {}).get(plain.key)
            return Wanted(drawn, "image/png") if drawn and self._folder.exists(drawn) else replace(plain, chart=chart)
        if note is not None and (sheet := note.facts.get("sheet")):
            made = note.facts.get("copies", {}).get(plain.key)
            return Wanted(made, note.mime) if made and self._folder.exists(made) else replace(plain, sheet=sheet)
        if paper is None or note is None:
            return plain
        who = people.one(conn, paper.person_id, paper.day)
        wanted = Wanted(plain.sha, plain.mime, lines(paper, note, who.name if who else "", self._zone))
        copy = note.facts.get("copies", {}).get(wanted.key)
        return Wanted(copy, "image/jpeg") if copy and self._folder.exists(copy) else wanted


def lines(paper: Paper, note: BlobNote, name: str, zone: ZoneInfo) -> tuple[str, ...]:
    """When it was said, when it came if that was later, where, who and the record's number."""
    said, came = (_instant(note.facts.get(key)) for key in ("said", "received"))
    return tuple(line for line in (_times(said or paper.said_at, came or note.at, zone), _place(paper), f"{name}　{paper.number}") if line)


def _times(said: datetime, came: datetime, zone: ZoneInfo) -> str:
    at, later = said.astimezone(zone), came.astimezone(zone)
    if came - said <= ON_TIME:
        return f"{at:%Y-%m-%d %H:%M}"
    return f"{at:%Y-%m-%d %H:%M}（{later:%H:%M} 收到）" if at.date() == later.date() else f"{at:%Y-%m-%d %H:%M}（{later:%Y-%m-%d %H:%M} 收到）"


def _place(paper: Paper) -> str:
    given = next((raw for raw in paper.answers.values() if isinstance(raw, dict) and "lat" in raw and "lon" in raw), None)
    if given is None:
        return ""
    degrees = f"{given['lat']:.5f}, {given['lon']:.5f}"
    return f"{given['label']}（{degrees}）" if given.get("label") else degrees


def _instant(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None
