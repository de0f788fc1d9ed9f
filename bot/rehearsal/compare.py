"""What was heard and kept beside what the script says should be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.rehearsal.phone import Heard
from bot.rehearsal.script import Step, several


class Differed(Exception):
    """The step, what should have been heard, and what was heard instead."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A filed paper as the script asks for it; `facts` are customer, photos, grade, at (local 10:20) beside the answers."""

    form: str
    facts: Mapping[str, Any]
    answers: Mapping[str, Any]


def compare(step: Step, heard: Sequence[Heard]) -> None:
    body = step.body
    whole = "\n".join(map(str, heard))
    if body.get("hears") == "nothing":
        if heard:
            raise Differed(f"{step}\n不该有消息，却听到：\n{whole}")
        return
    at = 0
    for part in map(str, several(body.get("hears", []))):
        found = whole.find(part, at)
        if found < 0:
            raise Differed(f"{step}\n没有听到“{part}”，听到的是：\n{whole or '（什么也没有）'}")
        at = found + len(part)
    for part in map(str, several(body.get("not", []))):
        if part in whole:
            raise Differed(f"{step}\n不该听到“{part}”：\n{whole}")
    labels = {label for message in heard for label in message.buttons}
    if lacking := [label for label in map(str, several(body.get("buttons", []))) if label not in labels]:
        raise Differed(f"{step}\n没有按钮〔{'〕〔'.join(lacking)}〕，听到的是：\n{whole}")


def fits(paper: Kept, name: str, value: Any) -> bool:
    """Of the facts exactly, of an answer a part; an answer that is not there is written ~."""
    if name in paper.facts:
        return bool(paper.facts[name] == value)
    answer = paper.answers.get(name)
    return answer is None if value is None else str(value) in str(answer)
