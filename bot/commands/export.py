"""python -m bot export: lists and records to Excel, as the office page does it."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from bot.clock import Clock
from bot.commands import configured
from bot.commands.import_ import NO_ADMIN, VIA
from conversations.firm import Person
from storage import people
from storage.database import Connection
from storage.exports import BY_NAME, EXPORTS
from storage.world import World

WIDEST = ("admin", "manager")


def main(name: str, target: Path | None, since: str, until: str, account: str) -> int:
    if name not in BY_NAME:
        print("可以导出：\n" + "\n".join(f"  {one.name}  {one.title}" for one in EXPORTS), file=sys.stderr)
        return 2
    try:
        first, last = (date.fromisoformat(day) if day else None for day in (since, until))
    except ValueError:
        print("日期请写成 2026-11-03。", file=sys.stderr)
        return 2
    chosen = configured.settings()
    database = configured.database(chosen)
    now, path = Clock().now(), target or Path(f"{name}.xlsx")
    today = now.astimezone(chosen.tz).date()

    def who(conn: Connection) -> World | None:
        """Who may take this out: the one named, else the first who may, those who see the whole firm before those who see a team."""
        for one in sorted(people.everybody(conn, today), key=_how_far):
            world = World(conn, person_id=one.id, now=now, zone=chosen.tz, via=VIA)
            if (not account or one.account == account.lower()) and name in {each.name for each in world.exports()}:
                return world
        return None

    def taken(conn: Connection) -> tuple[int, int]:
        world = who(conn)
        return (world.me.id, world.export(name, path, first, last)) if world is not None else (0, 0)

    try:
        database.migrate()
        id, rows = database.read_now(taken)
        if not id:
            print(f"账号 {account} 不能导出这一份。" if account else NO_ADMIN, file=sys.stderr)
            return 2
        database.write_now(lambda conn: World(conn, person_id=id, now=now, zone=chosen.tz, via=VIA).exported(name, rows))
    finally:
        database.close()
    print(f"{path}：{rows:,} 行")
    return 0


def _how_far(one: Person) -> int:
    return next((nth for nth, role in enumerate(WIDEST) if role in one.roles), len(WIDEST))
