"""python -m bot doctor: one line for each thing that must be right: ok, warning or error with what to do."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Literal

from bot import platforms
from bot.channels.base import Channel
from bot.checks import look
from bot.clock import Clock
from bot.commands import configured
from bot.platforms import LABELS, NAMES
from bot.settings import Settings
from bot.vault import VaultError
from storage import channels
from storage.backup import state as backups
from storage.channels import Stored
from storage.database import Database
from storage.errors import StorageError

State = Literal["好", "注意", "错误"]
Line = tuple[State, str, str]
FULL_PERCENT = 90
SKEW = timedelta(minutes=1)
NOTICE_MONTH = 11
_SHUT = "设过，但存着的密码打不开，现在收发不了。请先照「钥匙」那一行做。"


def main() -> int:
    lines = list(_check())
    for state, what, text in lines:
        print(f"{state}\t{what}\t{text}")
    return int(any(state == "错误" for state, _, _ in lines))


def _check() -> Iterator[Line]:
    try:
        chosen = configured.read()
    except configured.Wrong as wrong:
        yield from (("错误", "设置", f"{line}。") for line in wrong.lines)
        return
    checks: tuple[tuple[str, Callable[[], Iterable[Line]]], ...] = (
        ("设置", lambda: _settings(chosen)),
        ("文件夹", lambda: _folder(chosen)),
        ("数据库", lambda: _database(chosen)),
        ("日历", lambda: _calendar(Clock().now().astimezone(chosen.tz))),
        ("字体", _fonts),
        ("看印章", _eyes),
        ("渠道", lambda: asyncio.run(_channels(chosen))),
    )
    for what, check in checks:
        try:
            yield from check()
        except Exception as error:  # the edge: one thing that cannot be looked at does not hide the others
            yield "错误", what, f"没查成（{type(error).__name__}）。请把这一行发给装系统的人。"


def _settings(chosen: Settings) -> Iterator[Line]:
    yield "好", "设置", "都能读懂。"


def _address(url: str) -> Iterator[Line]:
    if not url:
        yield "注意", "网址", "还没有网址：别的电脑和手机打不开，邀请链接只在本机能用。请在设置向导的「网址」里填，或设 PAOJIE_URL。"
    elif not url.startswith("https://"):
        yield "注意", "网址", f"{url} 不是 https://：密码和照片会明着传。请在前面放一个带证书的反向代理。"
    else:
        yield "好", "网址", f"{url}。"


def _folder(chosen: Settings) -> Iterator[Line]:
    try:
        chosen.data.mkdir(parents=True, exist_ok=True)
        probe = chosen.data / f"doctor-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        yield "错误", "文件夹", f"{chosen.data.absolute()} 写不进去（{error.strerror}）。请改权限，或换一个 PAOJIE_DATA。"
        return
    usage = shutil.disk_usage(chosen.data)
    state: State = "注意" if usage.used * 100 > usage.total * FULL_PERCENT else "好"
    yield state, "文件夹", f"{chosen.data.absolute()}，还剩 {usage.free // 1024**3} GB。" + ("请腾出空间。" if state == "注意" else "")


def _database(chosen: Settings) -> Iterator[Line]:
    if not chosen.database.get_secret_value() and not (chosen.data / "paojie.db").exists():
        yield "好", "数据库", "还没有，第一次启动服务时建立（SQLite）。"
        return
    database = Database(chosen.database_url, chosen.data)
    try:
        head = database.at_head()
        yield "好", "数据库", f"连得上（{database.dialect}）。"
        yield ("好", "迁移", "是最新的。") if head else ("注意", "迁移", "不是最新的，启动服务时会自动升级；请先备份。")
        if head:
            yield from _content(database, chosen)
    except (StorageError, OSError) as error:
        yield "错误", "数据库", f"连不上（{type(error).__name__}）。请检查数据库是否在运行，PAOJIE_DATABASE 里的主机、用户和密码对不对。"
    finally:
        database.close()


def _content(database: Database, chosen: Settings) -> Iterator[Line]:
    from storage import audit, inbox, leases, shown

    yield from _address(platforms.at_home(chosen, database).url)
    broken = database.read_now(audit.verify)
    yield ("好", "操作记录", "链是完整的。") if broken is None else ("错误", "操作记录", "链断了，运行 python -m bot audit 看在哪里。")
    parked = len(database.read_now(shown.parked)) + len(database.read_now(inbox.parked))
    yield ("注意", "搁置", f"有 {parked} 条，运行 python -m bot outbox 查看。") if parked else ("好", "搁置", "没有。")
    yield _backup(database.read_now(backups.read), chosen)
    theirs, ours = database.read_now(leases.clock), Clock().now()
    yield _clock(theirs, ours, chosen)


def _backup(last: backups.State, chosen: Settings) -> Line:
    if last.good_at is None:
        return "注意", "备份", f"还没有做过。服务每天会做；现在就要：python -m bot backup。{last.error}"
    when = f"上一次好的备份 {last.good_at.astimezone(chosen.tz):%Y-%m-%d %H:%M}，在 {chosen.backup_folder.absolute()}"
    if last.old(Clock().now()):
        return "错误", "备份", f"{when}，超过一天了。{last.error or '服务要一直开着。'}现在就要：python -m bot backup。"
    return ("注意", "备份", f"{when}，但有 {last.absent} 个文件已经坏了，没能存进去。") if last.absent else ("好", "备份", f"{when}。")


def _clock(theirs: datetime, ours: datetime, chosen: Settings) -> Line:
    if abs(theirs - ours) > SKEW:
        return "错误", "时钟", f"这台机器和数据库相差 {abs(theirs - ours).total_seconds():.0f} 秒。请打开自动对时。"
    return "好", "时钟", f"现在 {ours.astimezone(chosen.tz):%Y-%m-%d %H:%M}（{chosen.zone}）。"


def _calendar(now: datetime) -> Iterator[Line]:
    """From November on, when the State Council's notice for the next year is due, that year too."""
    from rules.calendar import OFFICIAL_YEARS, Calendar

    calendar, years = Calendar(), [now.year, now.year + 1] if now.month >= NOTICE_MONTH else [now.year]
    absent = [year for year in years if calendar.provisional(year)]
    for year in absent:
        yield "注意", "日历", f"{year} 年的放假和调休还没有官方数据，先按周末和固定节日算。国务院通知公布后（多在 11 月），请升级 chinesecalendar。"
    if not absent:
        yield "好", "日历", f"有官方放假安排（数据到 {OFFICIAL_YEARS[-1]} 年）。"


def _fonts() -> Iterator[Line]:
    from papers import fonts

    try:
        absent = fonts.missing("拍照时间地点人员编号跑街")
    except OSError:
        absent = "全部"
    yield ("错误", "字体", f"缺少字形：{absent}。请重新安装。") if absent else ("好", "字体", "照片上的汉字都有。")


def _eyes() -> Iterator[Line]:
    from papers import models
    from papers.sight import reader

    if not reader.installed():
        yield "好", "看印章", "没有装识别文字的部件：照片照样检查清晰度和有没有印章，上面的字由人填写。要自动读，请装 paojie[eyes]。"
    elif not models.intact():
        yield "注意", "看印章", "能读，但印章文字的模型文件不见了或不对，读得会差一些。请重新安装。"
    else:
        yield "好", "看印章", "印章和执照上的字能自动读。"


async def _channels(chosen: Settings) -> list[Line]:
    lines: list[Line] = [("好", "网页聊天", "内置。")]
    channels, stored, told = _found(chosen)
    lines += told
    for name in NAMES:
        if name not in channels and not any(LABELS[name] == what for _, what, _ in told):
            lines.append(("好", LABELS[name], "没有设置，不启用。要用的话，在浏览器里做：办公 → 设置向导。"))
    for name, channel in channels.items():
        looked = await look(channel)
        await channel.close()
        works = f"@{looked.name} 可以收发。" if looked.name else f"{LABELS[name]}可以收发。"
        lines.append(("错误" if looked.trouble else "好", LABELS[name], str(looked.trouble or works)))
        if looked.clock is not None:
            lines.append(("错误", "时钟", str(looked.clock)))
        if name == "wecom" and (row := stored.get(name)) is not None and row.sealed and row.verified_at is None:
            lines.append(("注意", LABELS[name], "还没有来验证回调网址。请在办公 → 设置向导 → 企业微信里，把三项填到后台，点保存。"))
    return lines


def _found(chosen: Settings) -> tuple[dict[str, Channel], Mapping[str, Stored], list[Line]]:
    """Set up from outside or in the browser; a key that does not fit is told, the others are looked at all the same."""
    clock = Clock()
    found = platforms.configured(chosen, clock)
    if not chosen.database.get_secret_value() and not (chosen.data / "paojie.db").exists():
        return found, {}, []
    database = Database(chosen.database_url, chosen.data)
    try:
        rows = database.read_now(channels.every) if database.at_head() else {}
        off: list[Line] = [("注意", LABELS[row.name], "停用中：不发消息。") for row in rows.values() if row.sealed and not row.active]
        try:
            return platforms.stored(chosen, clock, database) | found, rows, off
        except VaultError as locked:
            shut = [row.name for row in rows.values() if row.sealed and not platforms.has(chosen, row.name)]
            return found, rows, [("错误", "钥匙", str(locked)), *(("错误", LABELS[name], _SHUT) for name in shut)]
    except (StorageError, OSError):
        return found, {}, []  # the database's own line says what is wrong
    finally:
        database.close()
