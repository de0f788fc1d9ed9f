"""No task without its object: every kind of case is declared, and refuses to be opened without what it is about (A-1.4)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from rules.errors import RuleBroken
from rules.objects import KINDS, require

ROOT = Path(__file__).parents[2]
GIVEN = {"customer": 7, "day": "2026-11-24", "paper": 7, "person": 7}


def opened() -> Iterator[tuple[str, str]]:
    """Every desk.open_case("kind", …) in the product, with its place."""
    for package in ("conversations", "storage", "scheduler", "bot"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "open_case" and node.args:
                    first = node.args[0]
                    if isinstance(first, ast.Constant):
                        yield str(first.value), f"{path.relative_to(ROOT)}:{node.lineno}"


def test_every_kind_that_is_opened_says_what_it_is_about() -> None:
    missing = {f"{kind} ({place})" for kind, place in opened() if kind not in KINDS}
    assert not missing, f"say in rules/objects.py what these are about: {sorted(missing)}"
    assert len({kind for kind, _ in opened()}) >= 8


@pytest.mark.parametrize("kind", [kind for kind, about in KINDS.items() if about != "person"])
def test_without_its_object_it_is_refused(kind: str) -> None:
    others = {name: value for name, value in GIVEN.items() if name != KINDS[kind]}
    with pytest.raises(RuleBroken) as refused:
        require(kind, **others)  # type: ignore[arg-type]
    assert refused.value.clause == "A-1.4"
    assert "请先写清" in refused.value.text


@pytest.mark.parametrize("kind", KINDS)
def test_with_it_it_may_be_opened(kind: str) -> None:
    require(kind, **{KINDS[kind]: GIVEN[KINDS[kind]]})  # type: ignore[arg-type]
