"""python -m bot serve: one process with the site and all loops; SIGTERM lets it finish what is under way."""

from __future__ import annotations

import asyncio
import shutil
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from bot import founding, logs
from bot.app import App
from bot.clock import Clock
from bot.commands import configured
from bot.founding import START, Founding
from bot.opening import WrongDatabase
from bot.settings import PORT, Settings
from bot.web.app import Site
from storage import starting
from storage.errors import AlreadyServing, StorageError, Unavailable

PORTS_TRIED = 50
SWITCH = -1  # in place of a status: serve the firm now
GRACE = 5  # seconds for requests under way


def main(*, demo: bool, fresh: bool, auto: bool = False) -> int:
    """`auto`: the firm where somebody runs one, else the demo."""
    chosen = configured.settings()
    if fresh and not demo:
        print("--fresh 只用于演示：python -m bot serve --demo --fresh", file=sys.stderr)
        return 2
    if auto and not demo:
        demo = not founding.exists(chosen, Clock())
        if not demo:
            print("这里有公司的数据，启动的是公司正式的跑街。想看演示：python3 run.py demo", flush=True)
    logs.set_up(chosen.secrets())
    firm, chosen = chosen, chosen.for_demo() if demo else chosen
    if fresh:
        shutil.rmtree(chosen.data, ignore_errors=True)
    listener = bind(chosen, next_free=demo and chosen.port is None)
    if listener is None:
        print(f"{chosen.host}:{chosen.port or PORT} 已经被别的程序占用。请停掉它，或换一个 PAOJIE_PORT。", file=sys.stderr)
        return 1
    try:
        here = {"port": listener.getsockname()[1]}
        served = _run(chosen.model_copy(update=here), listener, demo=demo, firm=firm.model_copy(update=here))
        if served == SWITCH:  # the browser waits at the same address
            served = _run(firm.model_copy(update=here), listener, demo=False, switched=True)
        return served
    finally:
        listener.close()


def _run(chosen: Settings, listener: socket.socket, *, demo: bool, firm: Settings | None = None, switched: bool = False) -> int:
    """Until told to stop; the listener stays open."""
    try:
        chosen.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        print(f"{chosen.data.absolute()} 建不了（{error.strerror}）。请改权限，或换一个 PAOJIE_DATA。", file=sys.stderr)
        return 1
    config = uvicorn.Config(
        "", log_config=None, access_log=False, server_header=False, date_header=False, lifespan="off", ws="none", timeout_graceful_shutdown=GRACE
    )
    try:
        with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
            return runner.run(_serve(config, chosen, listener, demo=demo, firm=firm, switched=switched))
    except (WrongDatabase, AlreadyServing, Unavailable) as refused:
        print(_told(refused, chosen), file=sys.stderr)
        return 1


async def _serve(
    config: uvicorn.Config, chosen: Settings, listener: socket.socket, *, demo: bool, firm: Settings | None = None, switched: bool = False
) -> int:
    app = App(chosen, demo=demo)
    server = Server(config, app)
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, server.handle_exit)
    if demo and firm is not None:
        app.founding = Founding(firm, server.switch)
    await app.start()
    try:
        config.app = Site(app)
        print(welcome(app.settings, demo=demo, start="" if demo or switched else await _start_link(app)), flush=True)
        await server.serve(sockets=[listener.dup()])  # the server closes its own; ours goes on listening
    finally:
        await app.stop()
    return SWITCH if server.switching else 0


async def _start_link(app: App) -> str:
    """For the first admin, as long as there is none."""
    now = app.clock.now()
    today = now.astimezone(app.settings.tz).date()
    token = await app.database.write(lambda conn: "" if starting.has_admin(conn, today) else starting.issue(conn, now))
    return token and f"{app.settings.public_url}{START}{token}"


class Server(uvicorn.Server):
    """Ends when told to and comes back to us, so that the App can stop as well."""

    def __init__(self, config: uvicorn.Config, app: App) -> None:
        super().__init__(config)
        self._quiet = app.quiet
        self.switching = False

    def switch(self) -> None:
        """The demo ends, the firm is served in its place."""
        self.switching = self.should_exit = True

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._quiet()
        await super().shutdown(sockets)


def bind(chosen: Settings, *, next_free: bool) -> socket.socket | None:
    """The listening address; the demo takes the next free port when none was asked for."""
    first = PORT if chosen.port is None else chosen.port
    family = socket.AF_INET6 if ":" in chosen.host else socket.AF_INET
    for port in range(first, first + (PORTS_TRIED if next_free else 1)):
        listener = socket.socket(family, socket.SOCK_STREAM)
        if sys.platform != "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((chosen.host, port))
            listener.listen()
            return listener
        except OSError:
            listener.close()
    return None


def welcome(chosen: Settings, *, demo: bool, start: str = "") -> str:
    here = chosen.public_url
    if start:
        return f"跑街已启动，还没有管理员。请在浏览器里打开（24 小时内用一次，只交给管理员本人）：\n  {start}"
    if not demo:
        return f"跑街已启动：{here}/chat"
    return "\n".join(
        [
            "跑街演示已启动。在浏览器里打开：",
            f"  两个人并排      {here}/chat/demo",
            f"  李强（市场员）  {here}/chat/as/liqiang",
            f"  陈主管          {here}/chat/as/chen",
            "给自己公司用：点演示页上的「给自己公司用」。",
            f"数据在 {Path(chosen.data)}，按 Ctrl+C 停止；下次接着演，要从头来加 --fresh。",
        ]
    )


def _told(refused: StorageError | WrongDatabase, chosen: Settings) -> str:
    if isinstance(refused, AlreadyServing):
        return f"已经有一个跑街在用 {chosen.data} 里的数据。一个 SQLite 文件只能有一个服务。"
    if isinstance(refused, Unavailable):
        return "数据库连不上。请检查数据库是否在运行，PAOJIE_DATABASE 里的主机、用户和密码对不对。"
    return str(refused)
