"""Invitations: a link for seven days, or eight digits for thirty minutes bound to a name; five tries, used once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, func, insert, select, update

from storage.codec import digest
from storage.tables import invitation, person

LINK_LIFE = timedelta(days=7)
CODE_LIFE = timedelta(minutes=30)
_LINK_OUTLIVES_CODE = LINK_LIFE - CODE_LIFE  # one column holds both ends
TRIES = 5
CODE_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Invited:
    """Whom an invitation was for, and who is told that it was used."""

    person_id: int
    by_id: int | None


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
_taken = select(func.count()).select_from(invitation).where(invitation.c.code_hash == bindparam("hash"), invitation.c.used_at.is_(None))


def invite(conn: Connection, person_id: int, by_id: int | None, now: datetime) -> tuple[str, str]:
    """The link's token and the code; only their hashes are kept."""
    token, code = secrets.token_urlsafe(32), _code(conn)
    row = {"token_hash": digest(token), "code_hash": digest(code), "person_id": person_id, "by_id": by_id, "expires_at": now + LINK_LIFE}
    conn.execute(insert(invitation).values(row))
    return token, code


def redeem_token(conn: Connection, token: str, now: datetime) -> Invited | None:
    found = conn.execute(_by_token, {"hash": digest(token), "now": now}).first()
    if found is None or not conn.execute(_use, {"row": found.id, "now": now}).rowcount:
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
