"""The firm's lists, looked up: flats, prices, media with positions and issues, running contracts (A-3.4.1, A-4.4.3, A-4.4.4, A-6.4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from conversations.holdings import Issue, Medium, Position, Price, RunningContract, Unit


class Lists(Protocol):
    """Reads; who may not see a list finds nothing in it. `words` are what was typed: every word has to be in the line."""

    def units(self, words: str, limit: int = 6) -> Sequence[Unit]: ...
    def prices(self, words: str = "", limit: int = 6, version: str = "") -> Sequence[Price]:
        """Of the version in force today unless one is named."""
        ...

    def media(self, words: str = "", limit: int = 20) -> Sequence[Medium]: ...
    def positions(self, words: str = "", limit: int = 6, medium: int = 0) -> Sequence[Position]: ...
    def issues(self, words: str = "", limit: int = 6, medium: int = 0, since: date | None = None) -> Sequence[Issue]:
        """By the day they are to be delivered, or appear; from `since` on. No `since`: all, newest last."""
        ...

    def issue(self, id: int) -> Issue | None: ...
    def contracts(self, words: str = "", limit: int = 6, customer: int = 0) -> Sequence[RunningContract]:
        """Of customers one sees, those that end first coming first."""
        ...
