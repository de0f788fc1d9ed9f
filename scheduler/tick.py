"""What is due is spoken: claimed once, asked again, held back in quiet hours, several at once as one message (A-1.2)."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from conversations import topics
from conversations.desk import Desk
from conversations.spoken import clock_words, spaced
from conversations.types import Prompt
from scheduler import quiet
from scheduler.kinds import ACTING, BY_KIND, Reminder
from storage import due, mutes, people
from storage.database import Connection
from storage.due import DueRow
from storage.world import World
from storage.writer import is_conflict, savepoint

ROWS = 200  # of one transaction
URGENT = frozenset(reminder.KIND for reminder in BY_KIND.values() if reminder.LANE == "emergency")
LATE_BY = timedelta(minutes=10)
GIVE_UP = timedelta(days=1)  # on a kind this replica does not know, or one that fails each time
MOST_OPTIONS, MOST_SIGNS = 6, 600
log = logging.getLogger(__name__)


def tick(conn: Connection, now: datetime, zone: ZoneInfo, kinds: Collection[str] = ()) -> int:
    """Speak what is due by `now`, of these kinds or of all, in the caller's transaction; how many were said."""
    owed: dict[int, list[DueRow]] = defaultdict(list)
    for row in due.claim(conn, now, ROWS, kinds):
        owed[row.person_id].append(row)
    return sum(_one_person(conn, person, rows, now, zone) for person, rows in owed.items())


def _one_person(conn: Connection, person: int, rows: Sequence[DueRow], now: datetime, zone: ZoneInfo) -> int:
    urgent = [row for row in rows if row.kind in URGENT]
    said_now = sum(_at_once(conn, row, now, zone) for row in urgent)
    rows = [row for row in rows if row.kind not in URGENT]
    if not rows:
        return said_now
    return said_now + _in_turn(conn, person, rows, now, zone)


def _at_once(conn: Connection, row: DueRow, now: datetime, zone: ZoneInfo) -> int:
    """An emergency waits for nobody's quiet hours, and not for somebody who has left either (C-4.5.1c)."""
    desk = _standing_for(conn, World(conn, person_id=row.person_id, now=now, zone=zone, via="tick"), now, zone)
    reminder = BY_KIND[row.kind]
    prompt = _ask(conn, desk, reminder, row, now)
    if prompt is None:
        return 0
    _say(conn, desk, [(reminder, row, prompt)], now)
    return 1


def _standing_for(conn: Connection, desk: World, now: datetime, zone: ZoneInfo) -> World:
    """Somebody who still works here."""
    if desk.me.left and (stands := next(iter(desk.people("area_manager") or desk.people("admin")), None)) is not None:
        return World(conn, person_id=stands.id, now=now, zone=zone, via="tick")
    return desk


def _in_turn(conn: Connection, person: int, rows: Sequence[DueRow], now: datetime, zone: ZoneInfo) -> int:
    desk = World(conn, person_id=person, now=now, zone=zone, via="tick")
    talk = people.talk_of(conn, person)
    if talk is None or not talk.reachable or desk.me.left or not desk.me.greeted:
        for row in rows:
            if row.kind in ACTING:
                _ask(conn, _standing_for(conn, desk, now, zone), BY_KIND[row.kind], row, now)
            due.done(conn, row.id, "moot", now)
        return 0
    held = quiet.until(now, desk.calendar, desk.setting(quiet.SETTING, quiet.DEFAULT), talk.muted_until)
    said: list[tuple[Reminder, DueRow, Prompt]] = []
    muted = mutes.of(conn, person, now)
    for row in rows:
        reminder = BY_KIND.get(row.kind)
        if reminder is None:
            _give_up(conn, row, now)
        elif _past(reminder, row, rows, held or now):
            due.done(conn, row.id, "dropped", now)
        elif muted and topics.topic_of_kind(row.kind) in muted:
            due.done(conn, row.id, mutes.MUTED, now)
        elif held is not None:
            due.put(conn, row.kind, row.key, held, row.person_id, row.case_id, row.args)
        else:
            prompt = _ask(conn, desk, reminder, row, now)
            if prompt is not None:
                said.append((reminder, row, prompt))
    said.sort(key=lambda one: one[0].LATE != "always")  # what is promised to a customer comes before the day's housekeeping
    for group in _groups(said):
        _say(conn, desk, group, now)
    return len(said)


def _past(reminder: Reminder, row: DueRow, rows: Sequence[DueRow], at: datetime) -> bool:
    """A nudge whose moment has gone, or a digest with a newer one behind it."""
    if reminder.LATE == "drop":
        return at - row.at > reminder.LASTS
    return reminder.LATE == "latest" and any(other.kind == row.kind and (other.at, other.id) > (row.at, row.id) for other in rows)


def _ask(conn: Connection, desk: Desk, reminder: Reminder, row: DueRow, now: datetime) -> Prompt | None:
    """Its words, or None when it is moot; one that fails does not take the others along and is tried again by the next tick."""
    try:
        with savepoint(conn):
            prompt = reminder.speak(desk, row)
    except Exception as error:
        if is_conflict(error):
            raise
        log.exception("reminder %s failed (due %s)", row.kind, row.id)
        _give_up(conn, row, now)
        return None
    if prompt is None:
        due.done(conn, row.id, "moot", now)
        return None
    if reminder.LATE == "always" and now - row.at > LATE_BY:
        was = clock_words(row.at, desk)
        return replace(prompt, text=f"（{spaced('本该', was)} 提醒您，晚了一些）{prompt.text}")
    return prompt


def _give_up(conn: Connection, row: DueRow, now: datetime) -> None:
    if now - row.at > GIVE_UP:
        due.done(conn, row.id, "dropped", now)


def _groups(said: Sequence[tuple[Reminder, DueRow, Prompt]]) -> list[list[tuple[Reminder, DueRow, Prompt]]]:
    """What fits one message goes as one; a digest goes by itself."""
    groups: list[list[tuple[Reminder, DueRow, Prompt]]] = []
    for one in said:
        if groups and one[0].LANE == "reminder" and groups[-1][0][0].LANE == "reminder" and _fits([*groups[-1], one]):
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups


def _fits(group: Sequence[tuple[Reminder, DueRow, Prompt]]) -> bool:
    labels = [option.label for _, _, prompt in group for option in prompt.options]
    length = sum(len(prompt.text) for _, _, prompt in group)
    return len(labels) <= MOST_OPTIONS and len(set(labels)) == len(labels) and length <= MOST_SIGNS


def _say(conn: Connection, desk: Desk, group: Sequence[tuple[Reminder, DueRow, Prompt]], now: datetime) -> None:
    reminder, first, prompt = group[0]
    if len(group) > 1:
        text = "\n\n".join(one.text for _, _, one in group)
        prompt = replace(prompt, text=text, options=tuple(option for _, _, one in group for option in one.options), title="")
    card = f"card:{first.full_key}" if reminder.LANE == "digest" else ""  # answered on the same card
    desk.tell(first.person_id, prompt, lane=reminder.LANE, key=first.full_key, pushed=True, coalesce=card)
    for place, (_, row, _) in enumerate(group):
        due.done(conn, row.id, "merged" if place else "said", now)
