"""Replicas of the server: forked from one warm process, killed with SIGKILL, started again on the same port and data."""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import socket
from datetime import UTC, datetime, timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import httpx
from pydantic import SecretStr

from bot.settings import Settings
from tests.chaos import replica
from tests.chaos.firm import START
from tests.fakes import telegram, wecom

PATIENCE = 60.0  # seconds until a replica must serve
SKEW = timedelta(milliseconds=120)  # no two machines' clocks agree
PUBLIC = "https://paojie.example"

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload([replica.__name__])


class Replicas:
    """`count` servers on one database. `up` are those that should answer now."""

    def __init__(self, url: str, folder: Path, count: int, wecom_api: str, telegram_api: str) -> None:
        self.folder, self.database_url = folder, url
        self.kills = 0
        self.ahead = START - datetime.now(UTC)
        self._settings = [self._of(port, wecom_api, telegram_api) for port in _free_ports(count)]
        self._running: dict[int, ForkServerProcess] = {}
        self._serving: set[int] = set()
        self._changed = asyncio.Condition()

    def now(self) -> datetime:
        """By the replicas' clock, which everybody else here goes by."""
        return datetime.now(UTC) + self.ahead

    @property
    def up(self) -> list[str]:
        return [self._url(n) for n in sorted(self._serving)]

    @property
    def names(self) -> range:
        return range(len(self._settings))

    async def start(self, n: int) -> None:
        """Returns when it serves."""
        process = _processes.Process(target=replica.serve, args=(self._settings[n], self.ahead + n * SKEW, self._log(n)), name=f"replica-{n}")
        process.start()
        self._running[n] = process
        async with asyncio.timeout(PATIENCE), httpx.AsyncClient() as client:
            while not await _serves(client, self._url(n)):
                if not process.is_alive():
                    raise RuntimeError(f"replica {n} did not start:\n{self.said(n)[-2000:]}")
                await asyncio.sleep(0.01)
        async with self._changed:
            self._serving.add(n)
            self._changed.notify_all()

    async def any(self, dice: random.Random) -> str:
        """One that is up, as a load balancer sees it: it may be dead the next moment."""
        async with self._changed:
            await self._changed.wait_for(lambda: self._serving)
        return dice.choice(self.up)

    async def start_all(self) -> None:
        await asyncio.gather(*(self.start(n) for n in self.names))

    def kill(self, n: int) -> None:
        """SIGKILL: no handler runs, nothing is flushed."""
        self._serving.discard(n)
        process = self._running.pop(n, None)
        if process is None:
            return
        process.kill()
        process.join()
        process.close()
        self.kills += 1

    def close(self) -> None:
        for n in list(self._running):
            self.kill(n)

    def said(self, n: int) -> str:
        """Its log."""
        return self._log(n).read_text(encoding="utf8") if self._log(n).exists() else ""

    def _url(self, n: int) -> str:
        return f"http://127.0.0.1:{self._settings[n].port}"

    def _log(self, n: int) -> Path:
        return self.folder / f"replica-{n}.log"

    def _of(self, port: int, wecom_api: str, telegram_api: str) -> Settings:
        return Settings(
            _env_file=None,  # type: ignore[call-arg]
            data=self.folder,
            database=SecretStr(self.database_url),
            port=port,
            url=PUBLIC,
            telegram_token=SecretStr(telegram.TOKEN),
            telegram_secret=SecretStr(telegram.SECRET),
            telegram_mode="webhook",
            telegram_api=telegram_api,
            wecom_corp_id=wecom.CORP_ID,
            wecom_agent_id=str(wecom.AGENT_ID),
            wecom_secret=SecretStr(wecom.SECRET),
            wecom_token=SecretStr(wecom.TOKEN),
            wecom_aes_key=SecretStr(wecom.AES_KEY),
            wecom_api=wecom_api,
        )


async def _serves(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(f"{url}/healthz", timeout=2.0)).status_code == 200
    except httpx.TransportError:
        return False


def _free_ports(count: int) -> list[int]:
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listener.getsockname()[1] for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports
