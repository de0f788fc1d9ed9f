"""Colleagues written to first in WeCom: who is still to be, who was, who could not be and what to do about it (A-1.3)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from bot.channels import wecom_words
from bot.channels.answering import Trouble
from bot.web.office.frame import ADMIN, Office, Page, number, texts
from conversations.spoken import clock_words
from scheduler import quiet
from storage.greeting import CHANNEL, Greeting
from storage.world import World

PATH = "/office/people/greet"
_NOBODY = "没有要问候的：写了企业微信账号的同事都问候过了，或还没有人选上。"


@dataclass(frozen=True, slots=True)
class Line:
    one: Greeting
    trouble: Trouble | None

    @property
    def open(self) -> bool:
        """May still be written to."""
        return self.one.state in ("new", "failed")


async def show(office: Office, request: Request) -> Response:
    found = await office.read(request, lambda world: world.greetings())
    counts = Counter(one.state for one in found)
    lines = [Line(one, _trouble(office, one)) for one in found]
    more = {"ready": CHANNEL in office.app.channels, "demo": office.app.demo}
    answer = office.page(request, "office/greetings.html", lines=lines, counts=counts, **more)
    if any(line.one.state == "waits" and line.trouble is None and line.one.due(office.now) for line in lines):
        answer.headers["Refresh"] = "3"  # on their way just now
    return answer


async def send(office: Office, request: Request) -> Response:
    """At night they are written to in the morning: nobody is woken by a greeting."""
    form = await office.form(request)
    ids = {id for one in texts(form, "id") if (id := number(one))}

    def do(world: World) -> str:
        later = quiet.until(world.now, world.calendar, str(world.setting(quiet.SETTING)), None)
        written, refused = world.greet(ids, later or world.now)
        when = f"现在是夜里，{clock_words(later, world)} 发出" if later else "发出去了"
        return "".join([f"{written} 位的问候{when}。" if written else "", *refused])

    told = await office.write(request, do)
    office.app.nudge()
    return office.back(PATH, told or _NOBODY)


def _trouble(office: Office, one: Greeting) -> Trouble | None:
    return wecom_words.of_text(one.why, office.settings.wecom_api) if one.why and one.state != "sent" else None


PAGES = (
    Page(PATH, "企业微信问候", show, ADMIN, group="人员"),
    Page(f"{PATH}/send", "发问候", send, ADMIN, ("POST",)),
)
