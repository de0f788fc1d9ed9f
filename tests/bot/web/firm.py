"""A small firm with the web chat, and a conversation that repeats what it hears."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
from pydantic import SecretStr
from sqlalchemy import Connection, insert, select

from bot.app import App
from bot.clock import Clock, StillClock
from bot.settings import Settings
from bot.web.app import Site
from conversations.desk import Desk
from conversations.types import Option, Prompt, Said
from storage.tables import person, role, team

NOW = datetime(2026, 11, 24, 0, 25, tzinfo=UTC)  # 08:25 in Shanghai, a Tuesday
PEOPLE = {"liqiang": ("李强", "rep"), "zhangmin": ("张敏", "rep"), "chen": ("陈主管", "supervisor")}
HEADERS = {"X-Paojie": "1"}


def echo(desk: Desk, said: Said) -> None:
    """您说：…, with buttons where the words ask for them."""
    if said.tap:
        desk.say(Prompt(f"您点了 {said.tap}"))
    elif said.blob:
        desk.say(Prompt("收到了。", attach=(said.blob.sha256,)))
    elif said.place:
        desk.say(Prompt(f"在 {said.place.lat:.2f}, {said.place.lon:.2f}"))
    elif said.text.startswith("问"):
        desk.say(Prompt(said.text, options=(Option("对，存下", "s1.1.yes", main=True), Option("改一处", "s1.1.edit")), ref="s1.1", step=(2, 5)))
    elif said.text == "链接":
        links = ("https://paojie.test/p/1", "javascript:alert(6)", "data:text/html,<script>alert(7)</script>")
        desk.say(Prompt(said.text, options=tuple(Option(f"<b>{link}</b>", "", url=link) for link in links), title="<i>标题</i>"))
    elif said.text.startswith("告诉 "):
        _, account, text = said.text.split(" ", 2)
        desk.tell(next(each.id for each in desk.people() if each.account == account), Prompt(text))
    else:
        desk.say(Prompt(f"您说：{said.text}"))


def settle(conn: Connection) -> None:
    if conn.execute(select(person.c.id)).first():
        return  # opened again on the same data
    team_id = conn.execute(insert(team).values(name="市场一部").returning(team.c.id)).scalar_one()
    for account, (name, what) in PEOPLE.items():
        id = conn.execute(insert(person).values(account=account, name=name, team_id=team_id, greeted_at=NOW).returning(person.c.id)).scalar_one()
        conn.execute(insert(role).values(person_id=id, role=what, scope="team", scope_id=team_id, since=date(2026, 1, 1)))


@asynccontextmanager
async def running(
    folder: Path, database: str = "", *, clock: Clock | None = None, demo: bool = True, loops: bool = False, url: str = ""
) -> AsyncIterator[App]:
    """The demo's routes, or with `demo=False` the real ones."""
    settings = Settings(data=folder, database=SecretStr(database), url=url, _env_file=None)  # type: ignore[call-arg]
    app = App(settings, clock or StillClock(NOW), {}, converse=echo, loops=loops)
    await app.start()
    app.demo = demo
    await app.database.write(settle)
    try:
        yield app
    finally:
        await app.stop()


def page_of(app: App, base: str = "http://paojie.test", headers: dict[str, str] | None = None) -> httpx.AsyncClient:
    """A browser with the chat's page open; follows nothing by itself."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(Site(app)), base_url=base, headers=HEADERS if headers is None else headers)
