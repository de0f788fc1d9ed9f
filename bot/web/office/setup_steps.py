"""The steps of setting up: which there are, how far each is, and the frame a step's page stands in; progress is kept in the firm's data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import Response

from bot.platforms import LABELS, NAMES
from bot.web.answers import Problem
from bot.web.office.frame import Office
from storage.channels import Stored
from storage.outbox import WEB
from storage.world import World

HOME = "/office/setup"
State = Literal["done", "skipped", "open"]
_DEMO = "演示里不用设置。要给自己公司用，请点演示页上的「给自己公司用」。"


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    title: str
    why: str

    @property
    def path(self) -> str:
        return f"{HOME}/{self.name}"


STEPS = (
    Step("firm", "公司和部门", "公司名称写在给客户的页面上；市场员和主管按部门分。"),
    Step("address", "网址", "同事的手机和企业微信从哪里打开跑街。"),
    Step("wecom", LABELS["wecom"], "同事在企业微信里直接用，不用再装什么。"),
    Step("telegram", LABELS["telegram"], "用 Telegram 的公司才需要；不用就跳过。"),
    Step("people", "第一批同事", "先加几位试用，以后随时能加。"),
    Step("calendar", "日历", "放假和调休的日子不催人。"),
    Step("test", "发一条测试消息", "发给您自己，看看收发都通。"),
)
BY_NAME: Mapping[str, Step] = {step.name: step for step in STEPS}


@dataclass(frozen=True, slots=True)
class Tick:
    """One line of a live list: True a tick, False what is wrong, None not yet."""

    ok: bool | None
    words: str
    todo: str = ""


def refuse_demo(office: Office) -> None:
    if office.app.demo:
        raise Problem(403, _DEMO)


def given(office: Office, name: str) -> bool:
    """Set up from outside: shown, not changed here."""
    return name in office.app.platforms.given


def states(office: Office, world: World) -> dict[str, State]:
    marks, stored = world.setup_steps(), world.channels()
    facts = {
        "firm": bool(world.firm_name()) and bool(world.teams()),
        "address": bool(office.settings.url),
        "people": len(world.people()) > 1,
        "test": any((test := world.test(name)) is not None and test.answered for name in (*NAMES, WEB)),
    }
    facts |= {name: given(office, name) or _works(stored.get(name), name) for name in NAMES}
    return {step.name: _state(facts.get(step.name, False), marks.get(step.name, "")) for step in STEPS}


def _works(row: Stored | None, name: str) -> bool:
    return row is not None and bool(row.sealed) and row.active and (name != "wecom" or row.verified_at is not None)


def _state(fact: bool, mark: str) -> State:
    return "done" if fact or mark == "done" else "skipped" if mark == "skipped" else "open"


async def step_page(office: Office, request: Request, name: str, *, status: int = 200, **values: Any) -> Response:
    """The step's template with its place among the steps."""
    refuse_demo(office)
    found = await office.read(request, lambda world: states(office, world))
    at = [step.name for step in STEPS].index(name)
    shown: dict[str, Any] = {"step": STEPS[at], "steps": STEPS, "states": found, "number": at + 1, "errors": {}}
    shown |= {"before": STEPS[at - 1] if at else None, "after": STEPS[at + 1] if at + 1 < len(STEPS) else None}
    return office.page(request, f"office/setup_{name}.html", status=status, **(shown | values))


def next_path(name: str) -> str:
    at = [step.name for step in STEPS].index(name)
    return STEPS[at + 1].path if at + 1 < len(STEPS) else HOME
