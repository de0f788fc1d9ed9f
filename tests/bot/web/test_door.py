"""Who gets in: invitations once, codes not to be guessed, cookies that can be revoked, nothing from another page."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from bot.app import App
from bot.web.door import STAYS
from storage import invitations, websessions
from storage.database import Connection
from storage.tables import audit, outbox, person, web_session
from tests.bot.web.firm import HEADERS, NOW, page_of, running

API = "/chat/api"


@pytest.fixture
async def app(tmp_path: Path, database_url: str) -> AsyncIterator[App]:
    async with running(tmp_path, database_url, demo=False, url="https://paojie.test") as app:
        yield app


@pytest.fixture
async def page(app: App) -> AsyncIterator[httpx.AsyncClient]:
    async with page_of(app, "https://paojie.test") as page:
        yield page


async def invited(app: App, account: str = "liqiang", by: str = "chen") -> tuple[str, str]:
    def unit(conn: Connection) -> tuple[str, str]:
        ids = {row.account: row.id for row in conn.execute(select(person.c.account, person.c.id))}
        return invitations.invite(conn, ids[account], ids[by], NOW)

    return await app.database.write(unit)


async def log_in(app: App, page: httpx.AsyncClient, account: str = "liqiang") -> httpx.Response:
    token, _ = await invited(app, account)
    return await page.post(f"{API}/login", json={"token": token})


async def test_nobody_sees_anything_without_a_cookie(page: httpx.AsyncClient) -> None:
    assert (await page.get("/chat")).status_code == 200
    for path in ("/me", "/prompts", "/earlier", f"/blobs/{'0' * 64}"):
        answer = await page.get(API + path)
        assert answer.status_code == 401
        assert "登录" in answer.json()["text"]
    for path in ("/said", "/blobs", "/enter"):
        assert (await page.post(API + path, json={})).status_code == 401


async def test_an_invitation_opens_once_and_the_inviter_hears_of_it(app: App, page: httpx.AsyncClient) -> None:
    token, _ = await invited(app)
    answer = await page.post(f"{API}/login", json={"token": token})
    assert answer.json() == {"account": "liqiang", "name": "李强"}
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("__host-paojie=")
    assert all(word in cookie for word in ("httponly", "secure", "samesite=strict", "path=/"))
    assert (await page.get(f"{API}/me")).json()["account"] == "liqiang"
    async with page_of(app, "https://paojie.test") as other:
        assert (await other.post(f"{API}/login", json={"token": token})).status_code == 401
    told = await app.database.read(lambda conn: [body["text"] for body in conn.execute(select(outbox.c.body)).scalars()])
    assert ["李强" in text for text in told] == [True]
    assert await app.database.read(lambda conn: conn.execute(select(audit.c.verb)).scalars().all()) == ["login"]


async def test_the_token_itself_is_stored_nowhere(app: App, page: httpx.AsyncClient) -> None:
    await log_in(app, page)
    held = page.cookies["__Host-paojie"]
    hashes = await app.database.read(lambda conn: conn.execute(select(web_session.c.token_hash)).scalars().all())
    assert held not in hashes


async def test_name_and_code_open_too(app: App, page: httpx.AsyncClient) -> None:
    _, code = await invited(app)
    assert (await page.post(f"{API}/login", json={"name": "张敏", "code": code})).status_code == 401
    answer = await page.post(f"{API}/login", json={"name": " 李 强 ", "code": f"{code[:4]} {code[4:]}"})
    assert answer.json()["name"] == "李强"


async def test_a_code_cannot_be_guessed(app: App, page: httpx.AsyncClient) -> None:
    _, code = await invited(app)
    wrong = [await page.post(f"{API}/login", json={"name": "李强", "code": f"{n:08}"}) for n in range(9)]
    assert [answer.status_code for answer in wrong] == [401] * 8 + [429]
    assert (await page.post(f"{API}/login", json={"name": "李强", "code": code})).status_code == 429
    app.clock.move_to(NOW + timedelta(minutes=11))
    assert (await page.post(f"{API}/login", json={"name": "李强", "code": code})).status_code == 401  # its five tries are over


async def test_logging_out_revokes_the_cookie(app: App, page: httpx.AsyncClient) -> None:
    await log_in(app, page)
    stolen = dict(page.cookies)
    assert (await page.post(f"{API}/logout", json={})).status_code == 200
    assert not page.cookies
    async with page_of(app, "https://paojie.test") as thief:
        thief.cookies.update(stolen)
        assert (await thief.get(f"{API}/me")).status_code == 401


async def test_a_cookie_ends_with_its_time_and_with_the_person(app: App, page: httpx.AsyncClient) -> None:
    await log_in(app, page)
    app.clock.move_to(NOW + STAYS)
    assert (await page.get(f"{API}/me")).status_code == 401
    app.clock.move_to(NOW)
    left = update(person).where(person.c.account == "liqiang").values(left_on=NOW.date())
    await app.database.write(lambda conn: conn.execute(left))
    assert (await page.get(f"{API}/me")).status_code == 401


async def test_a_lost_phone_is_logged_out_from_outside(app: App, page: httpx.AsyncClient) -> None:
    await log_in(app, page)
    id = await app.database.read(lambda conn: conn.execute(select(person.c.id).where(person.c.account == "liqiang")).scalar_one())
    assert await app.database.write(lambda conn: websessions.revoke_all(conn, id, NOW)) == 1
    assert (await page.get(f"{API}/me")).status_code == 401


async def test_two_browsers_of_one_person_see_the_same_talk(app: App, page: httpx.AsyncClient) -> None:
    await log_in(app, page)
    async with page_of(app, "https://paojie.test") as tablet:
        await log_in(app, tablet)
        await page.post(f"{API}/said", json={"id": "0b6e2d5c-6a1c-4a3e-9f0e-0123456789ab", "text": "你好"})
        await app.drain()
        shown = (await tablet.get(f"{API}/prompts", params={"after": 0})).json()
    assert [each["text"] for each in shown["said"]] == ["你好"]
    assert [each["text"] for each in shown["prompts"]] == ["您说：你好"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"},
        HEADERS | {"Origin": "https://evil.test"},
        HEADERS | {"Origin": "null"},
        HEADERS | {"Sec-Fetch-Site": "cross-site"},
        HEADERS | {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_another_page_changes_nothing(app: App, page: httpx.AsyncClient, headers: dict[str, str]) -> None:
    await log_in(app, page)
    async with page_of(app, "https://paojie.test", headers) as evil:
        evil.cookies.update(dict(page.cookies))
        body: dict[str, Any] = {"id": "0b6e2d5c-6a1c-4a3e-9f0e-0123456789ab", "text": "好"}
        for path in ("/said", "/blobs", "/enter", "/login", "/logout"):
            assert (await evil.post(API + path, content=json.dumps(body))).status_code == 403
    assert (await page.get(f"{API}/me")).status_code == 200


async def test_a_client_that_is_no_page_needs_no_header_for_json(app: App, page: httpx.AsyncClient) -> None:
    await log_in(app, page)
    async with page_of(app, "https://paojie.test", {}) as script:
        script.cookies.update(dict(page.cookies))
        body = {"id": "0b6e2d5c-6a1c-4a3e-9f0e-0123456789ac", "text": "好"}
        assert (await script.post(f"{API}/said", json=body)).status_code == 200


async def test_our_own_page_may(app: App, page: httpx.AsyncClient) -> None:
    await log_in(app, page)
    own = {"Origin": "https://paojie.test", "Sec-Fetch-Site": "same-origin"}
    assert (await page.post(f"{API}/enter", json={}, headers=own)).status_code == 200


@pytest.mark.parametrize("path", ["/chat/as/liqiang", "/chat/as/liqiang/api/me", "/chat/demo", "/chat/demo/api/clock"])
async def test_the_demo_is_not_there(app: App, page: httpx.AsyncClient, path: str) -> None:
    assert (await page.get(path)).status_code == 404


async def test_the_link_asked_for_in_another_channel_opens_once_within_ten_minutes(app: App, page: httpx.AsyncClient) -> None:
    async def link() -> str:
        def unit(conn: Connection) -> str:
            id = conn.execute(select(person.c.id).where(person.c.account == "liqiang")).scalar_one()
            return invitations.login(conn, id, app.clock.now())

        return await app.database.write(unit)

    first, second = await link(), await link()
    assert (await page.post(f"{API}/login", json={"token": first})).json()["name"] == "李强"
    assert (await page.get(f"{API}/me")).json()["account"] == "liqiang"
    assert (await page.post(f"{API}/login", json={"token": first})).status_code == 401
    app.clock.move_to(NOW + timedelta(minutes=10))
    assert (await page.post(f"{API}/login", json={"token": second})).status_code == 401
