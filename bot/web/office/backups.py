"""备份: what there is, how the last one went, one more now, and how to get everything back."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from bot.backups import AT, STEPS
from bot.web.office.frame import ADMIN, Office, Page
from rules.settings import default
from storage import leases
from storage import settings as rules
from storage.backup import state
from storage.backup.keep import made
from storage.backup.manifest import Damaged, Newer, names, read

PATH = "/office/backups"
SHOWN = 40
AGAIN = "3"  # seconds until the page looks again while one is being made


@dataclass(frozen=True, slots=True)
class Listed:
    name: str
    at: datetime
    rows: int = 0
    blobs: int = 0
    megabytes: float = 0.0
    absent: int = 0
    damaged: bool = False


async def show(office: Office, request: Request) -> Response:
    backups, now = office.app.backups, office.now
    there = await asyncio.to_thread(listed, backups.folder)
    last, busy, at = await office.app.database.read(
        lambda conn: (state.read(conn), leases.held(conn, state.LEASE), rules.value(conn, AT, office.today, default(AT)))
    )
    under_way = backups.under_way
    step = f"{STEPS[under_way.step]} {under_way.done}{f'/{under_way.of}' if under_way.of else ''}" if under_way else ""
    answer = office.page(
        request,
        "office/backups.html",
        backups=there,
        last=last,
        old=last.old(now),
        at=at,
        step=step or ("另一台服务器正在备份" if busy else ""),
        folder=str(backups.folder.absolute()),
        good_at=last.good_at.astimezone(office.zone) if last.good_at else None,
    )
    if step or busy:
        answer.headers["Refresh"] = AGAIN
    return answer


async def start(office: Office, request: Request) -> Response:
    await office.form(request)
    if office.app.demo:
        return office.back(PATH, "演示的数据不备份。")
    await office.write(request, lambda world: world.back_up())
    office.app.backups.begin()
    return office.back(PATH, "开始备份了，做好会在这里显示。大家可以照常用。")


def listed(folder: Path) -> list[Listed]:
    """Newest first; one that cannot be read says so."""
    found = []
    for name in reversed(names(folder)[-SHOWN:]):
        try:
            one = read(folder / name)
        except (Damaged, Newer):
            found.append(Listed(name, made(name), damaged=True))
            continue
        rows = sum(note.rows for note in one.tables.values())
        found.append(Listed(name, made(name), rows, one.blobs, one.bytes / 1024**2, len(one.absent)))
    return found


PAGES = (
    Page(PATH, "备份", show, ADMIN, group="系统"),
    Page(f"{PATH}/now", "立即备份", start, ADMIN, ("POST",)),
)
