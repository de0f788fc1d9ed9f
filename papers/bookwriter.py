"""Workbooks written row by row: every text is a string whatever it begins with, and memory stays small however many rows there are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

LONGEST = 32_767  # signs a cell holds
PER_SHEET = 1_000_000  # rows, below Excel's limit
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Head:
    """A column: heading, width, its kind (text | number | money), what may be chosen, a note on the heading."""

    label: str
    width: int = 14
    kind: str = "text"
    choices: Sequence[str] = ()
    note: str = ""
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Cells; `wrong` are those to be red, each with the reason; `faint` for an example."""

    cells: Sequence[Any]
    wrong: Mapping[int, str] = field(default_factory=dict)
    faint: bool = False


class Book:
    """`with Book(target) as book: book.sheet(name, heads, rows)`; the target is complete when the block ends."""

    def __init__(self, target: Path | BinaryIO) -> None:
        path = str(target) if isinstance(target, Path) else target
        safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "constant_memory": True}
        import xlsxwriter  # here, not above: a server that writes no book does not hold it

        self._book = xlsxwriter.Workbook(path, safe)
        self._names: set[str] = set()
        text = {"num_format": "@", "valign": "top"}
        self._text = self._book.add_format(text)
        self._faint = self._book.add_format(text | {"font_color": "#808080", "italic": True})
        self._red = self._book.add_format(text | {"bg_color": "#FFC7CE", "font_color": "#9C0006"})
        self._number = self._book.add_format({"num_format": "0", "valign": "top"})
        self._money = self._book.add_format({"num_format": "#,##0.00", "valign": "top"})
        self._head = self._book.add_format({"bold": True, "bg_color": "#DDE7F0", "border": 1, "num_format": "@"})
        self._needed = self._book.add_format({"bold": True, "bg_color": "#FFE699", "border": 1, "num_format": "@"})

    def __enter__(self) -> Book:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._book.close()

    def sheet(self, name: str, heads: Sequence[Head], rows: Iterable[Row | Sequence[Any]]) -> int:
        """How many rows; what does not fit on one sheet goes on with another."""
        sheet, at, count = self._begun(name, heads), 1, 0
        for row in rows:
            if at > PER_SHEET:
                sheet, at = self._begun(name, heads), 1
            self._put(sheet, at, row if isinstance(row, Row) else Row(row), heads)
            at, count = at + 1, count + 1
        return count

    def lines(self, name: str, lines: Sequence[str]) -> None:
        """A page of plain text."""
        sheet = self._book.add_worksheet(self._free(name))
        sheet.set_column(0, 0, 100, self._text)
        for at, line in enumerate(lines):
            sheet.write_string(at, 0, clean(line), self._text)

    def bare(self, name: str, rows: Sequence[Row], widths: Sequence[int] = ()) -> None:
        """As it was, without a heading of ours."""
        sheet = self._book.add_worksheet(self._free(name))
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width)
        for nth, row in enumerate(rows):
            self._put(sheet, nth, row, ())

    def _begun(self, name: str, heads: Sequence[Head]) -> Any:
        sheet = self._book.add_worksheet(self._free(name))
        sheet.freeze_panes(1, 0)
        for at, head in enumerate(heads):
            kinds = {"money": self._money, "number": self._number}
            sheet.set_column(at, at, head.width, kinds.get(head.kind, self._text))
            sheet.write_string(0, at, clean(head.label), self._needed if head.needed else self._head)
            if head.note:
                sheet.write_comment(0, at, clean(head.note))
            if head.choices and sum(len(one) + 1 for one in head.choices) <= 255:
                sheet.data_validation(1, at, 5000, at, {"validate": "list", "source": list(head.choices), "error_type": "warning"})
        if heads:
            sheet.autofilter(0, 0, 0, len(heads) - 1)
        return sheet

    def _put(self, sheet: Any, at: int, row: Row, heads: Sequence[Head]) -> None:
        for nth, cell in enumerate(row.cells):
            kind = heads[nth].kind if nth < len(heads) else ""
            if nth in row.wrong:
                sheet.write_string(at, nth, clean(cell), self._red)
                sheet.write_comment(at, nth, clean(row.wrong[nth]))
            elif cell is None or cell == "":
                continue
            elif isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) < 10**11:
                sheet.write_number(at, nth, cell, self._money if kind == "money" else None)
            else:
                sheet.write_string(at, nth, clean(cell), self._faint if row.faint else self._text)

    def _free(self, name: str) -> str:
        """Excel's rules for names of sheets: 31 signs, some not at all, none twice."""
        base = _NOT_IN_A_NAME.sub(" ", clean(name)).strip(" '")[:31] or "表"
        chosen, n = base, 1
        while chosen.casefold() in self._names:
            n += 1
            chosen = f"{base[: 31 - len(str(n)) - 1]} {n}"
        self._names.add(chosen.casefold())
        return chosen


def clean(cell: Any) -> str:
    """As text a cell can hold."""
    text = "" if cell is None else str(cell)
    text = _NOT_IN_XML.sub("", text)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
