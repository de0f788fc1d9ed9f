"""An App by hand: fake channels, a clock that stands still, a conversation that echoes; restarted on the same data."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import insert

from bot.app import App
from bot.channels.base import Event
from bot.clock import StillClock
from bot.handle import Converse
from bot.settings import Settings
from conversations.desk import Desk
from conversations.types import Prompt, Said
from storage import callers, inbox
from storage.database import Database
from storage.tables import address, person, role
from tests.fakes.channel import FakeChannel

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # 9:00 in Shanghai, a Tuesday
SECOND = timedelta(seconds=1)


def echo(desk: Desk, said: Said) -> None:
    """What the conversation does here: it repeats, and says what came with it."""
    if said.text.startswith("错"):
        raise KeyError(said.text)
    blob = f"[{said.blob.kind} {said.blob.broken or 'ok'}]" if said.blob else ""
    desk.say(Prompt(f"{said.text}{blob}{said.tap}"))


class House:
    """One firm on one database: 王 hears by Telegram, and by WeCom as well when asked."""

    def __init__(self, url: str, folder: Path) -> None:
        self.settings = Settings(_env_file=None, data=folder, database=SecretStr(url))  # type: ignore[call-arg]
        self.clock = StillClock(NOW)
        self.telegram, self.wecom = FakeChannel("telegram"), FakeChannel("wecom")
        self.converse: Converse = echo
        self.loops = False
        self.app: App
        self.number = 0

    async def open(self) -> App:
        channels = {"telegram": self.telegram, "wecom": self.wecom}
        self.app = App(self.settings, self.clock, channels, converse=self.converse, loops=self.loops)
        await self.app.start()
        return self.app

    async def restart(self) -> App:
        await self.app.stop()
        return await self.open()

    @property
    def database(self) -> Database:
        return self.app.database

    async def hire(self, account: str, *addresses: tuple[str, str], roles: tuple[str, ...] = ("custodian",), name: str = "") -> int:
        """The person's talk; of a role to which nothing is pushed by itself."""

        def unit(conn: Any) -> int:
            row = {"account": account, "name": name or account, "greeted_at": NOW}
            id = conn.execute(insert(person).values(row).returning(person.c.id)).scalar_one()
            for each in roles:
                conn.execute(insert(role).values(person_id=id, role=each, since=NOW.date() - timedelta(days=9)))
            talk_id = callers.talk_of(conn, id)
            for age, (channel, external) in enumerate(addresses):
                heard = NOW - timedelta(days=1 + age)
                conn.execute(insert(address).values(channel=channel, external_id=external, talk_id=talk_id, heard_at=heard))
            return talk_id

        return await self.database.write(unit)

    def event(self, text: str = "", sender: str = "7", **rest: Any) -> Event:
        self.number += 1
        return Event(**{"key": str(self.number), "sender": sender, "at": self.clock.now(), "text": text, **rest})

    async def says(self, text: str = "", channel: str = "telegram", sender: str = "7", **rest: Any) -> inbox.Received:
        return await self.app.receive(channel, self.event(text, sender, **rest))

    def later(self, seconds: float) -> None:
        self.clock.move_to(self.clock.now() + timedelta(seconds=seconds))


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    made = House(database_url, tmp_path)
    await made.open()
    yield made
    await made.app.stop()


@pytest.fixture
async def wang(house: House) -> int:
    return await house.hire("wang", ("telegram", "7"), ("wecom", "wang"))
