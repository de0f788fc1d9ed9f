"""The settings for a command, or one clear line for each that is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from bot.settings import Settings
from storage.database import Database

_NOT_UTF8 = ".env 不是 UTF-8 编码，请另存为 UTF-8"


class Wrong(Exception):
    """Settings that cannot be used: a line for each."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("；".join(lines))
        self.lines = lines


def settings() -> Settings:
    try:
        return read()
    except Wrong as wrong:
        raise SystemExit("\n".join(["设置有问题（环境变量或 .env）：", *(f"  {line}" for line in wrong.lines)])) from None


def read() -> Settings:
    """Raises Wrong."""
    try:
        return Settings()
    except ValidationError as wrong:
        raise Wrong(problems(wrong)) from None
    except UnicodeDecodeError:
        raise Wrong([_NOT_UTF8]) from None


def problems(wrong: ValidationError) -> list[str]:
    """Never the value: it may be a secret."""
    lines = []
    for one in wrong.errors(include_input=False, include_url=False):
        name = "".join(f"PAOJIE_{str(part).upper()} " for part in one["loc"][:1])
        lines.append(name + _why(one["type"], one["msg"], one.get("ctx", {})))
    return lines


def _why(kind: str, message: str, context: Mapping[str, Any]) -> str:
    """The library's reasons are English; ours are Chinese already."""
    if kind == "value_error":
        return message.removeprefix("Value error, ")
    if kind == "literal_error":
        return "只能是 " + " 或 ".join(re.findall("'([^']*)'", str(context.get("expected", ""))))
    if kind in ("greater_than_equal", "less_than_equal"):
        return f"要{'不小于' if kind == 'greater_than_equal' else '不大于'} {context.get('ge', context.get('le'))}"
    return "要是一个数字" if kind.startswith("int_") else "写法不对，请对照 .env.example"


def database(chosen: Settings) -> Database:
    """The firm's database, for a command beside a running server."""
    chosen.data.mkdir(parents=True, exist_ok=True)
    return Database(chosen.database_url, chosen.data)
