"""Alive, ready, measured; and the headers of everything that is not the chat."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from bot.web.app import Site
from storage.database import Connection
from tests.bot.conftest import House


@pytest.fixture
async def site(house: House) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(Site(house.app), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://paojie") as client:
        yield client


async def test_the_process_is_there(site: httpx.AsyncClient) -> None:
    answer = await site.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok")


async def test_ready_with_database_migrations_and_ticker(house: House, site: httpx.AsyncClient) -> None:
    answer = await site.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": True, "migrations": True, "ticker": True})


async def test_not_ready_without_a_tick(house: House, site: httpx.AsyncClient) -> None:
    house.app.times._ticked = -1000.0
    answer = await site.get("/readyz")
    assert (answer.status_code, answer.json()["ticker"]) == (503, False)


async def test_not_ready_behind_the_head(house: House, site: httpx.AsyncClient) -> None:
    def back(conn: Connection) -> None:
        conn.exec_driver_sql("delete from alembic_version")

    await house.database.write(back)
    answer = await site.get("/readyz")
    assert (answer.status_code, answer.json()["migrations"]) == (503, False)


async def test_metrics_show_numbers_and_no_words(house: House, wang: int, site: httpx.AsyncClient) -> None:
    await house.says("拜访 华东精密")
    text = (await site.get("/metrics")).text
    assert "paojie_inbox_waiting 1.0" in text
    assert 'paojie_received_total{channel="telegram",outcome="new"} 1.0' in text
    assert 'paojie_outbox_waiting{lane="emergency"} 0.0' in text
    assert "华东" not in text


async def test_metrics_are_for_this_machine(house: House) -> None:
    transport = httpx.ASGITransport(Site(house.app), client=("192.0.2.7", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://paojie") as client:
        assert (await client.get("/metrics")).status_code == 404


@pytest.mark.parametrize("path", ["/healthz", "/nothing", "/"])
async def test_strict_headers_everywhere(site: httpx.AsyncClient, path: str) -> None:
    answer = await site.get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
