"""What a backup holds, and the hash that tells whether the list itself is as it was written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import msgspec

from storage.codec import canonical
from storage.errors import StorageError

FORMAT = 1
FILE = "manifest.json"
BLOBS = "blobs"  # beside the backups, shared by all of them
PART = ".part"
_NAME = re.compile(r"\d{8}-\d{6}(-\d+)?")


class Damaged(StorageError):
    """The backup is not as it was written."""


class Newer(StorageError):
    """The backup was made by a newer version of the program; upgrade first."""


@dataclass(frozen=True, slots=True)
class TableNote:
    """`hash` is of the rows, the same on both databases; `file` of the compressed file as it lies there."""

    columns: tuple[tuple[str, str], ...]  # name and kind
    rows: int
    hash: str
    file: str
    last: int | None = None  # number given last, where rows are numbered


@dataclass(frozen=True, slots=True)
class Manifest:
    format: int
    made_at: datetime
    revision: str
    dialect: str
    kind: str  # firm | demo
    tables: Mapping[str, TableNote]
    blobs: int
    bytes: int  # of the blobs
    absent: tuple[str, ...]  # files the firm's own folder no longer had whole


def spelled(manifest: Manifest) -> bytes:
    """The file's bytes: one line, and its hash as the second."""
    body = canonical(manifest)
    return body + b"\n" + sha256(body).hexdigest().encode() + b"\n"


def read(folder: Path) -> Manifest:
    """Raises Damaged, Newer."""
    try:
        data = (folder / FILE).read_bytes()
    except OSError as error:
        raise Damaged(f"{folder.name}/{FILE}") from error
    body, _, rest = data.partition(b"\n")
    if rest != sha256(body).hexdigest().encode() + b"\n":
        raise Damaged(f"{folder.name}/{FILE}")
    if msgspec.json.decode(body, type=dict)["format"] > FORMAT:
        raise Newer(folder.name)
    return msgspec.json.decode(body, type=Manifest)


def names(folder: Path) -> list[str]:
    """Those that were finished, oldest first."""
    if not folder.is_dir():
        return []
    return sorted(path.name for path in folder.iterdir() if path.is_dir() and _NAME.fullmatch(path.name))


def unfinished(folder: Path) -> Iterator[Path]:
    """What a crash left of backups under way."""
    return (path for path in folder.glob(f"*{PART}") if path.is_dir() and _NAME.fullmatch(path.name.removesuffix(PART)))
