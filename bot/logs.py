"""What is logged: kinds, numbers and places in the code; never what people say, never a secret."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable, MutableMapping, Sequence
from typing import Any

import structlog

QUIET = (
    "httpx",
    "httpcore",
    "telegram",
    "apscheduler",
    "alembic",
    "asyncio",
    "uvicorn",
    "multipart",
)  # httpx logs urls, and the bot's token is in them
HIDDEN = "***"
_SHORTEST = 6  # a shorter setting is no secret, and would hide half of every line

_ENTERED: set[str] = set()

Processor = Callable[[Any, str, MutableMapping[str, Any]], MutableMapping[str, Any]]


def set_up(secrets: Sequence[str] = (), *, readable: bool | None = None) -> None:
    """Lines of JSON to stderr, or readable ones on a terminal."""
    readable = sys.stderr.isatty() if readable is None else readable
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        hiding(secrets),
    ]
    renderer = structlog.dev.ConsoleRenderer(colors=readable, exception_formatter=structlog.dev.plain_traceback)
    last = renderer if readable else structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def also_hide(secrets: Iterable[str]) -> None:
    """Those that are entered while the process runs."""
    _ENTERED.update(secret for secret in secrets if len(secret) >= _SHORTEST)


def hiding(secrets: Sequence[str]) -> Processor:
    """Belt and braces: a secret that got into a line by somebody's exception does not leave."""
    known = sorted((secret for secret in secrets if len(secret) >= _SHORTEST), key=len, reverse=True)

    def hide(value: Any) -> Any:
        if isinstance(value, str):
            for secret in (*known, *_ENTERED):
                value = value.replace(secret, HIDDEN)
            return value
        if isinstance(value, dict):
            return {name: hide(one) for name, one in value.items()}
        if isinstance(value, list | tuple):
            return [hide(one) for one in value]
        return value if isinstance(value, int | float | bool | None) else hide(str(value))

    def processor(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {name: value if name.startswith("_") else hide(value) for name, value in line.items()}

    return processor
