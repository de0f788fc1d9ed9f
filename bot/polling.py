"""Asking a platform for what is new, by one replica at a time: two that ask Telegram together only disturb each other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

import structlog

from bot.channels.base import Event
from storage import leases
from storage.database import Database
from storage.errors import StorageError

LEASE = 20.0  # seconds until another replica may ask in place of one that fell silent
RENEW = 5.0
ASK_AGAIN = 2.0  # seconds between two looks at a lease that another holds

Receive = Callable[[Event], Awaitable[object]]
Poll = Callable[[Receive], Coroutine[Any, Any, None]]

log = structlog.get_logger()


class Poller:
    """`run` until cancelled: whoever holds the lease polls, everybody else waits for it."""

    def __init__(self, database: Database, name: str, poll: Poll, receive: Receive, holder: str) -> None:
        self._database, self._poll, self._receive, self._holder = database, poll, receive, holder
        self._lease = f"poll:{name}"

    async def run(self) -> None:
        try:
            while True:
                if await self._mine():
                    await self._while_mine()
                await asyncio.sleep(ASK_AGAIN)
        finally:
            with suppress(StorageError):
                await self._database.write(lambda conn: leases.release(conn, self._lease, self._holder))

    async def _mine(self) -> bool:
        with suppress(StorageError):
            return await self._database.write(lambda conn: leases.take(conn, self._lease, self._holder, LEASE)) is not None
        return False

    async def _while_mine(self) -> None:
        """Ends before the lease does when it cannot be renewed: the platform never has two of us."""
        loop = asyncio.get_running_loop()
        polling = asyncio.create_task(self._poll(self._receive))
        held = loop.time()
        try:
            while loop.time() - held < LEASE - RENEW:
                done, _ = await asyncio.wait({polling}, timeout=RENEW)
                if done:
                    log.error("polling ended by itself", lease=self._lease)
                    return
                with suppress(StorageError):
                    asked = loop.time()
                    if await self._database.write(lambda conn: leases.take(conn, self._lease, self._holder, LEASE)) is None:
                        return
                    held = asked
        finally:
            polling.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await polling
