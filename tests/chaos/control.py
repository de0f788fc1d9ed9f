"""What the same messages lead to when nothing is killed: every kept event once, in order, through an App driven by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from bot.app import App
from bot.channels.base import Event
from bot.clock import StillClock
from bot.receive import event_of
from bot.settings import Settings
from conversations import tokens
from conversations.tokens import SessionTap
from storage.tables import answer_log, inbox, outbox, paper, session, talk
from tests.chaos import firm
from tests.chaos.firm import START, Rep
from tests.fakes.channel import FakeChannel

Line = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """An event as the inbox has it; `session` is which of the person's sessions a tap is for, counted from 0."""

    channel: str
    person: int
    session: int | None
    body: dict[str, Any]
    said_at: datetime
    received_at: datetime


def kept(conn: Connection) -> list[Kept]:
    """In the order in which each talk was heard."""
    rows = conn.execute(
        select(talk.c.person_id, inbox.c.channel, inbox.c.body, inbox.c.said_at, inbox.c.received_at)
        .join(talk, talk.c.id == inbox.c.talk_id)
        .order_by(inbox.c.id)
    )
    nth = {id: n for ids in _sessions(conn).values() for n, id in enumerate(ids)}
    return [Kept(row.channel, row.person_id, nth.get(_tapped(row.body["tap"])), row.body, row.said_at, row.received_at) for row in rows]


def _sessions(conn: Connection) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for row in conn.execute(select(session.c.person_id, session.c.id).order_by(session.c.id)):
        found[row.person_id].append(row.id)
    return found


def _tapped(token: str) -> int:
    tap = tokens.read(token)
    return tap.session if isinstance(tap, SessionTap) else 0


def story(conn: Connection) -> dict[int, list[Line]]:
    """By person: the papers, what was answered to which message, and every reply. Only what does not depend on others."""
    found: dict[int, list[Line]] = defaultdict(list)
    for person, *filed in conn.execute(select(paper.c.person_id, paper.c.form, paper.c.answers, paper.c.said_at).order_by(paper.c.id)):
        found[person].append(("paper", *filed))
    logged = (
        select(talk.c.person_id, inbox.c.event_key, answer_log.c.question, answer_log.c.value)
        .join(inbox, inbox.c.id == answer_log.c.inbox_id)
        .join(talk, talk.c.id == inbox.c.talk_id)
        .order_by(answer_log.c.id)
    )
    for person, *answer in conn.execute(logged):
        found[person].append(("answer", *answer))
    replies = select(talk.c.person_id, outbox.c.body).join(talk, talk.c.id == outbox.c.talk_id).where(outbox.c.lane == "reply").order_by(outbox.c.id)
    for person, body in conn.execute(replies):
        found[person].append(("reply", body["text"], [option["label"] for option in body["options"]]))
    return found


async def replayed(events: Sequence[Kept], people: list[Rep], folder: Path) -> dict[int, list[Line]]:
    """Their story on a fresh SQLite database."""
    clock = StillClock(START)
    channels = {name: FakeChannel(name) for name in ("wecom", "telegram")}
    app = App(Settings(_env_file=None, data=folder), clock, channels, loops=False)  # type: ignore[call-arg]
    await app.start()
    try:
        await app.database.write(lambda conn: firm.build(conn, people))
        for event in events:
            clock.move_to(event.received_at)
            await app.receive(event.channel, await _translated(app, event))
            await app.drain()
        return await app.database.read(story)
    finally:
        await app.stop()


async def _translated(app: App, event: Kept) -> Event:
    """A session has another number here, where nobody else came between."""
    said = event_of(event.body, event.said_at)
    sessions = (await app.database.read(_sessions))[event.person]
    if event.session is None or event.session >= len(sessions):
        return said
    return replace(said, tap=said.tap.replace(f"s{_tapped(said.tap)}.", f"s{sessions[event.session]}.", 1))
