"""The seal-text detector that ships here (PP-OCRv4 mobile, Apache-2.0, see NOTICE.txt): where it is, and whether it is the one measured."""

from __future__ import annotations

import hashlib
from pathlib import Path

SEAL_TEXT = Path(__file__).parent / "pp-ocrv4_mobile_seal_det.onnx"
SEAL_TEXT_SHA256 = "e6109a1022b5ebf0822fc00646ef2398a7ef387390ca5c978de79352b1314204"


def intact() -> bool:
    return SEAL_TEXT.exists() and hashlib.sha256(SEAL_TEXT.read_bytes()).hexdigest() == SEAL_TEXT_SHA256
