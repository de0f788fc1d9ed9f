"""python -m bot outbox: what waits, what was parked or set aside, and one more try; never what anybody said."""

from __future__ import annotations

from collections.abc import Sequence

from bot.commands import configured
from storage import inbox, outbox, shown
from storage.database import Connection, Database

LANES = {"emergency": "紧急", "reply": "回答", "reminder": "提醒", "digest": "汇总"}


def main(retry: Sequence[int], retry_inbox: Sequence[int]) -> int:
    database = configured.database(configured.settings())
    try:
        return _again(database, retry, retry_inbox) if retry or retry_inbox else _show(database)
    finally:
        database.close()


def _show(database: Database) -> int:
    def query(conn: Connection) -> list[str]:
        lines = [
            f"等着发  {LANES.get(lane, lane)}  {count} 条，最早 {since:%m-%d %H:%M}（UTC）" for lane, (count, since) in shown.waiting(conn).items()
        ]
        lines += [f"等着处理  {count} 条" for count in [inbox.waiting(conn)] if count]
        lines += [f"搁置的发件 {row.id}  {LANES.get(row.lane, row.lane)}  {row.error}" for row in shown.parked(conn)]
        lines += [f"搁置的收件 {row.id}  {row.channel}  {row.error}" for row in inbox.parked(conn)]
        lines += [f"存疑的收件 {row.id}  {row.channel}  同一编号两种内容，没有处理" for row in inbox.quarantined(conn)]
        return lines

    lines = database.read_now(query)
    print("\n".join(lines) if lines else "没有等着的，也没有搁置的。")
    if any(line.startswith("搁置的") for line in lines):
        print("重来：python -m bot outbox --retry 发件号，或 --retry-inbox 收件号")
    return 0


def _again(database: Database, sent: Sequence[int], received: Sequence[int]) -> int:
    status = 0
    for name, numbers, unpark in (("发件", sent, outbox.unpark), ("收件", received, inbox.unpark)):
        for number in numbers:
            done = database.write_now(lambda conn, unpark=unpark, number=number: unpark(conn, number))  # type: ignore[misc]
            print(f"{name} {number} " + ("会再来一次。" if done else "没有搁置，什么也没做。"))
            status |= not done
    return status
