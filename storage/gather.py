"""The rows of a sheet put together by what they are about: a customer's contacts are one customer, the same flat twice is a mistake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from papers.listfile import Found, Line
from storage.intake import Entry

Faults = dict[int, dict[int, str]]  # row number → place → reason
_TWICE = "和第 {} 行是同一条，内容不一样。请只留一行。"
_NAMESAKE = "第 {} 行也叫这个名字。请两行都写上手机号或企业微信账号。"


def gather(found: Found) -> tuple[list[Entry], Faults]:
    """What can be looked at further, and the rows that cannot."""
    if found.list is None:
        return [], {}
    faults: Faults = {line.number: dict(line.wrong) for line in found.lines if line.wrong}
    lines = [line for line in found.lines if not line.wrong]
    if found.list.name == "customers":
        return _customers(lines), faults
    entries: dict[Any, Entry] = {}
    for line in lines:
        keys = _keys(found.list.name, found.list.key, line.values)
        known = next((entries[key] for key in keys if key in entries), None)
        if known is None:
            entry = Entry(found.list.name, (line.number,), line.values)
            entries |= dict.fromkeys(keys, entry)
        elif known.values == line.values:
            continue  # written twice alike
        else:
            place = next((found.columns[name] for name in found.list.key if name in found.columns), 0)
            words = _NAMESAKE if found.list.name == "people" and keys[0][0] == "name" else _TWICE
            faults[line.number] = {place: words.format(known.rows[0])}
    return list({id(entry): entry for entry in entries.values()}.values()), faults


def _keys(name: str, key: Sequence[str], values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    if name != "people":
        return [tuple(values.get(column, "") for column in key)]
    known = [(column, str(values[column]).lower()) for column in ("account", "phone") if values.get(column)]
    return known or [("name", values["name"])]


def _customers(lines: Sequence[Line]) -> list[Entry]:
    grouped: dict[str, list[Line]] = {}
    for line in lines:
        grouped.setdefault(str(line.values["name"]), []).append(line)
    entries = []
    for theirs in grouped.values():
        merged: dict[str, Any] = {}
        for line in theirs:
            merged = {**line.values, **merged}
        entries.append(Entry("customers", tuple(line.number for line in theirs), merged, tuple(line.values for line in theirs)))
    return entries
