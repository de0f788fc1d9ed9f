"""A page opened inside Telegram: only what Telegram signed for this bot, lately, says who it is."""

from __future__ import annotations

import hmac
import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import urlencode

import pytest

from bot.channels.telegram_app import vouched

TOKEN = "7:AAtoken"
NOW = datetime(2026, 11, 24, 1, 5, tzinfo=UTC)


def init(*, token: str = TOKEN, at: datetime = NOW, user: object = None, **more: str) -> str:
    fields = {"auth_date": str(int(at.timestamp())), "user": json.dumps({"id": 99} if user is None else user), "query_id": "AA", **more}
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    secret = hmac.new(b"WebAppData", token.encode(), sha256).digest()
    return urlencode(fields | {"hash": hmac.new(secret, lines.encode(), sha256).hexdigest()})


def test_who_it_is() -> None:
    assert vouched(init(), TOKEN, NOW) == "99"
    assert vouched(init(at=NOW - timedelta(minutes=59)), TOKEN, NOW) == "99"


@pytest.mark.parametrize(
    "given",
    [
        "",
        "x",
        "hash=1",
        "hash=ü",
        init(token="8:other"),
        init(at=NOW - timedelta(minutes=61)),
        init(at=NOW + timedelta(minutes=6)),
        init(user=[]),
        init(user={"id": "99"}),
        init(user={"id": True}),
        init(auth_date="soon"),
        init().replace("99", "98"),
        init() + "&user=%7B%22id%22%3A1%7D",
        init() + "a" * 9000,
    ],
)
def test_nobody(given: str) -> None:
    assert vouched(given, TOKEN, NOW) == ""
