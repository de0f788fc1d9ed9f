"""python -m papers.fonts.build FONT.ttc: the GBK-wide subset of Noto Sans (CJK) SC that ships, made anew from the full font."""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection

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
    font.save(str(TARGET))


if __name__ == "__main__":
    build(Path(sys.argv[1]))
