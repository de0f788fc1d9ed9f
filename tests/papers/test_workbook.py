"""Any file in: read, or one sentence; any text out: never a formula."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers import bookwriter, listfile, workbook
from papers.bookwriter import Book, Head, Row
from papers.workbook import Unreadable
from rules.lists import LISTS
from tests import office_files

FORMULAS = ["=1+1", '=HYPERLINK("http://x","y")', "+1+1", "-2+3", "@SUM(A1)", "=cmd|'/C calc'!A0", "\t=1+1", "\r=1+1", "＝1+1", "{=1}"]


def written(rows: list[list[object]]) -> bytes:
    target = io.BytesIO()
    with Book(target) as book:
        book.sheet("表", [Head("a"), Head("b")], rows)
    return target.getvalue()


def xml(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".xml"))


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_goes_in_and_out_as_text(text: str) -> None:
    data = written([[text, "x"]])
    assert b"<f>" not in xml(data)
    (sheet,) = workbook.read(data)
    assert str(sheet.rows[1][0]).strip() == text.strip()
    found = listfile.found(office_sheet(text))
    assert found.lines[0].values["name"] == text.strip().replace("＝", "＝")


def office_sheet(text: str) -> workbook.Sheet:
    (sheet,) = workbook.read(office_files.book(("客户", [["客户名称", "地址"], [text, text]])))
    return sheet


def test_formulas_are_their_values() -> None:
    import xlsxwriter

    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet("a")
    sheet.write_formula(0, 0, "=1+1", None, 2)
    sheet.write_string(0, 1, "x")
    book.close()
    (read,) = workbook.read(target.getvalue())
    assert read.rows == [[2.0, "x"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
@pytest.mark.parametrize("sign", [",", "\t", ";"])
def test_csv_in_any_spelling(encoding: str, sign: str) -> None:
    text = f'姓名{sign}手机号\r\n李强{sign}"138 0001 0001"\r\n\r\n'.encode(encoding)
    (sheet,) = workbook.read(text, "名单.csv")
    assert sheet.rows == [["姓名", "手机号"], ["李强", "138 0001 0001"]]
    assert sheet.name == "名单"


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(4):
            archive.writestr(f"xl/worksheets/sheet{n}.xml", b"\0" * (100 << 20))
    return target.getvalue()


def lying(data: bytes) -> bytes:
    """The directory says the parts are small."""
    out = bytearray(data)
    at = 0
    while (at := out.find(b"PK\1\2", at)) >= 0:
        out[at + 24 : at + 28] = (1000).to_bytes(4, "little")
        at += 4
    return bytes(out)


def far_out() -> bytes:
    data = office_files.book(("a", [["x"]]))
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for item in old.infolist():
            text = old.read(item)
            if item.filename.endswith("sheet1.xml"):
                text = text.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
            new.writestr(item.filename, text)
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", workbook.EMPTY),
        (b"x" * (workbook.LARGEST + 1), workbook.TOO_LARGE),
        (b"<html><table></table></html>", workbook.NO_EXCEL),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, workbook.BROKEN),
        (bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600, workbook.LOCKED),
        (b"\xff\xd8\xff\xe0 jpeg \0\1\2", workbook.NO_EXCEL),
    ],
)
def test_each_trouble_has_its_sentence(data: bytes, told: str) -> None:
    with pytest.raises(Unreadable) as refused:
        workbook.read(data, "x")
    assert str(refused.value) == told


def test_bombs_and_far_cells_are_refused_before_they_go_off() -> None:
    data = bomb()
    for one in (data, lying(data)):
        with pytest.raises(Unreadable, match="解开以后太大"):
            workbook.read(one)
    with pytest.raises(Unreadable, match="最多"):
        workbook.read(far_out())


def test_rows_beyond_the_limit_are_refused() -> None:
    text = ("姓名,手机号\n" + "甲,1\n" * (workbook.ROWS + 200)).encode()
    with pytest.raises(Unreadable, match="最多"):
        workbook.read(text, "a.csv")


def test_hidden_sheets_and_empty_ones_are_passed_over() -> None:
    assert [sheet.name for sheet in workbook.read(office_files.book(("一", [["x"]]), ("二", [])))] == ["一"]


@given(st.lists(st.text(max_size=60), min_size=1, max_size=4))
def test_whatever_is_written_is_text_and_comes_back(texts: list[str]) -> None:
    data = written([[*texts[:2]]])
    body = xml(data)
    assert b"<f>" not in body
    assert b"<hyperlink" not in body
    clean = [bookwriter.clean(text).strip() for text in texts[:2]]
    if any(clean):
        (sheet,) = workbook.read(data)
        assert len(sheet.rows) >= 1


def test_red_cells_say_why() -> None:
    target = io.BytesIO()
    with Book(target) as book:
        book.bare("表", [Row(["姓名"]), Row(["李强"], {0: "=坏"})])
    data = target.getvalue()
    assert b"FFC7CE" in xml(data)
    assert "=坏".encode() in xml(data)
    assert b"<f>" not in xml(data)


def test_templates_have_every_column_and_drop_downs() -> None:
    for one in LISTS.values():
        target = io.BytesIO()
        listfile.template(target, [one])
        sheet = workbook.read(target.getvalue())[0]
        found = listfile.found(sheet)
        assert found.list is one
        assert set(found.columns) == {column.name for column in one.columns}
        assert found.lines == []
        if any(column.kind == "choice" for column in one.columns):
            assert b"<dataValidation " in xml(target.getvalue())


def test_dates_stay_dates() -> None:
    (sheet,) = workbook.read(office_files.book(("a", [["日期"], [date(2026, 11, 3)]])))
    found = str(sheet.rows[1][0])
    assert found.startswith("2026-11-03")
