"""python -m papers.fonts.build FONT.ttc: the GBK-wide subset of Noto Sans (CJK) SC that ships, made anew from the full font."""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

TARGET = Path(__file__).parent / "NotoSansSC-GBK.otf"


def characters() -> set[int]:
    """Every character GBK can write, Latin-1, and the circled numbers and marks our messages use."""
    found = (
        {ord(sign) for sign in "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳〔〕【】｜…—“”‘’·×÷≤≥±°℃‰¥￥€✓✔✗→←↑↓■□●○▲△★☆"} | set(range(0x20, 0x7F)) | set(range(0xA0, 0x100))
    )
    for high in range(0x81, 0xFF):
        for low in (*range(0x40, 0x7F), *range(0x80, 0xFF)):
            text = bytes((high, low)).decode("gbk", errors="ignore")
            found |= {ord(sign) for sign in text}
    return found


def build(source: Path) -> None:
    fonts = TTCollection(str(source), lazy=True).fonts
    font = next(font for font in fonts if font["name"].getDebugName(1) in ("Noto Sans CJK SC", "Noto Sans SC"))
    options = subset.Options(layout_features=["kern", "locl", "vert"], name_IDs=["*"], notdef_outline=True, hinting=False, drop_tables=["DSIG"])
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters())
    subsetter.subset(font)
    _by_groups(font)
    font.save(str(TARGET))


def _by_groups(font: TTFont) -> None:
    """The character map in format 12: format 4 of so many characters is misread by typst (阳 came out as a box)."""
    table = font["cmap"]
    made = CmapSubtable.newSubtable(12)
    made.platformID, made.platEncID, made.language, made.cmap = 3, 10, 0, dict(table.getBestCmap())
    table.tables = [made]


if __name__ == "__main__":
    build(Path(sys.argv[1]))
