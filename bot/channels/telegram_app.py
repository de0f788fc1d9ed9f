"""Who opened a page inside Telegram, as Telegram itself signs it (initData of a Mini App)."""

from __future__ import annotations

import hmac
import json
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import parse_qsl

FRESH = timedelta(hours=1)
AHEAD = timedelta(minutes=5)  # how far its clock may be before ours
LONGEST = 8192


def vouched(init: str, token: str, now: datetime) -> str:
    """The user's id there; "" when it is not Telegram speaking, not for this bot, or too long ago."""
    if len(init) > LONGEST:
        return ""
    try:
        given = parse_qsl(init, keep_blank_values=True, strict_parsing=True)
    except ValueError:
        return ""
    fields = dict(given)
    told = fields.pop("hash", "")
    if len(fields) + 1 != len(given) or not told.isascii():
        return ""
    secret = hmac.new(b"WebAppData", token.encode(), sha256).digest()
    lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    if not hmac.compare_digest(hmac.new(secret, lines.encode(), sha256).hexdigest(), told):
        return ""
    stamp = fields.get("auth_date", "")
    if not stamp.isascii() or not stamp.isdecimal() or len(stamp) > 12 or not -AHEAD <= now - datetime.fromtimestamp(int(stamp), now.tzinfo) <= FRESH:
        return ""
    return _user(fields.get("user", ""))


def _user(told: str) -> str:
    try:
        user = json.loads(told)
    except ValueError:
        return ""
    id = user.get("id") if isinstance(user, dict) else None
    return str(id) if isinstance(id, int) and not isinstance(id, bool) else ""
