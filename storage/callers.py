"""Whose an address is: accounts and the talk they lead to, the one polite answer to strangers, where the admins hear."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, bindparam, or_, select, update

from conversations.types import Option, Prompt
from storage import inbox, outbox
from storage.codec import prompt_json
from storage.tables import address, person, role, talk
from storage.tables import inbox as inbox_table
from storage.upsert import both, on

ADMIN_NOTE = "admin"  # the ref of what admins are told, so that a refused note tells nobody again


@dataclass(frozen=True, slots=True)
class Caller:
    id: int
    account: str
    name: str
    greeted: bool = True


_here = or_(person.c.left_on.is_(None), person.c.left_on > bindparam("today"))
_callers = select(person.c.id, person.c.account, person.c.name, person.c.greeted_at.is_not(None).label("greeted")).where(_here)
_by_account = _callers.where(person.c.account == bindparam("account"))
_by_id = _callers.where(person.c.id == bindparam("person"))
_talk = both(talk, lambda into: into.on_conflict_do_nothing())
_talk_of = select(talk.c.id).where(talk.c.person_id == bindparam("person_id"))
_new_address = both(address, lambda into: into.on_conflict_do_nothing())
_address_of = select(address.c.id, address.c.talk_id).where(
    address.c.channel == bindparam("channel"), address.c.external_id == bindparam("external_id")
)
_colleague = (
    select(talk.c.person_id)
    .join(address, address.c.talk_id == talk.c.id)
    .where(address.c.channel == bindparam("channel"), address.c.external_id == bindparam("external_id"))
)
_polite = (
    update(talk)
    .where(talk.c.id == bindparam("talk"), or_(talk.c.polite_at.is_(None), talk.c.polite_at <= bindparam("before")))
    .values(polite_at=bindparam("now"))
)
_said_here = (
    select(inbox_table.c.id, inbox_table.c.body, inbox_table.c.blob)
    .where(inbox_table.c.address_id == bindparam("address"), inbox_table.c.received_at >= bindparam("since"), inbox_table.c.state == "handled")
    .order_by(inbox_table.c.id.desc())
    .limit(20)
)
_reopen = update(inbox_table).where(inbox_table.c.id == bindparam("row")).values(state=bindparam("opened"), handled_at=None, fetch_by=None)
_admins = (
    select(talk.c.id)
    .join(role, role.c.person_id == talk.c.person_id)
    .join(person, person.c.id == talk.c.person_id)
    .where(
        _here,
        role.c.role == "admin",
        role.c.since <= bindparam("today"),
        or_(role.c.until.is_(None), role.c.until >= bindparam("today")),
    )
    .order_by(talk.c.id)
)


def by_account(conn: Connection, account: str, today: date) -> Caller | None:
    row = conn.execute(_by_account, {"account": account.lower(), "today": today}).first()
    return Caller(*row) if row is not None else None


def by_id(conn: Connection, person_id: int, today: date) -> Caller | None:
    """None also for who has left."""
    row = conn.execute(_by_id, {"person": person_id, "today": today}).first()
    return Caller(*row) if row is not None else None


def is_colleague(conn: Connection, channel: str, external_id: str) -> bool:
    """Does this account there belong to somebody of the firm?"""
    row = conn.execute(_colleague, {"channel": channel, "external_id": external_id})
    return row.scalar() is not None


def talk_of(conn: Connection, person_id: int) -> int:
    """The person's one talk, made when missing."""
    conn.execute(on(conn, _talk), {"person_id": person_id})
    return int(conn.execute(_talk_of, {"person_id": person_id}).scalar_one())


def bind(conn: Connection, address_id: int, person_id: int) -> int:
    """The address is this person's from now on, and so is what waits there; answers the talk."""
    talk_id = talk_of(conn, person_id)
    inbox.lock_talk(conn, talk_id)
    inbox.rebind(conn, address_id, talk_id)
    return talk_id


def reachable(conn: Connection, person_id: int, channel: str, external_id: str) -> int:
    """The person's address on a channel, made or moved to them; answers its id."""
    talk_id = talk_of(conn, person_id)
    conn.execute(on(conn, _new_address), {"channel": channel, "external_id": external_id, "talk_id": talk_id})
    found = conn.execute(_address_of, {"channel": channel, "external_id": external_id}).one()
    if found.talk_id != talk_id:
        inbox.rebind(conn, found.id, talk_id)
    return int(found.id)


def may_answer(conn: Connection, talk_id: int, now: datetime, every: timedelta) -> bool:
    """A stranger hears from us at most once in so long; True once, and it counts as said."""
    return bool(conn.execute(_polite, {"talk": talk_id, "now": now, "before": now - every}).rowcount)


def say_again(conn: Connection, address_id: int, since: datetime, not_words: Collection[str]) -> None:
    """What was said from here last, before it was known by whom, is handled now. Taps and what is in `not_words` said nothing."""
    for row in conn.execute(_said_here, {"address": address_id, "since": since}).mappings():
        body = row["body"]
        if body["kind"] != "said" or body["tap"] or body["edit"] or body["text"].strip() in not_words:
            continue
        if body["text"].strip() or body["media"]:
            waits = body["media"] is not None and row["blob"] is None
            conn.execute(_reopen, {"row": row["id"], "opened": "fetch" if waits else "ready"})
            return


def tell_admins(conn: Connection, text: str, *, key: str, now: datetime, today: date, options: tuple[Option, ...] = ()) -> int:
    """Once each for the key; how many were told."""
    told = 0
    for talk_id in conn.execute(_admins, {"today": today}).scalars().unique().all():
        body = prompt_json(Prompt(text, options, ref=ADMIN_NOTE))
        told += bool(outbox.put(conn, talk_id, "reminder", body, now=now, ref=ADMIN_NOTE, pushed=True, dedupe_key=f"{ADMIN_NOTE}:{key}:{talk_id}"))
    return told
