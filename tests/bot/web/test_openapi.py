"""The described API is the real one: every route stands in the document, every answer has the shape it promises."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from starlette.routing import Mount, Route

from bot.app import App
from bot.web import chat, openapi
from storage import invitations
from tests.bot.web.firm import HEADERS, NOW, page_of, running

SERVER = "https://paojie.test"
API = "/chat/api"


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    async with running(tmp_path, demo=False, url=SERVER) as app:
        yield app


@pytest.fixture
async def page(app: App) -> AsyncIterator[httpx.AsyncClient]:
    async with page_of(app, SERVER) as page:
        yield page


def fits(value: Any, schema: dict[str, Any], document: dict[str, Any]) -> bool:
    """The part of JSON Schema that the document uses."""
    if "$ref" in schema:
        return fits(value, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], document)
    if "anyOf" in schema:
        return any(fits(value, one, document) for one in schema["anyOf"])
    if "enum" in schema:
        return value in schema["enum"]
    kinds: dict[str, Any] = {
        "object": dict,
        "array": list,
        "string": str,
        "integer": int,
        "number": (int, float),
        "boolean": bool,
        "null": type(None),
    }
    if "type" in schema and not isinstance(value, kinds[schema["type"]]):
        return False
    if isinstance(value, dict):
        known = schema.get("properties", {})
        right = all(fits(value[name], known[name], document) for name in value.keys() & known.keys())
        return right and not value.keys() - known.keys() and set(schema.get("required", ())) <= value.keys()
    if isinstance(value, list):
        return all(fits(item, schema["items"], document) for item in value)
    return re.search(schema.get("pattern", ""), value) is not None if isinstance(value, str) else True


def check(answer: httpx.Response, path: str, method: str, document: dict[str, Any]) -> None:
    responses = document["paths"][path][method]["responses"]
    assert str(answer.status_code) in responses, (path, answer.status_code)
    content = responses[str(answer.status_code)]["content"]
    if "application/json" in content:
        assert fits(answer.json(), content["application/json"]["schema"], document), (path, answer.text)


async def test_every_route_is_described(app: App) -> None:
    (mount,) = [route for route in chat.routes(app, app.settings) if isinstance(route, Mount)]
    real = {
        (f"/chat{route.path}", method.lower())
        for route in mount.routes
        if isinstance(route, Route) and route.path.startswith("/api")
        for method in route.methods or ()
        if method != "HEAD"
    }
    described = {(path, method) for path, methods in openapi.document(SERVER)["paths"].items() for method in methods}
    assert described == real


async def test_every_reference_leads_somewhere(page: httpx.AsyncClient) -> None:
    text = (await page.get("/chat/openapi.json")).text
    names = set(re.findall(r"#/components/schemas/(\w+)", text))
    assert names <= openapi.document(SERVER)["components"]["schemas"].keys()


async def test_real_answers_are_as_described(app: App, page: httpx.AsyncClient) -> None:
    document = (await page.get("/chat/openapi.json")).json()
    assert (document["openapi"], document["servers"]) == ("3.1.0", [{"url": SERVER}])
    check(await page.get(f"{API}/me"), f"{API}/me", "get", document)
    token, _ = await app.database.write(lambda conn: invitations.invite(conn, 1, None, NOW))
    for body in ({"token": "x"}, {"token": token}):
        check(await page.post(f"{API}/login", json=body), f"{API}/login", "post", document)
    picture = (Path(__file__).parents[3] / "rehearsals/pictures/door.jpg").read_bytes()
    up = await page.post(f"{API}/blobs", content=picture, headers={"Content-Type": "image/jpeg"})
    check(up, f"{API}/blobs", "post", document)
    check(await page.post(f"{API}/blobs", content=b""), f"{API}/blobs", "post", document)
    blob = {"sha256": up.json()["sha256"], "kind": "photo", "mime": "image/jpeg"}
    bodies: tuple[dict[str, Any], ...] = (
        {"text": "问 一"},
        {"tap": "a.today"},
        {"place": {"lat": 31.2, "lon": 121.5}},
        {"blob": blob, "text": "门头", "at": "2026-11-24T08:20:00+08:00"},
        {},
    )
    for each in bodies:
        check(await page.post(f"{API}/said", json={"id": str(uuid4()), **each}), f"{API}/said", "post", document)
    check(await page.post(f"{API}/enter", json={}), f"{API}/enter", "post", document)
    check(await page.post(f"{API}/enter", json={}, headers=dict.fromkeys(HEADERS, "")), f"{API}/enter", "post", document)
    await app.drain()
    shown = await page.get(f"{API}/prompts", params={"after": 0})
    assert len(shown.json()["prompts"]) == len(shown.json()["said"]) == 4
    check(shown, f"{API}/prompts", "get", document)
    check(await page.get(f"{API}/earlier", params={"prompt": 99, "said": 99}), f"{API}/earlier", "get", document)
    for sha in (blob["sha256"], "0" * 64):
        check(await page.get(f"{API}/blobs/{sha}"), f"{API}/blobs/{{sha}}", "get", document)
    check(await page.post(f"{API}/logout", json={}), f"{API}/logout", "post", document)


def test_the_checker_itself_notices() -> None:
    document = openapi.document(SERVER)
    schema = {"$ref": "#/components/schemas/SaidOut"}
    good = {"id": "x", "no": 1, "new": True, "now": "2026-11-24T00:25:00Z"}
    assert fits(good, schema, document)
    assert not fits(good | {"no": "1"}, schema, document)
    assert not fits(good | {"extra": 1}, schema, document)
    assert not fits({"id": "x"}, schema, document)
