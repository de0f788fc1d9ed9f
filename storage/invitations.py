"""Invitations: a link for seven days, or eight digits for thirty minutes bound to a name; five tries, used once. And one's own way to the web."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import Connection, bindparam, func, insert, select, update

from storage.codec import digest
from storage.tables import invitation, person

LINK_LIFE = timedelta(days=7)
CODE_LIFE = timedelta(minutes=30)
LOGIN_LIFE = timedelta(minutes=10)
_LINK_OUTLIVES_CODE = LINK_LIFE - CODE_LIFE  # one column holds both ends
TRIES = 5
_ONLY_WEB = "web"  # instead of a code's hash: the link logs a browser in, and no other device speaks for the person by it
CODE_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom an invitation was for, and who is told that it was used."""

    person_id: int
    by_id: int | None


class Ways(Protocol):
    """How a link looks on each channel, and as a picture to scan: only the outermost layer knows."""

    def links(self, token: str) -> Sequence[tuple[str, str]]:
        """The channel's name in words and the link; the web's first."""
        ...

    def at(self, path: str) -> str:
        """A page of ours as seen from outside."""
        ...

    def picture(self, link: str) -> Picture: ...


@dataclass(frozen=True, slots=True)
class Picture:
    """A QR code kept as a file."""

    sha256: str
    mime: str
    size: int


_open = select(invitation.c.id, invitation.c.person_id, invitation.c.by_id, invitation.c.code_hash).where(
    invitation.c.used_at.is_(None), invitation.c.expires_at > bindparam("now")
)
_by_token = _open.where(invitation.c.token_hash == bindparam("hash"))
_by_name = (
    _open.join(person, person.c.id == invitation.c.person_id)
    .where(person.c.name == bindparam("name"), invitation.c.tries < TRIES, invitation.c.expires_at > bindparam("code_ends"))
    .order_by(invitation.c.id)
    .with_for_update(of=invitation)
)
_try = update(invitation).where(invitation.c.id.in_(bindparam("ids", expanding=True))).values(tries=invitation.c.tries + 1)
_use = update(invitation).where(invitation.c.id == bindparam("row"), invitation.c.used_at.is_(None)).values(used_at=bindparam("now"))
_made = select(invitation.c.id).where(
    invitation.c.person_id == bindparam("person"), invitation.c.by_id == bindparam("by"), invitation.c.expires_at >= bindparam("ends")
)
_taken = select(func.count()).select_from(invitation).where(invitation.c.code_hash == bindparam("hash"), invitation.c.used_at.is_(None))


def invite(conn: Connection, person_id: int, by_id: int | None, now: datetime) -> tuple[str, str]:
    """The link's token and the code; only their hashes are kept."""
    token, code = secrets.token_urlsafe(32), _code(conn)
    row = {"token_hash": digest(token), "code_hash": digest(code), "person_id": person_id, "by_id": by_id, "expires_at": now + LINK_LIFE}
    conn.execute(insert(invitation).values(row))
    return token, code


def login(conn: Connection, person_id: int, now: datetime) -> str:
    """The token of a link by which this person logs in on another device: for ten minutes, once, no digits to it."""
    token = secrets.token_urlsafe(32)
    row = {"token_hash": digest(token), "code_hash": _ONLY_WEB, "person_id": person_id, "expires_at": now + LOGIN_LIFE}
    conn.execute(insert(invitation).values(row))
    return token


def made_since(conn: Connection, person_id: int, by_id: int, since: datetime) -> bool:
    """Whether this colleague was invited by that one since then."""
    return conn.execute(_made, {"person": person_id, "by": by_id, "ends": since + LINK_LIFE}).first() is not None


def redeem_token(conn: Connection, token: str, now: datetime, *, web: bool = False) -> Invited | None:
    """`web`: by a browser, which a login's link is for as well."""
    found = conn.execute(_by_token, {"hash": digest(token), "now": now}).first()
    if found is None or (found.code_hash == _ONLY_WEB and not web) or not conn.execute(_use, {"row": found.id, "now": now}).rowcount:
        return None
    return Invited(found.person_id, found.by_id)


def redeem_code(conn: Connection, name: str, code: str, now: datetime) -> Invited | None:
    """A wrong code costs every open invitation of that name one try."""
    rows = conn.execute(_by_name, {"name": name, "now": now, "code_ends": now + _LINK_OUTLIVES_CODE}).all()
    hashed = digest(code)
    for row in rows:
        if secrets.compare_digest(row.code_hash, hashed) and conn.execute(_use, {"row": row.id, "now": now}).rowcount:
            return Invited(row.person_id, row.by_id)
    if rows:
        conn.execute(_try, {"ids": [row.id for row in rows]})
    return None


def whose(conn: Connection, token: str, now: datetime) -> int | None:
    """For whom the link is, without using it."""
    found = conn.execute(_by_token, {"hash": digest(token), "now": now}).first()
    return found.person_id if found is not None else None


def _code(conn: Connection) -> str:
    while True:
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
        if not conn.execute(_taken, {"hash": digest(code)}).scalar_one():
            return code
