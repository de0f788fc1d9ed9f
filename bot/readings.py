"""What is to be read on photographs, one at a time by whoever holds the lease; each is told once, and a crash loses none (A-4.4.1, A-4.4.2)."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from bot.clock import Clock
from bot.eyes import Seeing, Seen
from conversations import sight
from conversations.firm import Case
from storage import callers, inbox, leases, sighting
from storage.blobs import BlobFolder
from storage.database import Connection, Database
from storage.errors import StorageError
from storage.world import World

LEASE = "eyes"
LEASE_SECONDS = 90.0  # longer than the eyes may take for one picture

log = structlog.get_logger()


class Readings:
    """Which are due stands in the tables; here they are only looked at."""

    def __init__(self, database: Database, folder: BlobFolder, eyes: Seeing, clock: Clock, zone: ZoneInfo, holder: str) -> None:
        self._database, self._folder, self._eyes, self._clock, self._zone, self._holder = database, folder, eyes, clock, zone, holder
        self._held = False

    async def step(self) -> int:
        """How many were told: one, or none."""
        today = self._clock.now().astimezone(self._zone).date()
        if not await self._database.read(lambda conn: sighting.waiting(conn, today, 1)):
            return 0  # an idle server writes nothing
        case = await self._database.write(self._next)
        if case is None:
            return 0
        sha = str(case.data["sha"])
        before = await self._database.read(lambda conn: sighting.known(conn, sha))
        seen = Seen(dict(before)) if before is not None else await self._eyes.look(self._folder.path(sha))
        try:
            return int(await self._database.write(lambda conn: self._told(conn, case, seen.verdict, seen.why)))
        except StorageError:
            raise
        except Exception as error:  # the edge: one that cannot be told must not stop the others
            log.exception("a reading could not be told", case=case.id, why=type(error).__name__)
            now = self._clock.now()
            await self._database.write(lambda conn: sighting.drop(conn, case, now))
            return 1

    async def close(self) -> None:
        if self._held:
            with suppress(StorageError):  # the lease runs out by itself
                await self._database.write(lambda conn: leases.release(conn, LEASE, self._holder))

    def _next(self, conn: Connection) -> Case | None:
        """The oldest, if no other replica is reading."""
        if leases.take(conn, LEASE, self._holder, LEASE_SECONDS) is None:
            return None
        self._held = True
        found = sighting.waiting(conn, self._clock.now().astimezone(self._zone).date(), 1)
        return found[0] if found else None

    def _told(self, conn: Connection, case: Case, verdict: Mapping[str, Any] | None, why: str) -> bool:
        """The talk is locked first: whoever answers the same card waits, and finds what was read."""
        now = self._clock.now()
        talk = callers.talk_of(conn, case.person_id)
        inbox.lock_talk(conn, talk)
        world = World(conn, person_id=case.person_id, now=now, zone=self._zone, talk_id=talk, via="eyes")
        still = world.case(case.id)
        if world.me.left:
            sighting.drop(conn, case, now)
            return True
        if still is None or still.state != sight.WAITING:
            return False
        sight.arrived(world, still, verdict, why)
        log.info("a picture was read", case=case.id, read=verdict is not None and bool(verdict["read"]))
        return True
