"""Printed papers: every character there, the signature in its box, several pages when it takes them (C-5)."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image, ImageDraw

from papers import fonts, sheet
from papers.sheet import Sheet, Unprintable

WHO = {"firm": "喆堃物业", "phone": "021-55512345", "number": "1124-07", "signed_who": "刘喆堃（本人）", "signed_at": "11 月 24 日 10:40"}
WHO |= {"signed_label": "客户签名"}
FIELDS = [["地址", "阳光苑 3 号楼 502", "报修人", "刘女士 13800000502"], ["报修内容", "厨房水龙头漏水"]]


def a_signature() -> bytes:
    image = Image.new("RGBA", (600, 200), (0, 0, 0, 0))
    ImageDraw.Draw(image).line([(30, 120), (200, 60), (560, 80)], fill=(0, 0, 0, 255), width=6)
    made = io.BytesIO()
    image.save(made, "PNG")
    return made.getvalue()


def paid(**changed: Any) -> Sheet:
    data = {**WHO, "code": "ZC-QR-010", "fields": FIELDS, "lines": [["换 4 分球阀", "个", "1", "35.00", "35.00"]], "capitals": "叁拾伍元整"}
    data |= {"total": "35.00", "version": "2026 年 10 月版", "consent": "客户 10:12 同意。", "before": [], "after": []}
    return Sheet("ZC-QR-010", data | changed, {"signature.png": a_signature()})


def dark(page: bytes) -> int:
    image = Image.open(io.BytesIO(page)).convert("L")
    return sum(image.histogram()[:100])


def test_a_paid_repair_is_one_page_of_pdf_a() -> None:
    made = sheet.pdf(paid())
    assert made.startswith(b"%PDF-")
    assert b"pdfaid:part" in made
    assert len(sheet.preview(paid())) == 1


def test_the_signature_is_drawn_in() -> None:
    signed, blank = sheet.preview(paid())[0], sheet.preview(Sheet("ZC-QR-010", paid().data))[0]
    assert dark(signed) > dark(blank) + 200


def test_a_public_one_has_no_prices() -> None:
    data = {**WHO, "code": "ZC-QR-009", "fields": FIELDS, "before": [], "after": []}
    assert len(sheet.preview(Sheet("ZC-QR-009", data))) == 1


def test_the_register_goes_on_over_pages() -> None:
    line = ["1124-01", "9:05", "阳光苑 3 号楼 502", "刘女士", "漏水", "王师傅", "9:25", "10:40", "85.00", "完成"]
    pages = sheet.preview(
        Sheet(
            "ZC-QR-030", {**WHO, "code": "ZC-QR-030", "lines": [line] * 80, "day": "2026 年 11 月 24 日", "sums": "共 80 单", "printed_at": "18:00"}
        )
    )
    assert len(pages) > 2
    width, height = Image.open(io.BytesIO(pages[0])).size
    assert width > height


def test_what_the_font_cannot_write_is_named() -> None:
    with pytest.raises(Unprintable, match="𠮷"):
        sheet.pdf(paid(signed_who="刘𠮷"))


def test_markup_in_the_data_is_only_words() -> None:
    nasty = '#read("/etc/passwd") $x$ *b* @a <b> \\ "'
    assert sheet.pdf(paid(fields=[["地址", nasty]])).startswith(b"%PDF-")


def test_every_character_of_the_font_is_written() -> None:
    """PDF/A refuses a character that would come out as a box; 2,766 of them did while the character map was in format 4."""
    signs = sorted(chr(code) for code in fonts.written() if code > 0x20 and chr(code).isprintable())
    lines = [["".join(signs[at : at + 400]), "", "", "", ""] for at in range(0, len(signs), 400)]
    assert sheet.pdf(paid(lines=lines)).startswith(b"%PDF-")


PLAN = {
    "firm": "上海视听传媒",
    "phone": "021-55551234",
    "code": "",
    "number": "方案-20261124-001",
    "customer": "上海天籁音响有限公司",
    "fields": [["目的", "推新产品"], ["媒体和版位", "期刊封二一期\n网站首页横幅两个月"]],
    "after": [],
    "who": "李强",
    "day": "2026 年 11 月 24 日",
}


def test_a_plan_for_a_customer_is_one_page_without_a_number_of_our_forms() -> None:
    """A-3.5.1: the place where other papers name their form is blank."""
    pages = sheet.preview(Sheet("plan", PLAN))
    assert len(pages) == 1
    assert dark(pages[0]) < dark(sheet.preview(Sheet("plan", PLAN | {"code": "ZC-QR-000"}))[0])
    assert sheet.pdf(Sheet("plan", PLAN)).startswith(b"%PDF-")


def test_a_plan_shows_its_pictures_and_goes_on_over_pages() -> None:
    picture = io.BytesIO()
    Image.new("RGB", (800, 600), (0, 0, 0)).save(picture, "JPEG")
    names = [f"after-{nth}.jpg" for nth in range(6)]
    pages = sheet.preview(Sheet("plan", PLAN | {"after": names}, dict.fromkeys(names, picture.getvalue())))
    assert dark(pages[0]) > dark(sheet.preview(Sheet("plan", PLAN))[0]) + 10_000
    long = PLAN | {"fields": [["媒体和版位", "每期内页整版\n" * 120]]}
    assert len(sheet.preview(Sheet("plan", long))) > 1
