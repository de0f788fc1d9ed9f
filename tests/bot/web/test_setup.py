"""The wizard against WeCom and Telegram as real HTTP servers: every error in words, the happy way to the test message, on and off, rotation."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from bot.app import App
from bot.channels import wecom_words
from bot.channels.telegram_updates import events_in
from bot.clock import Clock
from bot.settings import Settings
from bot.web.app import Site
from storage import callers, channels, outbox, people, shown, starting
from storage.database import Connection
from tests.fakes import telegram, wecom
from tests.fakes.telegram import TelegramServer
from tests.fakes.telegram_phone import Phone as TelegramPhone
from tests.fakes.wecom import CORP_ID, WeComServer
from tests.fakes.wecom_phone import envelope, seal, xml_of

ENTERED = {"corp_id": CORP_ID, "agent_id": str(wecom.AGENT_ID), "secret": wecom.SECRET}


class Admin:
    """The first admin's browser, on an App of its own."""

    def __init__(self, folder: Path, database: str, weixin: WeComServer, tg: TelegramServer, **more: Any) -> None:
        settings = {"data": folder, "database": SecretStr(database), "wecom_api": weixin.url, "telegram_api": tg.url, **more}
        self.settings = Settings(_env_file=None, **settings)
        self.app = App(self.settings, Clock(), loops=False)
        self.page = httpx.AsyncClient(transport=httpx.ASGITransport(Site(self.app)), base_url="http://paojie.test")

    async def begin(self) -> None:
        await self.app.start()
        now = self.app.clock.now()
        token = await self.app.database.write(lambda conn: starting.issue(conn, now))
        answer = await self.page.post(f"/start/{token}", data={"firm": "海天传媒", "name": "吴敏"})
        assert answer.headers["location"] == "/office/setup"

    async def get(self, path: str) -> str:
        answer = await self.page.get(f"/office/setup{path}")
        assert answer.status_code == 200, answer.text
        return answer.text

    async def post(self, path: str, status: int = 303, **fields: str) -> str:
        shown = (await self.page.get("/office/setup/firm")).text
        csrf = re.findall('name="csrf" value="([0-9a-f]+)"', shown)[0]
        answer = await self.page.post(f"/office/setup{path}", data={"csrf": csrf, **fields})
        assert answer.status_code == status, answer.text
        return answer.text

    def values(self, shown: str) -> tuple[str, str]:
        """Token and EncodingAESKey as they are copied from the page."""
        return tuple(re.findall(f'id="{name}" value="([^"]+)"', shown)[0] for name in ("cb_token", "cb_key"))  # type: ignore[return-value]

    async def verifies(self, token: str, aes_key: str) -> int:
        """WeCom's console comes with its GET."""
        query, sealed = seal("1616140317555161061", at=self.app.clock.now(), token=token, aes_key=aes_key)
        answer = await self.page.get("/wecom/callback", params=query | {"echostr": sealed})
        if answer.status_code == 200:
            assert answer.text == "1616140317555161061"
        await self.app.drain()
        return answer.status_code

    async def says(self, userid: str, text: str, token: str, aes_key: str, msgid: str = "7200000000000000001") -> int:
        at = self.app.clock.now()
        fields = {"ToUserName": CORP_ID, "FromUserName": userid, "CreateTime": int(at.timestamp()), "MsgType": "text"}
        query, sealed = seal(xml_of(fields | {"Content": text, "MsgId": msgid, "AgentID": wecom.AGENT_ID}), at=at, token=token, aes_key=aes_key)
        answer = await self.page.post("/wecom/callback", params=query, content=envelope(sealed), headers={"content-type": "text/xml"})
        await self.app.drain()
        return answer.status_code

    async def close(self) -> None:
        await self.page.aclose()
        await self.app.stop()


@pytest.fixture
def weixin() -> Iterator[WeComServer]:
    with WeComServer() as server:
        yield server


@pytest.fixture
def tg() -> Iterator[TelegramServer]:
    with TelegramServer() as server:
        yield server


@pytest.fixture
async def admin(database_url: str, tmp_path: Path, weixin: WeComServer, tg: TelegramServer) -> AsyncIterator[Admin]:
    made = Admin(tmp_path, database_url, weixin, tg)
    await made.begin()
    yield made
    await made.close()


async def test_wecom_from_nothing_to_an_answered_test_message(admin: Admin, weixin: WeComServer, tmp_path: Path) -> None:
    assert admin.app.channels.keys() == {"web"}
    assert (await admin.page.get("/wecom/callback")).status_code == 404
    await admin.post("/wecom", **ENTERED)
    shown = await admin.get("/wecom")
    assert wecom.SECRET not in shown
    assert wecom.SECRET[-4:] in shown
    token, aes_key = admin.values(shown)
    assert (re.fullmatch("[A-Za-z0-9]{43}", aes_key) is not None, "http://127.0.0.1:8080/wecom/callback" in shown) == (True, True)
    ticks = await admin.get("/wecom/ticks")
    assert ("企业微信还没有来验证" in ticks, "菜单放上了" in ticks, weixin.menu != {}) == (True, True, True)
    assert await admin.verifies("wrong", aes_key) == 403
    assert await admin.verifies(token, aes_key) == 200
    assert "企业微信来验证过回调网址" in await admin.get("/wecom/ticks")
    shown = await admin.get("/wecom")
    assert (token in shown, aes_key in shown, aes_key[-4:] in shown) == (False, False, True)

    await admin.post("/test/send/wecom", account="WuMin")
    await admin.app.drain()
    assert "跑街测试" in weixin.heard("wumin")[-1].text
    ticks = await admin.get("/test/ticks?channel=wecom")
    assert ("送到了" in ticks, "还没有收到您的回答" in ticks) == (True, True)
    assert await admin.says("WuMin", "收到", token, aes_key) == 200
    assert "收发都通" in await admin.get("/test/ticks?channel=wecom")
    overview = await admin.get("")
    assert overview.count("好了") >= 2

    for file in [*tmp_path.glob("paojie.db*")]:
        raw = file.read_bytes()
        assert [secret for secret in (wecom.SECRET, token, aes_key) if secret.encode() in raw] == []
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600


async def test_a_wrong_secret_is_not_kept_and_a_working_one_stays(admin: Admin, weixin: WeComServer) -> None:
    shown = await admin.post("/wecom", 422, **ENTERED | {"secret": "wrong-secret-123"})
    assert ("应用的 Secret 不对" in shown, "40001" in shown, "wrong-secret" in shown, CORP_ID in shown) == (True, True, False, True)
    shown = await admin.post("/wecom", 422, **ENTERED | {"corp_id": "ww-nobody"})
    assert ("企业 ID 不对" in shown, "40013" in shown) == (True, True)
    assert "wecom" not in admin.app.channels
    await admin.post("/wecom", **ENTERED)
    before = admin.app.channels["wecom"]
    await admin.post("/wecom", 422, **ENTERED | {"secret": "another-wrong-one"})
    assert admin.app.channels["wecom"] is before
    assert "一串数字" in await admin.post("/wecom", 422, **ENTERED | {"agent_id": "abc"})


@pytest.mark.parametrize("code", [60020, 48002, 48006, 50003, 43012, 45009])
async def test_what_the_platform_refuses_stands_on_the_page(admin: Admin, weixin: WeComServer, code: int) -> None:
    await admin.post("/wecom", **ENTERED)
    weixin.fail("getcallbackip", code, 3)
    shown = await admin.get("/wecom?check=1")
    words, todo = wecom_words.TABLE[code]
    assert (words in shown, str(code) in shown) == (True, True)
    assert (todo.replace("这台机器的外网地址", " 10.0.0.1") + "。").partition("“")[0] in shown  # where the platform saw us come from
    weixin.mend()
    assert "认得这台服务器" in await admin.get("/wecom?check=1")


@pytest.mark.parametrize(("how", "words"), [("html", "回答的不是企业微信"), (500, "有故障"), (429, "问得太多")])
async def test_trouble_on_the_way_in_words(admin: Admin, weixin: WeComServer, how: str | int, words: str) -> None:
    await admin.post("/wecom", **ENTERED)
    weixin.fail("getcallbackip", how, 3)
    assert words in await admin.get("/wecom?check=1")


async def test_no_network_keeps_what_was_typed(database_url: str, tmp_path: Path, weixin: WeComServer, tg: TelegramServer) -> None:
    nobody = "http://127.0.0.1:9"
    admin = Admin(tmp_path, database_url, weixin, tg, telegram_api=nobody, wecom_api=nobody)
    await admin.begin()
    await admin.post("/wecom", **ENTERED)
    assert "连不上企业微信" in await admin.get("/wecom/ticks")
    await admin.post("/telegram", token=telegram.TOKEN)
    assert "连不上Telegram" in await admin.get("/telegram/ticks")
    await admin.close()


async def test_a_test_message_that_does_not_arrive_says_why(admin: Admin, weixin: WeComServer) -> None:
    await admin.post("/wecom", **ENTERED)
    weixin.left.add("nobody")
    await admin.post("/test/send/wecom", account="nobody")
    await admin.app.post_once()
    ticks = await admin.get("/test/ticks?channel=wecom")
    assert ("收信的人都收不到（81013）" in ticks, "可见范围" in ticks, "送到了" in ticks) == (True, True, False)
    await admin.app.drain()  # it goes to the admin's web chat: that is no tick for WeCom
    ticks = await admin.get("/test/ticks?channel=wecom")
    assert ("81013" in ticks, "送到了" in ticks) == (True, False)


@pytest.mark.parametrize("code", [60020, 48002, 301002])
async def test_a_test_message_that_waits_for_a_setting_says_which(admin: Admin, weixin: WeComServer, code: int) -> None:
    await admin.post("/wecom", **ENTERED)
    weixin.fail("message/send", code)
    await admin.post("/test/send/wecom", account="wumin")
    await admin.app.post_once()
    ticks = await admin.get("/test/ticks?channel=wecom")
    assert (f"{wecom_words.TABLE[code][0]}（{code}）" in ticks, "连不上" in ticks) == (True, False)


async def test_a_test_message_that_telegram_refuses_says_why(admin: Admin, tg: TelegramServer) -> None:
    await admin.post("/telegram", token=telegram.TOKEN)
    me = await admin.app.database.read(lambda conn: people.everybody(conn, admin.app.clock.now().date())[0].id)
    await admin.app.database.write(lambda conn: callers.reachable(conn, me, "telegram", "7001"))
    tg.blocked.add(7001)
    await admin.post("/test/send/telegram")
    await admin.app.post_once()
    ticks = await admin.get("/test/ticks?channel=telegram")
    assert ("按 Start" in ticks, "送到了" in ticks) == (True, False)


async def test_a_new_callback_token_loses_nothing_on_the_way(admin: Admin, weixin: WeComServer) -> None:
    await admin.post("/wecom", **ENTERED)
    old = admin.values(await admin.get("/wecom"))
    assert await admin.verifies(*old) == 200
    await admin.post("/wecom/again")
    new = admin.values(await admin.get("/wecom"))
    assert new != old
    assert "企业微信还没有来验证" in await admin.get("/wecom/ticks")
    assert await admin.says("someone", "一", *old, "7200000000000000001") == 200  # the console has not been saved yet
    assert await admin.says("someone", "二", *new, "7200000000000000002") == 200
    assert await admin.verifies(*new) == 200
    assert "来验证过" in await admin.get("/wecom/ticks")


async def test_off_keeps_what_waits_and_what_comes_in_on_sends_it(admin: Admin, weixin: WeComServer) -> None:
    await admin.post("/wecom", **ENTERED)
    values = admin.values(await admin.get("/wecom"))
    await admin.post("/test/send/wecom", account="wumin")
    await admin.app.drain()
    await admin.post("/wecom/turn/off")
    heard = len(weixin.heard("wumin"))
    await admin.post("/test/send/wecom", account="wumin")
    assert await admin.says("wumin", "还在吗", *values) == 200
    assert len(weixin.heard("wumin")) == heard
    assert "停用中" in await admin.get("/wecom")
    await admin.post("/wecom", **ENTERED | {"secret": ""})  # changing it does not switch it on
    await admin.app.drain()
    assert len(weixin.heard("wumin")) == heard
    await admin.post("/wecom/turn/on")
    await admin.app.drain()
    assert len(weixin.heard("wumin")) > heard


async def test_removed_its_secrets_are_gone_and_what_waits_is_kept(admin: Admin, weixin: WeComServer) -> None:
    await admin.post("/wecom", **ENTERED)
    await admin.post("/test/send/wecom", account="wumin")
    await admin.post("/wecom/turn/remove")
    assert "wecom" not in admin.app.channels
    assert (await admin.page.get("/wecom/callback")).status_code == 404
    row = (await admin.app.database.read(channels.every))["wecom"]
    assert (row.sealed, dict(row.plain), row.active) == ("", {}, False)

    def unsent(conn: Connection) -> int:
        return len(shown.parked(conn)) + len(outbox.wanting(conn, admin.app.clock.now()))

    assert await admin.app.database.read(unsent) >= 1  # it went to the web chat, the admin's other address
    await admin.post("/wecom", **ENTERED)
    assert "wecom" in admin.app.channels


async def test_telegram_from_its_token_to_the_test_message(admin: Admin, tg: TelegramServer) -> None:
    assert "请从 @BotFather" in await admin.post("/telegram", 422, token="不是令牌")
    shown = await admin.post("/telegram", 422, token="4839574812:" + "A" * 35)
    assert ("不认这个令牌" in shown, "401" in shown) == (True, True)
    await admin.post("/telegram", token=f"Use this token: {telegram.TOKEN} Keep it safe")
    ticks = await admin.get("/telegram/ticks")
    assert ("@paojie_bot" in ticks, "菜单放上了" in ticks, "自己去取" in ticks) == (True, True, True)
    shown = await admin.get("/telegram")
    assert (telegram.TOKEN in shown, telegram.TOKEN[-4:] in shown) == (False, True)
    shown = await admin.post("/test/join", 200)
    (payload,) = re.findall(r'value="https://t.me/paojie_bot\?start=([A-Za-z0-9_-]{43})"', shown)
    await TelegramPhone(tg).starts(77, payload)
    updates = [dict(update) for update in tg.queue]
    tg.queue.clear()
    channel: Any = admin.app.channels["telegram"]
    for update in updates:
        for event in events_in(json.dumps(update).encode()):
            await admin.app.receive(channel.name, event)
    await admin.app.drain()
    await admin.post("/test/send/telegram")
    await admin.app.drain()
    assert any("跑街测试" in message.text for message in tg.heard(77))
    assert "送到了" in await admin.get("/test/ticks?channel=telegram")


async def test_the_webhook_is_chosen_where_telegram_can_reach_us(database_url: str, tmp_path: Path, weixin: WeComServer, tg: TelegramServer) -> None:
    admin = Admin(tmp_path, database_url, weixin, tg, url="https://paojie.example")
    admin.page.base_url = httpx.URL("https://paojie.example")
    await admin.begin()
    await admin.post("/telegram", token=telegram.TOKEN)
    channel: Any = admin.app.channels["telegram"]
    await channel._settling
    assert tg.webhook["url"] == "https://paojie.example/telegram/webhook"
    secret = tg.webhook["secret_token"]
    body = {"update_id": 5, "message": {"message_id": 1, "date": 1700000000, "from": {"id": 9, "is_bot": False, "first_name": "A"}, "text": "您好"}}
    body["message"] |= {"chat": {"id": 9, "type": "private"}}  # type: ignore[operator]
    headers = {"x-telegram-bot-api-secret-token": secret}
    assert (await admin.page.post("/telegram/webhook", json=body, headers=headers)).status_code == 200
    assert (await admin.page.post("/telegram/webhook", json=body)).status_code == 403
    await admin.close()


async def test_another_replica_takes_over_what_was_entered_here(database_url: str, tmp_path: Path, weixin: WeComServer, tg: TelegramServer) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("one server on one SQLite file")
    key = "x" * 43 + "="
    first = Admin(tmp_path / "a", database_url, weixin, tg, key=SecretStr(key))
    second = Admin(tmp_path / "b", database_url, weixin, tg, key=SecretStr(key))
    third = Admin(tmp_path / "c", database_url, weixin, tg, key=SecretStr("y" * 43 + "="))
    await first.begin()
    await second.app.start()
    await third.app.start()
    await first.post("/wecom", **ENTERED)
    values = first.values(await first.get("/wecom"))
    await second.app.channels_once()
    assert await second.verifies(*values) == 200
    assert "来验证过" in await first.get("/wecom/ticks")
    await first.post("/test/send/wecom", account="wumin")
    await second.app.drain()
    await first.app.drain()
    assert len([one for one in weixin.heard("wumin") if "跑街测试" in one.text]) == 1
    await third.app.channels_once()
    assert "wecom" not in third.app.channels
    assert "不是当时那一把" in third.app.platforms.trouble
    await first.post("/wecom/turn/remove")
    await second.app.channels_once()
    assert "wecom" not in second.app.channels
    for one in (first, second, third):
        await one.close()


async def test_what_the_server_s_settings_say_is_shown_and_not_changed(
    database_url: str, tmp_path: Path, weixin: WeComServer, tg: TelegramServer
) -> None:
    given = {"wecom_corp_id": CORP_ID, "wecom_agent_id": str(wecom.AGENT_ID), "wecom_secret": SecretStr(wecom.SECRET)}
    given |= {"wecom_token": SecretStr(wecom.TOKEN), "wecom_aes_key": SecretStr(wecom.AES_KEY)}
    admin = Admin(tmp_path, database_url, weixin, tg, **given)
    await admin.begin()
    shown = await admin.get("/wecom")
    assert ("写在服务器的设置里" in shown, 'name="secret"' in shown) == (True, False)
    assert "写在服务器的设置里" in await admin.post("/wecom", 403, **ENTERED)
    assert await admin.verifies(wecom.TOKEN, wecom.AES_KEY) == 200
    assert "来验证过" in await admin.get("/wecom/ticks")
    await admin.close()


async def test_firm_people_calendar_and_leaving_a_step_for_later(admin: Admin) -> None:
    assert "请写公司的名称" in await admin.post("/firm", 422, firm_name="", teams="市场一部")
    await admin.post("/firm", firm_name="海天传媒", firm_phone="021-5551", teams="市场一部\n市场二部、市场三部")
    shown = await admin.get("/firm")
    assert ("市场三部" in shown, 'value="021-5551"' in shown) == (True, True)
    assert 'value="021-5551"' in (await admin.page.get("/office/teams")).text  # one name and telephone, wherever they are written
    shown = await admin.post("/people", 422, name="李强", role="rep", team="", account="")
    assert "要有部门" in shown
    shown = await admin.post("/people", 200, name="李 强", role="rep", team="市场一部", account="LiQiang")
    assert ("李强加好了" in shown, "/chat#in=" in shown) == (True, True)
    assert "已经是李强的" in await admin.post("/people", 422, name="王芳", role="rep", team="市场一部", account="liqiang")
    shown = await admin.get("/calendar")
    assert ("放假" in shown, "上班" in shown) == (True, True)
    await admin.post("/calendar", opens="09:00", closes="18:00")
    await admin.post("/telegram/skip")
    overview = await admin.get("")
    assert (overview.count(">好了<"), overview.count(">先跳过<")) == (3, 1)


async def test_the_firm_s_hours_and_own_days_are_set_in_the_calendar_step(admin: Admin) -> None:
    await admin.post("/people", 200, name="李强", role="rep", team="市场一部", account="")
    today = admin.app.clock.now().astimezone(admin.settings.tz).date()

    async def hours(day: date) -> list[tuple[str, str]]:
        found = await admin.app.database.read(lambda conn: people.everybody(conn, day))
        return [(one.opens, one.closes) for one in found]

    assert await hours(today) == [("09:00", "18:00")] * 2
    shown = await admin.post("/calendar", 422, opens="18:30", closes="08:30")
    assert ("下班要在上班之后" in shown, 'value="18:30"' in shown) == (True, True)
    assert "不能从过去" in await admin.post("/calendar", 422, opens="08:30", closes="17:30", since="2020-01-01")
    coming = today + timedelta(days=9)
    await admin.post("/calendar", opens="08:30", closes="17:30", since=coming.isoformat())
    assert (await hours(coming - timedelta(days=1)), await hours(coming)) == ([("09:00", "18:00")] * 2, [("08:30", "17:30")] * 2)
    assert f"{coming} 起改成 17:30" in await admin.get("/calendar")
    await admin.post("/calendar", opens="19:00", closes="23:00")  # both later than the other was
    assert await hours(today) == [("19:00", "23:00")] * 2

    first, last = date(today.year + 1, 3, 1), date(today.year + 1, 3, 7)
    shown = await admin.post("/calendar/days", 422, day=last.isoformat(), last=first.isoformat(), works="0")
    assert ("不能在第一天之前" in shown, f'value="{last}"' in shown) == (True, True)
    await admin.post("/calendar/days", day=first.isoformat(), last=last.isoformat(), works="0")
    shown = await admin.get("/calendar")
    assert [f'<span class="name">{first + timedelta(days=n)}</span>' in shown for n in range(7)] == [
        (first + timedelta(days=n)).weekday() < 5 for n in range(7)
    ]  # what is off already needs no line
    await admin.post("/calendar/days", day=first.isoformat(), last=last.isoformat(), works="official")
    assert str(first) not in await admin.get("/calendar")


async def test_the_address_is_asked_for_and_used_at_once(admin: Admin, tg: TelegramServer) -> None:
    await admin.post("/telegram", token=telegram.TOKEN)
    assert getattr(admin.app.channels["telegram"], "mode", "") == "polling"
    assert "还没有网址" in await admin.get("/address")
    for typed, told in (
        ("ftp://x.cn", "https://"),
        ("https://a b.cn", "不能用的字"),
        ("x.cn/chat", "只写到域名"),
        ("https://u:p@x.cn", "https://"),
        ("x.cn:port", "读不懂"),
    ):
        shown = await admin.post("/address", 422, url=typed)
        assert told in shown
        assert f'value="{typed}"' in shown  # what was typed is still there
    await admin.post("/address", url="HTTP://192.168.1.5:8080/")
    shown = await admin.get("/address")
    assert ("http://192.168.1.5:8080" in shown, "企业微信只认 https" in shown) == (True, True)
    await admin.post("/address", url="paojie.haitian.cn")
    shown = await admin.get("/address")
    assert ("https://paojie.haitian.cn" in shown, "还没有从这个网址打开过" in shown, "企业微信能用" in shown) == (True, True, True)
    assert getattr(admin.app.channels["telegram"], "mode", "") == "webhook"  # Telegram can reach us now
    await admin.post("/wecom", **ENTERED)
    assert "https://paojie.haitian.cn/wecom/callback" in await admin.get("/wecom")
    shown = await admin.post("/people", 200, name="李强", role="admin", team="", account="")
    assert "https://paojie.haitian.cn/chat#in=" in shown


async def test_who_is_in_stays_in_and_the_new_address_gets_the_strict_cookie(admin: Admin) -> None:
    """The machine's own address goes on working beside the one of the firm."""
    await admin.post("/address", url="https://paojie.haitian.cn")
    await admin.get("")
    shown = await admin.post("/people", 200, name="李强", role="admin", team="", account="")
    token = re.findall("#in=([A-Za-z0-9_-]{43})", shown)[0]
    home = "https://paojie.haitian.cn"
    async with httpx.AsyncClient(transport=httpx.ASGITransport(Site(admin.app)), base_url=home, headers={"Origin": home}) as outside:
        entered = await outside.post("/chat/api/login", json={"token": token})
        assert entered.headers["set-cookie"].startswith("__Host-paojie=")
        assert "Secure" in entered.headers["set-cookie"]
        assert "您现在就是从这个网址打开的" in (await outside.get("/office/setup/address", headers={"X-Forwarded-Proto": "https"})).text


async def test_the_address_from_outside_wins(database_url: str, tmp_path: Path, weixin: WeComServer, tg: TelegramServer) -> None:
    admin = Admin(tmp_path, database_url, weixin, tg, url="http://paojie.test")
    await admin.begin()
    assert "PAOJIE_URL" in await admin.get("/address")
    assert "PAOJIE_URL" in await admin.post("/address", 422, url="https://paojie.haitian.cn")
    assert admin.app.settings.url == "http://paojie.test"
    await admin.close()


async def test_nobody_else_sees_it_and_the_demo_has_no_use_for_it(admin: Admin) -> None:
    admin.app.demo = True
    assert (await admin.page.get("/office/setup")).status_code == 403
    admin.app.demo = False
    admin.page.cookies.clear()
    assert (await admin.page.get("/office/setup")).status_code == 401
