"""One-time ways in for somebody outside: 256 bits of which only the hash is kept, bound to what is shown, used once (C-4.3.3, C-4.5.5b)."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update

from storage.codec import digest
from storage.tables import link


@dataclass(frozen=True, slots=True)
class Link:
    id: int
    purpose: str
    mode: str
    once: bool
    case_id: int | None
    by_id: int | None
    content_hash: str
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None
    submission: str
    session: str
    opened_at: datetime | None
    place: Mapping[str, Any] | None


_columns = [link.c[name] for name in Link.__dataclass_fields__]


def make(
    conn: Connection,
    purpose: str,
    mode: str,
    now: datetime,
    until: datetime,
    *,
    case_id: int | None = None,
    by_id: int | None = None,
    content_hash: str = "",
    once: bool = True,
    token: str = "",
) -> str:
    """The secret itself, which is kept nowhere."""
    token = token or secrets.token_urlsafe(32)
    row = {"token_hash": digest(token), "purpose": purpose, "mode": mode, "once": once, "case_id": case_id, "by_id": by_id}
    conn.execute(insert(link), row | {"content_hash": content_hash, "made_at": now, "expires_at": until})
    return token


def look(conn: Connection, token: str, now: datetime) -> Link | None:
    """Consumes nothing. Wrong, ended and used look alike: None."""
    found = select(*_columns).where(link.c.token_hash == digest(token), link.c.expires_at > now, or_(~link.c.once, link.c.used_at.is_(None)))
    row = conn.execute(found).first()
    return Link(*row) if row is not None else None


def every(conn: Connection, purpose: str) -> list[Link]:
    """Oldest first."""
    return [Link(*row) for row in conn.execute(select(*_columns).where(link.c.purpose == purpose).order_by(link.c.id))]


def answered(conn: Connection, token: str, submission: str) -> Link | None:
    """The link this very submission used: sent again, it is the same answer."""
    row = conn.execute(select(*_columns).where(link.c.token_hash == digest(token), link.c.submission == submission)).first() if submission else None
    return Link(*row) if row is not None else None


def use(conn: Connection, id: int, submission: str, now: datetime) -> bool:
    """One conditional update: of any number who try at once, one gets True."""
    mine = (link.c.id == id, link.c.used_at.is_(None), link.c.expires_at > now)
    return bool(conn.execute(update(link).where(*mine).values(used_at=now, submission=submission)).rowcount)


def begin(conn: Connection, id: int, session: str, place: Mapping[str, Any] | None, now: datetime) -> bool:
    """A phone handed over opens it for itself alone, once (C-4.3.3): of any number of browsers, one."""
    mine = (link.c.id == id, link.c.session == "", link.c.used_at.is_(None), link.c.expires_at > now)
    return bool(conn.execute(update(link).where(*mine).values(session=digest(session), opened_at=now, place=place)).rowcount)


def derived(token: str, purpose: str) -> str:
    """Another 256-bit secret that only who holds the first can know: what is answered twice is answered the same."""
    return base64.urlsafe_b64encode(sha256(f"{purpose}:{token}".encode()).digest()).decode().rstrip("=")


def end(conn: Connection, case_id: int, purpose: str, now: datetime, *, besides: str | None = None) -> int:
    """The unused ones of this purpose are valid no longer, but for those that show what hashes to `besides`."""
    mine = [link.c.case_id == case_id, link.c.purpose == purpose, link.c.used_at.is_(None), link.c.expires_at > now]
    if besides is not None:
        mine.append(link.c.content_hash != besides)
    return int(conn.execute(update(link).where(*mine).values(expires_at=now)).rowcount)
