"""No task without its object: what every kind of case has to be about before it is opened (A-1.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from rules.errors import RuleBroken

Object = Literal["customer", "day", "paper", "person"]

# A case is somebody's in any case; this is what it is about besides.
KINDS: Mapping[str, Object] = {
    "appointment": "customer",
    "promise": "customer",
    "request": "customer",
    "need": "customer",
    "prospect": "customer",
    "complaint": "customer",
    "relation": "customer",
    "touch": "customer",
    "delivery": "customer",
    "meeting": "customer",
    "daylog": "day",
    "page": "day",  # an evening's digest
    "statement": "day",  # of a month, by its last day
    "account": "person",
    "reading": "day",  # of a photograph of that day: what the eyes still have to read on it
    "photos": "day",  # sent and not yet in a record: of that day, until they are put into one
}
_MISSING: Mapping[Object, str] = {
    "customer": "请先写清是哪家客户，这件事才好办。",
    "day": "请先写清是哪一天的。",
    "paper": "请先写清是哪份记录的。",
    "person": "请先写清是谁的。",
}


def require(kind: str, *, customer: int | None = None, day: object = None, paper: int | None = None, person: int | None = None) -> None:
    """Raise what to say when the object is missing."""
    wanted = KINDS.get(kind)
    given: Mapping[Object, object] = {"customer": customer, "day": day, "paper": paper, "person": person}
    if wanted is not None and not given[wanted]:
        raise RuleBroken("A-1.4", _MISSING[wanted])
