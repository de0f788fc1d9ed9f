"""One message after another into the conversation: talk locked, one savepoint each, all it leads to in one commit."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import structlog

from bot import strangers
from bot.channels.base import Event
from bot.receive import event_of
from conversations.desk import Desk
from conversations.firm import Person
from conversations.types import Blob, Prompt, Said, TooNew
from storage import callers, inbox, outbox
from storage.codec import prompt_json
from storage.database import Connection
from storage.inbox import InboxRow
from storage.invitations import Ways
from storage.world import World
from storage.writer import is_conflict, savepoint

Converse = Callable[[Desk, Said], None]

ROWS = 32
PICTURE_LATE = "照片还在路上，先往下走。到了我会接着记，不用重发。"
FILE_LATE = "文件还在路上，先往下走。到了我会接着记，不用重发。"
KEPT = "这一条我没处理好，但已经留着，管理员会看到。您可以接着说别的。"
EDITED = "发过的话改了，记录不会跟着变。请把改好的整句再发一次。"
HELLO = "你好"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Heard:
    """A handled event, for what its channel does beside answering; `joined` are the roles of who came in with it."""

    channel: str
    event: Event
    joined: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What one transaction did."""

    moved: int = 0
    failed: int = 0
    parked: int = 0
    heard: tuple[Heard, ...] = ()


class Handler:
    """`converse` answers a known person; what a stranger may do is in strangers.py."""

    def __init__(self, converse: Converse, zone: ZoneInfo, ways: Ways | None = None) -> None:
        self._converse = converse
        self._zone = zone
        self._ways = ways

    def step(self, conn: Connection, now: datetime) -> Step:
        """The unit for the writer; it may run again after a deadlock. Only when one message fails, each has its own savepoint."""
        rows = inbox.next_ready(conn, now, ROWS)
        try:
            with savepoint(conn):
                return Step(len(rows), heard=tuple(self._one(conn, row, now) for row in rows))
        except Exception as error:  # the edge: which one it was shows when each is handled apart
            if is_conflict(error):
                raise
        return self._apart(conn, rows, now)

    def _apart(self, conn: Connection, rows: Sequence[InboxRow], now: datetime) -> Step:
        moved = failed = parked = 0
        heard = []
        for row in rows:
            try:
                with savepoint(conn):
                    heard.append(self._one(conn, row, now))
                moved += 1
            except TooNew:
                log.info("left to a newer replica", inbox=row.id)
            except Exception as error:  # the edge: one bad message must not stop the others
                if is_conflict(error):
                    raise
                failed += 1
                parked += self._failed(conn, row, error, now)
        return Step(moved, failed, parked, tuple(heard))

    def _one(self, conn: Connection, row: InboxRow, now: datetime) -> Heard:
        event = event_of(row.body, row.said_at)
        who: Person | None = None
        if event.kind == "blocked":
            outbox.address_dead(conn, row.address_id, "blocked", now)
        elif event.kind != "place_report":
            inbox.heard(conn, row.address_id, row.received_at)
            event, who = self._heard(conn, row, event, now)
        if who is not None and row.state == "fetch":
            inbox.goes_on(conn, row.id, now)
        else:
            inbox.handled(conn, row.id, now)
        return Heard(row.channel, event, who.roles if who is not None and event.kind == "start" else None)

    def _heard(self, conn: Connection, row: InboxRow, event: Event, now: datetime) -> tuple[Event, Person | None]:
        """The event as it is to be answered, and who said it; None: a stranger still."""
        if row.person_id is not None:
            return event, self._known(conn, row, event, now, row.person_id, row.talk_id)
        bound = strangers.meet(conn, row, event, now, self._today(now))
        if bound is None:
            return event, None
        if not bound.spoken:
            event = Event(event.key, event.sender, event.at, kind="start")
        return event, self._known(conn, row, event, now, bound.person_id, bound.talk_id)

    def _known(self, conn: Connection, row: InboxRow, event: Event, now: datetime, person_id: int, talk_id: int) -> Person:
        world = World(
            conn,
            person_id=person_id,
            now=now,
            zone=self._zone,
            ways=self._ways,
            talk_id=talk_id,
            address_id=row.address_id,
            via=row.channel,
            inbox_id=row.id,
        )
        if world.me.left:
            strangers.gone(conn, row, now)
            return world.me
        if notice := _notice(row, event):
            world.say(Prompt(notice))
        if event.kind == "start" and event.text and (told := strangers.joins_again(conn, person_id, world.me.name, event.text, now)):
            world.say(Prompt(told))
        elif said := _said(row, event, greeted=world.me.greeted):
            self._converse(world, said)
        return world.me

    def _failed(self, conn: Connection, row: InboxRow, error: Exception, now: datetime) -> int:
        why = _where(error)
        attempts = inbox.failed(conn, row.id, why, now)
        log.warning("a message could not be handled", inbox=row.id, attempts=attempts, why=why)
        if attempts < inbox.ATTEMPTS:
            return 0
        outbox.put(conn, row.talk_id, "reply", prompt_json(Prompt(KEPT)), now=now, address_id=row.address_id)
        note = "有一条消息处理不了，已经留着。写「办公」，在「没送到的消息」页可以再试一次。"
        callers.tell_admins(conn, note, key=f"parked:{row.id}", now=now, today=self._today(now))
        return 1

    def _today(self, now: datetime) -> date:
        return now.astimezone(self._zone).date()


def _notice(row: InboxRow, event: Event) -> str:
    """What the person must know before the answer: a picture that is late or lost, an edit that changes nothing."""
    if event.edit:
        return EDITED
    if event.media is None or row.blob is not None:
        return ""
    if row.state == "fetch":
        return PICTURE_LATE if event.media.kind == "photo" else FILE_LATE
    return row.error


def _said(row: InboxRow, event: Event, *, greeted: bool) -> Said | None:
    """None: nothing in it is for the conversation."""
    if event.edit or (event.kind == "enter" and greeted):
        return None
    if event.kind in ("start", "enter"):
        return Said(row.said_at, row.received_at, text=HELLO)
    again = row.handled_at is not None  # its words were answered when its picture had not come
    said = Said(
        at=row.said_at,
        received=row.received_at,
        text="" if again else event.text,
        tap="" if again else event.tap,
        blob=msgspec.convert(row.blob, Blob) if row.blob is not None else None,
        place=None if again else event.place,
        album=event.album,
    )
    return said if said.text or said.tap or said.blob or said.place else None


def _where(error: Exception) -> str:
    """Kind and place, never the message: it may hold an answer."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = next((frame for frame in reversed(frames) if ".venv" not in frame.filename), frames[-1])
    return f"{type(error).__name__} {Path(ours.filename).name}:{ours.lineno}"
