"""What was said to somebody, looked at afterwards: the page's history, what a typed number means, what was parked, what waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, func, select

from conversations.types import Prompt
from storage.codec import prompt_of
from storage.outbox import UNSENT
from storage.prepared import Query
from storage.tables import outbox, talk


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A prompt of the past: what the web page shows, what a typed number may mean, what was parked."""

    id: int
    talk_id: int
    lane: str
    prompt: Prompt
    ref: str
    pushed: bool
    created_at: datetime
    sent_at: datetime | None
    fetched_at: datetime | None
    dead_at: datetime | None
    error: str


def _shown_row(id: int, talk: int, lane: str, body: Mapping[str, Any], *rest: Any) -> ShownRow:
    return ShownRow(id, talk, lane, prompt_of(body), *rest)


SHOWN = (
    outbox.c.id,
    outbox.c.talk_id,
    outbox.c.lane,
    outbox.c.body,
    outbox.c.ref,
    outbox.c.pushed,
    outbox.c.created_at,
    outbox.c.sent_at,
    outbox.c.fetched_at,
    outbox.c.dead_at,
    outbox.c.error,
)
_shown = select(*SHOWN)
DROPPED = "dropped"  # parked for good: the admin said so
_parked = _shown.where(outbox.c.dead_at.is_not(None), outbox.c.error != DROPPED).order_by(outbox.c.id)
_one = Query(_shown.where(outbox.c.talk_id == bindparam("talk"), outbox.c.id == bindparam("row")), _shown_row)
_lately = Query(
    _shown.where(outbox.c.talk_id == bindparam("talk"), outbox.c.sent_at.is_not(None)).order_by(outbox.c.id.desc()).limit(bindparam("limit")),
    _shown_row,
)
_waiting = select(outbox.c.lane, func.count(), func.min(outbox.c.created_at)).where(UNSENT).group_by(outbox.c.lane)

_pushed = select(func.count()).join(talk, talk.c.id == outbox.c.talk_id).where(talk.c.person_id == bindparam("person"), outbox.c.pushed)


def pushed_to(conn: Connection, person_id: int) -> int:
    """How many messages nobody asked for."""
    return int(conn.execute(_pushed, {"person": person_id}).scalar_one())


def parked(conn: Connection) -> list[ShownRow]:
    return [shown_row(row) for row in conn.execute(_parked).mappings()]


def shown(conn: Connection, talk_id: int, id: int) -> ShownRow | None:
    """One prompt of this talk (接 12)."""
    return _one.first(conn, {"talk": talk_id, "row": id})


def last_with_options(conn: Connection, talk_id: int) -> ShownRow | None:
    """The newest prompt sent to this talk that offers something to choose."""
    for limit in (1, 50):  # the very last one, as a rule
        for row in _lately.all(conn, {"talk": talk_id, "limit": limit}):
            if row.prompt.options:
                return row
    return None


def waiting(conn: Connection) -> dict[str, tuple[int, datetime]]:
    """Per lane: how many rows, and since when the oldest."""
    return {lane: (count, oldest) for lane, count, oldest in conn.execute(_waiting)}


def shown_row(row: RowMapping) -> ShownRow:
    values: dict[str, Any] = {**row}
    return ShownRow(prompt=prompt_of(values.pop("body")), **values)
