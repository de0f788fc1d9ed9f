"""The first minute with a database: migrated, ours and nobody else's, and for the demo a firm in it and a clock that knows where it was."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.clock import Clock
from rules.calendar import Calendar
from storage import leases, mark, people, websessions
from storage.database import Connection, Database


class WrongDatabase(Exception):
    """The demo's database is served as the firm's, or the other way round; the text says what to do."""


def open_database(database: Database, clock: Clock, zone: ZoneInfo, *, demo: bool) -> None:
    """Raises WrongDatabase, storage.errors.AlreadyServing."""
    database.lock_server()
    database.migrate()
    kind = database.read_now(mark.kind)
    if kind is None:
        database.write_now(lambda conn: _first(conn, clock, zone, demo=demo))
    elif (kind == "demo") != demo:
        raise WrongDatabase(
            "这个数据库是演示用的，不能当正式的用。请换一个 PAOJIE_DATA 或 PAOJIE_DATABASE。"
            if kind == "demo"
            else "这个数据库是公司正式的，演示不会动它。请换一个 PAOJIE_DATA。"
        )
    if demo:
        clock.offset = database.read_now(mark.ahead)
    if database.dialect == "sqlite":
        database.write_now(leases.forget)


def _first(conn: Connection, clock: Clock, zone: ZoneInfo, *, demo: bool) -> None:
    mark.set_kind(conn, "demo" if demo else "firm")
    if not demo:
        return
    from bot import demo as firm

    now = clock.now()
    day = Calendar(zone).add_working_days(now.astimezone(zone).date(), 0)
    firm.build(conn, day)
    for one in people.everybody(conn, day):
        websessions.settle(conn, one.id, one.account)  # everybody has a page, whether it is open or not
    morning = datetime.combine(day, time.fromisoformat(firm.OPENS), zone)
    mark.set_ahead(conn, morning - now + clock.offset)
