"""From the imported list to colleagues written to first in WeCom: once each, what fails said in words, mended and sent; what did not arrive."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from conversations.types import Prompt
from storage import callers, outbox, people, shown
from storage.codec import prompt_json
from storage.database import Connection
from storage.tables import audit, person
from storage.tables import outbox as queue
from tests import office_files
from tests.bot.web.test_setup import ENTERED, Admin
from tests.fakes import wecom
from tests.fakes.telegram import TelegramServer
from tests.fakes.wecom import CORP_ID, WeComServer
from tests.fakes.wecom_phone import envelope, offers, seal, xml_of

LIST = (
    ["姓名", "手机号", "企微账号", "部门", "岗位"],
    ["李强", "13800010001", "LiQiang", "市场一部", "业务员"],
    ["张敏", "13800010002", "zhangmin", "市场一部", "业务员"],
    ["赵磊", "13800010003", "", "市场一部", "业务员"],  # not in WeCom
)
GREET = "/office/people/greet"


class Monday(Admin):
    """The list is in, WeCom is set up and has come to check us."""

    async def ready(self) -> None:
        await self.begin()
        page = await self.page.get("/office/imports")
        csrf = re.findall('name="csrf" value="([0-9a-f]+)"', page.text)[0]
        data = office_files.book(("花名册", LIST))
        answered = await self.page.post("/office/imports", data={"csrf": csrf}, files={"file": ("花名册.xlsx", data)})
        run = answered.headers["location"]
        await self.office(f"{run}/go")
        await self.post("/wecom", **ENTERED)
        self.secrets = self.values(await self.get("/wecom"))
        assert await self.verifies(*self.secrets) == 200
        await self.quiet("")  # whatever hour the test is run at

    async def quiet(self, hours: str) -> None:
        today = self.app.clock.now().astimezone(self.settings.tz).date()
        await self.office("/office/settings/quiet_hours", value=hours, since=today.isoformat())

    async def seen(self, path: str) -> str:
        answered = await self.page.get(path)
        assert answered.status_code == 200, answered.text
        return answered.text

    async def office(self, path: str, **fields: object) -> str:
        """Posted as the page's form would, and what is shown then."""
        csrf = re.findall('name="csrf" value="([0-9a-f]+)"', await self.seen("/office"))[0]
        answered = await self.page.post(path, data={"csrf": csrf, **fields})
        assert answered.status_code == 303, answered.text
        return await self.seen(answered.headers["location"])

    async def greets(self, *names: str) -> str:
        ids = [str((await self.row(name)).id) for name in names]
        shown = await self.office(f"{GREET}/send", id=ids)
        await self.app.drain()
        return shown

    async def row(self, name: str):  # type: ignore[no-untyped-def]
        return await self.app.database.read(lambda conn: conn.execute(select(person).where(person.c.name == name)).one())

    async def sends(self, userid: str, **fields: str) -> None:
        at = self.app.clock.now()
        head = {"ToUserName": CORP_ID, "FromUserName": userid, "CreateTime": int(at.timestamp())}
        query, sealed = seal(xml_of({**head, **fields, "AgentID": wecom.AGENT_ID}), at=at, token=self.secrets[0], aes_key=self.secrets[1])
        assert (await self.page.post("/wecom/callback", params=query, content=envelope(sealed))).status_code == 200
        await self.app.drain()


@pytest.fixture
def weixin() -> Iterator[WeComServer]:
    with WeComServer() as server:
        yield server


@pytest.fixture
async def monday(database_url: str, tmp_path: Path, weixin: WeComServer) -> AsyncIterator[Monday]:
    with TelegramServer() as tg:
        made = Monday(tmp_path, database_url, weixin, tg)
        await made.ready()
        yield made
        await made.close()


async def test_written_to_once_each_and_in_with_one_tap(monday: Monday, weixin: WeComServer) -> None:
    page = await monday.seen(GREET)
    assert ("李强" in page, "张敏" in page, "赵磊" in page) == (True, True, False)
    assert "还没发 2 位" in page
    assert GREET in await monday.seen("/office/setup/wecom")
    assert "2 位的问候发出去了" in await monday.greets("李强", "张敏")
    for _ in range(2):
        assert "没有要问候的" in await monday.greets("李强", "张敏")
    assert [[one.text.replace("\n", "") for one in weixin.heard(account)] for account in ("liqiang", "zhangmin", "zhaolei")] == [
        ["您好，我是跑街，帮公司同事记拜访、写日志。您是李强吗？"],
        ["您好，我是跑街，帮公司同事记拜访、写日志。您是张敏吗？"],
        [],
    ]
    assert "发到了、等本人点 2 位" in await monday.seen(GREET)

    await monday.sends("LiQiang", MsgType="event", Event="enter_agent", EventKey="")  # opens the app to answer
    (asked,) = weixin.heard("liqiang")
    told = {"EventKey": offers(asked)["是我"], "TaskId": asked.task_id, "CardType": "button_interaction"}
    await monday.sends("LiQiang", MsgType="event", Event="template_card_event", **told, ResponseCode=weixin.response_code(asked))
    _, hello = weixin.heard("liqiang")
    assert hello.text.replace("\n", "").startswith("李强，您好。我是跑街")
    assert (await monday.row("李强")).greeted_at is not None
    page = await monday.seen(GREET)
    assert ("李强" in page, "张敏" in page) == (False, True)
    verbs = await monday.app.database.read(lambda conn: conn.execute(select(audit.c.verb).where(audit.c.verb == "greet")).all())
    assert len(verbs) == 2


async def test_an_account_that_is_none_is_said_corrected_and_written_to(monday: Monday, weixin: WeComServer) -> None:
    weixin.left |= {"liqiang", "zhangmin"}
    await monday.greets("李强", "张敏")
    page = await monday.seen(GREET)
    assert page.count("收信的人都收不到（81013）") == 2
    assert ("没有发到 2 位" in page, "可见范围" in page) == (True, True)

    def told(conn: Connection) -> list[str]:
        me = people.everybody(conn, monday.app.clock.now().date())[0]
        talk = people.talk_of(conn, me.id)
        rows = conn.execute(select(queue.c.body).where(queue.c.talk_id == talk.id)).scalars() if talk else ()
        return [row["text"] for row in rows if "问候不到" in row["text"]]

    assert len(await monday.app.database.read(told)) == 1  # two wrong accounts are one word
    li = await monday.row("李强")
    assert "是张敏的" in (await monday.page.post(f"/office/people/{li.id}", data=await fields(monday, li.id, account="ZhangMin"))).text
    assert (await monday.page.post(f"/office/people/{li.id}", data=await fields(monday, li.id, account="李强"))).status_code == 422
    assert (await monday.page.post(f"/office/people/{li.id}", data=await fields(monday, li.id, account="LiQ.2"))).status_code == 303
    weixin.left.discard("zhangmin")
    await monday.greets("李强", "张敏")
    assert [len(weixin.heard(account)) for account in ("liqiang", "liq.2", "zhangmin")] == [0, 1, 1]
    assert "没有发到 0 位" in await monday.seen(GREET)


async def fields(monday: Monday, id: int, **changed: str) -> dict[str, str]:
    page = await monday.seen(f"/office/people/{id}")
    form = page[page.index("改资料") :]
    csrf = re.findall('name="csrf" value="([0-9a-f]+)"', page)[0]
    found = {name: re.findall(f'name="{name}"[^>]* value="([^"]*)"', form)[0] for name in ("name", "opens", "closes", "phone", "account")}
    team = re.findall(r'<option value="(\d+)" selected', form)[0]
    return {"csrf": csrf, **found, "team": team, **changed}


async def test_what_the_platform_has_against_us_stands_beside_who_waits(monday: Monday, weixin: WeComServer) -> None:
    weixin.fail("message/send", 60020)
    await monday.greets("李强")
    page = await monday.seen(GREET)
    assert ("服务器地址没有加进可信 IP（60020）" in page, "正在发 1 位" in page, weixin.heard("liqiang")) == (True, True, [])


async def test_nobody_is_woken_by_a_greeting(monday: Monday, weixin: WeComServer) -> None:
    await monday.quiet("00:00-23:59")
    assert "现在是夜里" in await monday.greets("李强")
    assert weixin.heard("liqiang") == []


async def test_a_list_that_brings_the_account_later_changes_it(monday: Monday, weixin: WeComServer) -> None:
    page = await monday.seen("/office/imports")
    csrf = re.findall('name="csrf" value="([0-9a-f]+)"', page)[0]
    data = office_files.book(("花名册", [LIST[0], ["赵磊", "13800010003", "ZhaoL", "市场一部", "业务员"]]))
    answered = await monday.page.post("/office/imports", data={"csrf": csrf}, files={"file": ("花名册.xlsx", data)})
    run = answered.headers["location"]
    assert "企业微信账号：（空） → ZhaoL" in await monday.seen(run) or "企业微信账号：（空） → zhaol" in await monday.seen(run)
    await monday.office(f"{run}/go")
    assert (await monday.row("赵磊")).account == "zhaol"
    await monday.greets("赵磊")
    assert len(weixin.heard("zhaol")) == 1


async def test_what_did_not_arrive_is_listed_with_why_and_goes_once_more(monday: Monday, weixin: WeComServer) -> None:
    assert "一条也不丢" in await monday.seen("/office/undelivered")
    zhang = await monday.row("张敏")
    now = monday.app.clock.now()

    def put(conn: Connection) -> None:
        to = callers.reachable(conn, zhang.id, "wecom", "zhangmin")
        outbox.put(conn, callers.talk_of(conn, zhang.id), "reminder", prompt_json(Prompt("秘密的话")), now=now, address_id=to)

    weixin.left.add("zhangmin")
    await monday.app.database.write(put)
    await monday.app.drain()
    (row,) = await monday.app.database.read(shown.parked)
    page = await monday.seen("/office/undelivered")
    assert ("张敏" in page, "81013" in page, "可见范围" in page, "秘密的话" in page) == (True, True, True, False)
    assert "还没有选" in await monday.office("/office/undelivered/sent", do="again")
    weixin.left.clear()
    assert "1 条再发一次" in await monday.office("/office/undelivered/sent", do="again", id=str(row.id))
    await monday.app.drain()
    assert [one.text for one in weixin.heard("zhangmin")] == ["秘密的话"]

    weixin.left.add("zhangmin")
    await monday.app.database.write(put)
    await monday.app.drain()
    (row,) = await monday.app.database.read(shown.parked)
    assert "1 条不发了" in await monday.office("/office/undelivered/sent", do="away", id=str(row.id))
    assert await monday.app.database.read(shown.parked) == []
    assert "一条也不丢" in await monday.seen("/office/undelivered")
