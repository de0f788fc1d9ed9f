"""The eyes of a rehearsal: what was seen on its drawn pictures is noted beside them, so that a rehearsal reads the same everywhere, and at once."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from bot.eyes import FAILED, Seen, Signed
from bot.rehearsal.script import PICTURES

NOTED = PICTURES / "seen.json"
_PLAIN: dict[str, Any] = {"usable": True, "advice": "", "presence": "没有看到印章", "seals": [], "straddle": 0, "copies": 0, "licence": None}


class Noted:
    """bot.eyes.Seeing without a child; `read` False: nothing here can read."""

    def __init__(self, *, read: bool = True) -> None:
        self._read = read

    async def first_look(self, path: Path) -> Seen:
        return Seen({**_of(path.name), "seals": [], "licence": None, "read": False, "reads": self._read})

    async def look(self, path: Path) -> Seen:
        if not self._read:
            return await self.first_look(path)
        if not path.is_file():
            return Seen(why=FAILED)
        return Seen({**_of(path.name), "read": True})

    async def signature(self, path: Path) -> Signed:
        return Signed()

    async def close(self) -> None:
        """Nothing is held."""


def _of(sha: str) -> dict[str, Any]:
    return _by_hash().get(sha, _PLAIN)


@cache
def _by_hash() -> dict[str, dict[str, Any]]:
    """A file of the blob folder is called by its hash."""
    noted = json.loads(NOTED.read_text("utf8"))
    return {hashlib.sha256((PICTURES / name).read_bytes()).hexdigest(): seen for name, seen in noted.items()}
