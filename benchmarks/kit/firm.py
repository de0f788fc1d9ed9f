"""Our side: a firm on SQLite FULL, its reps on Telegram, and the whole App with the wire captured."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from pydantic import SecretStr
from sqlalchemy import Connection, insert

from bot.app import App
from bot.channels.pacing import Pace, Pacer
from bot.channels.telegram import HEADER, Telegram
from bot.clock import StillClock
from bot.settings import Settings
from conversations.types import Session
from rules.calendar import FIRM_ZONE
from storage import sessions, staff
from storage.database import Database
from storage.tables import address, person, role, talk
from storage.world import World

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)  # a Tuesday, 10:30
SECRET = "benchmark"
VISIT = ("记拜访", "华东{n}号", "王经理", "谈续约", "无", "无", "好")  # start, six answers; the last one files the paper
FIRST_CHAT = 1_000_000


def build(folder: Path, reps: int, idle: int) -> None:
    """`reps` who will talk, with a customer each, and `idle` conversations in the middle of a visit."""
    database = Database("sqlite://", folder)
    database.migrate()
    database.write_now(lambda conn: _hire(conn, reps + idle))
    database.write_now(lambda conn: _customers(conn, range(reps)))
    database.write_now(lambda conn: _open_sessions(conn, range(reps, reps + idle)))
    database.close()


def _hire(conn: Connection, count: int) -> None:
    since = NOW.date() - timedelta(days=30)
    team = staff.add_team(conn, "市场一部")
    ids = range(1, count + 1)
    named = {"team_id": team, "greeted_at": NOW, "pinyin": "yuangong", "initials": "yg"}
    conn.execute(insert(person), [{"id": n, "account": f"rep{n}", "name": f"员工{n}", **named} for n in ids])
    conn.execute(insert(role), [{"person_id": n, "role": "rep", "scope": "team", "scope_id": team, "since": since} for n in ids])
    conn.execute(insert(talk), [{"id": n, "person_id": n} for n in ids])
    conn.execute(insert(address), [{"channel": "telegram", "external_id": str(FIRST_CHAT + n), "talk_id": n, "heard_at": NOW} for n in ids])


def _customers(conn: Connection, reps: range) -> None:
    for n in reps:
        world = World(conn, person_id=n + 1, now=NOW, zone=FIRM_ZONE, via="import")
        world.add_customer(f"上海华东{n}号精密仪器有限公司", local=True, nickname=f"华东{n}号", source="行业杂志")


def _open_sessions(conn: Connection, reps: range) -> None:
    for n in reps:
        answers = {"customer": {"id": 1, "label": "华东"}, "met": {"text": "王经理"}}
        sessions.save(conn, n + 1, Session("CustomerVisit", 1, answers, at="talked", no=3), None, NOW)


class Wire:
    """Telegram's end: every request's bytes are captured, none is sent."""

    def __init__(self) -> None:
        self.captured = 0
        self.waiting: dict[str, asyncio.Future[str]] = {}
        self.unasked = 0
        self._encode = msgspec.json.Encoder().encode

    async def exchange(self, method: str, body: Any, uploads: Sequence[Any] = (), patience: float | None = None) -> tuple[int, bytes]:
        content = self._encode(body)
        self.captured += len(content)
        if method == "getMe":
            return 200, b'{"ok":true,"result":{"id":1,"is_bot":true,"first_name":"bench","username":"bench_bot"}}'
        if method != "sendMessage":
            return 200, b'{"ok":true,"result":true}'
        future = self.waiting.pop(body["chat_id"], None)
        if future is None:
            self.unasked += 1
        else:
            future.set_result(body["text"])
        return 200, b'{"ok":true,"result":{"message_id":1042,"date":1700000000,"chat":{"id":11,"type":"private"}}}'


def a_channel(wire: Wire) -> Telegram:
    """Unhurried by the platform's limits, which a benchmark passes."""
    pace = Pace(Pacer(rate=1_000_000, second=1e-6))
    channel = Telegram(token="1:benchmark", mode="webhook", secret=SECRET, address="https://bench.example/", pace=pace)
    channel._wire.exchange = wire.exchange  # type: ignore[method-assign]
    return channel


def an_update(number: int, chat: int, text: str, at: datetime) -> bytes:
    who = {"id": chat, "is_bot": False, "first_name": "A", "language_code": "zh-hans"}
    where = {"id": chat, "first_name": "A", "type": "private"}
    message = {"message_id": number, "from": who, "chat": where, "date": int(at.timestamp()), "text": text}
    return json.dumps({"update_id": number, "message": message}).encode()


class Office:
    """The App as served, but for the wire; the day's plan is left out: nobody's morning card is part of a step."""

    def __init__(self, folder: Path, *, loops: bool = True) -> None:
        self.wire = Wire()
        self.channel = a_channel(self.wire)
        settings = Settings(_env_file=None, data=folder, database=SecretStr("sqlite://"))  # type: ignore[call-arg]
        self.app = App(settings, StillClock(NOW), {"telegram": self.channel}, loops=loops)
        self.app.times._planned_at = NOW
        self.number = 0

    def update(self, chat: int, text: str) -> bytes:
        self.number += 1
        return an_update(self.number, chat, text, NOW)

    async def step(self, chat: int, body: bytes) -> str:
        """From the update's bytes, through the inbox and the whole core, to the bytes of the answer."""
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.wire.waiting[str(chat)] = answer
        for event in await self.channel.read(query={}, headers={HEADER: SECRET}, body=body):
            await self.app.receive("telegram", event)
        return await answer

    async def visit(self, n: int, heard: Callable[[str], None] = lambda text: None) -> None:
        chat = FIRST_CHAT + n + 1
        for words in VISIT:
            heard(await self.step(chat, self.update(chat, words.format(n=n))))
