"""What the commands say about themselves and about a mistyped line, in Chinese: typer's own words are English."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Mapping, Sequence

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

HELP = "--help"
_HELP_LINE = (HELP, "显示这段说明")


class Command(TyperCommand):
    def get_help(self, ctx: typer.Context) -> str:  # type: ignore[override]
        places = [one for one in self.params if one.param_type_name == "argument"]
        options = [one for one in self.params if one.param_type_name == "option" and one.name != "help"]
        usage = " ".join([ctx.command_path, "[选项]", *(_name(one) for one in places)])
        tables = {"要写的": [(_name(one), getattr(one, "help", "") or "") for one in places]}
        tables["选项"] = [*((_name(one), getattr(one, "help", "") or "") for one in options), _HELP_LINE]
        return _page(usage, self.help or "", tables)


class Group(TyperGroup):
    def get_help(self, ctx: typer.Context) -> str:  # type: ignore[override]
        commands = [(name, command.help or "") for name, command in self.commands.items()]
        own = [(_name(one), getattr(one, "help", "") or "") for one in self.params if one.param_type_name == "option" and one.name != "help"]
        return _page(f"{ctx.command_path} 命令 [选项]", self.help or "", {"命令": commands, "选项": [*own, _HELP_LINE]})


def run(app: typer.Typer, arguments: Sequence[str] | None = None) -> int:
    """The command's status; a mistyped line is 2 with one sentence and where the help is."""
    for registered in app.registered_commands:
        registered.cls = Command
    try:
        return int(typer.main.get_command(app).main(arguments, "python -m bot", standalone_mode=False) or 0)
    except typer.Abort:
        return 130
    except TyperException as wrong:
        print(_told(wrong), file=sys.stderr)
        return 2


def _told(wrong: TyperException) -> str:
    """By kind: the library's words are English."""
    kind, ctx = type(wrong).__name__, getattr(wrong, "ctx", None)
    if kind == "NoArgsIsHelpError":
        return str(ctx.command.get_help(ctx)) if ctx else ""
    param = getattr(wrong, "param", None)
    if kind == "MissingParameter" and param is not None:
        why = f"还缺“{_name(param)}”。"
    elif isinstance(wrong, typer.BadParameter) and param is not None:
        why = f"“{_name(param)}”不能这样写。"
    elif option := getattr(wrong, "option_name", ""):
        why = f"没有“{option}”这个选项。" if kind == "NoSuchOption" else f"“{option}”写得不对，后面要跟一个值，或者不该跟。"
    elif isinstance(getattr(ctx, "command", None), TyperGroup):
        why = "没有这个命令。"
    else:
        why = "写多了，或者写错了地方。"
    path = ctx.command_path if ctx else "python -m bot"
    return f"{why}怎么写：{path} {HELP}"


def _name(param: object) -> str:
    """--role, or what stands for a word without a name: 姓名."""
    if getattr(param, "param_type_name", "") == "argument":
        return str(getattr(param, "metavar", None) or getattr(param, "name", ""))
    return " / ".join(getattr(param, "opts", ()))


def _page(usage: str, about: str, tables: Mapping[str, Sequence[tuple[str, str]]]) -> str:
    parts = [f"用法：{usage}", about.strip()]
    for heading, rows in tables.items():
        if rows:
            width = max(_width(name) for name, _ in rows)
            parts.append("\n".join([f"{heading}：", *(f"  {name}{' ' * (width - _width(name))}  {words}".rstrip() for name, words in rows)]))
    return "\n\n".join(part for part in parts if part)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
