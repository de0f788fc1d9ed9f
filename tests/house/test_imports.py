"""rules < papers < conversations < storage < scheduler < bot: imports go left only, heavy libraries have one home, no rings."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINE = ("rules", "papers", "conversations", "storage", "scheduler", "bot")
HOMES = {  # library: where it may be imported
    "PIL": ("papers/",),
    "cv2": ("papers/",),
    "typst": ("papers/",),
    "sqlalchemy": ("storage/",),
    "alembic": ("storage/migrations/",),
    "apscheduler": ("scheduler/ticker.py",),
    "telegram": ("bot/channels/telegram",),
    "wechatpy": ("bot/channels/wecom",),
    "starlette": ("bot/web/",),
    "jinja2": ("bot/web/",),
    "uvicorn": ("bot/web/", "bot/commands/"),
    "typer": ("bot/__main__.py", "bot/commands/"),
    "rich": ("bot/__main__.py", "bot/commands/"),
}


def modules() -> dict[str, tuple[str, ast.Module]]:
    found = {}
    for package in LINE:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = path.relative_to(ROOT).with_suffix("").as_posix()
            dotted = name.removesuffix("/__init__").replace("/", ".")
            found[dotted] = (path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf8")))
    return found


def imported(tree: ast.Module, known: set[str], *, typing: bool) -> set[str]:
    """Dotted names imported anywhere in the module; those under `if TYPE_CHECKING` only when asked."""
    skipped: set[int] = set()
    if not typing:
        for node in ast.walk(tree):
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
                skipped |= {id(child) for part in node.body for child in ast.walk(part)}
    names: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" if f"{node.module}.{alias.name}" in known else str(node.module) for alias in node.names}
            names |= {"RELATIVE"} if node.level else set()
    return names


MODULES = modules()


def test_there_is_something_to_check() -> None:
    assert len(MODULES) > 30
    assert {name.split(".")[0] for name in MODULES} >= {"conversations", "storage", "bot"}


@pytest.mark.parametrize("name", MODULES)
def test_imports_go_left(name: str) -> None:
    _, tree = MODULES[name]
    allowed = LINE[: LINE.index(name.split(".")[0]) + 1]
    used = imported(tree, set(MODULES), typing=True)
    assert "RELATIVE" not in used
    heads = {other.split(".")[0] for other in used}
    assert sorted(heads & set(LINE) - set(allowed)) == []
    assert sorted(heads & {"tests", "benchmarks"}) == []


@pytest.mark.parametrize("name", MODULES)
def test_heavy_libraries_stay_at_home(name: str) -> None:
    path, tree = MODULES[name]
    heads = {other.split(".")[0] for other in imported(tree, set(MODULES), typing=True)}
    strays = [library for library in heads & HOMES.keys() if not path.startswith(HOMES[library])]
    assert strays == []


@pytest.mark.parametrize("package", LINE)
def test_no_rings(package: str) -> None:
    graph = {
        name: {other for other in imported(tree, set(MODULES), typing=False) if other in MODULES and other != name and other.split(".")[0] == package}
        for name, (_, tree) in MODULES.items()
        if name.split(".")[0] == package
    }
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as ring:
        pytest.fail(" → ".join(ring.args[1]))


def test_the_rules_need_nothing_but_python() -> None:
    import sys

    third = {"chinese_calendar"}  # the State Council's days, in rules/calendar.py alone
    for name, (_, tree) in MODULES.items():
        if name.split(".")[0] != "rules":
            continue
        heads = {other.split(".")[0] for other in imported(tree, set(MODULES), typing=True)} - {"rules", "__future__"}
        strays = heads - set(sys.stdlib_module_names) - (third if name == "rules.calendar" else set())
        assert strays == set(), name
