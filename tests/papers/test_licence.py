"""A licence drawn here is read field by field; a contract is no licence."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw
from stdnum.cn import uscc

from papers import licence
from papers.sight import opened, reader
from papers.sight.print import Place, Printed
from tests.papers import stamped

reading = pytest.mark.skipif(not reader.installed(), reason="without the extra `eyes` nothing is read")
CODE = "91310115MA1K4Q7B2" + uscc.calc_check_digit("91310115MA1K4Q7B2")


def drawn(code: str = CODE, name: str = "上海恒达广告有限公司") -> bytes:
    image = Image.new("RGB", (900, 1200), (250, 248, 240))
    draw = ImageDraw.Draw(image)
    draw.text((450, 240), "营 业 执 照", font=stamped.face(84), fill=(150, 110, 40), anchor="mm")
    draw.text((450, 330), f"统一社会信用代码 {code}", font=stamped.face(26, "sans"), fill=(30, 30, 30), anchor="mm")
    rows = [
        ("名　　称", name),
        ("类　　型", "有限责任公司(自然人独资)"),
        ("法定代表人", "李庆"),
        ("营业期限", "2016年05月02日至2036年05月01日"),
    ]
    for index, (label, said) in enumerate(rows):
        draw.text((120, 430 + 60 * index), label, font=stamped.face(26, "sans"), fill=(60, 60, 60))
        draw.text((330, 430 + 60 * index), said, font=stamped.face(26, "sans"), fill=(20, 20, 20))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()


@reading
def test_the_fields_of_a_licence() -> None:
    seen = licence.licence(opened.picture(drawn()), reader.Reader(1))
    assert seen is not None
    assert seen.name == "上海恒达广告有限公司"
    assert (seen.code, seen.code_valid) == (CODE, True)
    assert seen.form == "有限责任公司(自然人独资)"
    assert seen.until == "2036-05-01"


def test_of_two_lines_the_level_one_is_the_name() -> None:
    """The address stands close below, and begins a hair further left."""

    def line(left: float, y: float, wide: float, text: str, turn: float) -> Printed:
        return Printed(Place(left + wide / 2, y, wide, 26.0, turn), text, 1.0)

    label = line(241, 310, 30, "称", 0.08)  # of a single character the tilt is guessed
    name, address = line(285, 305, 260, "苏州恒达机电有限公司", -0.01), line(283, 327, 300, "苏州市柏树路8号", -0.01)
    assert licence._beside(label, [label, address, name]) == "苏州恒达机电有限公司"


@reading
def test_a_wrong_check_digit_is_said() -> None:
    wrong = CODE[:-1] + ("1" if CODE[-1] != "1" else "2")
    seen = licence.licence(opened.picture(drawn(wrong)), reader.Reader(1))
    assert seen is not None
    assert not seen.code_valid


@reading
def test_a_contract_is_no_licence() -> None:
    assert licence.licence(opened.picture(next(stamped.traps(1)).data), reader.Reader(1)) is None
