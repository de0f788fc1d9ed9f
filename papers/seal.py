"""Red seals on a photograph: how many, where, what they say. Present and readable is all that is said, never genuine (A-4.1c, A-4.4.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from papers.sight import closer, ink, opened
from papers.sight.arc import Arc, arcs
from papers.sight.chops import Chop, chops
from papers.sight.reader import Reader
from papers.sight.rings import Ring, rings, wobble
from papers.sight.straddle import pieces
from papers.sight.strips import FRAME, OVAL, SIDE, Cut, blanked, cut, grey, turned, unrolled
from papers.sight.verdict import Candidate, Kind, Presence, Seal
from papers.sight.vote import Fused, Slot, chinese, fused
from papers.sight.wording import Worded, backed, worded
from rules.words import LAST, WORDS

Array = NDArray[Any]

WORK = 1000  # pixels: rims are found at this size, characters are read from the full picture
LEVEL = 0.2  # of ink; above it nothing is taken for paper
GREY = 1.7  # in black print much more looks round
SURE, MAYBE = 1.42, 0.95  # what a ring must score to be a seal; to be looked at closer
DECIDED, HEARD, OFF = 0.8, 0.35, 0.35  # votes and strips for every character, and how far off the middle in characters, of what may match
LIKELY = 0.4  # votes for a character that stands, as read, in a word or place names are made of
FAR = 0.45  # how far off the middle, in characters, when nothing stands beyond the ends
ROUNDS = 3  # of looking closer, each two characters further out
LEGIBLE = 3  # characters of a first reading that are worth a second look
SPOKEN = 4  # Chinese characters under the rim make a seal of a doubtful ring
UNSTEADY = 0.009  # of the radius: dies stray by 0.001 to 0.005, hands by 0.01 and more
LARGE = 0.15 * WORK  # radius from which the rim is a band, whose middle says nothing
CLOSE = 60.0  # radius in pixels below which characters have too few
STRIPS = tuple(
    (how, stretch, wider) for how in ("red", "even", "filled", "fine", "keen", "light") for stretch in (1.0, 1.3) for wider in (0.03, 0.12)
)
PURPOSES: dict[str, Kind] = {
    "合同专用章": "合同专用章",
    "广告合同章": "广告合同章",
    "广告合同专用章": "广告合同章",
    "财务专用章": "财务专用章",
    "发票专用章": "发票专用章",
    "业务专用章": "其他",
    "行政审批专用章": "其他",
    "审批专用章": "其他",
    "投标专用章": "其他",
    "人事专用章": "其他",
    "报关专用章": "其他",
}
LINE = (-0.62, 0.62, 0.36, 0.66)  # where it usually stands, in radii from the middle: left, right, top, bottom
OVAL_LINE = (-0.52, 0.52, 0.2, 0.5)
CLEARED = (-0.56, 0.56, 0.39, 0.66)  # what of it is no part of the characters beside it
NEAR = 0.6  # of a known purpose's characters


@dataclass(frozen=True, slots=True)
class Found:
    """What the first look sees, in pixels of the full picture."""

    sure: tuple[Ring, ...] = ()
    maybe: tuple[Ring, ...] = ()
    chops: tuple[Chop, ...] = ()
    straddle: int = 0
    drawn: tuple[Ring, ...] = ()  # as round as a hand draws

    @property
    def presence(self) -> Presence:
        if self.sure or self.chops:
            return "有印章"
        if self.drawn:
            return "像是手画的，请确认是不是印章"
        return "有红色痕迹，请靠近重拍" if self.maybe else "没有看到印章"

    @property
    def far(self) -> bool:
        """Every seal is so small that its characters cannot be told apart."""
        return bool(self.sure) and all(ring.radius < CLOSE for ring in self.sure)


def find(picture: Array) -> Found:
    """Within half a second, without reading."""
    small, scale = opened.within(picture, WORK, enlarge=True)
    absorbed = ink.absorption(small)
    red = ink.red(absorbed)
    level = min(ink.threshold(red), LEVEL)
    seen = [ring for ring in rings(red, level) if ring.score > MAYBE]
    sure = [ring for ring in seen if ring.score > SURE]
    squares = chops(red, red / (absorbed[..., :2].max(2) + 0.05), level, [ring for ring in sure if ring.cover > 0.95 and ring.outside < 0.1])
    sure = [ring for ring in sure if not any(_over(ring, chop) for chop in squares)]
    drawn = [ring for ring in sure if ring.radius < LARGE and wobble(red, ring, level) > UNSTEADY]
    sure = [ring for ring in sure if ring not in drawn]
    maybe = [ring for ring in seen if ring.score <= SURE and ring.radius < 0.3 * WORK and ring.fill > 0.05][:3]
    back = 1 / scale
    return Found(
        tuple(ring.scaled(back) for ring in sure),
        tuple(ring.scaled(back) for ring in maybe),
        tuple(chop.scaled(back) for chop in squares),
        pieces(red, level, [*sure, *drawn]),
        tuple(ring.scaled(back) for ring in drawn),
    )


def copies(picture: Array) -> int:
    """Seals in grey, as on a photocopy: said apart, since the paper itself has to be seen."""
    small, _ = opened.within(picture, WORK, enlarge=True)
    dark = np.clip(ink.absorption(small)[..., 2], 0, 2.5)
    return sum(ring.score > GREY and ring.radius > 24 and 0.1 < ring.fill < 0.45 and ring.flat > 0.6 for ring in rings(dark, 0.25))


def _over(ring: Ring, chop: Chop) -> bool:
    return abs(ring.x - chop.x) < ring.radius + chop.wide / 2 and abs(ring.y - chop.y) < ring.radius + chop.high / 2 and ring.outside > 0.1


def seals(picture: Array, found: Found, reader: Reader | None) -> tuple[Seal, ...]:
    """The found ones read; a doubtful ring counts only when words stand under it."""
    told = [_seal(picture, ring, reader) for ring in found.sure]
    if reader is not None:
        for ring in (*found.maybe, *found.drawn):
            seal = _seal(picture, ring, reader)
            if sum(chinese(sign) for sign in seal.text) >= SPOKEN and seal.confidence > 0.6:
                told.append(seal)
    return (*told, *(_chop(picture, chop, reader) for chop in found.chops))


def _seal(picture: Array, ring: Ring, reader: Reader | None) -> Seal:
    shape = _shape(ring)
    if reader is None:
        return Seal(ring.box(), shape, ring.score)
    one = cut(picture, ring)
    best: tuple[float, str | None, Fused, Arc, bool] | None = None
    for arc in arcs(one, reader):
        purpose, line = _purpose(one, arc, reader)
        read = _read(one, arc, line, reader)
        weight = read.weight
        if best is None or weight > best[0]:
            best = weight, purpose, read, arc, line
        if weight > 4 and weight > 0.75 * len(read.slots):
            break
    if best is None:
        return Seal(ring.box(), shape, ring.score)
    _, purpose, read, arc, line = best
    read = _closer(one, arc, line, read, reader)
    bare = bool(read.slots) and closer.bare(_images(one, arc, line, ["even"])["even"], one, arc, read)
    candidates = _candidates(read, arc, bare)
    text, confidence = (candidates[0].text, candidates[0].confidence) if candidates else ("", 0.0)
    return Seal(ring.box(), shape, ring.score, text, purpose, kind(purpose, text), confidence, candidates)


def _shape(ring: Ring) -> Any:
    return "oval" if ring.flat < OVAL else "circle"


def _images(one: Cut, arc: Arc, line: bool, hows: Iterable[str]) -> dict[str, Array]:
    """The ends of a purpose line reach into the band and would be read as characters of the name: they are taken out."""
    images = {how: grey(one, how) for how in hows}
    if line and one.ring.flat >= OVAL:
        return {how: blanked(image, one.ring, arc.up, CLEARED) for how, image in images.items()}
    return images


def _read(one: Cut, arc: Arc, line: bool, reader: Reader) -> Fused:
    images = _images(one, arc, line, {how for how, _, _ in STRIPS})
    outer, inner = arc.band
    laid = [unrolled(images[how], one.ring, arc.start, arc.sweep, (outer + wider / 3, inner - wider), stretch) for how, stretch, wider in STRIPS]
    return fused(*reader.posteriors(laid))


def _closer(one: Cut, arc: Arc, line: bool, first: Fused, reader: Reader) -> Fused:
    """Character by character, once it is known where they stand."""
    if len(first.slots) < LEGIBLE:
        return first
    images = _images(one, arc, line, {how for how, _, _ in closer.TILES})
    return closer.fuller([_settled(one, arc, images, read, reader) for read in closer.spaced(first, arc)])


def _settled(one: Cut, arc: Arc, images: Mapping[str, Array], read: Fused, reader: Reader) -> Fused:
    """Again while that finds others beside them."""
    for weight in (closer.FIRST, *[closer.AGAIN] * (ROUNDS - 1)):
        (at, _), ends = closer.places(read), (read.slots[0].place, read.slots[-1].place)
        laid = [closer.tiled(images[how], one, arc, at, read.pitch, wide, deeper) for how, wide, deeper in closer.TILES]
        read = closer.fused_again(read, arc, *reader.posteriors(laid), weight)
        if not read.slots or ends == (read.slots[0].place, read.slots[-1].place) or closer.paired(read.text):
            break
    return read


def _candidates(read: Fused, arc: Arc, bare: bool) -> tuple[Candidate, ...]:
    """The reading set right by words that names are made of, then as it was heard; whole when nothing can have been lost or guessed."""
    if not read.slots:
        return ()
    confidence = min(slot.share * min(1.0, slot.seen * 1.3) for slot in read.slots)
    right = worded(read)
    first = Candidate(right.text, confidence, "votes", whole(read, right, arc, bare))
    return (first,) if not right.changed else (first, Candidate(read.text, confidence, "heard", False))


def whole(read: Fused, right: Worded, arc: Arc, bare: bool) -> bool:
    """Every character decided by most strips, none guessed by its neighbours, no hole as wide as a lost one, and none lost at an end:
    the words lie evenly to both sides of the top (one lost moves their middle by half a character), or `bare` says nothing stands there."""
    slots, text = read.slots, right.text
    if len(slots) < SPOKEN or not right.firm or text[-1] not in LAST or text in WORDS or closer.paired(text) is False:
        return False
    known = backed(text)
    if not all(slot.seen >= HEARD and (index in right.changed or _decided(slot, index in known)) for index, slot in enumerate(slots)):
        return False
    if not (bare and not arc.star) and abs(closer.lean(arc, slots[0].place, slots[-1].place)) > (FAR if bare else OFF) * read.pitch * arc.sweep:
        return False
    return all(second.place - first.place < 1.6 * read.pitch for first, second in pairwise(slots))


def _decided(slot: Slot, known: bool) -> bool:
    """By most votes, by fewer in a word or place that is known; a bracket has its other half."""
    return slot.sign in closer.OPENING + closer.CLOSING or slot.share >= (LIKELY if known else DECIDED)


def _purpose(one: Cut, arc: Arc, reader: Reader) -> tuple[str | None, bool]:
    """The straight line under the star, and whether one is surely there: known purposes are set right, other words are told as heard."""
    left, right, top, bottom = LINE if one.ring.flat >= OVAL else OVAL_LINE
    reach = FRAME * SIDE
    usual = round(SIDE / 2 + left * reach), round(SIDE / 2 + top * reach), round((right - left) * reach), round((bottom - top) * reach)
    boxes = (*arc.lines, usual)
    uprights = [turned(grey(one, how), one.ring, arc.up) for how in ("even", "light", "red")]
    crops = [image[top : top + height, left : left + width] for left, top, width, height in boxes for image in uprights]
    heard = ["".join(sign for sign in line.text if chinese(sign)) for line in reader.lines([crop for crop in crops if crop.size])]
    near = max(((_alike(text, known), known) for text in heard for known in PURPOSES), default=(0.0, ""))
    if near[0] >= NEAR:
        return near[1], True
    told = [text for text in heard[: 3 * len(arc.lines)] if len(text) >= SPOKEN]
    return max(told, key=len, default=None), False


def _alike(text: str, known: str) -> float:
    return sum(block.size for block in SequenceMatcher(None, text, known, autojunk=False).get_matching_blocks()) / max(len(text), len(known), 1)


def kind(purpose: str | None, text: str) -> Kind | None:
    """From the purpose line; a seal without one is the firm's own."""
    if purpose in PURPOSES:
        return PURPOSES[purpose]
    if (purpose and "专用" in purpose) or text.endswith("专用章"):
        return "其他"
    return "公章" if text else None


def _chop(picture: Array, chop: Chop, reader: Reader | None) -> Seal:
    box = chop.box()
    if reader is None:
        return Seal(box, "rect", 1.0 + chop.frame)
    text = _square(picture, chop, reader)
    personal: Kind = "个人名章" if 0.6 < chop.wide / max(chop.high, 1.0) < 1.7 and len(text) <= 5 else "其他"
    candidates = (Candidate(text, 0.5, "square", False),) if text else ()
    return Seal(box, "rect", 1.0 + chop.frame, text, None, personal, 0.5 if text else 0.0, candidates)


def _square(picture: Array, chop: Chop, reader: Reader) -> str:
    """Columns from the right, as names are cut; nothing is claimed by it."""
    corners = chop.corners().astype(np.float32)
    target = np.array([(0, 192), (0, 0), (192, 0), (192, 192)], np.float32)
    upright = cv2.warpPerspective(picture, cv2.getPerspectiveTransform(corners, target), (192, 192), flags=cv2.INTER_AREA)[12:180, 12:180]
    quarters: Sequence[Array] = [upright[y : y + 84, x : x + 84] for x in (84, 0) for y in (0, 84)]
    return "".join("".join(sign for sign in line.text if chinese(sign))[:1] for line in reader.lines(quarters))
