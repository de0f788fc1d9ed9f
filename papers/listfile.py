"""A workbook as the firm's lists: where the headings are, what each means, every row read; templates; the file back with red cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from papers.bookwriter import Book, Head, Row
from papers.workbook import Cell, Sheet
from rules import cells, headings
from rules.cells import Faulty, Value
from rules.lists import LISTS, Column, List

SEARCHED = 20  # rows in which the headings may stand
EXAMPLE = "示例："
REASONS = "哪里不对"
_PASSED_OVER = re.compile(r"\s*(?:示例|例[:：]|合\s*计|总\s*计|小\s*计|制表|填表|说明[:：]|备注[:：]|注[:：]|※)")
_VERSION = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*版?")
_GOOD = 70.0  # of 100: below, nothing is suggested


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the sheet: what was read, by column; and what could not be, by place, with the reason. Numbers as Excel shows them."""

    number: int
    values: Mapping[str, Value]
    wrong: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """A sheet and the list it is. `unknown` are headings nobody knows: place, heading, what they may mean (to be confirmed)."""

    sheet: str
    list: List | None
    head: int = -1  # index of the row of headings
    columns: Mapping[str, int] = field(default_factory=dict)
    unknown: Sequence[tuple[int, str, str]] = ()
    missing: Sequence[Column] = ()
    lines: Sequence[Line] = ()

    @property
    def usable(self) -> bool:
        return self.list is not None and not self.missing


def found(sheet: Sheet, chosen: str = "", mapping: Mapping[int, str] | None = None) -> Found:
    """`chosen` is the list's name when a person said so ("-" for none), `mapping` place → column as confirmed ("" for none)."""
    texts = [[cells.words(cell) if cell is not None else "" for cell in row] for row in sheet.rows[:SEARCHED]]
    known = LISTS.get(chosen) or (headings.of_sheet(sheet.name, texts) if not chosen else None)
    if known is None:
        return Found(sheet.name, None)
    head = max(range(len(texts)), key=lambda nth: (len(headings.matched(known, texts[nth])), -nth), default=-1)
    columns = headings.matched(known, texts[head]) if head >= 0 else {}
    if not columns:
        return Found(sheet.name, known, missing=[one for one in known.columns if one.needed])
    for place, name in (mapping or {}).items():
        columns = {other: at for other, at in columns.items() if at != place}
        if name in {one.name for one in known.columns}:
            columns[name] = place
    title = " ".join([sheet.name, *(cell for row in texts[:head] for cell in row)])
    given = _said_above(known, title, columns)
    missing = [one for one in known.columns if one.needed and one.name not in columns and one.name not in given]
    unknown = [(at, text, _suggested(known, text, columns)) for at, text in enumerate(texts[head]) if text and at not in columns.values()]
    unknown = [one for one in unknown if headings.fold(one[1]) != headings.fold(REASONS)]
    lines = [] if missing else list(_lines(known, sheet.rows, head, columns, given))
    return Found(sheet.name, known, head, columns, unknown, missing, lines)


def _said_above(known: List, title: str, columns: Mapping[str, int]) -> dict[str, Value]:
    """The version of a price table often stands in the title only."""
    version = _VERSION.search(title) if known.name == "prices" and "version" not in columns else None
    return {"version": f"{version[1]} 年 {int(version[2])} 月版"} if version else {}


def _suggested(known: List, heading: str, columns: Mapping[str, int]) -> str:
    """Never taken by itself: a person confirms it."""
    from rapidfuzz import fuzz

    free = [column for column in known.columns if column.name not in columns]
    scored = [(max(fuzz.ratio(headings.fold(heading), headings.fold(name)) for name in headings.names(column)), column.name) for column in free]
    best = max(scored, default=(0.0, ""))
    return best[1] if best[0] >= _GOOD else ""


def _lines(known: List, rows: Sequence[Sequence[Cell]], head: int, columns: Mapping[str, int], given: Mapping[str, Value]) -> Iterator[Line]:
    above: dict[str, Value] = {}
    wanted = [(known.column(name), at) for name, at in columns.items()]
    for nth, row in enumerate(rows[head + 1 :], head + 1):
        first = next((cell for cell in row if cell is not None and str(cell).strip()), None)
        if first is None or _is_aside(first) or _is_heading(row, rows[head], columns):
            continue
        yield _line(known, nth + 1, row, wanted, given, above)


def _is_aside(first: Cell) -> bool:
    """Examples, totals, remarks under the table."""
    return isinstance(first, str) and _PASSED_OVER.match(first) is not None


def _is_heading(row: Sequence[Cell], heading: Sequence[Cell], columns: Mapping[str, int]) -> bool:
    """The headings once more, as on each printed page."""
    return len(columns) > 1 and all(row[at] == heading[at] for at in columns.values())


def _line(
    known: List, number: int, row: Sequence[Cell], wanted: Sequence[tuple[Column, int]], given: Mapping[str, Value], above: dict[str, Value]
) -> Line:
    values: dict[str, Value] = dict(given)
    wrong: dict[int, str] = {}
    for column, at in wanted:
        try:
            value = cells.read(column, row[at] if at < len(row) else None)
        except Faulty as faulty:
            wrong[at] = f"{column.label}：{faulty}"
            continue
        if value is None and column.carries:
            value = above.get(column.name)
        if value is not None:
            values[column.name] = value
            if column.carries:
                if above.get(column.name) != value:
                    _forget_below(known, column, above)
                above[column.name] = value
        elif column.needed:
            wrong[at] = f"{column.label}：这一格要填。"
    return Line(number, values, wrong)


def _forget_below(known: List, column: Column, above: dict[str, Value]) -> None:
    """Another estate: the building above was of the one before."""
    names = [one.name for one in known.columns if one.carries]
    for name in names[names.index(column.name) + 1 :]:
        above.pop(name, None)


# --- out ------------------------------------------------------------------------------------------------


def heads(known: List, columns: Sequence[Column] | None = None) -> list[Head]:
    return [_head(column) for column in (columns or known.columns)]


def _head(column: Column) -> Head:
    hints = [
        *(["必填。"] if column.needed else []),
        *([column.note] if column.note else []),
        *([f"例如：{column.example}"] if column.example else []),
    ]
    choices = tuple(column.choices) if column.kind == "choice" or (column.kind == "choices" and len(column.choices) <= 20) else ()
    width = 12 + len(column.example)
    return Head(column.label, max(10, min(width, 32)), "text", choices, "\n".join(hint for hint in hints if hint), column.needed)


def template(target: Path | BinaryIO, known: Sequence[List]) -> None:
    """Headings, an example row that is passed over when it stays, drop-downs, notes."""
    with Book(target) as book:
        for one in known:
            first, *others = one.columns
            book.sheet(one.title, heads(one), [Row([EXAMPLE + first.example, *(column.example for column in others)], faint=True)])
        book.lines("怎么填", [*_howto(known)])


def _howto(known: Sequence[List]) -> Iterator[str]:
    yield "黄色的列要填，别的可以空着。第 2 行是例子，留着、删掉都行，不会导入。"
    yield "列的次序可以变，用不到的列可以删，多出来的列不影响。"
    yield "同一个文件再导入一次，不会重复；空着的格不会把已有的资料抹掉。"
    for one in known:
        if one.note:
            yield f"{one.title}：{one.note}"


def written(one: List, values: Mapping[str, Any]) -> list[Any]:
    """A line as it goes out."""
    return [cells.spelt(column, values.get(column.name)) for column in one.columns]


def marked(target: Path | BinaryIO, sheets: Iterable[Sheet], faults: Mapping[str, Mapping[int, Mapping[int, str]]], heads: Mapping[str, int]) -> None:
    """The whole file back: sheet → row number → place → reason; the cells red with a comment, the reasons once more in a last column."""
    with Book(target) as book:
        for sheet in sheets:
            width = max((len(row) for row in sheet.rows), default=0)
            wrong = faults.get(sheet.name, {})
            rows = [Row([*(_kept(cell) for cell in row), *[""] * (width - len(row))], wrong.get(nth, {})) for nth, row in enumerate(sheet.rows, 1)]
            if wrong:
                rows = [_with_reasons(row, nth, width, heads.get(sheet.name, -1)) for nth, row in enumerate(rows)]
            widths = [min(40, 2 + max((_width(cell) for row in rows[:200] if (cell := row.cells[at]) is not None), default=8)) for at in range(width)]
            book.bare(sheet.name, rows, [*widths, 50])


def _with_reasons(row: Row, nth: int, width: int, head: int) -> Row:
    if nth == head:
        return replace(row, cells=[*row.cells, REASONS])
    if not row.wrong:
        return row
    reasons = "；".join(dict.fromkeys(row.wrong.values()))
    return replace(row, cells=[*row.cells, reasons], wrong={**row.wrong, width: reasons})


def _kept(cell: Cell) -> str:
    """As text that is read back as the same."""
    return "" if cell is None else str(cell) if isinstance(cell, str) else cells.words(cell)


def _width(cell: Any) -> int:
    return min(40, sum(2 if ord(sign) > 0x2E7F else 1 for sign in str(cell)[:40]))
