"""The settings for a command, or one clear line for each that is wrong."""

from __future__ import annotations

from pydantic import ValidationError

from bot.settings import Settings
from storage.database import Database


def settings() -> Settings:
    try:
        return Settings()
    except ValidationError as wrong:
        raise SystemExit("\n".join(["设置有问题（环境变量或 .env）：", *problems(wrong)])) from None


def problems(wrong: ValidationError) -> list[str]:
    """Never the value: it may be a secret."""
    lines = []
    for one in wrong.errors(include_input=False, include_url=False, include_context=False):
        name = "".join(f"PAOJIE_{str(part).upper()} " for part in one["loc"][:1])
        lines.append(f"  {name}{one['msg'].removeprefix('Value error, ')}")
    return lines


def database(chosen: Settings) -> Database:
    """The firm's database, for a command beside a running server."""
    chosen.data.mkdir(parents=True, exist_ok=True)
    return Database(chosen.database_url, chosen.data)
