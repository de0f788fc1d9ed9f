"""One photograph, one verdict: can it be used, is the seal there, whose is it, does it agree with the name (A-4.1c, A-4.4.1, A-4.4.2, A-4.4.10)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import cv2
from numpy.typing import NDArray

from papers import licence, seal, signature
from papers.sight import heap, light, opened, page, source
from papers.sight.reader import Reader
from papers.sight.sharpness import SIDE, sharpness
from papers.sight.verdict import Seal, Verdict
from rules.names import Agreement, Reading, agree

Array = NDArray[Any]

SMALL = "图片太小，看不清字，请再拍一张，发送时勾选“原图”。"
DARK = "有点暗，请到亮处再拍一张。"
SHAKEN = "手抖了，请拿稳再拍一张。"
BLURRED = "没对上焦，请点一下屏幕对焦，再拍一张。"
GLARE = "有反光，请换个角度再拍一张。"
CLOSER = "请靠近印章再拍一张，发送时勾选“原图”。"
LEAST = 240


def first_look(data: bytes) -> Verdict:
    """What can be said at once: usable or one instruction, the page's corners, whether a red seal is there."""
    return _first(data)[0]


def look(data: bytes, expect: str = "", reader: Reader | None = None) -> Verdict:
    """Everything. Without a reader what is written stays unread."""
    first, picture, found = _first(data)
    if picture is None or found is None:
        return first
    if reader is None:
        return _beside(first, picture)
    read = seal.seals(picture, found, reader)
    plain = not found.drawn or any(one.whole for each in read for one in each.candidates)  # no hand writes as plainly as a die
    presence = "有印章" if read and plain else found.presence
    heap.trim()  # before the model for whole pages asks for its own
    said = licence.licence(picture, reader)
    grey = 0 if read else seal.copies(picture)
    name = agreed(expect, read) if expect else None
    return replace(_beside(first, picture), presence=presence, seals=read, copies=grey, licence=said, read=True, name=name)


def _beside(first: Verdict, picture: Array) -> Verdict:
    """What no reader is needed for, and nobody waits for: whether a form of ours is signed."""
    return replace(first, signature=signature.signed(picture))


def _first(data: bytes) -> tuple[Verdict, Array | None, seal.Found | None]:
    try:
        picture = opened.picture(data)
    except opened.Unopened as why:
        return Verdict(usable=False, advice=str(why)), None, None
    height, width = picture.shape[:2]
    found = seal.find(picture)
    small, scale = opened.within(picture, page.SIDE)
    corners = page.quad(small)
    advice = _advice(picture, found)
    quad = None
    if corners is not None:
        a, b, c, d = ((x / scale, y / scale) for x, y in corners)
        quad = (a, b, c, d)
    seals = seal.seals(picture, found, None)
    verdict = Verdict(not advice, advice, quad, found.presence, seals, found.straddle, note=source.note(picture), size=(width, height))
    return verdict, picture, found


def _advice(picture: Array, found: seal.Found) -> str:
    """At most one instruction; a page without visible corners is none."""
    if min(picture.shape[:2]) < LEAST and not found.sure:
        return SMALL
    judged, _ = opened.within(picture, SIDE)
    grey = cv2.cvtColor(judged, cv2.COLOR_BGR2GRAY)
    if light.dark(grey):
        return DARK
    sharp = sharpness(grey)
    if not sharp.enough:
        return SHAKEN if sharp.moved else BLURRED
    if light.glare(judged):
        return GLARE
    return CLOSER if found.far else ""


def agreed(expect: str, read: tuple[Seal, ...]) -> Agreement:
    """Each seal by itself; the page agrees when one of them does. A doubtful answer is kept before a plain no."""
    order = ("match", "unsure", "mismatch")
    answers = [agree(expect, readings(one)) for one in read] or [agree(expect, ())]
    return min(answers, key=lambda answer: order.index(answer.verdict))


def readings(one: Seal) -> tuple[Reading, ...]:
    return tuple(Reading(candidate.text, candidate.confidence, candidate.whole) for candidate in one.candidates)
