"""Who is not known: one way in, one polite answer, no guessing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.handle import HELLO
from bot.strangers import LEFT, NOT_YOURS, POLITE, WRONG
from storage import audit, invitations, staff
from storage.callers import talk_of
from storage.people import by_account
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
