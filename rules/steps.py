"""Moves of a case: from which states, by whom, to which state, under which clause."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from rules.errors import RuleBroken


@dataclass(frozen=True, slots=True)
class Step:
    """One arrow of a state diagram; `by` are the parts (owner, receiver…) that may take it."""

    action: str
    before: frozenset[str]
    after: str
    by: frozenset[str]
    clause: str
    closes: bool = False


def step(action: str, before: str, after: str, by: str, clause: str, *, closes: bool = False) -> Step:
    return Step(action, frozenset(before.split()), after, frozenset(by.split()), clause, closes)


class NotNow(RuleBroken):
    """The case stands elsewhere: somebody was here before."""


class NotYours(RuleBroken):
    """Another part has to do this."""


def take(steps: Iterable[Step], state: str, action: str, parts: Collection[str]) -> Step:
    """The arrow for this action from this state, or why there is none."""
    arrows = [one for one in steps if one.action == action]
    if not arrows:
        raise ValueError(f"no such action: {action}")
    mine = [one for one in arrows if one.by & set(parts)]
    if not mine:
        raise NotYours(arrows[0].clause, "这一步要由别人来做。")
    for one in mine:
        if state in one.before:
            return one
    raise NotNow(mine[0].clause, "这件事已经往前走了。")
