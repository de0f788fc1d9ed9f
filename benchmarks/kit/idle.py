"""A server as a process of its own: how long until it answers, and what it holds then."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from benchmarks.kit.measure import ROOT

EVERYTHING = (
    "telegram telegram.ext wechatpy.enterprise httpx sqlalchemy sqlalchemy.orm sqlalchemy.ext.asyncio alembic.command psycopg "
    "apscheduler.schedulers.asyncio PIL.Image PIL.ImageDraw cv2 numpy starlette.applications uvicorn jinja2 python_multipart "
    "chinese_calendar cn2an pypinyin rapidfuzz segno xlsxwriter python_calamine stdnum.cn cryptography.fernet "
    "pydantic_settings typer rich.console structlog prometheus_client msgspec yaml bot.web.app bot.commands.serve "
)


@dataclass(frozen=True, slots=True)
class Used:
    """CPU and wall seconds; MB held at the end."""

    cpu: float
    wall: float
    rss_mb: float = 0.0


def eager() -> Used:
    code = "import " + ", ".join(EVERYTHING.split()) + "; print(open('/proc/self/status').read())"
    began = time.perf_counter()
    with subprocess.Popen([sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        status = child.stdout.read() if child.stdout else ""
        _, code_, used = os.wait4(child.pid, 0)
        child.returncode = code_
    return Used(used.ru_utime + used.ru_stime, time.perf_counter() - began, _rss(status))


def cold(folder: Path, *, settle: float = 0.0) -> Used:
    port = _free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PAOJIE_")}
    environment = {**kept, "PAOJIE_DATA": str(folder), "PAOJIE_PORT": str(port)}
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "serve"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as child:
        while not _answers(port):
            if child.poll() is not None:
                raise RuntimeError("the server did not start")
            time.sleep(0.01)
        wall, cpu = time.perf_counter() - began, _cpu(child.pid)
        time.sleep(settle)
        rss = _rss(Path(f"/proc/{child.pid}/status").read_text(encoding="ascii"))
        child.terminate()
    return Used(cpu, wall, rss)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _rss(status: str) -> float:
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
