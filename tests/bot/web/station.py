"""The demo's station with a job on its way, and the customer's browser before a link."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from bot.app import App
from bot.clock import Clock, StillClock
from conversations.repairs import outside
from tests.bot.web.firm import page_of, running
from tests.conversations.repairs.test_customer import through
from tests.conversations.repairs.test_technician import WANG, job, sent
from tests.conversations.talk import CALENDAR, DAY, Talk

NINE = CALENDAR.at(DAY, "09:05")
ADDRESS = re.compile(r"/([csp])/([\w-]{43})")
SUBMISSION = re.compile(r'name="submission" value="([\w-]{43})"')
NAME = {"w": 358, "h": 240, "lines": [[[40, 60, 0], [120, 80, 60], [180, 160, 130]], [[60, 170, 400], [200, 50, 560]]]}


class Station:
    """`talk` is everybody's telephone, `job` the one the links are for."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.talk = Talk(app.database)
        self.talk.at("09:05")
        self.job = 0

    def quoted(self, lines: tuple[str, ...] = ("球阀 1", "人工 1"), **changed: object) -> str:
        """The way to the consent."""
        self.job = sent(self.talk, **changed)
        self.talk.taps(WANG, "接单")
        self.talk.sends(WANG, "a1")
        self.talk.taps(WANG, "阀门坏了")
        self.talk.taps(WANG, "要收费，报价")
        for line in lines:
            self.talk.says(WANG, line)
        return way(self.talk.taps(WANG, "就这些"))

    def changed(self) -> str:
        """Something else is needed once work has begun: the way to the new consent."""
        self.talk.taps(WANG, "其他")
        self.talk.taps(WANG, "要改报价")
        self.talk.says(WANG, "球阀 2")
        return way(self.talk.taps(WANG, "就这些"))

    def content(self) -> str:
        """The way to the signature, after a consent through its link."""
        self.quoted()
        through(self.talk, "consent", outside.agreed)
        self.talk.sends(WANG, "a2")
        self.talk.taps(WANG, "三次都正常")
        self.talk.taps(WANG, "客户满意")
        return way(self.talk.taps(WANG, "给客户扫码", of=1))

    def state(self) -> str:
        return job(self.talk, self.job).state


def way(prompts: list[Any]) -> str:
    """The address in what was said or on its button."""
    said = "\n".join(part for prompt in prompts for part in (prompt.text, *(one.url for one in prompt.options)))
    found = ADDRESS.search(said)
    if found is None:
        raise LookupError(said)
    return found[0]


def submission(page: str) -> str:
    found = SUBMISSION.search(page)
    if found is None:
        raise LookupError(page)
    return found[1]


def signed(**changed: object) -> dict[str, str]:
    """What the page sends when the customer signs."""
    return {"act": "sign", "name": "刘女士", "relation": "self", "strokes": json.dumps(NAME)} | {name: str(value) for name, value in changed.items()}


@asynccontextmanager
async def stationed(folder: Path, database: str = "", clock: Clock | None = None, **how: Any) -> AsyncIterator[Station]:
    async with running(folder, database, clock=clock or StillClock(NINE), demo=False, **how) as app:
        yield Station(app)


def browser(app: App, **headers: str) -> httpx.AsyncClient:
    return page_of(app, "http://paojie.test", {"Accept-Language": "zh-CN", **headers})
