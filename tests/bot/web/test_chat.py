"""The web chat's API as its page uses it: once each, committed before answered, shown only to whom it belongs."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select

from bot.app import App
from bot.web import chat, wire
from storage.tables import inbox, outbox
from tests.bot.web.firm import NOW, page_of, running

ME = "/chat/as/liqiang/api"
MIN = "/chat/as/zhangmin/api"


@pytest.fixture
async def app(tmp_path: Path, database_url: str) -> AsyncIterator[App]:
    async with running(tmp_path, database_url) as app:
        yield app


@pytest.fixture
async def page(app: App) -> AsyncIterator[httpx.AsyncClient]:
    async with page_of(app) as page:
        yield page


async def say(page: httpx.AsyncClient, text: str = "", base: str = ME, **more: object) -> httpx.Response:
    return await page.post(f"{base}/said", json={"id": str(uuid4()), "text": text, **more})


async def kept(app: App) -> list[tuple[str, str]]:
    return await app.database.read(lambda conn: [tuple(row) for row in conn.execute(select(inbox.c.event_key, inbox.c.state).order_by(inbox.c.id))])


async def test_said_is_kept_before_it_is_answered_for(app: App, page: httpx.AsyncClient) -> None:
    answer = await page.post(f"{ME}/said", json={"id": "0B6E2D5C-6a1c-4a3e-9f0e-0123456789ab", "text": "你好"})
    assert answer.status_code == 200
    assert answer.json()["new"]
    assert await kept(app) == [("liqiang/0b6e2d5c-6a1c-4a3e-9f0e-0123456789ab", "ready")]


@pytest.mark.parametrize("own_time", [{"at": "2026-11-24T08:20:00+08:00"}, {}])
async def test_the_same_id_again_is_the_same_message(app: App, page: httpx.AsyncClient, own_time: dict[str, str]) -> None:
    body = {"id": str(uuid4()), "text": "拜访 华东精密", **own_time}
    first = await page.post(f"{ME}/said", json=body)
    app.clock.move_to(NOW.replace(hour=3))
    again = await page.post(f"{ME}/said", json=body)
    assert (first.json()["no"], first.json()["new"]) == (again.json()["no"], True)
    assert not again.json()["new"]
    assert len(await kept(app)) == 1


async def test_the_same_id_for_other_words_is_refused_and_kept_aside(app: App, page: httpx.AsyncClient) -> None:
    id = str(uuid4())
    await page.post(f"{ME}/said", json={"id": id, "text": "一"})
    other = await page.post(f"{ME}/said", json={"id": id, "text": "二"})
    assert other.status_code == 409
    assert [state for _, state in await kept(app)] == ["ready", "quarantined"]


async def test_two_people_may_draw_the_same_id(app: App, page: httpx.AsyncClient) -> None:
    body = {"id": str(uuid4()), "text": "好"}
    assert (await page.post(f"{ME}/said", json=body)).json()["new"]
    assert (await page.post(f"{MIN}/said", json=body)).json()["new"]


async def test_an_answer_is_shown_with_what_was_said_and_once(app: App, page: httpx.AsyncClient) -> None:
    await say(page, "问 华东精密")
    await app.drain()
    shown = (await page.get(f"{ME}/prompts", params={"after": 0})).json()
    (prompt,) = shown["prompts"]
    assert prompt["text"] == "问 华东精密"
    assert [(each["label"], each["main"]) for each in prompt["options"]] == [("对，存下", True), ("改一处", False)]
    assert prompt["step"] == [2, 5]
    assert [each["text"] for each in shown["said"]] == ["问 华东精密"]
    more = (await page.get(f"{ME}/prompts", params={"after": shown["after"], "heard": shown["heard"]})).json()
    assert (more["prompts"], more["said"]) == ([], [])
    assert (more["after"], more["heard"]) == (shown["after"], shown["heard"])


async def test_a_page_that_names_what_it_has_loses_nothing_on_the_way(app: App, page: httpx.AsyncClient) -> None:
    await say(page, "一")
    await app.drain()
    lost = (await page.get(f"{ME}/prompts", params={"after": 0, "got": ""})).json()
    unfetched = select(outbox.c.id).where(outbox.c.fetched_at.is_(None))
    assert await app.database.read(lambda conn: conn.execute(unfetched).scalars().all()) == [lost["prompts"][0]["id"]]
    again = (await page.get(f"{ME}/prompts", params={"after": lost["after"], "heard": lost["heard"], "got": ""})).json()
    assert again["prompts"] == lost["prompts"]
    got = {"after": again["after"], "heard": again["heard"], "got": str(lost["prompts"][0]["id"])}
    assert (await page.get(f"{ME}/prompts", params=got)).json()["prompts"] == []
    assert await app.database.read(lambda conn: conn.execute(unfetched).scalars().all()) == []


async def test_a_long_poll_is_woken_by_what_comes(app: App, page: httpx.AsyncClient) -> None:
    await page.get(f"{MIN}/me")
    waiting = asyncio.create_task(page.get(f"{MIN}/prompts", params={"after": 0, "wait": 25}))
    await asyncio.sleep(0)
    await say(page, "告诉 zhangmin 请补日志")
    await app.drain()
    shown = await asyncio.wait_for(waiting, 5)
    assert [each["text"] for each in shown.json()["prompts"]] == ["请补日志"]


async def test_long_polls_end_when_the_server_stops(app: App, page: httpx.AsyncClient) -> None:
    waiting = asyncio.create_task(page.get(f"{ME}/prompts", params={"after": 0, "wait": 25}))
    while not waiting.done():
        await asyncio.sleep(0)
        await app.quiet()
    assert waiting.result().json()["prompts"] == []


async def test_older_entries_are_found_page_by_page(app: App, page: httpx.AsyncClient) -> None:
    for count in range(45):
        app.clock.move_to(NOW.replace(minute=count))
        await say(page, f"第 {count} 句")
        await app.drain()
    newest = (await page.get(f"{ME}/prompts", params={"after": 0})).json()
    assert len(newest["prompts"]) + len(newest["said"]) == 60
    oldest = {"prompt": newest["prompts"][0]["id"], "said": newest["said"][0]["no"]}
    older = (await page.get(f"{ME}/earlier", params=oldest)).json()
    said = [each["text"] for each in older["said"] + newest["said"]]
    assert said == [f"第 {count} 句" for count in range(45)]
    assert len(older["prompts"]) + len(newest["prompts"]) == 45


async def test_a_photograph_goes_up_and_is_seen_by_those_it_was_shown_to(app: App, page: httpx.AsyncClient) -> None:
    picture = (Path(__file__).parents[3] / "rehearsals/pictures/door.jpg").read_bytes()
    up = await page.post(f"{ME}/blobs", content=picture, headers={"Content-Type": "image/jpeg"})
    blob = up.json()
    assert (blob["size"], blob["kind"], blob["mime"]) == (len(picture), "photo", "image/jpeg")
    assert (await say(page, blob={"sha256": blob["sha256"], "kind": "photo", "mime": "image/jpeg"})).json()["new"]
    await app.drain()
    shown = (await page.get(f"{ME}/prompts", params={"after": 0})).json()
    assert shown["said"][0]["blob"]["sha256"] == blob["sha256"]
    seen = await page.get(f"{ME}/blobs/{blob['sha256']}")
    assert seen.content == picture
    assert seen.headers["content-type"] == "image/jpeg"
    assert "sandbox" in seen.headers["content-security-policy"]
    assert (await page.get(f"{MIN}/blobs/{blob['sha256']}")).status_code == 404
    assert (await page.get(f"{ME}/blobs/{'0' * 64}")).status_code == 404
    assert (await page.get(f"{ME}/blobs/..%2F..%2Fpaojie.db")).status_code == 404


async def test_a_page_sent_as_a_picture_is_never_run(app: App, page: httpx.AsyncClient) -> None:
    up = await page.post(f"{ME}/blobs", content=b"<script>alert(1)</script>", headers={"Content-Type": "text/html"})
    assert up.json()["kind"] == "file"
    await say(page, blob={"sha256": up.json()["sha256"], "kind": "photo", "mime": "image/png"})
    await app.drain()
    seen = await page.get(f"{ME}/blobs/{up.json()['sha256']}")
    assert "html" not in seen.headers["content-type"]
    assert seen.headers["x-content-type-options"] == "nosniff"
    assert seen.headers["content-security-policy"] == "default-src 'none'; sandbox"


async def test_a_file_above_the_limit_is_refused_and_nothing_stays(app: App, page: httpx.AsyncClient) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(21):
            yield b"x" * (1 << 20)

    streamed = await page.post(f"{ME}/blobs", content=pieces())
    told = await page.post(f"{ME}/blobs", content=b"x", headers={"Content-Length": str(1 << 30)})
    assert streamed.status_code == told.status_code == 413
    assert "20 MB" in streamed.json()["text"]
    assert list((app.settings.data / "blobs" / "incoming").iterdir()) == []
    assert (await page.post(f"{ME}/blobs", content=b"")).status_code == 400


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"id": "1", "text": "好"},
        {"id": str(uuid4())},
        {"id": str(uuid4()), "text": "  \n"},
        {"id": str(uuid4()), "text": 5},
        {"id": str(uuid4()), "text": "好", "extra": 1},
        {"id": str(uuid4()), "tap": "s1.1." + "x" * 80},
        {"id": str(uuid4()), "place": {"lat": 100, "lon": 0}},
        {"id": str(uuid4()), "blob": {"sha256": "../../etc/passwd"}},
        {"id": str(uuid4()), "text": "好", "at": "2026-11-24T08:20:00"},
        [],
        "好",
    ],
)
async def test_bad_bodies_are_refused_in_words(app: App, page: httpx.AsyncClient, body: object) -> None:
    answer = await page.post(f"{ME}/said", json=body)
    assert answer.status_code == 400
    assert answer.json()["text"]
    assert await kept(app) == []


async def test_broken_json_and_endless_bodies_are_refused(page: httpx.AsyncClient) -> None:
    json_type = {"Content-Type": "application/json"}
    assert (await page.post(f"{ME}/said", content=b"{", headers=json_type)).status_code == 400
    assert (await page.post(f"{ME}/said", content=b"\xff\xfe", headers=json_type)).status_code == 400
    assert (await page.post(f"{ME}/said", content=b" " * (1 << 18), headers=json_type)).status_code == 413
    assert (await page.post(f"{ME}/said", content=b"id=1", headers={"Content-Type": "application/x-www-form-urlencoded"})).status_code == 415


async def test_numbers_that_are_none_count_as_nothing(page: httpx.AsyncClient) -> None:
    for nonsense in ("-1", "x", "9" * 30, "١"):
        answer = await page.get(f"{ME}/prompts", params={"after": nonsense, "heard": nonsense, "wait": nonsense, "got": nonsense})
        assert answer.status_code == 200


async def test_ten_thousand_characters_are_taken(app: App, page: httpx.AsyncClient) -> None:
    assert (await say(page, "长" * 10_000)).status_code == 200


async def test_opening_the_chat_is_told_once(app: App, page: httpx.AsyncClient) -> None:
    first = await page.post(f"{ME}/enter", json={})
    app.clock.move_to(NOW.replace(hour=4))
    again = await page.post(f"{ME}/enter", json={})
    assert (first.json()["new"], again.json()["new"]) == (True, False)
    shown = (await page.get(f"{ME}/prompts", params={"after": 0})).json()
    assert shown["said"] == []


async def test_who_is_here_and_what_the_menu_offers(page: httpx.AsyncClient) -> None:
    rep, chief = (await page.get(f"{ME}/me")).json(), (await page.get("/chat/as/chen/api/me")).json()
    assert (rep["name"], rep["roles"], rep["zone"]) == ("李强", ["市场员"], "Asia/Shanghai")
    assert [item["label"] for item in rep["menu"]] == ["今天", "记拜访", "记电话", "日志", "查客户", "怎么做"]
    assert [item["label"] for item in chief["menu"]] == ["今天", "谁没交", "成绩", "查客户", "办公", "怎么做"]
    assert rep["example"].startswith("拜访 ")
    assert (chief["welcome"], chief["example"]) == ("要您签收和答复的会发到这里。也可以写一句，例如：", "谁没交")
    assert (await page.get("/chat/as/nobody/api/me")).status_code == 404


async def test_nothing_is_stored_on_the_way_or_framed_or_loaded_from_elsewhere(page: httpx.AsyncClient) -> None:
    for path in ("/chat/as/liqiang", f"{ME}/me", "/chat/static/main.js", "/chat/demo", "/chat/nowhere"):
        headers = (await page.get(path)).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy, path
        assert "unsafe" not in policy
        assert "http" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == ("same-origin" if path == "/chat/demo" else "no-referrer")  # a form there is posted
    assert (await page.get(f"{ME}/me")).headers["cache-control"] == "no-store"


async def test_every_answer_is_what_its_type_says(app: App, page: httpx.AsyncClient) -> None:
    said = await say(page, "问")
    await app.drain()
    shown = await page.get(f"{ME}/prompts", params={"after": 0})
    for answer, kind in ((said, wire.SaidOut), (shown, wire.PageOut)):
        assert json.loads(answer.content).keys() == set(kind.__struct_fields__)


async def test_the_phone_keeps_every_part_of_the_page(page: httpx.AsyncClient) -> None:
    worker = await page.get("/chat/sw.js")
    assert worker.headers["service-worker-allowed"] == "/chat"
    static = Path(chat.HERE) / "static"
    listed = re.findall(r'"(\w+\.\w+)"', worker.text)
    others = ("sw.js", "office.css", "office.js", "desk.css", "desk.js", "setup.js", "outside.css", "outside.js")  # of pages that need the network
    assert sorted(listed) == sorted(file.name for file in static.iterdir() if file.is_file() and file.name not in others)


async def test_the_page_has_nothing_inline(page: httpx.AsyncClient) -> None:
    for path in ("/chat/as/liqiang", "/chat/demo"):
        html = (await page.get(path)).text
        assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", html) == []
