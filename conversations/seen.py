"""What the eyes saw on one picture, in words fit for the customer's eyes: usable or one instruction, whose seal, does the name agree (A-4.4.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from rules.names import Agreement, Reading, agree, normal

Shows = Literal["", "stamp", "licence", "signed"]
State = Literal["match", "doubt", "read", "typed", "unread", "pending", "poor", "absent"]

FIRST, READ, UNREAD = "first", "read", "unread"  # stages of a picture
LOOKED = "looked"  # all that can be done where nothing is installed that reads: the person writes what stands there
ORDER: tuple[State, ...] = ("match", "read", "doubt", "typed", "unread", "pending", "poor", "absent")  # the best of several pictures speaks for all
ATTENTION = ("doubt", "unread", "poor", "absent")
SHORT: Mapping[State, str] = {"match": "名称一致", "doubt": "名称待核对", "unread": "印章没有读出", "poor": "不太清楚", "absent": "没有看到印章"}
PART = "有印章，上面的字没有读全，请靠近印章再拍一张，发送时勾选“原图”。"
DRAWN = "像是手画的"
COPY = "像是复印件，请拍盖章的原件。"
_MARKED = re.compile(r"\*\*(.+?)\*\*")


@dataclass(frozen=True, slots=True)
class Told:
    """Of one picture."""

    state: State
    words: str


def told(seen: Mapping[str, Any], expected: str, shows: Shows) -> Told:
    """What is said besides keeps nobody from anything."""
    found = _told(seen, expected, shows)
    beside = str(seen.get("note") or "") if found.state != "poor" and shows != "signed" else ""
    return Told(found.state, f"{found.words}{beside}")


def _told(seen: Mapping[str, Any], expected: str, shows: Shows) -> Told:
    if not seen:
        return Told("pending", "照片收到了，正在看。")
    if seen["stage"] == READ:
        return _licence(seen, expected) if shows == "licence" else _stamp(seen, expected, shows)
    if seen.get("advice"):
        return Told("poor", str(seen["advice"]))
    if seen["stage"] == FIRST:
        return _first(seen, shows)
    if seen["stage"] == LOOKED:
        return _looked(seen, shows)
    if shows == "licence":
        return Told("unread", "执照上的字没有读出来，请照着执照填。")
    return _unread(seen, shows)


def _looked(seen: Mapping[str, Any], shows: Shows) -> Told:
    """Another picture would be read no better."""
    if shows == "licence":
        return Told("typed", "照片清楚，请照着执照填。")
    return Told("typed", "有印章。") if shows == "stamp" and seen["presence"] == "有印章" else _first(seen, shows)


def _unread(seen: Mapping[str, Any], shows: Shows) -> Told:
    """Nobody is reading any more; without a presence nobody could even look."""
    if not seen["presence"] and shows != "signed":
        return Told("unread", "照片存下了，上面的字没有读出来。")
    return Told("unread", "有印章，上面的字没有读出来。") if seen["presence"] == "有印章" and shows == "stamp" else _first(seen, shows)


def _first(seen: Mapping[str, Any], shows: Shows) -> Told:
    presence = str(seen["presence"])
    if not seen.get("reads", True) and (shows == "licence" or (shows == "stamp" and presence == "有印章")):
        return Told("pending", "照片清楚，正在看。")  # where nothing is installed that reads
    if shows == "licence":
        return Told("pending", "照片清楚，正在读执照上的字。")
    if shows == "signed":
        return Told("read", "照片清楚。")
    if presence == "有印章":
        return Told("pending", "有印章，正在读上面的字。")
    return Told("absent" if presence.startswith("没有") else "poor", f"{presence}。")


def _stamp(seen: Mapping[str, Any], expected: str, shows: Shows) -> Told:
    if str(seen["presence"]).startswith(DRAWN):
        return _first(seen, shows)
    if not seen["seals"]:
        if seen.get("advice"):
            return Told("poor", str(seen["advice"]))
        return Told("poor", COPY) if seen.get("copies") and shows == "stamp" else _unread(seen, shows)
    if not expected:
        texts = [seal["text"] for seal in seen["seals"] if seal["text"]]
        return Told("read", f"印章：{'、'.join(texts)}。") if texts else _unread(seen, shows)
    agreement = agreed(expected, seen["seals"])
    several = f"共 {len(seen['seals'])} 个印章。" if len(seen["seals"]) > 1 else ""
    straddle = f"骑缝章 {seen['straddle']} 处。" if seen.get("straddle") else ""
    if agreement.verdict == "match":
        return Told("match", f"印章：{agreement.read}{_kind(seen, agreement.read)}。{plain(agreement.words)}{several}{straddle}")
    if seen.get("advice"):  # what was read on a poor picture is worth another picture, not a question
        return Told("poor", str(seen["advice"]))
    if not agreement.read:
        return Told("unread", f"有印章。{plain(agreement.words)}{several}")
    if agreement.verdict == "mismatch" and not any(one["whole"] for seal in seen["seals"] for one in seal["candidates"]):
        return Told("unread", PART)
    return Told("doubt", f"{plain(agreement.words)}{several}")


def sealed(seen: Mapping[str, Any], expected: str) -> tuple[str, str]:
    """The name that agrees, and the purpose that stands under it, else the kind of seal."""
    read = agreed(expected, seen["seals"]).read
    seal: Mapping[str, Any] = next((one for one in seen["seals"] if normal(one["text"]) == normal(read)), {})
    purpose, kind = str(seal.get("purpose") or ""), str(seal.get("kind") or "")
    return read, purpose or ("" if kind == "其他" else kind)


def _kind(seen: Mapping[str, Any], text: str) -> str:
    """公章 is expected; another kind is said, and who reviews decides (A-4.4.2b)."""
    kind = next((seal["kind"] for seal in seen["seals"] if normal(seal["text"]) == normal(text)), None)
    return f"（{kind}）" if kind and kind != "其他" else ""


def _licence(seen: Mapping[str, Any], expected: str) -> Told:
    licence = seen.get("licence")
    if not licence:
        return Told("poor", str(seen["advice"])) if seen.get("advice") else Told("unread", "没有认出是营业执照，请对正再拍一张，或照着执照填。")
    labels = (("名称", licence["name"]), ("信用代码", licence["code"]), ("类型", licence["form"]), ("有效期", licence["until"]))
    lines = "；".join(f"{label} {value}" for label, value in labels if value)
    doubted = [] if licence["code_valid"] or not licence["code"] else ["代码请核对一遍。"]
    if licence["name"] and expected and (agreement := agree(expected, [Reading(licence["name"])])).verdict != "match":
        doubted.append(plain(agreement.words).replace("印章像", "执照像"))
    return Told("doubt" if doubted else "read", f"执照上读到：{lines or '（没有读出来）'}。{''.join(doubted)}")


def names(looked: Mapping[str, Any] | None) -> list[str]:
    """Whose licence and whose seals, as far as they could be read."""
    if not looked:
        return []
    licence = str((looked.get("licence") or {}).get("name") or "")
    return [name for name in (licence, *(str(one.get("text") or "") for one in looked.get("seals") or ())) if name]


def agreed(expected: str, seals: Sequence[Mapping[str, Any]]) -> Agreement:
    """Each seal by itself; the page agrees when one of them does. A doubtful answer comes before a plain no."""
    order = ("match", "unsure", "mismatch")
    answers = [agree(expected, [Reading(one["text"], one["confidence"], one["whole"]) for one in seal["candidates"]]) for seal in seals]
    return min(answers, key=lambda answer: order.index(answer.verdict))


def plain(words: str) -> str:
    """What differs stands in 【】: chat shows no bold."""
    return _MARKED.sub(r"【\1】", words)
