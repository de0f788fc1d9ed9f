"""Messages that did not arrive or could not be handled: whose, why, what to do, once more or no more; what they say is not shown (A-1.3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from bot.channels import telegram_words, wecom_words
from bot.channels.answering import Trouble
from bot.platforms import LABELS
from bot.web.office.frame import ADMIN, Office, Page, number, text, texts
from storage.undelivered import Unsent
from storage.world import World

PATH = "/office/undelivered"
LANES: Mapping[str, str] = {"emergency": "紧急", "reply": "回答", "reminder": "提醒", "digest": "汇总"}
_NOWHERE = Trouble("", "没有能收到的地方", "本人还没进来，或换了手机。请到「同事」页给本人发邀请，进来以后再发一次。")
_FAILED = Trouble("", "发的时候出错了", "请再发一次；还不行，请把这一页给装系统的人看。")
_NONE = "还没有选。请先在前面打勾。"


@dataclass(frozen=True, slots=True)
class Line:
    one: Unsent
    lane: str
    channel: str
    trouble: Trouble


async def show(office: Office, request: Request) -> Response:
    unsent, unhandled = await office.read(request, lambda world: (world.unsent(), world.unhandled()))
    lines = [Line(one, LANES.get(one.lane, ""), LABELS.get(one.channel, ""), _trouble(office, one)) for one in unsent]
    return office.page(request, "office/undelivered.html", lines=lines, unhandled=unhandled, labels=LABELS)


async def sent(office: Office, request: Request) -> Response:
    return await _did(
        office, request, lambda world, ids: f"{world.send_again(ids)} 条再发一次。", lambda world, ids: f"{world.send_no_more(ids)} 条不发了。"
    )


async def received(office: Office, request: Request) -> Response:
    again: Callable[[World, list[int]], str] = lambda world, ids: f"{world.handle_again(ids)} 条再处理一次。"  # noqa: E731
    return await _did(office, request, again, lambda world, ids: f"{world.put_away(ids)} 条收起来了，原文还留着。")


async def _did(office: Office, request: Request, again: Callable[[World, list[int]], str], away: Callable[[World, list[int]], str]) -> Response:
    form = await office.form(request)
    ids, do = [id for one in texts(form, "id") if (id := number(one))], again if text(form, "do") == "again" else away
    if not ids:
        return office.back(PATH, _NONE)
    told = await office.write(request, lambda world: do(world, ids))
    office.app.nudge()
    return office.back(PATH, told)


def _trouble(office: Office, one: Unsent) -> Trouble:
    if not one.why:
        return _NOWHERE
    if one.channel == "wecom":
        return wecom_words.of_text(one.why, office.settings.wecom_api)
    if one.channel == "telegram":
        return telegram_words.of_text(one.why, office.settings.telegram_api)
    return _FAILED


PAGES = (
    Page(PATH, "没送到的消息", show, ADMIN, group="系统"),
    Page(f"{PATH}/sent", "再发一次", sent, ADMIN, ("POST",)),
    Page(f"{PATH}/received", "再处理一次", received, ADMIN, ("POST",)),
)
