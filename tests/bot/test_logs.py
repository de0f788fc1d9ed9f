"""Logs hold numbers and places; a secret that strays into one does not leave."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot import logs

SECRET = "123456:canary-token"


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logs.QUIET}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, was in levels.items():
        logging.getLogger(name).setLevel(was)
    structlog.reset_defaults()


def test_one_line_of_json_each(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up(readable=False)
    structlog.get_logger().info("posted", outbox=7)
    logging.getLogger("elsewhere").warning("a %s", "b")
    ours, theirs = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert (ours["event"], ours["outbox"], ours["level"]) == ("posted", 7, "info")
    assert (theirs["event"], theirs["level"]) == ("a b", "warning")


@pytest.mark.parametrize("readable", [True, False])
def test_no_secret_leaves(capsys: pytest.CaptureFixture[str], readable: bool) -> None:
    logs.set_up([SECRET, "1"], readable=readable)
    log = structlog.get_logger()
    log.warning(f"at {SECRET}", url=f"https://api/bot{SECRET}/send", nested={"a": [SECRET]}, n=1)
    try:
        raise ValueError(f"https://api/bot{SECRET}")
    except ValueError:
        log.exception("failed")
        logging.getLogger("other").exception("failed with %s", SECRET)
    err = capsys.readouterr().err
    assert SECRET not in err
    assert err.count("***") >= 5
    assert "ValueError" in err


def test_the_libraries_that_log_addresses_are_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up(readable=False)
    logging.getLogger("httpx").info("HTTP Request: POST https://api.telegram.org/bot%s/sendMessage", SECRET)
    assert capsys.readouterr().err == ""
