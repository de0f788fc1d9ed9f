"""A business licence (营业执照): name, social credit code with its check digit, legal form, expiry; for a person to confirm (A-4.4.10)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from stdnum.cn import uscc

from papers.sight.print import Place, Printed, places, read, sideways
from papers.sight.reader import Reader
from papers.sight.verdict import Licence
from rules.names import normal

Array = NDArray[Any]

TITLE = re.compile("营业执|业执照|营.?执照")
TALLEST, LEFTMOST = 8, 14  # lines among which the title must be, and the labels
LABELS = ("法定代表人", "注册资本", "成立日期", "营业期限", "经营范围", "统一社会信用代码", "注册号", "登记机关", "经营者", "组成形式", "经营场所")
_NAME = re.compile("^(?:(?:企业|字号)?名[^一-龥]{0,4})?称[:：]?")  # 名 may stand by itself, wide apart
_FORM = re.compile("^(?:(?:主体|企业|公司)?类[^一-龥]{0,4})?型[:：]?")
_FORMS = ("有限责任公司", "股份有限公司", "个体工商户", "个人独资企业", "合伙企业", "全民所有制", "集体所有制", "有限合伙", "普通合伙")
_TERM = re.compile("^(?:营业|经营|合伙)期限|有效期")
_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_CODE = re.compile(r"[159][1-9]\d{6}[0-9A-Z]{10}")
_ALIKE = str.maketrans("OIZS", "0125")  # letters no code contains, read for figures
_ENDS = ("公司", "厂", "店", "中心", "部", "行", "院", "所", "社", "场", "室", "馆", "(有限合伙)", "(普通合伙)")


def licence(picture: Array, reader: Reader) -> Licence | None:
    """None when the picture is no licence."""
    where = places(picture, reader)
    if sideways(where):
        picture = np.ascontiguousarray(np.rot90(picture))
        where = places(picture, reader)
        if not _titled(picture, where, reader):
            picture = np.ascontiguousarray(np.rot90(picture, 2))
            where = places(picture, reader)
    if not _titled(picture, where, reader):
        return None
    lines = read(picture, where, reader)
    code = _code(lines)
    return Licence(_name(lines), code, uscc.is_valid(code), _form(lines), _until(lines))


def _titled(picture: Array, where: Sequence[Place], reader: Reader) -> bool:
    """By the title, or by the labels down the left side when its gold was not read."""
    tallest = sorted(where, key=lambda place: -place.high)[:TALLEST]
    title = read(picture, sorted(tallest, key=lambda place: place.left), reader)
    if TITLE.search("".join(line.text for line in title)):
        return True
    leftmost = sorted(where, key=lambda place: place.left)[:LEFTMOST] if len(where) >= LEFTMOST else []
    said = " ".join(normal(line.text) for line in read(picture, leftmost, reader))
    return sum(label in said for label in LABELS) >= 2


def _name(lines: Sequence[Printed]) -> str:
    for line in lines:
        text = normal(line.text)
        if _NAME.match(text):
            said = _NAME.sub("", text) or _beside(line, lines)
            return _stretched(said, line, lines)
    for line in lines:
        if normal(line.text) in ("名", "称", "名称") and (said := _beside(line, lines)):
            return said
    return next((text for line in lines if len(text := normal(line.text)) > 5 and text.endswith(_ENDS)), "")


def _beside(label: Printed, lines: Sequence[Printed]) -> str:
    """What stands to the right in the same row, from left to right; of two lines that begin alike, the one that lies more level."""
    row = [
        (line.place.left, _off(label, line), line)
        for line in lines
        if line is not label and line.place.left > label.place.x and _off(label, line) < 0.6 * max(label.place.high, line.place.high)
    ]
    row = sorted((one for one in row if normal(one[2].text) not in ("称", "型", "")), key=lambda one: one[0])
    near = [one for one in row if one[0] < row[0][0] + label.place.high]
    return normal(min(near, key=lambda one: one[1])[2].text) if near else ""


def _off(label: Printed, line: Printed) -> float:
    """How far a line lies above or below the row of a label; which way the page is tilted, the longer of both says better."""
    turn = max(label.place, line.place, key=lambda place: place.wide).turn
    return abs(line.place.y - label.place.y - (line.place.x - label.place.x) * turn)


def _stretched(said: str, label: Printed, lines: Sequence[Printed]) -> str:
    """A long name goes on in the line below, under its beginning."""
    if not said or said.endswith(_ENDS) or len(said) < 8:
        return said
    below = [
        line
        for line in lines
        if 0.5 * label.place.high < line.place.y - label.place.y < 2.0 * label.place.high
        and abs(line.place.right - label.place.right) < label.place.wide
    ]
    more = next((normal(line.text) for line in below if normal(line.text).endswith(_ENDS) and len(normal(line.text)) < 12), "")
    return said + more


def _code(lines: Sequence[Printed]) -> str:
    """Eighteen signs; one whose check digit is right before one whose is not."""
    found = []
    for line in lines:
        text = re.sub("[^0-9A-Z]", "", normal(line.text).upper())
        for start in range(max(0, len(text) - 17)):
            code = text[start : start + 18].translate(_ALIKE)
            if uscc.is_valid(code):
                return code
        if _CODE.fullmatch(text[-18:]):
            found.append(text[-18:].translate(_ALIKE))
    return found[0] if found else ""


def _form(lines: Sequence[Printed]) -> str:
    for line in lines:
        text = normal(line.text)
        if _FORM.match(text):
            return _FORM.sub("", text) or _beside(line, lines)
    texts = [normal(line.text) for line in lines]
    return next((text for text in texts if text.startswith(_FORMS)), "")


def _until(lines: Sequence[Printed]) -> str:
    """The last day of the term as 2036-05-01, or 长期."""
    for line in lines:
        text = normal(line.text)
        if _TERM.search(text):
            said = text + _beside(line, lines)
            days = _DAY.findall(said)
            if "长期" in said or "永久" in said or "不约定" in said:
                return "长期"
            if len(days) > 1 or (days and "至" in said):
                year, month, day = days[-1]
                return f"{int(year):04}-{int(month):02}-{int(day):02}"
    return ""
