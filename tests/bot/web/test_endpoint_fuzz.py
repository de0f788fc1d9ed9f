"""Random and spoilt requests to every endpoint: no answer of 500 or more, no row from a stranger, nothing that cannot be handled."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from tests.chaos.fuzz import asked, fuzz, site
from tests.chaos.strange import API, COOKIE, ENDPOINTS, Request

REQUESTS = 100_000 if os.environ.get("PAOJIE_PROFILE") == "long" else 2_000


@pytest.mark.parametrize("endpoint", ENDPOINTS)
async def test_no_request_does_harm(endpoint: str, tmp_path: Path) -> None:
    async with site(tmp_path) as (app, under):
        report = await fuzz(app, under, endpoint, REQUESTS, random.Random(20261124))
    assert report.worst < 500, report.bad
    assert report.from_strangers == 0
    assert report.parked == []
    assert report.kept > REQUESTS / 20
    assert {status for (known, status) in report.statuses if known is False} & {401, 403}


@pytest.mark.parametrize(
    "request_",
    [
        Request(f"{API}/blobs/", False, "GET", query=b"\xff\xe4"),
        Request(f"{API}/blobs", True, headers=((b"x-paojie", b"1"), (b"cookie", f"paojie={COOKIE}".encode()), (b"content-length", b"x"))),
    ],
    ids=["an address that is not ASCII", "a length that is no number"],
)
async def test_what_was_found_this_way(request_: Request, tmp_path: Path) -> None:
    async with site(tmp_path) as (_, under):
        assert await asked(under, request_) == 400
