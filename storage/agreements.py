"""What a customer agreed to or signed, word for word; taken out to be checked without the database, byte by byte (C-4.3.3, C-4.5.5b)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select

from storage import audit as log
from storage.codec import canonical, digest
from storage.tables import agreement, audit, audit_salt

FORMAT = "paojie-agreement-1"
PROVED = ("case_id", "kind", "link_id", "content", "content_hash", "text_version", "name", "relation", "picture_hash", "strokes", "facts")
_columns = ("seq", "at", "who", "via", "verb", "subject", "digest", "prev", "hash")
_chain = select(*(audit.c[name] for name in _columns)).order_by(audit.c.seq)


class Tampered(Exception):
    """The file is not as it was written; `why` says where."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Missing(Exception):
    """There is no such agreement, or what proves it is gone."""


class Taken(msgspec.Struct, forbid_unknown_fields=True):
    """One agreement with its place in the log and every row after it."""

    format: str
    number: int
    proof: dict[str, Any]
    picture: str  # base64
    salt: str
    chain: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Checked:
    """What holds: the agreement, its row in the log, and the newest row the file knows."""

    number: int
    proof: Mapping[str, Any]
    picture: bytes
    seq: int
    head: str
    head_seq: int


def add(conn: Connection, row: Mapping[str, Any], now: datetime) -> int:
    return int(conn.execute(insert(agreement).returning(agreement.c.id), {**row, "at": now}).scalar_one())


def of_link(conn: Connection, link_id: int) -> str:
    """Which answer this link was used for."""
    return str(conn.execute(select(agreement.c.kind).where(agreement.c.link_id == link_id).order_by(agreement.c.id)).scalar() or "")


def proof(row: Mapping[str, Any], at: datetime) -> str:
    """Everything that proves it, in the one spelling the log holds the digest of."""
    return canonical(_proof(row, at)).decode()


def newest(conn: Connection, limit: int = 20) -> Sequence[tuple[int, str, str, datetime]]:
    """Number, kind, name, when."""
    found = select(agreement.c.id, agreement.c.kind, agreement.c.name, agreement.c.at).order_by(agreement.c.id.desc()).limit(limit)
    return [(row[0], row[1], row[2], row[3]) for row in conn.execute(found)]


def picture_of(conn: Connection, number: int) -> str:
    return str(conn.execute(select(agreement.c.picture).where(agreement.c.id == number)).scalar() or "")


def take_out(conn: Connection, number: int, picture: bytes) -> bytes:
    """The file to keep elsewhere; raises Missing."""
    row = conn.execute(select(agreement).where(agreement.c.id == number)).mappings().first()
    place = conn.execute(select(audit.c.seq).where(audit.c.subject == _subject(number)).order_by(audit.c.seq)).scalar()
    salt = conn.execute(select(audit_salt.c.salt).where(audit_salt.c.seq == place)).scalar() if place else None
    if row is None or place is None or salt is None:
        raise Missing
    chain = [_spelled({**each}) for each in conn.execute(_chain.where(audit.c.seq >= place)).mappings()]
    taken = Taken(FORMAT, number, _proof({**row}, row["at"]), base64.b64encode(picture).decode(), salt, chain)
    return canonical(taken) + b"\n"


def check(data: bytes) -> Checked:
    """Raises Tampered when a single byte is not as it was written."""
    try:
        taken = msgspec.json.decode(data, type=Taken)
        if canonical(taken) + b"\n" != data or taken.format != FORMAT:
            raise Tampered("文件的写法被动过")
        picture = base64.b64decode(taken.picture, validate=True)
        if base64.b64encode(picture).decode() != taken.picture:
            raise Tampered("签名的图片被动过")
    except (msgspec.MsgspecError, UnicodeDecodeError, binascii.Error, RecursionError):
        raise Tampered("文件打不开，或被动过") from None
    _check_contents(taken, picture)
    rows = _checked_chain(taken.chain)
    first, last = rows[0], rows[-1]
    if first["subject"] != _subject(taken.number) or first["verb"] != taken.proof.get("kind"):
        raise Tampered("操作记录里的那一号不是这一份")
    if first["digest"] != digest(taken.salt, canonical(taken.proof)):
        raise Tampered("内容和操作记录里的不一样")
    return Checked(taken.number, taken.proof, picture, first["seq"], last["hash"], last["seq"])


def _check_contents(taken: Taken, picture: bytes) -> None:
    if digest(str(taken.proof.get("content", ""))) != taken.proof.get("content_hash"):
        raise Tampered("同意的内容被动过")
    if digest(picture) != taken.proof.get("picture_hash") if picture else taken.proof.get("picture_hash"):
        raise Tampered("签名的图片被动过")


def _checked_chain(chain: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    try:
        rows = [{**row, "at": datetime.fromisoformat(row["at"])} for row in chain]
        bad = log.broken_from(rows)
    except (KeyError, TypeError, ValueError, AttributeError, msgspec.MsgspecError):
        raise Tampered("操作记录的写法被动过") from None
    if [_spelled(row) for row in rows] != list(chain):  # the log knows the instant, not how it was written: 24U01:05 is read the same
        raise Tampered("操作记录的写法被动过")
    if bad is not None or not rows or any(set(row) != set(_columns) for row in rows):
        raise Tampered(f"操作记录第 {bad.seq} 号被动过" if bad else "操作记录的写法被动过")
    return rows


def _proof(row: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    return {name: row[name] for name in PROVED} | {"at": at.astimezone(UTC).isoformat()}


def _spelled(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "at": row["at"].astimezone(UTC).isoformat()}


def _subject(number: int) -> str:
    return f"agreement:{number}"
