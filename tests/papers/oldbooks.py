"""Workbooks of other kinds, made by hand: the .xls of Excel 97 (BIFF8 in a compound file) and LibreOffice's .ods."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

Rows = Sequence[Sequence[Any]]
_SECTOR, _FREE, _END, _FAT = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def xls(name: str, rows: Rows) -> bytes:
    globals_ = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)) + _record(0x0042, struct.pack("<H", 1200))
    title = struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    starts = len(globals_) + 4 + 6 + len(title) + 4
    globals_ += _record(0x0085, struct.pack("<IBB", starts, 0, 0) + title) + _record(0x000A, b"")
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    width = max((len(row) for row in rows), default=0)
    sheet += _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    for at, row in enumerate(rows):
        for nth, cell in enumerate(row):
            place = struct.pack("<HHH", at, nth, 0)
            if isinstance(cell, int | float):
                sheet += _record(0x0203, place + struct.pack("<d", cell))
            elif cell not in (None, ""):
                sheet += _record(0x0204, place + struct.pack("<HB", len(str(cell)), 1) + str(cell).encode("utf-16-le"))
    return _compound("Workbook", globals_ + sheet + _record(0x000A, b""))


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _compound(name: str, data: bytes) -> bytes:
    """One stream of at least 4096 bytes, so that it needs no mini sectors: FAT, directory, stream."""
    data = data.ljust(4096, b"\0")
    data += b"\0" * (-len(data) % _SECTOR)
    count = len(data) // _SECTOR
    chain = [_FAT, _END, *range(3, count + 2), _END]
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(_SECTOR, b"\xff")
    assert len(fat) == _SECTOR, "one sector of FAT holds 128"
    directory = _entry("Root Entry", 5, 1, _END, 0) + _entry(name, 2, _FREE, 2, len(data)) + _entry("", 0, _FREE, 0, 0) * 2
    head = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0) + struct.pack("<I", 0) + b"\xff" * 4 * 108
    return head + fat + directory + data


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    spelt = (name + "\0").encode("utf-16-le") if name else b""
    made = spelt.ljust(64, b"\0") + struct.pack("<HBBIII", len(spelt), kind, 1, _FREE, _FREE, child) + b"\0" * 36
    return made + struct.pack("<IQ", start, size)


def ods(name: str, rows: Rows) -> bytes:
    lines = "".join(f"<table:table-row>{''.join(_cell(cell) for cell in row)}</table:table-row>" for row in rows)
    spaces = " ".join(f'xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"' for one in ("office", "table", "text"))
    content = f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2"><office:body><office:spreadsheet>'
    content += f'<table:table table:name="{escape(name)}">{lines}</table:table></office:spreadsheet></office:body></office:document-content>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        manifest = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
        archive.writestr("META-INF/manifest.xml", f"<manifest:manifest {manifest}/>")
    return made.getvalue()


def _cell(cell: Any) -> str:
    if cell in (None, ""):
        return "<table:table-cell/>"
    if isinstance(cell, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{cell}"><text:p>{cell}</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="string"><text:p>{escape(str(cell))}</text:p></table:table-cell>'
