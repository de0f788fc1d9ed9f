"""What was seen on photographs of stamped papers and licences (A-4.1c, A-4.4.1, A-4.4.2, A-4.4.10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from conversations.firm import Case


class SightLookup(Protocol):
    """What forms read while they are filled in."""

    def seen(self, sha256: str) -> Mapping[str, Any]:
        """papers.sight.verdict.Verdict as plain values, with `stage`: first, read, unread; {} when nobody has looked yet."""
        ...

    def readings(self, paper: int) -> Sequence[Case]:
        """Of a record's pictures, oldest first; none of a record one may not see."""
        ...


class Sight(Protocol):
    def note_seen(self, case: int, seen: Mapping[str, Any]) -> None:
        """To the picture of one's own reading."""
        ...
