"""The model that ships is the one that was measured."""

from __future__ import annotations

from papers import models


def test_the_seal_text_detector_is_unchanged_and_its_notice_is_beside_it() -> None:
    assert models.intact()
    notice = (models.SEAL_TEXT.parent / "NOTICE.txt").read_text(encoding="utf8")
    assert models.SEAL_TEXT_SHA256 in notice
    assert (models.SEAL_TEXT.parent / "LICENSE-Apache-2.0.txt").exists()
