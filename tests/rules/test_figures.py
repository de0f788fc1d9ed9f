"""What is counted and how; nothing of what A-2.3 forbids has a name anywhere near it; statements and their moves."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from conversations.desks import figures as desk_figures
from conversations.form import Form
from conversations.registry import FORMS
from rules import figures, statements
from rules.figures import BLOCKS, BY_KEY, MEASURES, Measure, Papers, Tally, changes, counted, of_block, proven, share, total
from rules.lists import LISTS
from rules.settings import SETTINGS, Setting
from rules.steps import NotNow, NotYours
from storage.tables.base import metadata

ROOT = Path(__file__).parents[2]
MODEL = (
    "rules/figures.py",
    "rules/statements.py",
    "conversations/desks/figures.py",
    "conversations/statements.py",
    "storage/reports.py",
    "storage/figuring.py",
)
# Complexity, difficulty, ability, skill, seniority, education, in both languages.
FORBIDDEN = re.compile(
    "complex|difficult|abilit|able_|capab|talent|skill|expert|senior|tenure|rank_|educat|degree|diploma|school|复杂|难度|难易|能力|技能|技术|水平|"
    "资历|资格|工龄|年限|职称|学历|学位|文凭|教育|毕业",
    re.IGNORECASE,
)


PROGRAM = ("rules", "papers", "conversations", "storage", "scheduler", "bot")
NAMED = frozenset(
    [
        "complexity",
        "difficulty",
        "ability",
        "abilities",
        "skill",
        "skills",
        "skilled",
        "talent",
        "talents",
        "seniority",
        "senior",
        "tenure",
        "education",
        "educated",
        "diploma",
        "难度",
        "能力",
        "技能",
        "资历",
        "工龄",
        "学历",
        "学位",
        "文凭",
    ]
)


def pieces(name: str) -> list[str]:
    """skill_level, skillLevel → skill, level."""
    return [piece.lower() for piece in re.findall("[A-Z]?[a-z]+|[A-Z]+|[\u4e00-\u9fff]+", name)]


def identifiers(path: Path) -> set[str]:
    return named_in(ast.parse(path.read_text(encoding="utf8")))


def named_in(tree: ast.AST) -> set[str]:
    """Names and keys, not sentences."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.arg | ast.keyword):
            found.add(node.arg or "")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"[A-Za-z_]{3,40}|[\u4e00-\u9fff]{2,8}", node.value):
            found.add(node.value)
    return found


def words(value: Any, depth: int = 0) -> Iterator[str]:
    """Every text within, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from words(key, depth + 1)
            yield from words(one, depth + 1)
    elif isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from words(one, depth + 1)
    elif isinstance(value, type) and issubclass(value, Form):
        yield from words(value.questions, depth + 1)
    elif depth < 9 and value is not None and not callable(value) and not isinstance(value, int | float | re.Pattern):
        kept = getattr(value, "__dict__", None) or {name: getattr(value, name) for name in getattr(value, "__slots__", ())}
        yield from words(kept, depth + 1)


def names(tree: ast.AST) -> set[str]:
    """Every name, attribute, argument, field, key and text in a module, its own docstrings and comments aside."""
    found: set[str] = set()
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.arg | ast.keyword):
            found.add(node.arg or "")
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            found.add(node.value)
    return found


class TestNothingForbidden:
    """A-2.3: not by complexity, difficulty, ability, skill, seniority or education."""

    @pytest.mark.parametrize("path", MODEL)
    def test_no_name_in_the_model(self, path: str) -> None:
        found = names(ast.parse((ROOT / path).read_text(encoding="utf8")))
        assert len(found) > 20
        assert [name for name in found if FORBIDDEN.search(name)] == []

    def test_no_field_and_no_annotation(self) -> None:
        models = [getattr(module, name) for module in (figures, desk_figures) for name in dir(module)]
        written = [f"{one.name} {one.type}" for model in models if hasattr(model, "__dataclass_fields__") for one in fields(model)]
        written += [f"{name} {kind}" for model in models for name, kind in getattr(model, "__annotations__", {}).items()]
        assert len(written) > 20
        assert [one for one in written if FORBIDDEN.search(one)] == []

    @pytest.mark.parametrize("measure", MEASURES, ids=lambda one: one.key)
    def test_no_measure(self, measure: Measure) -> None:
        assert not FORBIDDEN.search(repr(measure))

    def test_no_table_and_no_column_of_any(self) -> None:
        every = [*metadata.tables, *(f"{table.name}.{column.name}" for table in metadata.tables.values() for column in table.columns)]
        assert len(metadata.tables) > 40
        assert [one for one in every if FORBIDDEN.search(one)] == []

    @pytest.mark.parametrize("form", FORMS, ids=lambda one: one.__name__)
    def test_no_question_of_any_form(self, form: type[Form]) -> None:
        """Its name, its words, what it offers; rows of a table within it as well."""
        written = [form.__name__, form.title, *words(form.questions)]
        assert len(written) > 2
        assert [one for one in written if FORBIDDEN.search(one)] == []

    @pytest.mark.parametrize("setting", SETTINGS.values(), ids=lambda one: one.name)
    def test_no_setting(self, setting: Setting) -> None:
        assert not FORBIDDEN.search(repr(setting))

    def test_no_column_of_a_list_that_is_read_in(self) -> None:
        written = list(words(LISTS))
        assert len(written) > 50
        assert [one for one in written if FORBIDDEN.search(one)] == []

    def test_no_name_anywhere_in_the_program(self) -> None:
        """What a case may carry has no table of its own: every keyword, field, key and variable is looked at."""
        found = {name for package in PROGRAM for path in (ROOT / package).rglob("*.py") for name in identifiers(path)}
        assert len(found) > 5000
        assert [name for name in found if NAMED & set(pieces(name))] == []

    def test_a_word_would_be_found(self) -> None:
        tree = "case.data['skill_level'] = 3\ndesk.move(case, seniority=2)\nclass A:\n    eduBackground: str\n    education: str"
        assert {name for name in named_in(ast.parse(tree)) if NAMED & set(pieces(name))} == {"skill_level", "seniority", "education"}

    def test_a_name_would_be_found(self) -> None:
        assert all(FORBIDDEN.search(word) for word in ("skill_level", "seniority", "学历", "case_complexity", "难度系数", "education"))
        assert [name for name in names(ast.parse("class A:\n    difficulty: int = 0")) if FORBIDDEN.search(name)] == ["difficulty"]

    def test_and_nothing_is_weighed(self) -> None:
        """Counts, and no factor on any of them."""
        assert not [one.name for one in fields(Measure) if one.type not in ("str", "Block", "Papers | Matters")]


class TestMeasures:
    def test_results_and_effort_apart(self) -> None:
        assert {one.key for one in of_block("effort")} == {"visits", "calls", "deliveries", "logs"}
        assert {one.key for one in of_block("results")} == {"new_customers", "surveys", "promises", "requests"}
        assert [one.key for one in of_block("apart")] == ["complaints"]
        assert len({one.key for one in MEASURES}) == len({one.label for one in MEASURES}) == len(MEASURES)

    def test_only_what_is_shown_or_countersigned_counts(self) -> None:
        assert [proven(grade) for grade in ("declared", "evidenced", "countersigned")] == [False, True, True]
        assert all(isinstance(one.counts, Papers) or one.counts.proof != "none" for one in MEASURES if one.block != "apart")

    @pytest.mark.parametrize("measure", MEASURES, ids=lambda one: one.key)
    def test_each_is_explained(self, measure: Measure) -> None:
        assert measure.how.endswith("。")
        assert len(measure.how) <= 40
        assert measure.clause.startswith("A-")
        assert measure.block in BLOCKS

    def test_in_words(self) -> None:
        assert Tally(3).words(BY_KEY["visits"]) == "走访 3 次"
        assert Tally(3, 2).words(BY_KEY["visits"]) == "走访 3 次（另 2 缺凭证、没签收）"


def test_what_changed_since_it_was_filed() -> None:
    found = changes({"visits": 41, "calls": 3}, {"visits": 40, "calls": 3, "logs": 1})
    assert [one.words() for one in found] == ["走访 41 → 40", "按时交日志 0 → 1"]


def test_together() -> None:
    both = total([{"visits": Tally(2, 1)}, {"visits": Tally(3), "calls": Tally(1)}])
    assert both == {"visits": Tally(5, 1), "calls": Tally(1)}
    assert counted(both)["visits"] == 5
    assert counted({})["logs"] == 0


@pytest.mark.parametrize(("part", "whole", "words"), [(1, 4, "25%"), (0, 3, "0%"), (0, 0, "–")])
def test_shares(part: int, whole: int, words: str) -> None:
    assert share(part, whole) == words


class TestStatements:
    def move(self, state: str, action: str, by: int) -> str:
        return statements.move(state, action, by=by, owner=1, supervisors=frozenset({2}), managers=frozenset({3})).after

    def test_the_way(self) -> None:
        assert self.move("issued", "object", 1) == "objected"
        assert self.move("objected", "recount", 2) == "issued"
        assert self.move("issued", "approve", 3) == "approved"

    def test_once(self) -> None:
        with pytest.raises(NotNow):
            self.move("approved", "approve", 3)
        with pytest.raises(NotNow):
            self.move("objected", "approve", 3)

    @pytest.mark.parametrize(
        ("state", "action", "by"), [("issued", "approve", 1), ("issued", "approve", 2), ("objected", "keep", 1), ("issued", "object", 2)]
    )
    def test_by_whom(self, state: str, action: str, by: int) -> None:
        with pytest.raises(NotYours):
            self.move(state, action, by)

    def test_months(self) -> None:
        assert statements.month_before(date(2026, 12, 3)) == (date(2026, 11, 1), date(2026, 11, 30))
        assert statements.bounds("2024-02") == (date(2024, 2, 1), date(2024, 2, 29))
        assert statements.spelt(date(2026, 1, 31)) == "2026-01"
        with pytest.raises(ValueError, match="month"):
            statements.bounds("2026-13")
