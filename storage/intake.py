"""A line of a list against what is known: new, changed, the same or faulty; and put in (natural keys, so that twice is once)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from sqlalchemy import Connection, Table, select, tuple_

from rules import cells
from rules.lists import LISTS, List
from storage.names import keys
from storage.recorder import Recorder
from storage.tables import customer, issue, medium, position, price, running_contract, unit

_VERSION = re.compile(r"\s*(\d{4})\s*年\s*(\d{1,2})\s*月\s*版?\s*")
Coming = Mapping[str, Collection[str]]  # names the same file brings, by list: good enough for a dry run


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing of a list: its rows' numbers and values. `more` are the rows of a customer, one contact each."""

    list: str
    rows: tuple[int, ...]
    values: Mapping[str, Any]
    more: tuple[Mapping[str, Any], ...] = ()
    spelt: Mapping[str, str] = field(default_factory=dict)  # pinyin, computed before the writer's turn


@dataclass(frozen=True, slots=True)
class Verdict:
    """`differs`: label, what it was, what it becomes. `wrong`: column, reason. `known` is what the list's own module found."""

    entry: Entry
    kind: str  # new | changed | same | faulty
    label: str
    differs: tuple[tuple[str, str, str], ...] = ()
    wrong: tuple[tuple[str, str], ...] = ()
    known: Any = None


class Shelf(Protocol):
    def verdicts(self, conn: Connection, entries: Sequence[Entry], today: date, coming: Coming) -> list[Verdict]: ...
    def put(self, conn: Connection, to: Recorder, verdict: Verdict, today: date) -> None:
        """Of a verdict new or changed, reached in the same transaction."""
        ...

    def spell(self, values: Mapping[str, Any]) -> Mapping[str, str]: ...


def brackets(name: str) -> tuple[str, ...]:
    """上海（中国）公司 and 上海(中国)公司 are one."""
    return tuple(dict.fromkeys((name, name.replace("（", "(").replace("）", ")"), name.replace("(", "（").replace(")", "）"))))


def differences(known: List, before: Mapping[str, Any], values: Mapping[str, Any], names: Collection[str]) -> tuple[tuple[str, str, str], ...]:
    """Of the columns that are filled in."""
    found = []
    for name in names:
        if name in values and values[name] != before.get(name):
            column = known.column(name)
            found.append((column.label, str(cells.spelt(column, before.get(name))), str(cells.spelt(column, values[name]))))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Plain:
    """A list that is a table: its key, whom it names, and the column its pinyin is of."""

    of: str
    table: Table
    key: tuple[str, ...]
    names: Mapping[str, tuple[str, Table, bool]] = field(default_factory=dict)  # column → (column of the table, its table, needed)
    spelt: str = ""
    widths: tuple[int, int] = (240, 60)
    begin: Callable[[Mapping[str, Any], date], Mapping[str, Any]] = lambda values, today: values

    def verdicts(self, conn: Connection, entries: Sequence[Entry], today: date, coming: Coming) -> list[Verdict]:
        named = {
            column: _ids(conn, table, {str(entry.values[column]) for entry in entries if column in entry.values})
            for column, (_, table, _) in self.names.items()
        }
        rows, faults = [], []
        for entry in entries:
            values, wrong = self._row(entry, named, coming)
            rows.append(values)
            faults.append(wrong)
        known = self._known(conn, rows)
        return [self._verdict(*one, known, coming) for one in zip(entries, rows, faults, strict=True)]

    def put(self, conn: Connection, to: Recorder, verdict: Verdict, today: date) -> None:
        values, before = verdict.known
        if before is None:
            to.add(self.table, {**self.begin(values, today), **verdict.entry.spelt}, label=verdict.label)
            return
        changed = {name: value for name, value in values.items() if value != before[name]}
        to.change(self.table, before["id"], before, changed, f"{self.table.name}:{before['id']}", verdict.label)

    def spell(self, values: Mapping[str, Any]) -> Mapping[str, str]:
        return keys(str(values.get(self.spelt, "")), str(values.get("short", "")), widths=self.widths) if self.spelt else {}

    def _row(self, entry: Entry, named: Mapping[str, Mapping[str, int]], coming: Coming) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        values, wrong = dict(entry.values), []
        if "version" in values and (version := _VERSION.fullmatch(values["version"])):
            values["version"] = f"{version[1]} 年 {int(version[2])} 月版"
        for column, (target, table, _) in self.names.items():
            name = values.pop(column, None)
            if name is None:
                continue
            found = named[column].get(name)
            if found is None and not set(brackets(name)) & set(coming.get(_LIST_OF[table.name], ())):
                wrong.append(
                    (column, f"{LISTS[_LIST_OF[table.name]].title}里没有“{name[:40]}”。请写全称，或者先导入{LISTS[_LIST_OF[table.name]].title}。")
                )
            values[target] = found
        if values.get("let_from") and values.get("let_until") and values["let_from"] > values["let_until"]:
            wrong.append(("let_until", "到期在起租之前，请核对两个日期。"))
        if values.get("since") and values.get("until") and values["since"] > values["until"]:
            wrong.append(("until", "结束在开始之前，请核对两个日期。"))
        if values.get("fen") is not None and (values.get("open_fen") or 0) > values["fen"]:
            wrong.append(("open_fen", "未收比合同金额还多，请核对。"))
        return values, wrong

    def _key(self, values: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(values.get(name, "") for name in self.key)

    def _known(self, conn: Connection, rows: Sequence[Mapping[str, Any]]) -> dict[tuple[Any, ...], Mapping[str, Any]]:
        asked = {key for row in rows if None not in (key := self._key(row))}
        columns = [self.table.c[name] for name in self.key]
        found = conn.execute(select(self.table).where(tuple_(*columns).in_(sorted(asked)))).mappings() if asked else ()
        return {tuple(row[name] for name in self.key): dict(row) for row in found}

    def _verdict(
        self,
        entry: Entry,
        values: Mapping[str, Any],
        wrong: list[tuple[str, str]],
        known: Mapping[tuple[Any, ...], Mapping[str, Any]],
        coming: Coming,
    ) -> Verdict:
        listed = LISTS[self.of]
        label = " ".join(str(entry.values[name]) for name in listed.key if name in entry.values)
        if wrong:
            return Verdict(entry, "faulty", label, wrong=tuple(wrong))
        before = known.get(self._key(values))
        if before is None:
            return Verdict(entry, "new", label, known=(values, None))
        differs = differences(listed, before, values, [name for name in values if name in before and name not in ("customer_id", "medium_id")])
        for column, (target, _, _) in self.names.items():
            if values.get(target, before[target]) != before[target]:
                differs += ((listed.column(column).label, "", str(entry.values[column])),)
        return Verdict(entry, "changed" if differs else "same", label, differs, known=(values, before))


_LIST_OF = {"medium": "media", "customer": "customers"}


def _ids(conn: Connection, table: Table, names: Collection[str]) -> dict[str, int]:
    """By name, a medium also by its short one."""
    asked = {spelling for name in names for spelling in brackets(name)}
    if not asked:
        return {}
    found = {row.name: int(row.id) for row in conn.execute(select(table.c.id, table.c.name).where(table.c.name.in_(sorted(asked))))}
    if table is medium:
        shorts = conn.execute(select(medium.c.id, medium.c.short).where(medium.c.short.in_(sorted(asked)), medium.c.short != ""))
        found = {row.short: int(row.id) for row in shorts} | found
    return {name: found[spelling] for name in names for spelling in reversed(brackets(name)) if spelling in found}


def _priced(values: Mapping[str, Any], today: date) -> Mapping[str, Any]:
    """In force from the first day of the version's month, unless the list says from when."""
    version = _VERSION.fullmatch(values["version"])
    begins = date(int(version[1]), min(12, max(1, int(version[2]))), 1) if version else today
    return {"since": begins, **values}


_IN_MEDIUM = {"medium": ("medium_id", medium, True)}
PLAIN: Mapping[str, Plain] = {
    "units": Plain("units", unit, ("estate", "building", "room"), spelt="estate", widths=(160, 40)),
    "prices": Plain("prices", price, ("version", "code"), spelt="item", begin=_priced),
    "media": Plain("media", medium, ("name",), spelt="name"),
    "positions": Plain("positions", position, ("medium_id", "name"), _IN_MEDIUM, spelt="name"),
    "issues": Plain("issues", issue, ("medium_id", "number"), _IN_MEDIUM),
    "contracts": Plain(
        "contracts", running_contract, ("number",), {"customer": ("customer_id", customer, True), "medium": ("medium_id", medium, False)}
    ),
}
