"""What libraries would load only because it is installed is kept out of the server: a process that waits should be small."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

UNUSED = ("rich", "watchfiles", "greenlet")  # structlog's coloured tracebacks, uvicorn's reloading, SQLAlchemy's asyncio


@contextmanager
def imports() -> Iterator[None]:
    """Inside, those are as good as not installed."""
    kept_out = [name for name in UNUSED if name not in sys.modules]
    sys.modules.update(dict.fromkeys(kept_out))  # type: ignore[arg-type]  # None: Python's own sign for it
    try:
        yield
    finally:
        for name in kept_out:
            del sys.modules[name]
