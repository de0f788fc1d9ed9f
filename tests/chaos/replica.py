"""The process that is killed: the whole server as `python -m bot serve` builds it, on a clock that runs ahead."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import socket
from datetime import timedelta
from pathlib import Path

import uvicorn

from bot import logs, media, post
from bot.app import App
from bot.channels import telegram, wecom  # noqa: F401  # loaded once, before a replica is forked off
from bot.clock import Clock
from bot.commands.serve import Server, bind
from bot.settings import Settings
from bot.web.app import Site

# What a dead replica had taken waits some seconds here, not minutes, until another takes it over.
CHANNEL_LEASE, ROW_LEASE, FILE_LEASE = 2.0, 3.0, timedelta(seconds=3)


def serve(settings: Settings, ahead: timedelta, log: Path) -> None:
    """Until killed. Without whoever started it, it has nothing to live for."""
    out = os.open(log, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
    os.dup2(out, 1)
    os.dup2(out, 2)
    logs.set_up(settings.secrets(), readable=False)
    post.CHANNEL_LEASE, post.ROW_LEASE, media.LEASE = CHANNEL_LEASE, ROW_LEASE, FILE_LEASE
    listener = bind(settings, next_free=False)
    if listener is None:
        raise SystemExit(f"port {settings.port} is taken")
    config = uvicorn.Config("", log_config=None, access_log=False, lifespan="off", ws="none")
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(_serve(config, settings, ahead, listener))


async def _serve(config: uvicorn.Config, settings: Settings, ahead: timedelta, listener: socket.socket) -> None:
    starter = multiprocessing.parent_process()
    if starter is not None:
        asyncio.get_running_loop().add_reader(starter.sentinel, os._exit, 0)
    app = App(settings, Clock(ahead))
    await app.start()
    config.app = Site(app)
    await Server(config, app).serve(sockets=[listener])
