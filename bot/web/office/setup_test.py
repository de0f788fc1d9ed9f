"""The last step: a message to oneself on each channel, ticked when it has arrived and again when it was answered."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from bot.channels import telegram_words, wecom_words
from bot.platforms import LABELS, NAMES
from bot.web.answers import Problem
from bot.web.office.frame import ADMIN, Office, Page, said, text
from bot.web.office.setup_channels import fragment
from bot.web.office.setup_steps import HOME, Tick, refuse_demo, step_page
from conversations.desk import NotAllowed
from rules.errors import RuleBroken
from storage import posting
from storage.outbox import WEB
from storage.settingup import Test
from storage.world import World

PATH = f"{HOME}/test"
_WORDS = {"wecom": (wecom_words.of_text, "wecom_api"), "telegram": (telegram_words.of_text, "telegram_api")}


@dataclass(frozen=True, slots=True)
class Way:
    """One channel as the page shows it; `to` is where I am known there."""

    name: str
    label: str
    to: str
    asks: str
    ticks: list[Tick]


async def show(office: Office, request: Request) -> Response:
    refuse_demo(office)
    ways = await office.read(request, lambda world: _ways(office, world))
    return await step_page(office, request, "test", ways=ways, live=f"{PATH}/ticks", link="")


async def send(office: Office, request: Request) -> Response:
    refuse_demo(office)
    form, name = await office.form(request), request.path_params["channel"]
    if name not in LABELS or name not in office.app.channels:
        raise Problem(404, "这个渠道还没有设好。")
    account = text(form, "account", 64)
    try:
        await office.write(request, lambda world: world.send_test(name, account if name == "wecom" else ""))
    except (NotAllowed, RuleBroken) as refused:
        ways = await office.read(request, lambda world: _ways(office, world))
        errors = {f"account-{name}": said(refused)}
        return await step_page(office, request, "test", status=422, ways=ways, live=f"{PATH}/ticks", link="", errors=errors, account=account)
    office.app.nudge()
    return office.back(PATH, f"发出去了，请看一下您的{LABELS[name]}，再回一句话。")


async def join(office: Office, request: Request) -> Response:
    """A bot cannot write first: the link by which my Telegram says who I am."""
    refuse_demo(office)
    await office.form(request)
    telegram = office.app.channels.get("telegram")
    name = getattr(telegram, "link", lambda _: "")("x")
    if not name:
        raise Problem(409, "还不知道机器人的名字。请回到 Telegram 那一步，看它连上没有。")
    token = await office.write(request, lambda world: world.telegram_way())
    ways = await office.read(request, lambda world: _ways(office, world))
    link = getattr(telegram, "link", lambda _: "")(token)
    return await step_page(office, request, "test", ways=ways, live=f"{PATH}/ticks", link=link)


async def ticks(office: Office, request: Request) -> Response:
    refuse_demo(office)
    name = request.query_params.get("channel", "")
    test = await office.read(request, lambda world: world.test(name))
    return fragment(office, request, _ticks(office, name, test))


def _ways(office: Office, world: World) -> list[Way]:
    found = []
    for name in (WEB, *NAMES):
        if name not in office.app.channels:
            continue
        to = world.my_address(name)
        asks = "" if to else {"wecom": "account", "telegram": "link"}.get(name, "")
        found.append(Way(name, LABELS[name], to, asks, _ticks(office, name, world.test(name))))
    return found


def _ticks(office: Office, name: str, test: Test | None) -> list[Tick]:
    if test is None:
        return []
    if not test.delivered and test.error:
        why = posting.reason(test.error)
        if name not in _WORDS:
            return [Tick(False, "没有送到", f"原因：{why[:120]}")]
        of_text, api = _WORDS[name]
        trouble = of_text(why, getattr(office.settings, api))
        return [Tick(False, trouble.words + (f"（{trouble.code}）" if trouble.code else ""), trouble.todo)]
    where = "请打开聊天页看一看。" if name == WEB else "正在送…"
    first = Tick(True, "送到了。") if test.delivered else Tick(None, "还没有送到。", where)
    return [first, Tick(True, "收到您的回答了，收发都通。") if test.answered else Tick(None, "还没有收到您的回答。", "请回一句话，或点「收到了」。")]


PAGES = (
    Page(PATH, "测试消息", show, ADMIN),
    Page(f"{PATH}/ticks", "检查", ticks, ADMIN),
    Page(f"{PATH}/join", "连上我的 Telegram", join, ADMIN, ("POST",)),
    Page(f"{PATH}/send/{{channel}}", "发测试消息", send, ADMIN, ("POST",)),
)
