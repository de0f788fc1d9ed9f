"""Forms being filled: one open per person, saved by revision, every answer that changed logged with its message."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, delete, insert, select, update

from conversations.types import Session
from storage.codec import canonical, session_json, session_of
from storage.errors import StaleSession
from storage.tables import answer_log, session
from storage.tables import kept_words as words

_OWN_COLUMNS = ("id", "form", "version", "state", "rev")
_ENDED = ("filed", "cancelled")

_rows = select(session.c.id, session.c.form, session.c.version, session.c.state, session.c.rev, session.c.body).where(
    session.c.person_id == bindparam("person")
)
_one = _rows.where(session.c.id == bindparam("session"))
_open = _rows.where(session.c.state == "open")
_paused = _rows.where(session.c.state == "paused").order_by(session.c.touched_at.desc(), session.c.id.desc()).limit(20)
_pause = (
    update(session)
    .where(session.c.person_id == bindparam("whose"), session.c.state == "open", session.c.id != bindparam("but"))
    .values(state="paused", rev=session.c.rev + 1)
)
_insert = insert(session).returning(session.c.id)
_update = (
    update(session)
    .where(session.c.id == bindparam("row"), session.c.person_id == bindparam("whose"), session.c.rev == bindparam("was"))
    .values({name: bindparam(f"new_{name}") for name in ("form", "version", "state", "body", "touched_at")} | {"rev": session.c.rev + 1})
)
_forget = delete(session).where(session.c.id == bindparam("row"))
_log = insert(answer_log)
_keep = insert(words).returning(words.c.id)
_kept = select(words.c.body).where(words.c.id == bindparam("row"), words.c.person_id == bindparam("person"))

_all_kept = select(words.c.body).where(words.c.person_id == bindparam("person")).order_by(words.c.id)


def open_one(conn: Connection, person: int) -> Session | None:
    row = conn.execute(_open, {"person": person}).mappings().first()
    return None if row is None else _session(row)


def one(conn: Connection, person: int, id: int) -> Session | None:
    row = conn.execute(_one, {"person": person, "session": id}).mappings().first()
    return None if row is None else _session(row)


def paused(conn: Connection, person: int) -> list[Session]:
    """The one touched last comes first."""
    return [_session(row) for row in conn.execute(_paused, {"person": person}).mappings()]


def save(conn: Connection, person: int, new: Session, inbox_id: int | None, now: datetime) -> tuple[Session, str]:
    """As saved, and the state it was in before ("" when new). A trial leaves nothing behind once it ends."""
    old = one(conn, person, new.id) if new.id else None
    if new.id and (old is None or old.rev != new.rev):
        raise StaleSession
    if new.state == "open" and (old is None or old.state != "open"):
        conn.execute(_pause, {"whose": person, "but": new.id})
    body = {name: value for name, value in session_json(new).items() if name not in _OWN_COLUMNS}
    columns = {"form": new.form, "version": new.version, "state": new.state, "body": body, "touched_at": now}
    if old is None:
        saved = replace(new, rev=1, id=int(conn.execute(_insert, columns | {"person_id": person, "rev": 1}).scalar_one()))
    else:
        changed = {f"new_{name}": value for name, value in columns.items()} | {"row": new.id, "whose": person, "was": new.rev}
        if not conn.execute(_update, changed).rowcount:
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


def words_of(conn: Connection, person: int) -> list[str]:
    """Everything kept of what the person said, oldest first."""
    return [str(body["text"]) for body in conn.execute(_all_kept, {"person": person}).scalars()]


def _log_answers(conn: Connection, old: Session | None, new: Session, inbox_id: int | None, now: datetime) -> None:
    """What was taken back is logged as nothing said."""
    before: dict[str, Any] = dict(old.answers) if old is not None else {}
    changed = {name: value for name, value in new.answers.items() if name not in before or canonical(before[name]) != canonical(value)}
    gone = {name: None for name in before if name not in new.answers}
    rows = [{"session_id": new.id, "question": name, "value": value, "inbox_id": inbox_id, "at": now} for name, value in (changed | gone).items()]
    if rows:
        conn.execute(_log, rows)


def _session(row: RowMapping) -> Session:
    return session_of({**row["body"], **{name: row[name] for name in _OWN_COLUMNS}})
