"""python -m bot import: the firm's lists from Excel, as the office page does it; the first admin is who did it."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bot.clock import Clock
from bot.commands import configured
from bot.intake import Intake, Looked
from bot.settings import Settings
from conversations.desk import NotAllowed
from papers.workbook import LARGEST, TOO_LARGE, Unreadable
from rules.lists import LISTS
from storage import people
from storage.blobs import BlobFolder
from storage.database import Database

VIA = "command"
SHOWN = 20
NO_ADMIN = "还没有系统管理员。请先邀请一位：python -m bot invite --role admin"


def main(file: Path | None, *, name: str, dry: bool, report: Path | None, undo: int = 0) -> int:
    if wrong := _wrong(file, name, undo):
        print(wrong, file=sys.stderr)
        return 2
    chosen = configured.settings()
    database = configured.database(chosen)
    try:
        database.migrate()
        who = admin(database, chosen)
        if not who:
            print(NO_ADMIN, file=sys.stderr)
            return 2
        intake = Intake(database, BlobFolder(chosen.data / "blobs"), Clock(), chosen.tz, who, VIA)
        return asyncio.run(_bring(intake, file, name, dry, report) if file is not None else _take_back(intake, undo))
    except (Unreadable, NotAllowed) as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        database.close()


def _wrong(file: Path | None, name: str, undo: int) -> str:
    if name and name not in LISTS:
        return "名单可以是：" + "、".join(f"{key} {one.title}" for key, one in LISTS.items())
    if file is None:
        return "" if undo else "请写要导入的文件，例如：python -m bot import 名单.xlsx"
    if undo:
        return "导入和撤回请分两次做。"
    if not file.is_file():
        return f"没有这个文件：{file}"
    return TOO_LARGE if file.stat().st_size > LARGEST else ""


def admin(database: Database, chosen: Settings) -> int:
    """The first there is; 0 for none."""
    today = Clock().now().astimezone(chosen.tz).date()
    found = database.read_now(lambda conn: [one.id for one in people.everybody(conn, today) if "admin" in one.roles])
    return min(found, default=0)


async def _bring(intake: Intake, file: Path, name: str, dry: bool, report: Path | None) -> int:
    sha = await intake.keep(file.read_bytes())
    looked = await intake.look(sha, file.name, {})
    if name:
        asked = {sheet.name: {"list": name} for sheet in looked.sheets[:1]} | {sheet.name: {"list": "-"} for sheet in looked.sheets[1:]}
        looked = await intake.look(sha, file.name, asked)
    else:
        asked = {}
    _tell(looked)
    if report is not None and looked.count("faulty"):
        looked.marked(report)
        print(f"标红的文件：{report}")
    if not looked.total:
        print("没有可以导入的行。", file=sys.stderr)
        return 1
    if dry:
        print("只是核对，没有导入。")
        return 1 if looked.count("faulty") else 0
    run = await intake.begin(looked, asked)
    done = await intake.carry_out(run, _progress)
    print(f"\n导入好了：新增 {done.count('new')}，更新 {done.count('changed')}，一样 {done.count('same')}，有问题没有导入 {done.count('faulty')}。")
    print(f"导错了可以撤回：python -m bot import --undo {run}")
    return 0


async def _take_back(intake: Intake, run: int) -> int:
    """Like the page's: what was touched or used since stays, and is named."""
    kept = await intake.undo(run)
    print(f"撤回了第 {run} 次导入。" + (f"有 {len(kept)} 项没有撤回：" if kept else ""))
    for one in kept:
        print(f"  {one.label}：{one.kept_why}")
    return 0


def _tell(looked: Looked) -> None:
    for one in looked.checked:
        title = one.found.list.title if one.found.list else "看不出是哪张表，不导入"
        print(f"{one.found.sheet}：{title}")
        if one.found.missing:
            print("  没有找到这几列：" + "、".join(column.label for column in one.found.missing))
        elif one.list:
            counts = "，".join(f"{words} {one.counts.get(kind, 0)}" for kind, words in _KINDS)
            print(f"  {counts}")
            if one.hands:
                print(f"  {one.hands} 家换人{f'，{one.going} 件没办完的事一起转' if one.going else ''}。")
        for place, heading, _ in one.found.unknown:
            print(f"  不认识的列（第 {place + 1} 列）：{heading}")
        faults = [(row, why) for row, wrong in sorted(one.faults.items()) for why in wrong.values()]
        for row, why in faults[:SHOWN]:
            print(f"  第 {row} 行 {why}")
        if len(faults) > SHOWN:
            print(f"  还有 {len(faults) - SHOWN} 处，用 --report 看全部。")


_KINDS = (("new", "新增"), ("changed", "更新"), ("same", "一样"), ("faulty", "有问题"))


def _progress(done: int, total: int) -> None:
    if sys.stdout.isatty() or done == total:
        print(f"\r{done:,} / {total:,}", end="", flush=True)
