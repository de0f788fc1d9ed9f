"""Random and spoilt requests to every endpoint: no answer of 500 or more, no row from a stranger, nothing that cannot be handled."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from tests.chaos.fuzz import fuzz, site
from tests.chaos.strange import ENDPOINTS

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
