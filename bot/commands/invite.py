"""python -m bot invite: a colleague's way in as a link, a QR code and eight digits; the first admin begins here."""

from __future__ import annotations

import asyncio
import sys
from datetime import date, datetime
from typing import Any

import segno

from bot import platforms
from bot.channels.base import Channel, SendFailed
from bot.clock import Clock
from bot.commands import configured
from bot.settings import Settings
from bot.vault import VaultError
from bot.ways import WEB, web
from rules.people import ROLES
from storage import audit, callers, invitations, people, staff
from storage.database import Connection
from storage.errors import StorageError
from storage.staff import Listed

BY = "server"  # whoever may run commands on it
VIA = "command"


class Unclear(Exception):
    """Who is meant is not clear; the text says what to add."""


ADMIN = "管理员"  # the first one, when no name is given
HOW = """邀请一位同事，要写姓名和角色。怎么写：
  python -m bot invite --role admin                                第一位管理员
  python -m bot invite 陈主管 --role supervisor --team 市场一部
  python -m bot invite 李强 --role rep --team 市场一部
角色：%s。
管理员进来以后，在聊天里写「邀请 王芳 市场员」就行，不用再到这里来。"""


def main(name: str, *, role: str, account: str, team: str) -> int:
    name = name.strip() or (ADMIN if role == "admin" else "")
    if not name:
        print(HOW % "、".join(f"{key} {label}" for key, label in ROLES.items()), file=sys.stderr)
        return 2
    if role and role not in ROLES:
        print("角色可以是：" + "、".join(f"{key} {label}" for key, label in ROLES.items()), file=sys.stderr)
        return 2
    chosen = configured.settings()
    now = Clock().now()
    today = now.astimezone(chosen.tz).date()
    database = configured.database(chosen)
    try:
        database.migrate()
        chosen = platforms.at_home(chosen, database)
        token, code = database.write_now(lambda conn: _invited(conn, Listed(account, name, team), role, now, today))
    except Unclear as unclear:
        print(unclear, file=sys.stderr)
        return 2
    finally:
        database.close()
    _print(name, code, asyncio.run(links(chosen, token)))
    return 0


def _invited(conn: Connection, listed: Listed, role: str, now: datetime, today: date) -> tuple[str, str]:
    person_id = _person(conn, listed, today)
    entries = [audit.Entry(BY, VIA, "invite", f"person:{person_id}", role)]
    if role:
        team_id = staff.add_team(conn, listed.team) if listed.team and role in ("rep", "supervisor") else 0
        staff.give_role(conn, person_id, role, today, team_id=team_id)
        entries.append(audit.Entry(BY, VIA, "give_role", f"person:{person_id}", f"{role}\n{listed.team}"))
    audit.append(conn, entries, now)
    return invitations.invite(conn, person_id, None, now)


def _person(conn: Connection, listed: Listed, today: date) -> int:
    """The colleague of this account or, without one, of this name; a new one where there is none."""
    if listed.account:
        known = callers.by_account(conn, listed.account, today)
        return known.id if known is not None else staff.add(conn, listed)
    named = [one for one in people.everybody(conn, today) if one.name == listed.name.strip()]
    if len(named) > 1:
        raise Unclear(f"有 {len(named)} 位{listed.name}，请加 --account：" + "、".join(one.account for one in named))
    return named[0].id if named else staff.add(conn, Listed("", listed.name, listed.team))


async def links(chosen: Settings, token: str) -> list[tuple[str, str]]:
    """The web chat's always; Telegram's when it is set up, outside or in the browser, and can be reached."""
    found = [(WEB, web(chosen.public_url, token))]
    telegram: Any = _telegram(chosen)
    if telegram is not None:
        try:
            found.append(("Telegram", await telegram.invitation(token)))
        except SendFailed as failed:
            print(f"Telegram 的邀请链接暂时没有：{failed}", file=sys.stderr)
        finally:
            await telegram.close()
    return found


def _telegram(chosen: Settings) -> Channel | None:
    given = platforms.configured(chosen, Clock())
    if "telegram" in given:
        return given["telegram"]
    database = configured.database(chosen)
    try:
        return platforms.stored(chosen, Clock(), database).get("telegram")
    except (VaultError, StorageError) as why:
        print(f"Telegram 的邀请链接暂时没有：{why}", file=sys.stderr)
        return None
    finally:
        database.close()


def _print(name: str, code: str, ways: list[tuple[str, str]]) -> None:
    for where, link in ways:
        print(f"{where}邀请链接（7 天内用一次）：\n{link}")
        segno.make(link, error="m").terminal(compact=True)
    print(f"或者发送“{name} {code}”（30 分钟内有效）。")
    print("请只交给本人。企业微信里的同事不用邀请，按账号自动认出。")
