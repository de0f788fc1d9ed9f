"""From the demo to the firm's own: its database is made or found beside the running demo, then the process serves that one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.clock import Clock
from bot.settings import Settings
from storage import mark, starting
from storage.database import Connection, Database
from storage.errors import AlreadyServing, StorageError

START = "/start/"
OPEN = "open"  # in place of a token: a firm that somebody runs
_BUSY = "公司正式的跑街已经在另一个窗口里运行了。请用那个窗口写着的网址打开。"
_DEMO = "正式的数据库位置上放的是演示的数据。请换一个 PAOJIE_DATA 或 PAOJIE_DATABASE，再启动一次。"
_UNREACHABLE = "正式的数据库连不上。请检查数据库是否在运行，PAOJIE_DATABASE 写得对不对。"


class NotNow(Exception):
    """The text says what to do."""


class Founding:
    """`settings` are the firm's; `switch` ends the demo so that the firm is served in its place."""

    def __init__(self, settings: Settings, switch: Callable[[], None]) -> None:
        self._settings, self._switch = settings, switch
        self.asked = False

    async def begin(self) -> str:
        """Where the browser goes: to the first admin's start link, or into a firm that exists. Raises NotNow."""
        path = await asyncio.to_thread(founded, self._settings, Clock())
        self.asked = True
        return path

    async def go(self) -> None:
        self._switch()


def founded(settings: Settings, clock: Clock) -> str:
    """Raises NotNow."""
    now = clock.now()
    today = now.astimezone(settings.tz).date()

    def unit(conn: Connection) -> str:
        kind = mark.kind(conn)
        if kind == "demo":
            raise NotNow(_DEMO)
        if kind is None:
            mark.set_kind(conn, "firm")
        return START + (OPEN if starting.has_admin(conn, today) else starting.issue(conn, now))

    try:
        settings.data.mkdir(parents=True, exist_ok=True)
        database = Database(settings.database_url, settings.data)
        try:
            database.lock_server()
            database.migrate()
            return database.write_now(unit)
        finally:
            database.close()
    except AlreadyServing:
        raise NotNow(_BUSY) from None
    except (StorageError, OSError):
        raise NotNow(_UNREACHABLE) from None


def exists(settings: Settings, clock: Clock) -> bool:
    """Somebody runs a firm here already; a place without a database stays without."""
    sqlite = settings.data / "paojie.db"
    if not settings.database.get_secret_value() and not sqlite.exists():
        return False
    today = clock.now().astimezone(settings.tz).date()
    try:
        database = Database(settings.database_url, settings.data)
        try:
            database.migrate()
            return database.read_now(lambda conn: starting.exists(conn, today))
        finally:
            database.close()
    except (StorageError, OSError):
        return bool(settings.database.get_secret_value()) or sqlite.exists()  # serving it says what is wrong
