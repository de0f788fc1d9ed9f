"""A backup read back from the disk: every file, every row's table, every blob, and the chain of the log."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from storage import audit
from storage.backup.manifest import BLOBS, Damaged, Manifest, TableNote, read
from storage.codec import loads

Progress = Callable[[str, int, int], None]  # what, how many done, of how many


def nothing(what: str, done: int, of: int) -> None: ...


def check(folder: Path, progress: Progress = nothing, *, with_blobs: bool = True) -> Manifest:
    """Raises Damaged naming the first thing that is not as it was."""
    manifest = read(folder)
    for name, note in manifest.tables.items():
        _table(folder, name, note)
    if {path.name for path in (folder / "tables").iterdir()} != {file_name(name) for name in manifest.tables}:
        raise Damaged(f"{folder.name}: tables")
    broken = audit.broken(_rows(folder, "audit", manifest)) if "audit" in manifest.tables else None
    if broken is not None:
        raise Damaged(f"{folder.name}: audit {broken.seq} {broken.why}")
    if with_blobs:
        _blobs(folder, manifest, progress)
    return manifest


def file_name(table: str) -> str:
    return f"{table}.jsonl.gz"


def stored(folder: Path, table: str) -> Iterator[bytes]:
    """The lines of a table; raises Damaged."""
    try:
        with gzip.open(folder / "tables" / file_name(table)) as file:
            yield from file
    except (OSError, EOFError, zlib.error) as error:
        raise Damaged(f"{folder.name}: {table}") from error


def hashes(folder: Path, manifest: Manifest) -> Iterator[tuple[str, int]]:
    """Every blob the backup has, and its size."""
    if "blob" not in manifest.tables:
        return
    absent = set(manifest.absent)
    for row in _rows(folder, "blob", manifest):
        if row["sha256"] not in absent:
            yield row["sha256"], row["size"]


def blob_path(folder: Path, sha: str) -> Path:
    """In the pool beside the backup."""
    return folder.parent / BLOBS / sha[:2] / sha


def whole(path: Path, sha: str) -> bool:
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest() == sha
    except OSError:
        return False


def _table(folder: Path, name: str, note: TableNote) -> None:
    if not whole(folder / "tables" / file_name(name), note.file):
        raise Damaged(f"{folder.name}: {name}")
    running, rows = sha256(), 0
    for line in stored(folder, name):
        running.update(line)
        rows += 1
    if (running.hexdigest(), rows) != (note.hash, note.rows):
        raise Damaged(f"{folder.name}: {name}")


def _blobs(folder: Path, manifest: Manifest, progress: Progress) -> None:
    count = size = 0
    for sha, bytes_ in hashes(folder, manifest):
        if not whole(blob_path(folder, sha), sha):
            raise Damaged(f"{folder.name}: blob {sha}")
        count, size = count + 1, size + bytes_
        progress("check", count, manifest.blobs)
    if (count, size) != (manifest.blobs, manifest.bytes):
        raise Damaged(f"{folder.name}: {count} blobs")


def _rows(folder: Path, table: str, manifest: Manifest) -> Iterator[dict[str, Any]]:
    columns = manifest.tables[table].columns
    instants = [name for name, kind in columns if kind == "instant"]
    for line in stored(folder, table):
        row = {name: value for (name, _), value in zip(columns, loads(line), strict=True)}
        yield row | {name: datetime.fromisoformat(row[name]) for name in instants if row[name] is not None}
