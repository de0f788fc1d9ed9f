"""python -m bot look: what the pictures show, one line each, or one JSON object a line; --draw puts it into a copy of the picture."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from papers.sight.verdict import Verdict


def main(files: Sequence[Path], *, as_json: bool, expect: str, draw: Path | None) -> int:
    from papers import eyes
    from papers.sight import reader, sketch

    seeing = reader.Reader() if reader.installed() else None
    if seeing is None:
        print("没有装识别文字的部件，只看清晰度、页面和有没有印章。", file=sys.stderr)
    failed = 0
    for file in files:
        start = time.perf_counter()
        try:
            data = file.read_bytes()
        except OSError as error:
            print(f"{file} 读不了（{error.strerror}）。", file=sys.stderr)
            failed = 1
            continue
        verdict = eyes.look(data, expect, seeing)
        seconds = round(time.perf_counter() - start, 3)
        if as_json:
            print(json.dumps({"file": str(file), "seconds": seconds, **verdict.plain()}, ensure_ascii=False), flush=True)
        else:
            print(f"{file}\t{told(verdict)}", flush=True)
        if draw is not None and verdict.size != (0, 0):
            _place(draw, file, many=len(files) > 1).write_bytes(sketch.sketch(data, verdict))
    return failed


def told(verdict: Verdict) -> str:
    """One line for a person."""
    parts = ["能用" if verdict.usable else verdict.advice, verdict.presence]
    for seal in verdict.seals:
        words = " ".join(word for word in (seal.kind, seal.text, seal.purpose) if word)
        parts.append(words or "印章（没有读出字）")
    if verdict.straddle:
        parts.append(f"骑缝章 {verdict.straddle} 处")
    if verdict.copies:
        parts.append("有黑白印章，像是复印件")
    if verdict.licence:
        parts.append(" ".join(word for word in ("执照", verdict.licence.name, verdict.licence.code, verdict.licence.until) if word))
    if verdict.signature is not None:
        parts.append("客户已签名" if verdict.signature else "签名的框还是空的")
    if verdict.note:
        parts.append(verdict.note)
    if verdict.name:
        parts.append(verdict.name.words)
    return "；".join(part.rstrip("。") for part in parts) + "。"


def _place(draw: Path, file: Path, *, many: bool) -> Path:
    return draw.with_name(f"{draw.stem}-{file.stem}{draw.suffix}") if many else draw
