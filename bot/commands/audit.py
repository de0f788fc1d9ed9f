"""python -m bot audit: is the log of who did what still as it was written? And a customer's signature, taken out and checked elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bot.commands import configured
from bot.settings import Settings
from storage import agreements, audit
from storage.blobs import BlobFolder

_WHY = {"missing": "缺了这一号", "does not follow the row before": "和前一号接不上", "changed": "被改过"}
_KINDS = {"consent": "同意报价", "not_now": "先不修", "kept": "不改", "doubt": "对价格有疑问", "unhappy": "还不满意", "signature": "签名"}
_RELATIONS = {"self": "本人", "family": "家人", "household": "同住", "other": "其他"}


def main(at_least: int) -> int:
    database = configured.database(configured.settings())
    try:
        broken = database.read_now(lambda conn: audit.verify(conn, at_least))
        last, hash = database.read_now(audit.head)
    finally:
        database.close()
    if broken is not None:
        print(f"操作记录不完整：第 {broken.seq} 号{_WHY.get(broken.why, broken.why)}。请马上保留数据库副本，并查谁能进这台机器。")
        return 1
    print(f"操作记录完整：{last} 号，末尾 {hash[:16]}…")
    print(f"请把“{last}”记在别处，下次用 --at-least {last} 核对，就能看出有没有被截断。")
    return 0


def main_export(number: int, target: Path | None) -> int:
    """One agreement as a file that proves itself; without a number, which there are."""
    settings = configured.settings()
    database = configured.database(settings)
    try:
        if not number:
            return _list(database.read_now(agreements.newest), settings)
        sha = database.read_now(lambda conn: agreements.picture_of(conn, number))
        blobs = BlobFolder(settings.data / "blobs")
        if sha and not blobs.exists(sha):
            print(f"第 {number} 份的签名图片不在 {blobs.folder}，没有导出。请先从备份恢复。")
            return 1
        data = database.read_now(lambda conn: agreements.take_out(conn, number, blobs.read(sha) if sha else b""))
    except agreements.Missing:
        print(f"没有第 {number} 份，或它的凭据已按规定删除。不写编号，可以看有哪些。")
        return 1
    finally:
        database.close()
    file = target or Path(f"agreement-{number}.json")
    file.write_bytes(data)
    print(f"已导出：{file}（{len(data) // 1024 + 1} KB）。核对：python -m bot audit verify {file}")
    return 0


def main_verify(file: Path) -> int:
    """Needs nothing but the file."""
    try:
        checked = agreements.check(file.read_bytes())
    except OSError:
        print(f"打不开 {file}。")
        return 2
    except agreements.Tampered as wrong:
        print(f"不对：{wrong.why}。这个文件和当时写下的不一样，不能作为凭据。")
        return 1
    proof = checked.proof
    who = f"{proof['name'] or '客户'}{f'（{_RELATIONS[relation]}）' if (relation := str(proof['relation'])) in _RELATIONS else ''}"
    print(f"完整：{_KINDS.get(str(proof['kind']), str(proof['kind']))}，{who}，{proof['at']}")
    print(str(proof["content"]))
    print(f"操作记录第 {checked.seq} 号；文件记到第 {checked.head_seq} 号，末尾 {checked.head[:16]}…")
    print("请和别处记下的“末尾”比一比：一样，就是当时的记录。")
    return 0


def _list(found: Sequence[tuple[int, str, str, datetime]], settings: Settings) -> int:
    for number, kind, name, at in found:
        print(f"{number}  {at.astimezone(settings.tz):%Y-%m-%d %H:%M}  {_KINDS.get(kind, kind)}  {name}")
    if not found:
        print("还没有客户同意或签名。")
    return 0
