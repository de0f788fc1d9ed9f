"""10,000 customers from Excel, looked at and put in with pinyin, contacts, owners, audit and undo notes; how long others' messages wait meanwhile."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.kit import measure
from bot.clock import StillClock
from bot.intake import Intake
from rules.calendar import FIRM_ZONE
from storage import staff
from storage.blobs import BlobFolder
from storage.database import Connection, Database
from storage.staff import Listed
from storage.tables import customer
from tests import office_files

COUNT, SECONDS, STALL = 10_000, 10.0, 0.3
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def _settle(conn: Connection) -> int:
    id = staff.add(conn, Listed("wu", "小吴"))
    staff.give_role(conn, id, "admin", NOW.date())
    for name in office_files.names(30):
        staff.add(conn, Listed("", name, "市场一部"))
    return id


async def _waits(database: Database, waited: list[float], over: asyncio.Event) -> None:
    """Somebody else's message, every now and then."""
    while not over.is_set():
        begun = time.perf_counter()
        await database.write(lambda conn: None)
        waited.append(time.perf_counter() - begun)
        await asyncio.sleep(0.02)


async def run(folder: Path) -> None:
    database = Database("sqlite://", folder)
    database.migrate()
    admin = database.write_now(_settle)
    intake = Intake(database, BlobFolder(folder / "blobs"), StillClock(NOW), FIRM_ZONE, admin, "benchmark")
    sha = await intake.keep(office_files.customers(COUNT, faulty=False))
    steps: list[int] = []
    waited: list[float] = []
    over = asyncio.Event()
    begun = time.perf_counter()
    looked = await intake.look(sha, "客户.xlsx", {})
    seen = time.perf_counter()
    other = asyncio.create_task(_waits(database, waited, over))
    run_id = await intake.begin(looked, {})
    done = await intake.carry_out(run_id, lambda at, total: steps.append(at))
    took, dry = time.perf_counter() - begun, seen - begun
    over.set()
    await other
    count = database.read_now(lambda conn: len(conn.execute(customer.select()).all()))
    database.close()
    print(f"{count:,} customers, {done.count('new'):,} new: {took:.1f} s in all, {dry:.1f} s of it the dry run; progress told {len(steps)} times")
    print(f"another's write waits: median {sorted(waited)[len(waited) // 2] * 1000:.0f} ms, worst {max(waited) * 1000:.0f} ms")
    measure.goals([("10,000 customers, seconds / 10", took / SECONDS, 1.0), ("another's write, worst wait / 0.3 s", max(waited) / STALL, 1.0)])


if __name__ == "__main__":
    if sys.argv[1:]:
        sys.exit("usage: python -m benchmarks.imports")
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(Path(folder)))
