"""What the eyes see, against the same recogniser used plainly: drawn contracts, and a folder of labelled photographs when one is given.

python3 run.py bench eyes [--real FOLDER] [--count 40] [--part tuning|figures|all] [--only synthetic|real|sharp|time]
FOLDER (or PAOJIE_EYES_REAL) holds labels.json and images/. Thresholds come from the part whose sha256 is even, figures from the odd one.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

from benchmarks.nearmisses import near_misses
from papers import eyes
from papers.sight import opened, print, reader
from papers.sight.sharpness import SIDE, sharpness
from papers.sight.verdict import Verdict
from rules.names import Reading, agree, same
from tests.papers import stamped

say = sys.stdout.write


@dataclass(frozen=True)
class Truth:
    """What is known of a picture. `texts` are certain: name, purpose, place or None."""

    data: bytes
    whole: int
    texts: tuple[tuple[str, str, tuple[int, ...] | None], ...]
    counted: bool = True
    judged: bool = True  # counts for presence
    page: bool | None = None
    company: str = ""


@dataclass
class Tally:
    found: int = 0
    missed: int = 0
    false: int = 0
    clear: int = 0
    counts: list[bool] = field(default_factory=list)
    exact: int = 0
    texts: int = 0
    wrong_signs: int = 0
    signs: int = 0
    purposes: list[bool] = field(default_factory=list)
    pages: list[bool] = field(default_factory=list)
    false_pages: int = 0
    matched: int = 0
    doubted: int = 0
    near: int = 0
    near_matched: list[tuple[str, str]] = field(default_factory=list)
    claimed: int = 0
    claimed_wrong: list[str] = field(default_factory=list)
    licences: list[bool] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    naive: dict[str, list[int]] = field(default_factory=dict)


def letters(text: str | None) -> str:
    return "".join(sign for sign in (text or "").replace("(", "（").replace(")", "）") if "\u4e00" <= sign <= "\u9fff" or sign in "（）")


def distance(one: str, other: str) -> int:
    before = list(range(len(other) + 1))
    for row, x in enumerate(one, 1):
        now = [row]
        for column, y in enumerate(other, 1):
            now.append(min(before[column] + 1, now[column - 1] + 1, before[column - 1] + (x != y)))
        before = now
    return before[-1]


def drawn(count: int, small: bool) -> Iterator[Truth]:
    for one in (*stamped.contracts(count), *stamped.traps(max(6, count // 3))):
        data = at_1280(one.data) if small else one.data
        texts = tuple((stamp.text, stamp.purpose, None if small else stamp.place) for stamp in one.stamps)
        yield Truth(data, len(one.stamps), texts, page=True)


def photographs(folder: Path, part: str, small: bool) -> Iterator[Truth]:
    for one in json.loads((folder / "labels.json").read_text(encoding="utf8"))["images"]:
        odd = int(one["sha256"][:8], 16) % 2
        if part == "all" or odd == (part == "figures"):
            data = (folder / one["file"]).read_bytes()
            red = [seal for seal in one["seals"] if seal["colour"] == "red"]
            texts = tuple((seal["text"], seal["purpose"] or "", None) for seal in red if seal["text_certain"])
            counted = one["n_seals_exact"] and len(red) == len(one["seals"])
            judged = bool(one["n_red_whole_seals"]) or not one["straddle_fragments"]
            legible = one.get("doc_name") if one["doc_type"].startswith("licence") else ""
            yield Truth(at_1280(data) if small else data, one["n_red_whole_seals"], texts, counted, judged, one["doc_quad_visible"], legible or "")


def at_1280(data: bytes) -> bytes:
    """As a chat app sends it without 原图."""
    with Image.open(io.BytesIO(data)) as image:
        sized = image.convert("RGB")
        sized.thumbnail((1280, 1280), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        sized.save(out, "JPEG", quality=80)
    return out.getvalue()


def seen(truths: Iterable[Truth], models: reader.Reader, *, naive: bool) -> Tally:
    tally = Tally()
    dice = np.random.default_rng(1)
    for truth in truths:
        start = time.perf_counter()
        verdict = eyes.look(truth.data, "", models)
        tally.seconds.append(time.perf_counter() - start)
        _count(tally, truth, verdict)
        for text, purpose, _ in truth.texts:
            _text(tally, verdict, text, purpose, dice)
        if naive and truth.texts:
            _naive(tally, truth, verdict, models)
    return tally


def _count(tally: Tally, truth: Truth, verdict: Verdict) -> None:
    has, want = bool(verdict.seals), bool(truth.whole)
    if truth.judged:
        tally.found += has and want
        tally.missed += want and not has
        tally.false += has and not want
        tally.clear += not has and not want
    if truth.counted:
        tally.counts.append(len(verdict.seals) == truth.whole)
    if truth.page:
        tally.pages.append(verdict.quad is not None)
    elif truth.page is False:
        tally.false_pages += verdict.quad is not None
    if len(truth.texts) == truth.whole:  # every seal's words are known
        claims = [candidate.text for seal in verdict.seals for candidate in seal.candidates if candidate.whole]
        tally.claimed += len(claims)
        tally.claimed_wrong += [claim for claim in claims if not any(same(claim, text) for text, _, _ in truth.texts)]
    if truth.company:
        tally.licences.append(verdict.licence is not None and any(same(verdict.licence.name, name) for name in truth.company.split("|")))


def _text(tally: Tally, verdict: Verdict, text: str, purpose: str, dice: np.random.Generator) -> None:
    want = letters(text)
    read = min((letters(seal.text) for seal in verdict.seals), key=lambda one: distance(one, want), default="")
    off = min(distance(read, want), len(want))
    tally.texts, tally.exact = tally.texts + 1, tally.exact + (off == 0)
    tally.signs, tally.wrong_signs = tally.signs + len(want), tally.wrong_signs + off
    if purpose:
        tally.purposes.append(any(letters(purpose) in letters(seal.purpose) + letters(seal.text) for seal in verdict.seals))
    answer = eyes.agreed(text, verdict.seals).verdict
    tally.matched, tally.doubted = tally.matched + (answer == "match"), tally.doubted + (answer == "unsure")
    for other in near_misses(text, dice):
        tally.near += 1
        if eyes.agreed(other, verdict.seals).verdict == "match":
            tally.near_matched.append((text, other))
    for candidate in (candidate for seal in verdict.seals for candidate in seal.candidates):
        if agree(text, [Reading(candidate.text, 1.0, candidate.whole)]).verdict == "match" and not same(text, candidate.text):
            tally.near_matched.append((text, candidate.text))


def _naive(tally: Tally, truth: Truth, verdict: Verdict, models: reader.Reader) -> None:
    """What people would do: the same recogniser over the whole photograph, and over the seal cut out; the line nearest the truth counts."""
    picture = opened.picture(truth.data)
    boxes = [seal.bbox for seal in verdict.seals]
    cuts = [picture[max(0, y - h // 8) : y + h * 9 // 8, max(0, x - w // 8) : x + w * 9 // 8] for x, y, w, h in boxes]
    for way, images in (("whole photograph", [picture]), ("the seal cut out", [cut for cut in cuts if min(cut.shape[:2]) > 16])):
        lines = [line.text for image in images for line in print.read(image, print.places(image, models), models)]
        for text, _, _ in truth.texts:
            want = letters(text)
            off = min((distance(letters(line), want) for line in lines), default=len(want))
            told = tally.naive.setdefault(way, [0, 0, 0, 0])
            for index, more in enumerate((1, off == 0, min(off, len(want)), len(want))):
                told[index] += more


def report(title: str, tally: Tally) -> None:
    say(f"\n{title}\n")
    rows: list[tuple[str, str]] = [
        ("red seal present: found / missed / false / rightly none", f"{tally.found} / {tally.missed} / {tally.false} / {tally.clear}"),
        ("exact number of whole seals", share(sum(tally.counts), len(tally.counts))),
        ("arc text exact", share(tally.exact, tally.texts)),
        ("arc characters right", f"{1 - tally.wrong_signs / max(1, tally.signs):.3f}"),
        ("purpose line", share(sum(tally.purposes), len(tally.purposes))),
        ("true name: match / to be checked", f"{share(tally.matched, tally.texts)} / {tally.doubted}"),
        ("near-miss names accepted", f"{len(tally.near_matched)} of {tally.near} {tally.near_matched or ''}"),
        ("readings sure enough to match, of them wrong", f"{tally.claimed}, {len(tally.claimed_wrong)} {tally.claimed_wrong or ''}"),
        ("visible pages found / false", f"{share(sum(tally.pages), len(tally.pages))} / {tally.false_pages}"),
        ("seconds: median / p95", f"{statistics.median(tally.seconds):.2f} / {quantile(tally.seconds, 0.95):.2f}"),
    ]
    if tally.licences:
        rows.insert(8, ("licence name exact", share(sum(tally.licences), len(tally.licences))))
    for way, (count, exact, off, signs) in tally.naive.items():
        rows.append((f"plain use, {way}: exact / characters", f"{share(exact, count)} / {1 - off / max(1, signs):.3f}"))
        rows.append(("  ratio of exact readings, ours to that", f"{tally.exact / max(1, exact):.1f}" if exact else "it reads none"))
    for what, value in rows:
        say(f"  {what:<62}{value}\n")


def share(part: int, whole: int) -> str:
    return f"{part}/{whole} ({part / whole:.0%})" if whole else "-"


def quantile(values: list[float], at: float) -> float:
    return sorted(values)[int(at * (len(values) - 1))] if values else 0.0


def sharp(pictures: list[bytes]) -> None:
    greys = [cv2.cvtColor(opened.within(opened.picture(data), SIDE)[0], cv2.COLOR_BGR2GRAY) for data in pictures]
    greys = [grey for grey in greys if min(grey.shape) > 600 and sharpness(grey).value is not None]
    worse: dict[str, Callable[[Any], Any]] = {f"out of focus, sigma {s}": (lambda g, s=s: cv2.GaussianBlur(g, (0, 0), s)) for s in (1.0, 1.5, 2.0)}
    for length in (7, 13):
        for angle in (0, 30, 90, 135):
            path = stamped.streak(length, angle)
            worse[f"shaken, {length} px at {angle}"] = lambda g, k=path: cv2.filter2D(g, -1, k)
    caught = {name: sum(not sharpness(spoil(grey)).enough for grey in greys) for name, spoil in worse.items()}
    say(f"\nsharpness: {len(greys)} pictures, each also spoilt in {len(worse)} ways\n")
    say(f"  good ones refused  {share(sum(not sharpness(grey).enough for grey in greys), len(greys))}\n")
    say(f"  spoilt ones caught {share(sum(caught.values()), len(greys) * len(worse))}; least: {min(caught.items(), key=lambda one: one[1])}\n")


TIMED = """
import re, sys, time
from benchmarks.nearmisses import near_misses
from papers import eyes
from papers.sight import reader
data = open(sys.argv[1], "rb").read()
models = reader.Reader(2)
eyes.look(data, "", models)
first, whole = [], []
for told, do in [(first, lambda: eyes.first_look(data)), (whole, lambda: eyes.look(data, "", models))] * 5:
    start, busy = time.perf_counter(), time.process_time()
    do()
    told.append((time.perf_counter() - start, time.process_time() - busy))
peak = int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) // 1024  # ru_maxrss would be the parent's, if that is larger
said = [f"{sorted(one)[2][0]:.2f} s (worst {max(one)[0]:.2f}; of one core {sorted(busy for _, busy in one)[2]:.2f})" for one in (first, whole)]
print(f"  first answer {said[0]}; everything {said[1]}; peak {peak} MB")
"""


def timed(folder: Path) -> None:
    """A photograph of 12 megapixels with one or two seals, in a process of its own."""
    for one in list(stamped.contracts(3, seed=17)):
        with Image.open(io.BytesIO(one.data)) as image:
            large = image.resize((3000, 4000), Image.Resampling.BICUBIC)
        path = folder / "large.jpg"
        large.save(path, "JPEG", quality=90)
        say(f"\n12 megapixels, {len(one.stamps)} seal(s), {path.stat().st_size >> 20} MB\n")
        sys.stdout.flush()
        subprocess.run([sys.executable, "-c", TIMED, str(path)], check=True)


def main() -> int:
    words = argparse.ArgumentParser(prog="bench eyes")
    words.add_argument("--real", default=os.environ.get("PAOJIE_EYES_REAL", ""))
    words.add_argument("--count", type=int, default=40)
    words.add_argument("--part", choices=("tuning", "figures", "all"), default="figures")
    words.add_argument("--only", choices=("synthetic", "real", "sharp", "time"), default="")
    chosen = words.parse_args()
    if not reader.installed():
        say("没有装识别文字的部件（paojie[eyes]），没有可量的。\n")
        return 1
    models = reader.Reader(2)
    real = Path(chosen.real) if chosen.real else None
    if chosen.only in ("", "synthetic"):
        for small in (False, True):
            report(f"drawn contracts, {chosen.count}{', at 1280 px' if small else ''}", seen(drawn(chosen.count, small), models, naive=not small))
    if real and chosen.only in ("", "real"):
        for small in (False, True):
            report(
                f"photographs, {chosen.part}{', at 1280 px' if small else ''}", seen(photographs(real, chosen.part, small), models, naive=not small)
            )
    if chosen.only in ("", "sharp"):
        sharp([one.data for one in stamped.contracts(16)] + ([one.data for one in photographs(real, chosen.part, False)] if real else []))
    if chosen.only in ("", "time"):
        import tempfile

        with tempfile.TemporaryDirectory() as folder:
            timed(Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
