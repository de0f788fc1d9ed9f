"""Files fetched outside transactions: stored by hash, pictures looked at, then noted; what does not come is told."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import msgspec
import structlog

from bot.channels.base import Channel, Media, MediaGone, RetryLater
from bot.clock import Clock
from bot.eyes import Seeing
from bot.pictures import Pictures
from bot.receive import event_of
from conversations.seen import FIRST
from conversations.types import Blob
from storage import blobs, inbox, sighting
from storage.blobs import BlobFolder
from storage.database import Connection, Database
from storage.errors import TooLarge
from storage.inbox import InboxRow
from storage.repairs import customer

LARGEST = 20 * 1024 * 1024
AT_ONCE = 4
LEASE = timedelta(seconds=180)
PATIENCE = 120.0  # seconds for one file
GIVE_UP = timedelta(hours=24)
TOO_LARGE = "文件超过 20 MB，放不下，没有收到。请发小一点的，照片直接拍就可以。"
NEVER_CAME = "刚才的文件一直没有取到。请再发一次。"
_LONGEST_WAIT = 300.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Fetched:
    blob: Blob
    facts: Mapping[str, Any]
    seen: Mapping[str, Any] | None = None  # by the first look, where the picture is likely to show a stamp
    signature: Mapping[str, str] = field(default_factory=dict)  # cut out of a form, where one is awaited; or what to say


class Fetcher:
    """Takes rows that wait for their file; several replicas may, each row is leased to one."""

    def __init__(
        self, database: Database, folder: BlobFolder, channels: Mapping[str, Channel], clock: Clock, pictures: Pictures, eyes: Seeing
    ) -> None:
        self._database, self._folder, self._channels, self._clock = database, folder, channels, clock
        self._pictures, self._eyes = pictures, eyes

    async def step(self) -> int:
        """How many rows can be handled now that could not before."""
        now = self._clock.now()
        rows = await self._database.write(lambda conn: inbox.to_fetch(conn, now, AT_ONCE, LEASE))
        return sum(await asyncio.gather(*(self._row(row) for row in rows)))

    async def _row(self, row: InboxRow) -> int:
        media = event_of(row.body, row.said_at).media
        channel = self._channels.get(row.channel)
        if row.person_id is None:
            return await self._whose(row)
        if media is None:
            return await self._without(row, "")
        if media.size > LARGEST:
            return await self._without(row, TOO_LARGE)
        if channel is None:
            return await self._later(row, 60.0, "the channel is not set up")
        try:
            async with asyncio.timeout(PATIENCE):
                found = await self._signed(row, await self._looked(row, await self._fetch(channel, media)))
        except MediaGone as gone:
            return await self._without(row, str(gone))
        except TooLarge:
            return await self._without(row, TOO_LARGE)
        except RetryLater as later:
            return await self._later(row, later.seconds, "the platform asks to wait")
        except Exception as error:  # the edge: a file that cannot be fetched must not stop the others
            return await self._later(row, 5.0, type(error).__name__)
        return await self._arrived(row, found)

    async def _fetch(self, channel: Channel, media: Media) -> Fetched:
        sha, size = await self._folder.put_stream(await channel.fetch(media), LARGEST)
        if media.kind != "photo" and not media.mime.startswith("image/"):
            mime = media.mime or "application/octet-stream"
            return Fetched(Blob(sha, mime, size, media.kind), {"kind": media.kind, "name": media.name[:200]})
        photo = await self._pictures.look(self._folder.path(sha))
        blob = Blob(sha, photo.mime or media.mime or "application/octet-stream", size, "photo", photo.advice, photo.broken)
        facts: dict[str, Any] = {"kind": "photo", "width": photo.width, "height": photo.height, "advice": photo.advice, "broken": photo.broken}
        if photo.upright is not None:
            facts["upright"] = await asyncio.to_thread(self._folder.put, photo.upright)
        return Fetched(blob, facts)

    async def _looked(self, row: InboxRow, found: Fetched) -> Fetched:
        """Usable, or one instruction, while it can still be taken again; what nobody can look at is kept all the same."""
        person, words = row.person_id or 0, event_of(row.body, row.said_at).text
        if found.blob.kind != "photo" or found.blob.broken:
            return found
        if not await self._database.read(lambda conn: sighting.first_look_wanted(conn, person, words)):
            return found
        seen = (await self._eyes.first_look(self._folder.path(found.blob.sha256))).verdict
        if seen is None:
            return found
        return replace(found, blob=replace(found.blob, advice=str(seen["advice"])), seen={**seen, "stage": FIRST})

    async def _signed(self, row: InboxRow, found: Fetched) -> Fetched:
        """The customer's signature, where a job waits for it and the form was photographed; the photograph stays as it came (C-4.5.5b)."""
        person = row.person_id or 0
        if found.blob.kind != "photo" or found.blob.broken:
            return found
        if not await self._database.read(lambda conn: customer.awaits_signature(conn, person)):
            return found
        signed = await self._eyes.signature(self._folder.path(found.blob.sha256))
        sha = await asyncio.to_thread(self._folder.put, signed.png) if signed.png else ""
        return replace(found, signature={"signature": sha, "signature_why": signed.why})

    async def _arrived(self, row: InboxRow, found: Fetched) -> int:
        now, blob = self._clock.now(), found.blob
        facts = {**found.facts, "said": row.said_at.isoformat(), "received": row.received_at.isoformat()}

        def unit(conn: Connection) -> bool:
            blobs.note(conn, blob.sha256, blob.mime[:80], blob.size, facts, now)
            if upright := found.facts.get("upright"):
                blobs.note(conn, upright, "image/jpeg", self._folder.path(upright).stat().st_size, {"kind": "photo", "of": blob.sha256}, now)
            if drawn := found.signature.get("signature"):
                blobs.note(conn, drawn, "image/png", self._folder.path(drawn).stat().st_size, {"kind": "signature", "of": blob.sha256}, now)
            if found.signature:
                blobs.note_more(conn, blob.sha256, found.signature)
            if found.seen is not None:
                blobs.note_first_look(conn, blob.sha256, found.seen)
            return inbox.fetched(conn, row.id, msgspec.to_builtins(blob))

        return int(await self._database.write(unit))

    async def _whose(self, row: InboxRow) -> int:
        """A stranger's file is not kept; handling may find that it is no stranger."""
        now = self._clock.now()
        await self._database.write(lambda conn: inbox.hurry(conn, row.id, now))
        return 1

    async def _without(self, row: InboxRow, told: str) -> int:
        return int(await self._database.write(lambda conn: inbox.fetched(conn, row.id, None, told)))

    async def _later(self, row: InboxRow, seconds: float, why: str) -> int:
        """The longer it has not come, the rarer we ask; after a day the person is asked to send it again."""
        now = self._clock.now()
        waited = now - row.received_at
        if waited >= GIVE_UP:
            return await self._without(row, NEVER_CAME)
        until = now + timedelta(seconds=max(seconds, min(_LONGEST_WAIT, waited.total_seconds() / 4), 1.0))
        log.info("a file is not here yet", inbox=row.id, why=why)
        await self._database.write(lambda conn: inbox.fetch_later(conn, row.id, until))
        return 0
