"""A filed paper as PDF and as a picture, laid out like the paper form (ZC-QR-009, ZC-QR-010, ZC-QR-030; C-5)."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from papers import fonts

LAYOUTS = Path(__file__).parent / "layouts"
PREVIEW = 96  # pixels per inch: readable on a phone, small enough for a chat
Format = Literal["pdf", "png"]


class Unprintable(ValueError):
    """The font lacks a character, which would come out blank; the text names it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """`layout` is a file of layouts/; `pictures` by the name the data uses: before-0.jpg, signature.png, qr.png."""

    layout: str
    data: Mapping[str, Any]
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def pdf(sheet: Sheet) -> bytes:
    """PDF/A-2b; the same sheet gives the same text, never a blank for a character."""
    return _compiled(sheet, "pdf")[0]


def preview(sheet: Sheet) -> list[bytes]:
    """A PNG a page."""
    return _compiled(sheet, "png")


def unprintable(data: Any) -> str:
    """Characters anywhere in the data that the font cannot write."""
    return fonts.missing(json.dumps(data, ensure_ascii=False))


def _compiled(sheet: Sheet, kind: Format) -> list[bytes]:
    import typst

    if lacking := unprintable(sheet.data):
        raise Unprintable(f"这几个字还印不出来：{lacking}。请换一个写法，或请管理员装上带这些字的字体。")
    with tempfile.TemporaryDirectory(prefix="sheet-") as folder:
        root = Path(folder)
        for part in ("base.typ", f"{sheet.layout}.typ"):
            shutil.copy(LAYOUTS / part, root / part)
        data = {**sheet.data, "signature": "signature.png" in sheet.pictures, "qr": "qr.png" in sheet.pictures}
        (root / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf8")
        for name, picture in sheet.pictures.items():
            (root / Path(name).name).write_bytes(picture)
        standard: Literal["a-2b"] | None = "a-2b" if kind == "pdf" else None
        layout = root / f"{sheet.layout}.typ"
        made = typst.compile(layout, root=root, font_paths=_fonts(), format=kind, ppi=PREVIEW, pdf_standards=standard)
    return list(made) if isinstance(made, list) else [made]


@cache
def _fonts() -> Any:
    """Read once; the machine's own fonts would only make papers differ from place to place."""
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts.PATH.parent)])
