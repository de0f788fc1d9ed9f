"""Lists brought in from Excel, in pieces, with their history, and taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class ImportRun:
    """`counts`: list → new, changed, same, faulty; `kept` when it was taken back in part."""

    id: int
    by: str
    at: datetime
    file: str
    sha256: str
    asked: Mapping[str, Any]
    state: str  # checked | running | done | undoing | undone
    counts: Mapping[str, Mapping[str, int]]
    done: int
    total: int
    ended_at: datetime | None

    def count(self, kind: str) -> int:
        return sum(counts.get(kind, 0) for counts in self.counts.values())


@dataclass(frozen=True, slots=True)
class ImportedLine:
    subject: str
    label: str
    added: bool
    undone: bool
    kept_why: str


Lines = Sequence[ImportedLine]
