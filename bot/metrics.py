"""What /metrics shows: counters of this process, and what waits, asked of the database when somebody looks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

from storage import inbox, outbox, shown
from storage.backup import state
from storage.database import Connection, Database


class Metrics:
    """One registry an App, so that two in one process do not mix."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.received = self._counter("received", "Events received", "channel", "outcome")
        self.handled = self._counter("handled", "Messages handled", "outcome")
        self.sent = self._counter("sent", "Send attempts", "channel", "outcome")
        self.ticks = self._counter("ticks", "Reminders spoken by ticks")
        self._gauges = {
            name: Gauge(f"paojie_{name}", what, labels, registry=self.registry)
            for name, what, labels in (
                ("inbox_waiting", "Messages not yet handled", ()),
                ("inbox_oldest_seconds", "Age of the oldest of them", ()),
                ("inbox_aside", "Messages set aside", ("state",)),
                ("outbox_waiting", "Prompts not yet sent", ("lane",)),
                ("outbox_oldest_seconds", "Age of the oldest of them", ("lane",)),
                ("outbox_parked", "Prompts given up", ()),
                ("backup_age_seconds", "Age of the last good backup", ()),
                ("backup_failed", "1 when the last attempt failed", ()),
                ("writer_waiting", "Units queued for the writer", ()),
            )
        }

    async def text(self, database: Database, now: datetime) -> bytes:
        facts = await database.read(lambda conn: list(_facts(conn, now)))
        for lane in outbox.LANES:
            self._gauges["outbox_waiting"].labels(lane).set(0)
            self._gauges["outbox_oldest_seconds"].labels(lane).set(0)
        for name, labels, value in facts:
            gauge = self._gauges[name]
            (gauge.labels(*labels) if labels else gauge).set(value)
        self._gauges["writer_waiting"].set(database.waiting)
        return generate_latest(self.registry)

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(f"paojie_{name}", what, labels, registry=self.registry)


def _facts(conn: Connection, now: datetime) -> Iterator[tuple[str, tuple[str, ...], float]]:
    yield "inbox_waiting", (), inbox.waiting(conn)
    yield "inbox_oldest_seconds", (), inbox.backlog(conn, now).total_seconds()
    yield "inbox_aside", ("parked",), len(inbox.parked(conn))
    yield "inbox_aside", ("quarantined",), len(inbox.quarantined(conn))
    yield "outbox_parked", (), len(shown.parked(conn))
    last = state.read(conn)
    yield "backup_age_seconds", (), last.age(now)
    yield "backup_failed", (), float(bool(last.error))
    for lane, (count, since) in shown.waiting(conn).items():
        yield "outbox_waiting", (lane,), count
        yield "outbox_oldest_seconds", (lane,), (now - since).total_seconds()
