"""python -m bot audit: is the log of who did what still as it was written?"""

from __future__ import annotations

from bot.commands import configured
from storage import audit

_WHY = {"missing": "缺了这一号", "does not follow the row before": "和前一号接不上", "changed": "被改过"}


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
