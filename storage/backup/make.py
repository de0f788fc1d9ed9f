"""A backup is written under a passing name, read back, and only then gets its own; files are copied once for all backups."""

from __future__ import annotations

import gzip
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from hashlib import file_digest, sha256
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection, Table

from storage import mark, migrations
from storage.backup import rows
from storage.backup.check import Progress, blob_path, check, file_name, hashes, nothing, whole
from storage.backup.manifest import FILE, FORMAT, PART, Manifest, TableNote, spelled, unfinished
from storage.blobs import BlobFolder, folder_to_disk
from storage.database import Database
from storage.errors import AlreadyServing, StorageError
from storage.lock import ServerLock

LEVEL = 5  # of zlib: more costs time and gains little
PULSE = 5000  # rows between two signs of life


class Busy(StorageError):
    """Another process is at work in this folder of backups."""


def make(database: Database, blobs: BlobFolder, folder: Path, at: datetime, progress: Progress = nothing) -> tuple[str, Manifest]:
    """Name and content of the new backup, checked. Writers go on meanwhile. `at` is local time; raises Damaged, Busy."""
    with alone(folder):
        for left in unfinished(folder):
            shutil.rmtree(left)
        name = _free(folder, f"{at:%Y%m%d-%H%M%S}")
        part = folder / (name + PART)
        (part / "tables").mkdir(parents=True)
        try:
            with database.snapshot(part) as conn:
                manifest = _dumped(conn, part, at, progress)
            manifest = _with_blobs(part, manifest, blobs, progress)
            _write(part / FILE, spelled(manifest))
            folder_to_disk(part)
            check(part, with_blobs=False)  # each was read back where it lies
            part.rename(folder / name)
            folder_to_disk(folder)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
    return name, manifest


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One process at a time works in a folder of backups."""
    lock = ServerLock(folder / "backup.lock")
    try:
        lock.take()
    except AlreadyServing as error:
        raise Busy(str(folder)) from error
    try:
        yield
    finally:
        lock.release()


def _dumped(conn: Connection, part: Path, at: datetime, progress: Progress) -> Manifest:
    found = rows.tables(conn)
    notes: dict[str, TableNote] = {}
    for done, table in enumerate(found, start=1):
        notes[str(table.name)] = _table(conn, table, part / "tables" / file_name(table.name), progress)
        progress("tables", done, len(found))
    folder_to_disk(part / "tables")
    kind = mark.kind(conn) or "firm"
    return Manifest(FORMAT, at, migrations.revision(conn), conn.dialect.name, kind, notes, 0, 0, ())


def _table(conn: Connection, table: Table, path: Path, progress: Progress) -> TableNote:
    kinds = rows.columns(table)
    running, count = sha256(), 0
    with path.open("wb") as file:
        with gzip.GzipFile("", "wb", LEVEL, file, mtime=0) as packed:
            for line in rows.lines(conn, table, kinds):
                running.update(line)
                packed.write(line)
                count += 1
                if count % PULSE == 0:
                    progress("rows", count, 0)
        _to_disk(file)
    with path.open("rb") as file:
        packed_hash = file_digest(file, "sha256").hexdigest()
    return TableNote(kinds, count, running.hexdigest(), packed_hash, rows.last_number(conn, table))


def _with_blobs(part: Path, manifest: Manifest, blobs: BlobFolder, progress: Progress) -> Manifest:
    """What the snapshot names lies in the firm's folder already: files are there before their rows."""
    of, count, size = manifest.tables["blob"].rows if "blob" in manifest.tables else 0, 0, 0
    absent = []
    for sha, bytes_ in hashes(part, manifest):
        if _kept(blobs.path(sha), blob_path(part, sha), sha):
            count, size = count + 1, size + bytes_
        else:
            absent.append(sha)
        progress("blobs", count, of)
    return replace(manifest, blobs=count, bytes=size, absent=tuple(absent))


def _kept(source: Path, target: Path, sha: str) -> bool:
    """Copied unless there: a link would share the damage that a disk does to one of them. A damaged copy is replaced."""
    if whole(target, sha):
        return True
    target.parent.mkdir(parents=True, exist_ok=True)
    passing = target.with_name(target.name + PART)
    try:
        with source.open("rb") as file, passing.open("wb") as copy:
            shutil.copyfileobj(file, copy, 1 << 20)
            _to_disk(copy)
    except FileNotFoundError:
        return False
    if not whole(passing, sha):
        passing.unlink()
        return False
    passing.replace(target)
    folder_to_disk(target.parent)
    return True


def _free(folder: Path, name: str) -> str:
    tried, nth = name, 1
    while (folder / tried).exists():
        nth += 1
        tried = f"{name}-{nth}"
    return tried


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        _to_disk(file)


def _to_disk(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
