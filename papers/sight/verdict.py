"""What a picture of a stamped paper showed: plain values, nothing heavy is imported with them (A-4.1c, A-4.4.1, A-4.4.2, A-4.4.10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from rules.names import Agreement

Kind = Literal["公章", "合同专用章", "广告合同章", "财务专用章", "发票专用章", "个人名章", "其他"]
Shape = Literal["circle", "oval", "rect"]
Presence = Literal["有印章", "有红色痕迹，请靠近重拍", "像是手画的，请确认是不是印章", "没有看到印章"]
Point = tuple[float, float]
Box = tuple[int, int, int, int]  # left, top, width, height, in pixels of the picture turned upright


@dataclass(frozen=True, slots=True)
class Candidate:
    """One reading of a seal's arc. `whole` is False when the way it was read may have lost characters."""

    text: str
    confidence: float
    way: str
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Seal:
    """One whole impression in red ink; `text` is empty when nothing could be read."""

    bbox: Box
    shape: Shape
    score: float
    text: str = ""
    purpose: str | None = None
    kind: Kind | None = None
    confidence: float = 0.0
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Licence:
    """What a 营业执照 says; fields that were not found are empty. `code_valid` only when the check digit is right."""

    name: str = ""
    code: str = ""
    code_valid: bool = False
    form: str = ""
    until: str = ""  # 2036-05-01, 长期, or nothing


@dataclass(frozen=True, slots=True)
class Verdict:
    """The whole answer. `read` is False when only the first look was taken, or nothing here can read."""

    usable: bool = False
    advice: str = ""
    quad: tuple[Point, Point, Point, Point] | None = None
    presence: Presence = "没有看到印章"
    seals: tuple[Seal, ...] = ()
    straddle: int = 0
    copies: int = 0
    signature: bool | None = None
    licence: Licence | None = None
    name: Agreement | None = None
    read: bool = False
    note: str = ""  # what is said besides and keeps nobody from using it: a screen, a scan
    size: tuple[int, int] = field(default=(0, 0))

    def plain(self) -> Mapping[str, Any]:
        """As `python -m bot look --json` prints it, without the file and the seconds."""
        return {
            "usable": self.usable,
            "advice": self.advice,
            "quad": [list(corner) for corner in self.quad] if self.quad else None,
            "presence": self.presence,
            "seals": [_seal(seal) for seal in self.seals],
            "straddle": self.straddle,
            "copies": self.copies,
            "signature": self.signature,
            "licence": _licence(self.licence) if self.licence else None,
            "name_verdict": self.name.verdict if self.name else None,
            "name_words": self.name.words if self.name else None,
            "read": self.read,
            "note": self.note,
        }


def _seal(seal: Seal) -> dict[str, Any]:
    return {
        "bbox": list(seal.bbox),
        "shape": seal.shape,
        "text": seal.text,
        "purpose": seal.purpose,
        "kind": seal.kind,
        "confidence": round(seal.confidence, 3),
        "candidates": [{"text": one.text, "confidence": round(one.confidence, 3), "way": one.way, "whole": one.whole} for one in seal.candidates],
    }


def _licence(licence: Licence) -> dict[str, Any]:
    return {
        "name": licence.name,
        "code": licence.code,
        "code_valid": licence.code_valid,
        "form": licence.form,
        "until": licence.until,
    }
