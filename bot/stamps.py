"""The picture a record shows: a copy with time, place, person and number under it, made when it is first wanted (A-4.4.1)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from bot.clock import Clock
from bot.pictures import Pictures
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

    @property
    def key(self) -> str:
        """Other words, another copy: a place that was added later is on the next one."""
        return sha256("\n".join(self.lines).encode()).hexdigest()[:16]


class Stamps:
    """Everything slow happens outside transactions: read what is known, draw in the child, note the copy."""

    def __init__(self, database: Database, folder: BlobFolder, pictures: Pictures, clock: Clock, zone: ZoneInfo) -> None:
        self._database, self._folder, self._pictures, self._clock, self._zone = database, folder, pictures, clock, zone

    async def shown(self, entry: str) -> tuple[str, str]:
        """Hash and mime of what leaves the house for an entry of Prompt.attach."""
        original, paper = exhibits.read(entry)
        wanted = await self._database.read(lambda conn: self._wanted(conn, original, paper))
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

    def _wanted(self, conn: Connection, original: str, paper_id: int) -> Wanted:
        plain = Wanted(*blobs.to_show(conn, original))
        paper, note = papers.one(conn, paper_id) if paper_id else None, blobs.noted(conn, original)
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
