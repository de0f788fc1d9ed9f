"""What a case is about, in words: 天籁音响的报价, 华东精密：想降 5%."""

from __future__ import annotations

import re

from conversations.firm import Case
from conversations.lookup import Lookup

_NOUN = re.compile("(?:(?!想|要|希望|不|降|加).){1,6}")


def customer(desk: Lookup, case: Case) -> str:
    return desk.label("customers", case.customer_id) if case.customer_id else ""


def about(desk: Lookup, case: Case, *, by_name: bool = False) -> str:
    """天籁音响的报价, 华东精密：想降 5%; `by_name` for who knows them: 张总的报价."""
    matter = str(case.data.get("what") or case.data.get("words") or case.data.get("about") or "")
    to = case.data.get("to")  # whom at the customer's; a number is what an earlier version wrote over it when it was handed on
    whose = to if by_name and isinstance(to, str) else ""
    whose = whose or customer(desk, case)
    if not matter or not whose or whose in matter:
        return matter or whose or "一件事"
    return f"{whose}的{matter}" if _NOUN.fullmatch(matter) else f"{whose}：{matter}"
