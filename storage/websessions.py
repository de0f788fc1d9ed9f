"""The revocable cookie of the web chat, and the web address a person speaks from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from storage import callers
from storage.codec import digest
from storage.outbox import WEB
from storage.tables import address, person, talk, web_session


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who looks at the page: a person with the web address their prompts come to."""

    person_id: int
    account: str
    name: str
    address_id: int

    @property
    def external_id(self) -> str:
        return self.account


_here = or_(person.c.left_on.is_(None), person.c.left_on > bindparam("today"))
_visitor = select(person.c.id, person.c.account, person.c.name, address.c.id)
_by_token = (
    _visitor.select_from(web_session)
    .join(address, address.c.id == web_session.c.address_id)
    .join(talk, talk.c.id == address.c.talk_id)
    .join(person, person.c.id == talk.c.person_id)
    .where(
        web_session.c.token_hash == bindparam("hash"),
        web_session.c.revoked_at.is_(None),
        web_session.c.expires_at > bindparam("now"),
        _here,
    )
)
_by_account = (
    _visitor.select_from(person)
    .join(talk, talk.c.person_id == person.c.id)
    .join(address, (address.c.talk_id == talk.c.id) & (address.c.channel == WEB) & (address.c.external_id == person.c.account))
    .where(person.c.account == bindparam("account"), _here)
)
_one_person = select(person.c.account).where(person.c.id == bindparam("id"), _here)
_revoke = update(web_session).where(web_session.c.revoked_at.is_(None)).values(revoked_at=bindparam("at"))
_revoke_one = _revoke.where(web_session.c.token_hash == bindparam("hash"))
_revoke_all = _revoke.where(
    web_session.c.address_id.in_(
        select(address.c.id).join(talk, talk.c.id == address.c.talk_id).where(talk.c.person_id == bindparam("person")).scalar_subquery()
    )
)


def begin(conn: Connection, person_id: int, token: str, now: datetime, expires_at: datetime, today: date) -> Visitor | None:
    """Log this person's browser in; only the hash of `token` is kept. None: the person has left."""
    account = conn.execute(_one_person, {"id": person_id, "today": today}).scalar()
    if account is None:
        return None
    address_id = settle(conn, person_id, account)
    conn.execute(insert(web_session).values(token_hash=digest(token), address_id=address_id, since=now, expires_at=expires_at))
    return by_account(conn, account, today)


def by_token(conn: Connection, token: str, now: datetime, today: date) -> Visitor | None:
    row = conn.execute(_by_token, {"hash": digest(token), "now": now, "today": today}).first()
    return Visitor(*row) if row is not None else None


def by_account(conn: Connection, account: str, today: date) -> Visitor | None:
    """For the demo, where the person is in the path; `settle` comes first."""
    row = conn.execute(_by_account, {"account": account, "today": today}).first()
    return Visitor(*row) if row is not None else None


def known(conn: Connection, token: str) -> bool:
    """Was this ever a colleague's browser, also one logged out since?"""
    return conn.execute(select(web_session.c.token_hash).where(web_session.c.token_hash == digest(token))).first() is not None


def revoke(conn: Connection, token: str, now: datetime) -> bool:
    return bool(conn.execute(_revoke_one, {"hash": digest(token), "at": now}).rowcount)


def revoke_all(conn: Connection, person_id: int, now: datetime) -> int:
    """Leaving, or a lost phone: every browser of this person is logged out."""
    return int(conn.execute(_revoke_all, {"person": person_id, "at": now}).rowcount)


def settle(conn: Connection, person_id: int, account: str) -> int:
    """The person's one web address, made when missing: however many browsers, they see the same talk."""
    return callers.reachable(conn, person_id, WEB, account)
