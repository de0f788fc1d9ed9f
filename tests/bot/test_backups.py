"""Every night one replica makes a backup; who keeps the system hears of it only when there was none for a day."""

from __future__ import annotations

import errno
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import backups as nightly
from bot.backups import Backups, why
from bot.clock import StillClock
from rules.calendar import FIRM_ZONE
from storage import leases, mark, settings
from storage.backup import state
from storage.backup.check import check
from storage.backup.make import Busy
from storage.backup.manifest import Damaged, names
from storage.blobs import BlobFolder
from storage.database import Connection, Database
from storage.errors import Unavailable
from storage.tables import outbox
from tests.storage.firm import in_firm

EVENING = datetime(2026, 11, 24, 20, 0, tzinfo=FIRM_ZONE)
MINUTES = timedelta(minutes=6)


class Night:
    """A firm, and a clock that is moved."""

    def __init__(self, database: Database, folder: Path, holder: str = "one") -> None:
        self.database, self.folder, self.clock = database, folder / "backups", StillClock(EVENING)
        self.backups = Backups(database, BlobFolder(folder / "blobs"), self.folder, self.clock, FIRM_ZONE, holder)

    async def at(self, day: int, hour: int, minute: int = 0) -> list[str]:
        """The backups there are then."""
        self.clock.move_to(datetime(2026, 11, day, hour, minute, tzinfo=FIRM_ZONE))
        await self.backups.step()
        return names(self.folder)

    async def started(self) -> None:
        await self.backups.step()
        self.clock.move_to(self.clock.now() + MINUTES)

    async def told(self) -> list[str]:
        def texts(conn: Connection) -> list[str]:
            found = conn.execute(select(outbox.c.body).order_by(outbox.c.id)).scalars().all()
            return [body["text"] for body in found if "备份" in body["text"]]

        return await self.database.read(texts)


@pytest.fixture
def night(database: Database, tmp_path: Path) -> Night:
    in_firm(database)
    database.write_now(lambda conn: mark.set_kind(conn, "firm"))
    return Night(database, tmp_path)


def broken(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(nightly, "make", fails)


async def test_one_a_night_and_nobody_is_told(night: Night) -> None:
    await night.started()
    assert await night.at(24, 20, 10) == ["20261124-201000"]  # the first, soon after the firm is there
    assert len(await night.at(25, 2, 59)) == 1
    assert (await night.at(25, 3, 0))[-1] == "20261125-030000"
    assert len(await night.at(25, 12, 0)) == 2
    assert len(await night.at(26, 3, 1)) == 3
    assert len(await night.at(26, 9, 0)) == 3
    for name in names(night.folder):
        check(night.folder / name)
    last = await night.database.read(state.read)
    assert (last.name, last.error, last.absent) == ("20261126-030100", "", 0)
    assert last.rows > 20
    assert await night.told() == []


async def test_not_in_the_first_minutes_and_not_before_there_is_anybody(database: Database, tmp_path: Path) -> None:
    night = Night(database, tmp_path)
    assert await night.at(24, 20, 0) == []
    assert await night.at(24, 20, 10) == []
    await database.write(lambda conn: mark.set_kind(conn, "demo"))
    in_firm(database)
    assert await night.at(25, 20, 10) == []


async def test_the_hour_and_how_many_stay_are_settings(night: Night) -> None:
    for name, value in ((nightly.AT, "12:30"), (nightly.DAILY, 1), (nightly.WEEKLY, 1)):
        await night.database.write(lambda conn, name=name, value=value: settings.put(conn, name, value, EVENING.date()))  # type: ignore[misc]
    await night.started()
    await night.at(24, 20, 10)
    assert len(await night.at(25, 12, 29)) == 1
    assert await night.at(25, 12, 30) == ["20261125-123000"]


async def test_of_two_replicas_one_makes_it(night: Night, tmp_path: Path, connect: Callable[[], Database]) -> None:
    other = Night(connect(), tmp_path / "other", "two")
    await night.started()
    await other.started()
    await night.database.write(lambda conn: leases.take(conn, state.LEASE, "one", 60))
    assert await other.at(25, 3, 0) == []
    assert len(await night.at(25, 3, 0)) == 1
    assert await other.at(25, 3, 1) == []
    assert not await night.database.read(lambda conn: leases.held(conn, state.LEASE))


async def test_the_admin_is_told_once_a_day_by_day_and_it_is_tried_again(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    await night.started()
    await night.at(24, 20, 10)
    with monkeypatch.context() as patched:
        broken(patched, OSError(errno.ENOSPC, "No space left on device"))
        await night.at(25, 3, 0)
        assert "磁盘满了" in (await night.database.read(state.read)).error
        await night.at(25, 3, 30)  # within the hour it is not tried again
        await night.at(25, 9, 0)
        assert await night.told() == []  # the last good one is not a day old
        await night.at(25, 21, 0)
        await night.at(25, 21, 1)
        assert await night.told() == []  # nor is anybody told in the evening
        for minute in range(1, 5):
            await night.at(26, 8, minute)
        await night.at(26, 15, 0)
        await night.at(26, 15, 1)
        (text,) = await night.told()
        assert "11月24日 20:10" in text
        assert "磁盘满了" in text
        assert "立即备份" in text
        await night.at(27, 9, 0)
        await night.at(27, 9, 1)
        assert len(await night.told()) == 2
    assert (await night.at(27, 11, 0))[-1] == "20261127-110000"
    await night.at(27, 12, 0)
    assert (await night.database.read(state.read)).error == ""
    assert len(await night.told()) == 2


async def test_a_server_that_ends_gives_it_up(night: Night) -> None:
    await night.backups.close()
    assert await night.backups.run() is False
    assert names(night.folder) == []
    assert list(night.folder.glob("*.part")) == []


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, ""), "磁盘满了"),
        (PermissionError(errno.EACCES, "Permission denied"), "写不进去"),
        (Busy(), "另一个备份"),
        (Damaged("20261124-030000.part: audit 7 changed"), "链断了"),
        (Damaged("20261124-030000.part: person"), "坏道"),
        (Unavailable(), "数据库连不上"),
        (KeyError(), "KeyError"),
    ],
)
def test_why_in_words(error: Exception, words: str) -> None:
    assert words in why(error)
