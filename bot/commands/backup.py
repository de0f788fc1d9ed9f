"""python -m bot backup [FOLDER] and restore BACKUP: a whole copy while the server runs, and the way back while it does not."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from bot.backups import STEPS, kept, why
from bot.clock import Clock
from bot.commands import configured
from bot.settings import Settings
from storage.backup import keep, state
from storage.backup.make import Busy, make
from storage.backup.manifest import Damaged, Manifest, Newer, names
from storage.backup.restore import NotEmpty, OtherKind, restore
from storage.blobs import BlobFolder
from storage.errors import AlreadyServing, StorageError

RESTORES = {"tables": "正在放回数据", "blobs": "正在放回照片和文件", "check": "正在核对"}


def main(folder: Path | None) -> int:
    """Into `folder`, or where the nightly ones are; there old ones are tidied up as well."""
    chosen = configured.settings()
    database, place = configured.database(chosen), folder or chosen.backup_folder
    now = Clock().now()
    try:
        if not database.at_head():
            print("数据库还是旧版本的样子：照样备份。", file=sys.stderr)
        name, manifest = make(database, BlobFolder(chosen.data / "blobs"), place, now.astimezone(chosen.tz), _shown(STEPS))
        if folder is None and database.at_head():
            database.write_now(lambda conn: state.write(conn, state.done(manifest, name, now)))
            keep.prune(place, *database.read_now(lambda conn: kept(conn, now.astimezone(chosen.tz).date())))
    except (StorageError, OSError) as error:
        print(f"\n备份没有做成。{why(error)}", file=sys.stderr)
        return 1
    finally:
        database.close()
    print(f"\n备份好了，已经读回来核对过：{place / name}\n{told(manifest)}")
    return 0


def main_restore(backup: Path, *, replace: bool, demo: bool) -> int:
    chosen = configured.settings()
    if demo:
        chosen = chosen.for_demo()
    found = _meant(backup)
    if found is None:
        print(f"{backup} 里没有备份。请写备份的文件夹，例如 data/backups/20261124-030000。", file=sys.stderr)
        return 1
    database = configured.database(chosen)
    try:
        manifest = restore(database, BlobFolder(chosen.data / "blobs"), found, demo=demo, replace=replace, progress=_shown(RESTORES))
    except (StorageError, OSError) as error:
        print(f"\n没有恢复，原来的数据没有动。{_refused(error, chosen)}", file=sys.stderr)
        return 1
    finally:
        database.close()
    print(f"\n恢复好了，每张表、每个文件都核对过：{found.name}\n{told(manifest)}")
    print("现在可以启动服务了。渠道的密码是加密存的：换了机器，请把原来的 data/key 也放回来。")
    return 0


def told(manifest: Manifest) -> str:
    rows = sum(note.rows for note in manifest.tables.values())
    text = f"{rows} 行数据，{manifest.blobs} 个文件（{manifest.bytes / 1024**2:.1f} MB）。"
    return text + (f"有 {len(manifest.absent)} 个文件在服务器上已经找不到或坏了，没能存进去。" if manifest.absent else "")


def _meant(path: Path) -> Path | None:
    """The backup named, or the newest in the folder named."""
    if (path / "manifest.json").is_file():
        return path.absolute()
    there = names(path)
    return (path / there[-1]).absolute() if there else None


def _refused(error: Exception, chosen: Settings) -> str:
    if isinstance(error, AlreadyServing):
        return "跑街正在运行（或有别的命令在用这个数据库）。请先停掉服务，再恢复。"
    if isinstance(error, NotEmpty):
        return f"{chosen.data} 里已经有数据。真要换成备份里的，请加 --replace（SQLite 的旧文件会留在旁边，名字带 before）。"
    if isinstance(error, OtherKind):
        return "演示的备份只能恢复成演示（加 --demo），正式的只能恢复成正式的。"
    if isinstance(error, Newer):
        return "这个备份是更新版本的跑街做的。请先升级程序。"
    if isinstance(error, Damaged):
        return f"这个备份坏了（{error}）。请换另一个备份。"
    return "另一个备份或恢复正在进行。请等它做完。" if isinstance(error, Busy) else why(error)


def _shown(steps: dict[str, str]) -> Callable[[str, int, int], None]:
    """One line that changes; nothing where nobody looks."""
    if not sys.stderr.isatty():
        return lambda step, done, of: None
    return lambda step, done, of: print(f"\r{steps.get(step, step)} {done}{f'/{of}' if of else ''}   ", end="", file=sys.stderr, flush=True)
