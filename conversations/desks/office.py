"""What the office does to the firm beside what the chat can: people's cards, teams, days off, settings, owners (A-1.3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rules.duties import Lack


class Office(Protocol):
    """Every write is checked by the policy and stands in the audit log."""

    def office_link(self) -> str:
        """For the speaker, ten minutes, once: opens the office in a browser."""
        ...

    def duties_lacking(self) -> Sequence[Lack]:
        """What nobody, or not enough people, can do today."""
        ...
