"""The nightly backup: one replica makes it, beside the work; who keeps the system is told when there was none for a day."""

from __future__ import annotations

import asyncio
import errno
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from bot.clock import Clock
from rules.settings import default
from storage import callers, leases, mark, settings
from storage.backup import keep, state
from storage.backup.make import Busy, make
from storage.backup.manifest import Damaged
from storage.backup.state import State
from storage.blobs import BlobFolder
from storage.database import Connection, Database
from storage.errors import Unavailable

EVERY = 30.0  # seconds between two looks at the clock
SETTLES = timedelta(minutes=5)  # after a start
AT, DAILY, WEEKLY = "backup_at", "backup_daily", "backup_weekly"  # settings
AGAIN = timedelta(hours=1)  # after one that failed
TELLS_FROM, TELLS_UNTIL = time(8), time(20)  # nobody is woken for it
_LEASE, _RENEW = 180.0, 30.0
STEPS = {"tables": "正在写数据", "rows": "正在写数据", "blobs": "正在存照片和文件"}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class UnderWay:
    step: str
    done: int
    of: int


class Stopped(Exception):
    """The server ends; the next start finds that none was made."""


class Backups:
    """`under_way` is what this process is just making."""

    def __init__(self, database: Database, blobs: BlobFolder, folder: Path, clock: Clock, zone: ZoneInfo, holder: str) -> None:
        self.folder = folder
        self.under_way: UnderWay | None = None
        self._database, self._blobs, self._clock, self._zone, self._holder = database, blobs, clock, zone, holder
        self._stopping = threading.Event()
        self._begun: asyncio.Task[bool] | None = None
        self._since: datetime | None = None
        self._told: date | None = None

    async def step(self) -> int:
        """When it is time, make one; otherwise say so when there was none for long. Not in the first minutes, with everything else to do."""
        now = self._clock.now()
        self._since = self._since or now
        if now - self._since < SETTLES:
            return 0
        due, old = await self._database.read(lambda conn: (self._due(conn, now), self._old(conn, now)))
        if due:
            await self.run()
        elif old and self._told != self._today(now):
            await self._database.write(lambda conn: self._tell(conn, now))
            self._told = self._today(now)
        return 0

    async def run(self) -> bool:
        """Make one now; False when somebody is at it, or it failed (the state says why)."""
        if self.under_way is not None or not await self._mine():
            return False
        self.under_way = UnderWay("tables", 0, 0)
        renewing = asyncio.create_task(self._renew())
        try:
            return await self._run()
        finally:
            self.under_way = None
            renewing.cancel()
            with suppress(asyncio.CancelledError):
                await renewing
            with suppress(Exception):  # the edge: the lease ends by itself
                await self._database.write(lambda conn: leases.release(conn, state.LEASE, self._holder))

    def begin(self) -> None:
        """The same without waiting for it."""
        self._begun = asyncio.create_task(self.run())

    async def close(self) -> None:
        """The one under way is given up: nothing of it will count."""
        self._stopping.set()
        if self._begun is not None:
            with suppress(asyncio.CancelledError):
                await self._begun

    async def _run(self) -> bool:
        at = self._clock.now()
        try:
            name, manifest = await asyncio.to_thread(make, self._database, self._blobs, self.folder, at.astimezone(self._zone), self._progress)
            found = state.done(manifest, name, at)
            await self._database.write(lambda conn: state.write(conn, found))
        except Stopped:
            return False
        except Exception as error:  # the edge: a backup that fails stops nothing else
            log.exception("the backup failed", why=type(error).__name__)
            words = why(error)
            await self._database.write(lambda conn: state.write(conn, state.failed(state.read(conn), words, at)))
            return False
        await self._pruned()
        return True

    async def _pruned(self) -> None:
        today = self._today(self._clock.now())
        daily, weekly = await self._database.read(lambda conn: kept(conn, today))
        try:
            await asyncio.to_thread(keep.prune, self.folder, daily, weekly)
        except (OSError, Busy) as error:
            log.warning("old backups stay for now", why=type(error).__name__)

    def _progress(self, step: str, done: int, of: int) -> None:
        """Called from the thread that makes it."""
        if self._stopping.is_set():
            raise Stopped
        self.under_way = UnderWay(step, done, of)

    async def _mine(self) -> bool:
        return await self._database.write(lambda conn: leases.take(conn, state.LEASE, self._holder, _LEASE)) is not None

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(_RENEW)
            with suppress(Unavailable):
                await self._mine()

    def _due(self, conn: Connection, now: datetime) -> bool:
        """Tonight's is not made yet and was not tried within the hour. The first as soon as there is somebody."""
        if mark.kind(conn) != "firm" or not mark.used(conn):
            return False
        last = state.read(conn)
        if last.error and last.tried_at is not None and now - last.tried_at < AGAIN:
            return False
        return last.good_at is None or last.good_at < self._tonight(conn, now)

    def _tonight(self, conn: Connection, now: datetime) -> datetime:
        """The newest instant at which one was to be made."""
        here = now.astimezone(self._zone)
        at = datetime.combine(here.date(), time.fromisoformat(settings.value(conn, AT, here.date(), default(AT))), self._zone)
        return at if at <= now else at - timedelta(days=1)

    def _old(self, conn: Connection, now: datetime) -> bool:
        """By day only, and not while one is being made."""
        by_day = TELLS_FROM <= now.astimezone(self._zone).time() < TELLS_UNTIL
        return by_day and mark.kind(conn) == "firm" and state.read(conn).old(now) and not leases.held(conn, state.LEASE)

    def _tell(self, conn: Connection, now: datetime) -> None:
        """Once a day, whatever other replicas do."""
        today = self._today(now)
        callers.tell_admins(conn, warning(state.read(conn), self._zone), key=f"backup:{today}", now=now, today=today)

    def _today(self, now: datetime) -> date:
        return now.astimezone(self._zone).date()


def kept(conn: Connection, today: date) -> tuple[int, int]:
    """How many days' and weeks' backups stay."""
    return int(settings.value(conn, DAILY, today, default(DAILY))), int(settings.value(conn, WEEKLY, today, default(WEEKLY)))


def why(error: BaseException) -> str:
    """In words, with what to do."""
    cause = error.__cause__ if isinstance(error.__cause__, OSError) else error
    if isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT):
        return "磁盘满了。请腾出空间，或换一个备份文件夹（PAOJIE_BACKUP）。"
    if isinstance(cause, OSError):
        return f"备份文件夹写不进去（{cause.strerror}）。请改权限，或换一个文件夹（PAOJIE_BACKUP）。"
    if isinstance(error, Busy):
        return "另一个备份正在进行。请等它做完。"
    if isinstance(error, Damaged) and "audit" in str(error):
        return "操作记录的链断了，这样的数据不能算好的备份。请运行 python -m bot audit 看断在哪里。"
    if isinstance(error, Damaged):
        return "写好后读回来核对不上，磁盘可能有坏道。请检查磁盘，或换一个备份文件夹（PAOJIE_BACKUP）。"
    if isinstance(error, Unavailable):
        return "数据库连不上。请检查数据库是否在运行。"
    return f"没有做成（{type(error).__name__}）。请把服务器日志发给装系统的人。"


def warning(last: State, zone: ZoneInfo) -> str:
    """For the chat of whoever keeps the system."""
    since = f"上一次好的备份是 {last.good_at.astimezone(zone):%m月%d日 %H:%M}，已经超过一天。" if last.good_at else "数据还没有备份过。"
    reason = f"最近一次没做成：{last.error}" if last.error else "今天的备份没有做。请看看服务器是不是一直开着。"
    return f"{since}{reason}处理好后，写「办公」，在「备份」页点“立即备份”。"
