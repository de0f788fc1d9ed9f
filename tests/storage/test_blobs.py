"""A file is there whole or not at all."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from storage import blobs
from storage.blobs import BlobFolder
from storage.database import Database
from storage.errors import BadHash, TooLarge
from tests.storage.world import NOW

SHA = sha256(b"photo").hexdigest()


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


@pytest.fixture
def folder(tmp_path: Path) -> BlobFolder:
    return BlobFolder(tmp_path / "blobs")


def test_put_and_read(folder: BlobFolder) -> None:
    assert not folder.exists(SHA)
    assert folder.put(b"photo") == SHA
    assert folder.read(SHA) == b"photo"
    assert folder.path(SHA) == folder.folder / SHA[:2] / SHA
    assert list(folder.folder.glob("incoming/*")) == []


def test_the_same_bytes_are_written_once(folder: BlobFolder) -> None:
    folder.put(b"photo")
    before = folder.path(SHA).stat().st_ino
    folder.put(b"photo")
    assert asyncio.run(folder.put_stream(pieces(b"pho", b"to"), 10)) == (SHA, 5)
    assert folder.path(SHA).stat().st_ino == before
    assert list(folder.folder.glob("incoming/*")) == []


def test_in_pieces(folder: BlobFolder) -> None:
    assert asyncio.run(folder.put_stream(pieces(b"pho", b"to"), 5)) == (SHA, 5)
    assert folder.read(SHA) == b"photo"


def test_too_large_leaves_nothing(folder: BlobFolder) -> None:
    with pytest.raises(TooLarge):
        asyncio.run(folder.put_stream(pieces(b"pho", b"to"), 4))
    assert [path for path in folder.folder.rglob("*") if path.is_file()] == []


def test_synced_before_it_has_its_name(folder: BlobFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def noted_fsync(handle: int) -> None:
        steps.append("fsync")
        fsync(handle)

    def noted_replace(part: Path, target: Path) -> Path:
        steps.append("rename")
        return replace(part, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    folder.put(b"photo")
    assert steps == ["fsync", "fsync", "rename", "fsync"]


def test_what_a_crash_left_is_swept(folder: BlobFolder) -> None:
    left = folder.folder / "incoming" / "x.part"
    left.write_bytes(b"pho")
    assert folder.sweep(timedelta(hours=1)) == 0
    os.utime(left, (0, 0))
    folder.put(b"photo")
    assert folder.sweep(timedelta(hours=1)) == 1
    assert folder.read(SHA) == b"photo"


@pytest.mark.parametrize("name", ["", "../../etc/passwd", SHA[:-1], SHA.upper(), SHA + "\n"])
def test_no_other_names(folder: BlobFolder, name: str) -> None:
    with pytest.raises(BadHash):
        folder.path(name)


def test_the_first_note_stays(database: Database) -> None:
    database.write_now(lambda conn: blobs.note(conn, SHA, "image/jpeg", 5, {"sharp": True}, NOW))
    database.write_now(lambda conn: blobs.note(conn, SHA, "image/png", 5, {}, NOW))
    assert database.read_now(lambda conn: blobs.noted(conn, SHA)) == blobs.BlobNote(SHA, "image/jpeg", 5, {"sharp": True}, NOW)
    assert database.read_now(lambda conn: blobs.noted(conn, "0" * 64)) is None
