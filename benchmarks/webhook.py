"""Handing over a pushed update, with and without the inbox's commit, against python-telegram-bot's own webhook server; CPU of the server alone."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.kit import measure
from benchmarks.kit.firm import FIRST_CHAT, NOW, SECRET, an_update

WARM, REQUESTS, CONNECTIONS = 500, 6000, 32
ROUNDS = 5
PEER = "python-telegram-bot's webhook server, into its queue"
BARE = "ours, read and handed over, without the inbox"
KEPT = "ours, committed (SQLite FULL), {} at once"
VARIANTS = {
    PEER: ["ptb", str(CONNECTIONS)],
    BARE: ["bare", str(CONNECTIONS)],
    KEPT.format(CONNECTIONS): ["kept", str(CONNECTIONS)],
    KEPT.format(8): ["kept", "8"],
}


# --- servers, each a process of its own ---------------------------------------------------------------------
async def serve_ours(port: int, folder: Path, *, keep: bool) -> None:
    import uvicorn

    from benchmarks.kit.firm import Office, build
    from bot.web.app import Site

    build(folder, CONNECTIONS, 0)
    office = Office(folder, loops=False)
    await office.app.start()
    if not keep:
        office.app.receive = _nothing  # type: ignore[method-assign,assignment]
    config = uvicorn.Config(
        Site(office.app),
        host="127.0.0.1",
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        lifespan="off",
        ws="none",
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    await _answer_parent()
    server.should_exit = True
    await serving
    await office.app.stop()


async def _nothing(channel: str, event: object) -> None: ...


async def serve_ptb(port: int) -> None:
    from telegram.ext import Updater

    from benchmarks.kit import ptb

    app, _ = await ptb.application(ptb.Captured())
    queue: asyncio.Queue[Any] = asyncio.Queue()
    updater = Updater(app.bot, queue)
    await updater.initialize()
    await updater.start_webhook("127.0.0.1", port, "telegram/webhook", secret_token=SECRET, webhook_url="https://bench.example/")

    async def discard() -> None:
        while True:
            await queue.get()

    discarding = asyncio.create_task(discard())
    await _answer_parent()
    discarding.cancel()
    await updater.stop()


async def _answer_parent() -> None:
    """Say ready; then the CPU used so far, each time a line comes in, until there are no more."""
    loop = asyncio.get_running_loop()
    print("ready", flush=True)
    while await loop.run_in_executor(None, sys.stdin.readline):
        print(time.process_time(), flush=True)


def serve(variant: str, port: str) -> None:
    from bot.web import app as _  # noqa: F401  # imported before the event loop is chosen

    with tempfile.TemporaryDirectory() as folder:
        if variant == "ptb":
            asyncio.run(serve_ptb(int(port)))
        else:
            import uvicorn

            with asyncio.Runner(loop_factory=uvicorn.Config("").get_loop_factory()) as runner:
                runner.run(serve_ours(int(port), Path(folder), keep=variant == "kept"))


# --- the platform's side ------------------------------------------------------------------------------------
def request(number: int) -> bytes:
    body = an_update(number, FIRST_CHAT + 1 + number % CONNECTIONS, "拜访 华东精密 王经理 谈续约", NOW)
    head = f"POST /telegram/webhook HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nX-Telegram-Bot-Api-Secret-Token: {SECRET}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def push(port: int, numbers: range, connections: int) -> None:
    left = iter(numbers)

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in left:
            writer.write(request(number))
            head = await reader.readuntil(b"\r\n\r\n")
            if b" 200 " not in head.split(b"\r\n", 1)[0]:
                raise RuntimeError(head.decode())
            length = next((int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0)
            await reader.readexactly(length)
        writer.close()

    async with asyncio.TaskGroup() as group:
        for _ in range(connections):
            group.create_task(one())


def one(variant: str, connections: str) -> None:
    """Start the server, push, and print what it used."""
    port = _free_port()
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.webhook", "--serve", variant, str(port)]
    with subprocess.Popen(command, cwd=measure.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin
        assert server.stdout
        assert server.stdout.readline().strip() == "ready"

        def cpu() -> float:
            server.stdin.write("\n")  # type: ignore[union-attr]
            server.stdin.flush()  # type: ignore[union-attr]
            return float(server.stdout.readline())  # type: ignore[union-attr]

        _listening(port)
        asyncio.run(push(port, range(1, WARM + 1), int(connections)))
        before, wall = cpu(), time.perf_counter()
        asyncio.run(push(port, range(WARM + 1, WARM + REQUESTS + 1), int(connections)))
        wall = time.perf_counter() - wall
        used = cpu() - before
        server.stdin.close()
    print(json.dumps({"cpu_ms": used * 1000 / REQUESTS, "wall_ms": wall * 1000 / REQUESTS}))


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listening(port: int) -> None:
    import socket

    for _ in range(500):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.01)
    raise TimeoutError("the server does not listen")


def main() -> None:
    found = measure.interleaved("benchmarks.webhook", VARIANTS, ROUNDS)
    measure.table(found)
    peer, bare, kept, kept8 = (found[name]["cpu_ms"] for name in VARIANTS)
    measure.goals(
        (
            ("hand-over without the inbox / python-telegram-bot's server", bare / peer, 0.2),
            ("hand-over with the commit, 32 at once / the same", kept / peer, 0.6),
            ("hand-over with the commit, 8 at once / the same", kept8 / peer, 0.6),
        )
    )


if __name__ == "__main__":
    words = sys.argv[1:]
    {"--one": one, "--serve": serve}[words[0]](*words[1:]) if words[:1] in (["--one"], ["--serve"]) else main()
