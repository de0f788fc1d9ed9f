"""Files by their SHA-256: temporary file, hash, fsync, rename, fsync of the folder; then noted in a row."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from storage.errors import BadHash, TooLarge
from storage.tables import blob
from storage.upsert import both, on

_HASH = re.compile(r"[0-9a-f]{64}")
_SUFFIX = ".part"


@dataclass(frozen=True, slots=True)
class BlobNote:
    sha256: str
    mime: str
    size: int
    facts: Mapping[str, Any]
    at: datetime


class BlobFolder:
    """A file is under its name only when all of it is on the disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._incoming = folder / "incoming"
        self._incoming.mkdir(parents=True, exist_ok=True)

    def put(self, data: bytes) -> str:
        """The hash; the same bytes are written once."""
        sha = sha256(data).hexdigest()
        if self.exists(sha):
            return sha
        handle, name = tempfile.mkstemp(suffix=_SUFFIX, dir=self._incoming)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            self._publish(Path(name), sha)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return sha

    async def put_stream(self, chunks: AsyncIterator[bytes], at_most: int) -> tuple[str, int]:
        """Hash and size of what comes in pieces; raises TooLarge past `at_most` bytes."""
        running, size = sha256(), 0
        handle, name = await asyncio.to_thread(tempfile.mkstemp, suffix=_SUFFIX, dir=self._incoming)
        try:
            with os.fdopen(handle, "wb") as file:
                async for chunk in chunks:
                    size += len(chunk)
                    if size > at_most:
                        raise TooLarge(f"{at_most} bytes")
                    running.update(chunk)
                    await asyncio.to_thread(file.write, chunk)
                await asyncio.to_thread(file.flush)
                await asyncio.to_thread(os.fsync, file.fileno())
            sha = running.hexdigest()
            await asyncio.to_thread(self._publish, Path(name), sha)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return sha, size

    def read(self, sha: str) -> bytes:
        return self.path(sha).read_bytes()

    def path(self, sha: str) -> Path:
        if not _HASH.fullmatch(sha):
            raise BadHash
        return self.folder / sha[:2] / sha

    def exists(self, sha: str) -> bool:
        return self.path(sha).is_file()

    def sweep(self, older_than: timedelta) -> int:
        """Remove what a crash left half written; how many."""
        before, gone = time.time() - older_than.total_seconds(), 0
        for part in self._incoming.glob(f"*{_SUFFIX}"):
            with suppress(FileNotFoundError):
                if part.stat().st_mtime <= before:
                    part.unlink()
                    gone += 1
        return gone

    def _publish(self, part: Path, sha: str) -> None:
        target = self.path(sha)
        if target.is_file():
            part.unlink()
            return
        if not target.parent.is_dir():
            target.parent.mkdir(exist_ok=True)
            folder_to_disk(self.folder)
        part.replace(target)
        folder_to_disk(target.parent)


def folder_to_disk(folder: Path) -> None:
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


_note = both(blob, lambda into: into.on_conflict_do_nothing())
_noted = select(blob).where(blob.c.sha256 == bindparam("sha"))
_lock = _noted.with_for_update()
_set_facts = update(blob).where(blob.c.sha256 == bindparam("sha")).values(facts=bindparam("known"))


def note(conn: Connection, sha: str, mime: str, size: int, facts: Mapping[str, Any], now: datetime) -> None:
    """What the file is; the first note stays."""
    conn.execute(on(conn, _note), {"sha256": sha, "mime": mime, "size": size, "facts": facts, "at": now})


def noted(conn: Connection, sha: str) -> BlobNote | None:
    row = conn.execute(_noted, {"sha": sha}).first()
    return BlobNote(*row) if row is not None else None


def to_show(conn: Connection, sha: str) -> tuple[str, str]:
    """Hash and mime of what may leave the house for this file: of a picture the upright copy without metadata."""
    found = noted(conn, sha)
    if found is None:
        return sha, "application/octet-stream"
    upright = found.facts.get("upright")
    return (upright, "image/jpeg") if upright else (sha, found.mime)


def note_more(conn: Connection, sha: str, facts: Mapping[str, Any]) -> None:
    """What is known of it since, in place of what was said under the same names."""
    row = conn.execute(_lock, {"sha": sha}).first()
    if row is not None:
        conn.execute(_set_facts, {"sha": sha, "known": {**BlobNote(*row).facts, **facts}})


def note_seen(conn: Connection, sha: str, seen: Mapping[str, Any]) -> None:
    """What the eyes saw on it."""
    note_more(conn, sha, {"eyes": seen})


def note_first_look(conn: Connection, sha: str, seen: Mapping[str, Any]) -> None:
    """Unless more is known already: the same picture was read before."""
    found = noted(conn, sha)
    if found is not None and "eyes" not in found.facts:
        note_seen(conn, sha, seen)


def note_copy(conn: Connection, original: str, key: str, copy: str, size: int, now: datetime, mime: str = "image/jpeg") -> None:
    """A copy made on demand, noted with its original under what was drawn on it; it can be made again at any time."""
    note(conn, copy, mime, size, {"kind": "photo", "of": original}, now)
    row = conn.execute(_lock, {"sha": original}).first()
    if row is not None:
        facts = BlobNote(*row).facts
        conn.execute(_set_facts, {"sha": original, "known": {**facts, "copies": {**facts.get("copies", {}), key: copy}}})
