"""The whole of it: loops that run by themselves, time from due to due, the demo's own database, a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import App
from bot.channels.base import Event, Outgoing
from bot.clock import Clock, StillClock
from bot.opening import WrongDatabase
from bot.settings import Settings
from conversations.types import Prompt
from storage import due, outbox, people, shown
from storage.codec import prompt_json
from storage.database import Connection
from storage.errors import AlreadyServing
from tests.bot.conftest import NOW, House, echo
from tests.fakes.channel import FakeChannel


class Telling(FakeChannel):
    """Tells when something was sent, so that nobody waits by the clock."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: asyncio.Queue[str] = asyncio.Queue()

    async def send(self, out: Outgoing) -> str:
        remote = await super().send(out)
        self.heard.put_nowait(out.prompt.text)
        return remote


async def next_of(channel: Telling) -> str:
    async with asyncio.timeout(20):
        return await channel.heard.get()


async def test_the_loops_carry_a_message_through(house: House, wang: int) -> None:
    await house.app.stop()
    house.telegram, house.loops = Telling(), True
    await house.open()
    await house.says("一")
    assert await next_of(house.telegram) == "一"
    await house.says("二")
    await house.restart()
    assert await next_of(house.telegram) == "二"


async def test_a_polled_channel_is_polled_and_its_events_are_kept(house: House, wang: int) -> None:
    kept: list[object] = []

    class Polled(Telling):
        mode = "polling"

        async def poll(self, receive: Callable[[Event], object]) -> None:
            kept.append(await receive(house.event("一")))  # type: ignore[misc]
            await asyncio.Event().wait()

    await house.app.stop()
    house.telegram, house.loops = Polled(), True
    await house.open()
    assert await next_of(house.telegram) == "一"
    assert len(kept) == 1


async def test_time_goes_from_due_to_due(house: House) -> None:
    rep = await house.hire("li", ("telegram", "7"), roles=("rep",))
    await house.app.advance_to(NOW + timedelta(days=1))
    said = await house.database.read(lambda conn: [row.sent_at for row in (shown.shown(conn, rep, id) for id in range(1, 9)) if row])
    local = [f"{at.astimezone(house.settings.tz):%H:%M}" for at in said if at]
    assert local == ["09:00", "17:00", "17:45", "18:00", "08:40"]
    assert house.clock.now() == NOW + timedelta(days=1)


async def test_what_was_put_for_later_is_said_at_its_time(house: House, wang: int) -> None:
    at = NOW + timedelta(hours=2)
    body = prompt_json(Prompt("一"))
    await house.database.write(lambda conn: outbox.put(conn, wang, "reminder", body, now=NOW, not_before=at))
    await house.app.advance_to(NOW + timedelta(hours=5))
    row = await house.database.read(lambda conn: shown.shown(conn, wang, 1))
    assert row is not None
    assert row.sent_at == at


async def test_a_due_that_nobody_can_speak_does_not_stop_time(house: House, wang: int) -> None:
    def plan(conn: object) -> bool:
        person = people.by_account(conn, "wang", NOW.date())  # type: ignore[arg-type]
        assert person is not None
        return due.put(conn, "of_a_newer_version", "1", NOW - timedelta(hours=1), person.id, None, {})  # type: ignore[arg-type]

    await house.database.write(plan)
    await house.app.advance_to(NOW + timedelta(hours=3))
    assert house.clock.now() == NOW + timedelta(hours=3)


class TestDemo:
    def app(self, url: str, folder: Path, clock: Clock | None = None, *, demo: bool = True) -> App:
        settings = Settings(_env_file=None, data=folder, database=SecretStr(url))  # type: ignore[call-arg]
        return App(settings, clock, {}, converse=echo, loops=False, demo=demo)

    async def test_it_begins_at_half_past_eight_of_a_working_day(self, database_url: str, tmp_path: Path) -> None:
        sunday = datetime(2026, 11, 22, 10, tzinfo=UTC)
        app = self.app(database_url, tmp_path, StillClock(sunday))
        await app.start()
        ahead = app.clock.offset
        await app.stop()
        assert (sunday + ahead).astimezone(app.settings.tz) == datetime(2026, 11, 23, 8, 25, tzinfo=app.settings.tz)

    async def test_its_clock_goes_on_after_a_restart(self, database_url: str, tmp_path: Path) -> None:
        app = self.app(database_url, tmp_path)
        await app.start()
        target = app.clock.now() + timedelta(hours=9)
        await app.advance_to(target)
        await app.stop()
        app = self.app(database_url, tmp_path)
        await app.start()
        assert target <= app.clock.now() < target + timedelta(minutes=5)
        await app.stop()

    @pytest.mark.parametrize("demo", [True, False])
    async def test_neither_touches_the_others_database(self, database_url: str, tmp_path: Path, demo: bool) -> None:
        app = self.app(database_url, tmp_path, demo=demo)
        await app.start()
        await app.stop()
        with pytest.raises(WrongDatabase):
            await self.app(database_url, tmp_path, demo=not demo).start()

    async def test_one_with_people_in_it_was_never_the_demos(self, house: House, wang: int) -> None:
        await house.database.write(lambda conn: conn.exec_driver_sql("delete from setting"))
        await house.app.stop()
        with pytest.raises(WrongDatabase):
            await self.app(house.settings.database_url, house.settings.data).start()
        await house.open()


async def test_a_second_server_on_one_sqlite_file_is_refused(house: House) -> None:
    if house.database.dialect == "postgresql":
        return
    other = House(house.settings.database_url, house.settings.data)
    with pytest.raises(AlreadyServing):
        await other.open()


async def test_an_emergency_s_rung_does_not_wait_for_the_tick_nor_behind_other_dues(house: House, wang: int) -> None:
    now = house.clock.now()

    def owe(conn: Connection) -> None:
        for n in range(3):
            due.put(conn, "log_due", str(n), now, 1, None, {})
        due.put(conn, "emergency", "1:backup", now, 1, None, {"rung": "backup"})

    await house.database.write(owe)
    await house.app.urgent_once()
    assert not await house.database.read(lambda conn: due.waits(conn, now, {"emergency"}))
    assert await house.database.read(lambda conn: due.waits(conn, now, {"log_due"}))
