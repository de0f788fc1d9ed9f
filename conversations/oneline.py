"""A whole visit, call, promise or appointment in one message: read into the answers of the right form (A-3.3.6a, A-3.3.7)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from conversations.firm import Found
from conversations.lexicon import CALLED, COUNTED, LEAD, SPLIT, VERBS, Kind
from conversations.lookup import Lookup
from conversations.reader import Note, Reader

LONGEST = 4000
BOOK = 300  # own customers looked through by name; more are searched word by word


def read(text: str, at: datetime, look: Lookup) -> list[Note]:
    """The records in a message, in order; none when it is no record."""
    book = look.find("customers", "", 0, BOOK)
    notes = [_note(part, at, look, book) for part in _parts(text[:LONGEST], at, look, book)]
    return [note for note in notes if note is not None]


def begins(text: str) -> bool:
    """Does a verb say that a record begins? Asked without the customers, before the message is read in full."""
    at = [0, *(found.end() for found in re.finditer(r"[，,、\s；;。]+", text[:LONGEST]))]
    lead = LEAD.match(text)
    return any(pattern.search(text) for pattern in CALLED) or any(
        pattern.match(text, start) for start in [lead.end() if lead else 0, *at] for _, pattern in VERBS
    )


def read_as(kind: Kind, text: str, at: datetime, look: Lookup) -> Note:
    """The same for words whose kind has been tapped; what cannot be placed is what was talked about."""
    book = look.find("customers", "", 0, BOOK)
    return Reader(" ".join(text[:LONGEST].split("\n")), at, look, book, kind).note()


def _parts(text: str, at: datetime, look: Lookup, book: Sequence[Found]) -> list[str]:
    """Lines that begin a record; the others belong to the one before."""
    parts: list[str] = []
    begun = False
    for line in (line.strip() for line in SPLIT.split(text)):
        if not line:
            continue
        starts = _starts(line, at, look, book)
        if begun and not starts:
            parts[-1] += f"，{line}"
        else:
            loose = parts.pop() if parts and not begun else ""
            parts.append(f"{line}，{loose}" if loose and starts else f"{loose}，{line}".strip("，"))
        begun = begun or starts
    return parts


def _starts(line: str, at: datetime, look: Lookup, book: Sequence[Found]) -> bool:
    reader = Reader(line, at, look, book)
    return (reader.verb() and reader.kind != "promise") or reader.find_customer()


def _note(part: str, at: datetime, look: Lookup, book: Sequence[Found]) -> Note | None:
    reader = Reader(part, at, look, book)
    note = reader.note()
    if note.customer is None and not note.name and COUNTED.search(part):
        return None  # 今天去了3家: which ones?
    if note.said or (note.customer and (note.met or note.need or note.reply_by or note.talked or note.kind == "appointment")):
        return note
    return None


__all__ = ["Note", "begins", "read", "read_as"]
