"""Who is not known: one way in, one polite answer, no guessing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.handle import HELLO
from bot.strangers import LEFT, NOT_YOURS, NOTED, POLITE, WRONG
from conversations.converse import converse
from storage import audit, invitations, staff
from storage.callers import talk_of
from storage.database import Connection
from storage.people import by_account
from storage.tables import audit as audit_table
from storage.tables import outbox, person, talk
from tests.bot.conftest import NOW, House


async def invite(house: House, account: str, by: str = "") -> tuple[str, str]:
    def unit(conn: object) -> tuple[str, str]:
        today = NOW.date()
        whom, who = by_account(conn, account, today), by_account(conn, by, today) if by else None  # type: ignore[arg-type]
        assert whom is not None
        return invitations.invite(conn, whom.id, who.id if who else None, house.clock.now())  # type: ignore[arg-type]

    return await house.database.write(unit)


async def test_a_stranger_gets_one_polite_answer_a_day(house: House) -> None:
    for text in ("你好", "有人吗", "拜访 华东精密"):
        await house.says(text, sender="x")
        await house.app.drain()
    assert house.telegram.texts == [POLITE]
    house.later(24 * 3600)
    await house.says("还在吗", sender="x")
    await house.app.drain()
    assert house.telegram.texts == [POLITE, POLITE]


@pytest.mark.parametrize("kind", ["start", "said"])
async def test_an_invitation_link_opens_the_door_once(house: House, kind: str) -> None:
    await house.hire("li", name="李强")
    await house.hire("chen", ("telegram", "c"))
    token, _ = await invite(house, "li", "chen")
    await house.says(token, sender="x", kind=kind)
    await house.app.drain()
    assert [(out.to, out.prompt.text) for out in house.telegram.sent if out.to == "x"] == [("x", HELLO)]
    assert any("李强" in out.prompt.text for out in house.telegram.sent if out.to == "c")
    assert house.telegram.menus == [("x", frozenset({"custodian"}))]
    await house.says(token, sender="y", kind=kind)
    await house.app.drain()
    assert house.telegram.texts[-1] == POLITE
    await house.says("在", sender="x")
    await house.app.drain()
    assert house.telegram.texts[-1] == "在"
    assert await house.database.read(audit.verify) is None


async def test_what_a_link_looks_like_in_a_message_does_not_matter(house: House) -> None:
    await house.hire("li")
    token, _ = await invite(house, "li")
    await house.says(f"https://paojie.example.cn/chat#in={token}", sender="x")
    await house.app.drain()
    assert house.telegram.texts == [HELLO]


async def test_an_invitation_of_one_s_own_is_confirmed_too(house: House, wang: int) -> None:
    await house.hire("chen", ("telegram", "c"))
    token, _ = await invite(house, "wang", "chen")
    await house.says(token, kind="start")
    await house.app.drain()
    assert [out.prompt.text for out in house.telegram.sent if out.to == "c"] == ["wang已经用您的邀请进来了。不是本人的话，请马上告诉管理员。"]


async def test_a_login_link_makes_no_telephone_somebody_s(house: House) -> None:
    await house.hire("li")
    token = await house.database.write(lambda conn: invitations.login(conn, person_of(conn, "li"), NOW))
    await house.says(token, sender="x", kind="start")
    await house.app.drain()
    assert house.telegram.texts == [POLITE]


async def test_an_old_link_is_no_good(house: House) -> None:
    await house.hire("li")
    token, _ = await invite(house, "li")
    house.later(7 * 24 * 3600 + 1)
    await house.says(token, sender="x", kind="start")
    await house.app.drain()
    assert house.telegram.texts == [POLITE]


@pytest.mark.parametrize("form", ["{name} {code}", "{name}，{code}", "{code}{name}"])
async def test_the_digits_with_the_name_open_it(house: House, form: str) -> None:
    await house.hire("li", name="李强")
    _, code = await invite(house, "li")
    await house.says(form.format(name="李强", code=code), sender="x")
    await house.app.drain()
    assert house.telegram.texts == [HELLO]


@pytest.mark.parametrize("text", ["{code}", "张敏 {code}"])
async def test_the_digits_without_the_right_name_do_not(house: House, text: str) -> None:
    await house.hire("li", name="李强")
    await house.hire("zhang", name="张敏")
    _, code = await invite(house, "li")
    await house.says(text.format(code=code), sender="x")
    await house.app.drain()
    assert house.telegram.texts == [WRONG]


async def test_after_five_wrong_tries_the_right_one_is_wrong_too(house: House) -> None:
    await house.hire("li", name="李强")
    _, code = await invite(house, "li")
    wrong = f"{(int(code) + 1) % 10**8:08}"
    for number in range(5):
        house.later(11)
        await house.says(f"李强 {wrong}", sender=f"x{number}")
    await house.says(f"李强 {code}", sender="y")
    await house.app.drain()
    assert house.telegram.texts == [WRONG] * 6


async def test_after_half_an_hour_the_digits_are_wrong_and_the_link_still_good(house: House) -> None:
    await house.hire("li", name="李强")
    token, code = await invite(house, "li")
    house.later(30 * 60 + 1)
    await house.says(f"李强 {code}", sender="x")
    await house.says(token, sender="y")
    await house.app.drain()
    assert sorted(house.telegram.texts) == sorted([WRONG, HELLO])


async def test_guessing_is_not_answered_each_time(house: House) -> None:
    for number in range(5):
        await house.says(f"李强 1234567{number}", sender="x")
    await house.app.drain()
    assert house.telegram.texts == [WRONG]


async def test_a_wecom_member_is_known_by_the_account_and_what_they_said_counts(house: House) -> None:
    await house.hire("zhang")
    await house.says("拜访 华东精密", "wecom", "ZhAng")
    await house.says("再来", "wecom", "nobody")
    await house.app.drain()
    assert house.wecom.texts == ["拜访 华东精密", POLITE]


async def test_opening_the_app_greets_who_has_not_been_greeted(house: House) -> None:
    await house.hire("zhang")
    await house.says(channel="wecom", sender="zhang", kind="enter")
    await house.app.drain()
    assert house.wecom.texts == [HELLO]


async def test_someone_elses_invitation_is_not_used_up(house: House, wang: int) -> None:
    await house.hire("li")
    token, _ = await invite(house, "li")
    await house.says(token, kind="start")
    await house.app.drain()
    assert house.telegram.texts == [NOT_YOURS]
    assert await house.database.read(lambda conn: invitations.whose(conn, token, NOW)) is not None


async def test_who_has_left_is_told_so_and_nothing_is_done(house: House, wang: int) -> None:
    def leave(conn: object) -> None:
        today = NOW.date()
        person = by_account(conn, "wang", today)  # type: ignore[arg-type]
        assert person is not None
        staff.leaves(conn, person.id, "wu", NOW, today - timedelta(days=1))  # type: ignore[arg-type]
        assert talk_of(conn, person.id) == wang  # type: ignore[arg-type]

    await house.database.write(leave)
    await house.says("拜访")
    await house.says("拜访")
    await house.app.drain()
    assert house.telegram.texts == [LEFT]


# --- WeCom: asked who it is -------------------------------------------------------------------------------------


async def newcomer(house: House) -> None:
    await house.hire("wu", ("telegram", "w"), roles=("admin",), name="小吴")
    await house.hire("zhao", name="赵磊")
    await house.database.write(lambda conn: conn.execute(update(person).where(person.c.account == "zhao").values(greeted_at=None)))


def buttons(house: House) -> dict[str, str]:
    return {option.label: option.token for option in house.wecom.sent[-1].prompt.options}


@pytest.mark.parametrize("answer", ["tap", "是我", "我是赵磊", "赵磊", "1"])
async def test_a_wecom_account_is_asked_first_and_what_was_said_is_done_after(house: House, answer: str) -> None:
    await newcomer(house)
    await house.says("拜访 华东精密", "wecom", "zhao")
    await house.app.drain()
    assert house.wecom.texts == ["您好，我是跑街，帮公司同事记拜访、写日志。您是赵磊吗？"]
    assert await house.database.read(lambda conn: not conn.execute(select(outbox.c.id).join(talk).where(talk.c.person_id.is_not(None))).all())
    if answer == "tap":
        await house.says(channel="wecom", sender="zhao", tap=buttons(house)["是我"])
    else:
        await house.says(answer, "wecom", "zhao")
    await house.app.drain()
    assert house.wecom.texts[1:] == [HELLO, "拜访 华东精密"]
    await house.says("在", "wecom", "zhao")
    await house.app.drain()
    assert house.wecom.texts[3:] == ["在"]


async def test_who_says_no_is_nobody_until_they_take_it_back(house: House) -> None:
    await newcomer(house)
    await house.says("你好", "wecom", "zhao")
    await house.app.drain()
    await house.says(channel="wecom", sender="zhao", tap=buttons(house)["不是我"])
    await house.app.drain()
    assert house.wecom.texts[-1] == NOTED
    assert [out.prompt.options[0].label for out in house.telegram.sent if "名单里是赵磊" in out.prompt.text] == ["知道了"]
    assert await house.database.read(lambda conn: conn.execute(select(audit_table.c.verb)).scalars().all()) == ["notme"]
    await house.says("是我", "wecom", "zhao")
    await house.app.drain()
    assert house.wecom.texts[-1] == HELLO


# --- by what the admin writes in the chat -----------------------------------------------------------------------


async def test_invited_in_the_chat_with_a_picture_and_confirmed(house: House) -> None:
    house.converse = converse
    await house.restart()
    await house.hire("wu", ("telegram", "w"), roles=("admin",), name="小吴")
    await house.says("邀请 王芳 市场员", sender="w")
    await house.app.drain()
    assert "连部门一起写" in house.telegram.texts[-1]
    await house.says("邀请 王芳 市场员 市场一部", sender="w")
    await house.app.drain()
    await house.says(sender="w", tap=house.telegram.sent[-1].prompt.options[0].token)
    await house.app.drain()
    told = house.telegram.sent[-1]
    assert [(mime, data[:4]) for mime, data in told.attachments] == [("image/png", b"\x89PNG")]
    link = re.search(r"http://127.0.0.1:8080/chat#in=([\w-]{43})", told.prompt.text)
    assert link is not None
    await house.says(link[1], sender="new", kind="start")
    await house.app.drain()
    assert [out.prompt.text for out in house.telegram.sent if out.to == "w"][-1] == "王芳已经用您的邀请进来了。不是本人的话，请马上告诉管理员。"
    assert next(out.prompt.text for out in house.telegram.sent if out.to == "new").startswith("王芳，您好。我是跑街")


async def test_who_was_cut_off_is_a_stranger_again(house: House, wang: int) -> None:
    await house.database.write(lambda conn: staff.cut_off(conn, person_of(conn, "wang"), NOW))
    await house.says("拜访 华东精密")
    await house.app.drain()
    assert house.telegram.texts == [POLITE]
    await house.says("你好", "wecom", "wang")
    await house.app.drain()
    assert "您是wang吗？" in house.wecom.texts[-1]


def person_of(conn: Connection, account: str) -> int:
    found = by_account(conn, account, NOW.date())
    assert found is not None
    return found.id
