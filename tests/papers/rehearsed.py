"""The stamped papers of the rehearsals, drawn: `python -m tests.papers.rehearsed` draws them anew and notes what the eyes see on them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from papers import eyes
from papers.sight import opened, reader
from tests.papers import stamped, test_licence
from tests.papers.stamped import Sheet, Stamp

PICTURES = Path(__file__).parents[2] / "rehearsals" / "pictures"
SEEN = PICTURES / "seen.json"
PARTY = "上海恒达影音设备有限公司"
ALIKE = "上海恒达影视设备有限公司"


def drawn() -> Iterator[tuple[str, bytes]]:
    yield "stamped.jpg", contract(PARTY, 3)
    yield "stamped-alike.jpg", contract(ALIKE, 3)
    yield "stamped-shaken.jpg", contract(PARTY, 5, "shaken")
    yield "unstamped.jpg", contract("", 4)
    yield "licence.jpg", grained(test_licence.drawn(name=PARTY))


def contract(text: str, seed: int, wrong: str = "") -> bytes:
    """A seal pressed well: how it reads on hard pictures is the benchmark's."""
    dice = np.random.default_rng(seed)
    sheet = Sheet(stamped.page(dice, PARTY))
    if text:
        ink = 0.85 * stamped.impression(Stamp(text, turn=8.0))
        stamped.pressed(sheet.paper, ink, (520, 1010), stamped.INKS[0])
    return stamped.photographed(sheet, dice, PARTY, wrong).data


def grained(data: bytes) -> bytes:
    """As a camera would have it."""
    picture = opened.picture(data)
    noisy = np.clip(picture * 0.9 + np.random.default_rng(1).normal(0, 3, picture.shape), 0, 255).astype(np.uint8)
    return bytes(cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, 85])[1])


def main() -> None:
    seeing, seen = reader.Reader(), {}
    for name, data in drawn():
        (PICTURES / name).write_bytes(data)
        seen[name] = eyes.look(data, "", seeing).plain()
        print(name, len(data), seen[name]["advice"], seen[name]["presence"], [seal["text"] for seal in seen[name]["seals"]], seen[name]["licence"])
        for seal in seen[name]["seals"]:
            print("   ", [(c["text"], c["whole"], c["confidence"]) for c in seal["candidates"]][:3])
    SEEN.write_text(json.dumps(seen, ensure_ascii=False, indent=1) + "\n", "utf8")


if __name__ == "__main__":
    main()
