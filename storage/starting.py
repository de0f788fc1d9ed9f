"""The first admin's way in: a link good once, for a day, as long as nobody runs the firm; then the firm has a name and an admin."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from storage import audit, mark, settings, staff, websessions
from storage.codec import digest
from storage.staff import Listed
from storage.tables import person, role, start_link
from storage.websessions import Visitor

LIFE = timedelta(hours=24)
FIRM_NAME = "firm_name"
PUBLIC_URL = "public_url"
VIA = "start"
_BEGINNING = date(2000, 1, 1)

_admin = (
    select(role.c.id)
    .join(person, person.c.id == role.c.person_id)
    .where(
        role.c.role == "admin",
        role.c.since <= bindparam("today"),
        or_(role.c.until.is_(None), role.c.until >= bindparam("today")),
        or_(person.c.left_on.is_(None), person.c.left_on > bindparam("today")),
    )
    .limit(1)
)
_good = (start_link.c.token_hash == bindparam("hash"), start_link.c.used_at.is_(None), start_link.c.expires_at > bindparam("now"))
_open = select(start_link.c.token_hash).where(*_good)
_use = update(start_link).where(*_good).values(used_at=bindparam("now"))
_use_all = update(start_link).where(start_link.c.used_at.is_(None)).values(used_at=bindparam("at"))


def has_admin(conn: Connection, today: date) -> bool:
    return conn.execute(_admin, {"today": today}).first() is not None


def exists(conn: Connection, today: date) -> bool:
    """A firm that somebody runs, not a demo and not an empty database."""
    return mark.kind(conn) == "firm" and has_admin(conn, today)


def public_url(conn: Connection) -> str:
    """Where people's browsers find us, as it was entered in the browser; "" before."""
    return str(settings.value(conn, PUBLIC_URL, _BEGINNING, ""))


def issue(conn: Connection, now: datetime) -> str:
    """256 bits; only the hash is kept."""
    token = secrets.token_urlsafe(32)
    conn.execute(insert(start_link).values(token_hash=digest(token), expires_at=now + LIFE))
    return token


def is_good(conn: Connection, token: str, now: datetime, today: date) -> bool:
    """Looked at, not used."""
    return not has_admin(conn, today) and conn.execute(_open, {"hash": digest(token), "now": now}).first() is not None


def begin(conn: Connection, token: str, firm: str, name: str, cookie: str, now: datetime, stays: timedelta, today: date) -> Visitor | None:
    """The first admin, logged in. None: the link was used, is too old, or somebody runs the firm already."""
    if has_admin(conn, today) or not conn.execute(_use, {"hash": digest(token), "now": now}).rowcount:
        return None
    conn.execute(_use_all, {"at": now})
    settings.put(conn, FIRM_NAME, firm, _BEGINNING)
    id = staff.add(conn, Listed("", name))
    staff.give_role(conn, id, "admin", today)
    staff.mark_greeted(conn, id, now)
    visitor = websessions.begin(conn, id, cookie, now, now + stays, today)
    if visitor is not None:
        subject = f"person:{id}"
        audit.append(conn, [audit.Entry(visitor.account, VIA, "start", subject, firm), audit.Entry(visitor.account, VIA, "login", subject)], now)
    return visitor
