"""Forms being filled: one open per person, saved by revision, every answer that changed logged with its message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from conversations.types import Session
from storage.codec import canonical, session_json, session_of
from storage.errors import StaleSession
from storage.prepared import Command, Query, scalar
from storage.tables import answer_log, session
from storage.tables import kept_words as words

_OWN_COLUMNS = ("id", "form", "version", "state", "rev")
_ENDED = ("filed", "cancelled")


def _session(id: int, form: str, version: int, state: str, rev: int, body: Mapping[str, Any]) -> Session:
    return session_of({**body, "id": id, "form": form, "version": version, "state": state, "rev": rev})


_rows = select(session.c.id, session.c.form, session.c.version, session.c.state, session.c.rev, session.c.body).where(
    session.c.person_id == bindparam("person")
)
_one = Query(_rows.where(session.c.id == bindparam("session")), _session)
_open = Query(_rows.where(session.c.state == "open"), _session)
_paused = Query(_rows.where(session.c.state == "paused").order_by(session.c.touched_at.desc(), session.c.id.desc()).limit(20), _session)
_pause = Command(
    update(session)
    .where(session.c.person_id == bindparam("whose"), session.c.state == "open", session.c.id != bindparam("but"))
    .values(state="paused", rev=session.c.rev + 1)
)
_insert = Query(insert(session).returning(session.c.id), scalar)
_update = Command(
    update(session)
    .where(session.c.id == bindparam("row"), session.c.person_id == bindparam("whose"), session.c.rev == bindparam("was"))
    .values({name: bindparam(f"new_{name}") for name in ("form", "version", "state", "body", "touched_at")} | {"rev": session.c.rev + 1})
)
_forget = delete(session).where(session.c.id == bindparam("row"))
_log = Command(insert(answer_log))
_keep = insert(words).returning(words.c.id)
_kept = select(words.c.body).where(words.c.id == bindparam("row"), words.c.person_id == bindparam("person"))

_all_kept = select(words.c.body).where(words.c.person_id == bindparam("person")).order_by(words.c.id)


def open_one(conn: Connection, person: int) -> Session | None:
    return _open.first(conn, {"person": person})


def one(conn: Connection, person: int, id: int) -> Session | None:
    return _one.first(conn, {"person": person, "session": id})


def paused(conn: Connection, person: int) -> list[Session]:
    """The one touched last comes first."""
    return _paused.all(conn, {"person": person})


def save(conn: Connection, person: int, new: Session, inbox_id: int | None, now: datetime, known: Session | None = None) -> tuple[Session, str]:
    """As saved, and the state it was in before ("" when new). A trial leaves nothing behind once it ends. `known`: as read in this transaction."""
    old = known or (one(conn, person, new.id) if new.id else None)
    if new.id and (old is None or old.rev != new.rev):
        raise StaleSession
    if new.state == "open" and (old is None or old.state != "open"):
        _pause.run(conn, {"whose": person, "but": new.id})
    body = {name: value for name, value in session_json(new).items() if name not in _OWN_COLUMNS}
    columns = {"form": new.form, "version": new.version, "state": new.state, "body": body, "touched_at": now}
    if old is None:
        saved = replace(new, rev=1, id=_insert.one(conn, columns | {"person_id": person, "rev": 1}))
    else:
        changed = {f"new_{name}": value for name, value in columns.items()} | {"row": new.id, "whose": person, "was": new.rev}
        if not _update.run(conn, changed):
            raise StaleSession
        saved = replace(new, rev=new.rev + 1)
    if not new.trial:
        _log_answers(conn, old, saved, inbox_id, now)
    elif new.state in _ENDED:
        conn.execute(_forget, {"row": saved.id})
    return saved, old.state if old is not None else ""


def keep_words(conn: Connection, person: int, text: str, blob: str, now: datetime) -> int:
    return int(conn.execute(_keep, {"person_id": person, "body": {"text": text, "blob": blob}, "at": now}).scalar_one())


def kept_words(conn: Connection, person: int, id: int) -> str:
    body = conn.execute(_kept, {"row": id, "person": person}).scalar()
    return str(body["text"]) if body is not None else ""


def kept_file(conn: Connection, person: int, id: int) -> str:
    """The file that came with the words; "" when none did."""
    body = conn.execute(_kept, {"row": id, "person": person}).scalar()
    return str(body.get("blob") or "") if body is not None else ""


def words_of(conn: Connection, person: int) -> list[str]:
    """Everything kept of what the person said, oldest first."""
    return [str(body["text"]) for body in conn.execute(_all_kept, {"person": person}).scalars()]


def _log_answers(conn: Connection, old: Session | None, new: Session, inbox_id: int | None, now: datetime) -> None:
    """What was taken back is logged as nothing said."""
    before: dict[str, Any] = dict(old.answers) if old is not None else {}
    changed = {name: value for name, value in new.answers.items() if name not in before or canonical(before[name]) != canonical(value)}
    gone = {name: None for name in before if name not in new.answers}
    rows = [{"session_id": new.id, "question": name, "value": value, "inbox_id": inbox_id, "at": now} for name, value in (changed | gone).items()]
    _log.many(conn, rows)
