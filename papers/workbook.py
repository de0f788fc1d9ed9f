"""Workbooks as bytes: what people send is read with limits and a sentence for each thing wrong; what we write never holds a formula."""

from __future__ import annotations

import csv
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

Cell = str | int | float | bool | date | datetime | time | timedelta | None
LARGEST = 20 << 20  # bytes of the file as it comes
UNPACKED = 300 << 20  # bytes of what is inside
ROWS, COLUMNS, SHEETS = 100_000, 200, 40
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_PLACED = re.compile(rb'<(?:\w+:)?c\s[^>]{0,200}?r="([A-Z]{1,3})([0-9]{1,7})"')
_REPEATED = re.compile(rb'number-(?:columns|rows)-(?:repeated)="([0-9]{1,9})"')
_TAIL = 300  # a reference may lie across two pieces

EMPTY = "这个文件里没有内容。请打开看看，有数据再传。"
TOO_LARGE = f"文件超过 {LARGEST >> 20} MB。请分成几个文件，或者只留要导入的表再传。"
TOO_MANY = f"一张表最多 {ROWS:,} 行、{COLUMNS} 列。请分成几个文件再传；如果数据没有这么多，请把数据复制到新的工作簿里再传。"
TOO_MANY_SHEETS = f"一个文件最多 {SHEETS} 张表。请只留要导入的表再传。"
BOMB = "这个文件解开以后太大，不能读。请把要导入的内容复制到新的工作簿里，另存为 .xlsx 再传。"
LOCKED = "这个文件有密码，读不了。请用 Excel 打开，去掉密码（文件 → 信息 → 保护工作簿），另存后再传。"
NO_EXCEL = "这不是 Excel 文件。请用 Excel 或 WPS 打开，另存为 .xlsx 再传；.xls、.ods、.csv 也可以。"
BROKEN = "这个文件坏了，打不开。请用 Excel 打开，另存为 .xlsx 再传。"


class Unreadable(Exception):
    """The file cannot be read; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows are of one length; row 1 of the sheet is rows[0]."""

    name: str
    rows: Sequence[Sequence[Cell]]


def read(data: bytes, name: str = "") -> tuple[Sheet, ...]:
    """Every sheet that is shown and holds something. Formulas are taken as the values they had. Raises Unreadable."""
    if len(data) > LARGEST:
        raise Unreadable(TOO_LARGE)
    if not data.strip(b"\0 \r\n\t"):
        raise Unreadable(EMPTY)
    if data.startswith(b"PK"):
        _inspect(data)
    elif not data.startswith(_OLE):
        return _from_text(data, name)
    found = tuple(_from_binary(data))
    if not found:
        raise Unreadable(EMPTY)
    return found


def _from_binary(data: bytes) -> Iterator[Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum, ZipError

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        shown = [one for one in book.sheets_metadata if one.visible == SheetVisibleEnum.Visible and one.typ == SheetTypeEnum.WorkSheet]
        if len(shown) > SHEETS:
            raise Unreadable(TOO_MANY_SHEETS)
        for one in shown:
            sheet = book.get_sheet_by_name(one.name)
            if sheet.total_height > ROWS + 100 or sheet.total_width > COLUMNS:
                raise Unreadable(TOO_MANY)
            rows = _trimmed([[None if cell == "" else cell for cell in row] for row in sheet.to_python(skip_empty_area=False)])
            if rows:
                yield Sheet(one.name, rows)
    except PasswordError:
        raise Unreadable(LOCKED) from None
    except (CalamineError, ZipError, OSError, ValueError) as error:
        raise Unreadable(_why(data, error)) from error
    except BaseException as error:  # the reader's own panic is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise Unreadable(BROKEN) from error


def _why(data: bytes, error: Exception) -> str:
    if data.startswith(_OLE) and "EncryptedPackage".encode("utf-16-le") in data:
        return LOCKED
    if "password" in str(error).lower():
        return LOCKED
    return BROKEN if data.startswith(_OLE) else NO_EXCEL


def _inspect(data: bytes) -> None:
    """A ZIP says how large its parts are and may lie: they are unpacked here, piece by piece, and counted."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, struct.error) as error:
        raise Unreadable(BROKEN) from error
    left = UNPACKED
    if len(parts) > 5000 or sum(part.file_size for part in parts) > UNPACKED:
        raise Unreadable(BOMB)
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable(LOCKED)
    for part in parts:
        sheet = part.filename.endswith((".xml", ".XML"))
        tail = b""
        for piece in _pieces(data, part):
            left -= len(piece)
            if left < 0:
                raise Unreadable(BOMB)
            if sheet:
                _check_places(tail + piece)
                tail = piece[-_TAIL:]


def _pieces(data: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    start = part.header_offset
    if data[start : start + 4] != b"PK\3\4":
        raise Unreadable(BROKEN)
    name, extra = struct.unpack("<HH", data[start + 26 : start + 30])
    packed = memoryview(data)[start + 30 + name + extra :][: part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        yield bytes(packed)
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise Unreadable(BROKEN)
    unpack, rest = zlib.decompressobj(-15), bytes(packed)
    try:
        while rest and not unpack.eof:
            yield unpack.decompress(rest, 1 << 20)
            rest = unpack.unconsumed_tail
    except zlib.error as error:
        raise Unreadable(BROKEN) from error


def _check_places(xml: bytes) -> None:
    """One cell far out would make the reader lay out everything up to it."""
    for letters, row in _PLACED.findall(xml):
        if int(row) > ROWS + 100 or len(letters) > 2:
            raise Unreadable(TOO_MANY)


def _from_text(data: bytes, name: str) -> tuple[Sheet, ...]:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if data.startswith(b"%PDF") or (b"\0" in data[:4096] and not wide):
        raise Unreadable(NO_EXCEL)
    text = _decoded(data)
    if text.lstrip()[:200].lower().startswith(("<!doctype", "<html", "<?xml", "<table", "{\\rtf")):
        raise Unreadable(NO_EXCEL)
    rows: list[list[Cell]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)):
            rows.append([cell.strip() or None for cell in row])
            if len(rows) > ROWS + 100 or len(row) > COLUMNS:
                raise Unreadable(TOO_MANY)
    except csv.Error as error:
        raise Unreadable(BROKEN) from error
    found = _trimmed(rows)
    if not found:
        raise Unreadable(EMPTY)
    return (Sheet(name.rsplit("/")[-1].rsplit(".", 1)[0] or "表", found),)


def _decoded(data: bytes) -> str:
    """UTF-8, else GBK as Excel in China writes it. Signs that hardly any list has mean it is neither."""
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        odd = sum(1 for sign in text[:4000] if sign < " " and sign not in "\r\n\t")
        if not odd:
            return text
    raise Unreadable(NO_EXCEL)


def _delimiter(text: str) -> str:
    lines = text[:8000].splitlines()[:20]
    return max(",\t;", key=lambda sign: sum(line.count(sign) for line in lines))


def _trimmed(rows: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
    """Without the empty rows at the end and the empty columns at the right; every row of one length."""
    used = [[not _empty(cell) for cell in row] for row in rows]
    height = max((nth + 1 for nth, row in enumerate(used) if any(row)), default=0)
    width = max((nth + 1 for row in used for nth, cell in enumerate(row) if cell), default=0)
    if height > ROWS + 20 or width > COLUMNS:
        raise Unreadable(TOO_MANY)
    return [[*row[:width], *[None] * (width - len(row))] for row in rows[:height]]


def _empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())
