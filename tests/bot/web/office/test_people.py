"""People come, change and go by the office; every write is the desk's, the chat hears of it, what was typed is never lost."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import select

from storage import cases, people
from storage.tables import audit, due, outbox, owner, person, role
from tests.bot.web.office.house import Browser, House
from tests.storage.firm import NOW, TODAY

NEW = {"name": "王芳", "role": "finance", "team": "0", "opens": "09:00", "closes": "18:00", "phone": "13800000000", "account": ""}


async def told(house: House, account: str) -> list[str]:
    id = house.firm.people[account]

    def ask(conn):  # type: ignore[no-untyped-def]
        talk = people.talk_of(conn, id)
        rows = conn.execute(select(outbox.c.body).where(outbox.c.talk_id == talk.id).order_by(outbox.c.id)).scalars()
        return [row["text"] for row in rows]

    found: list[str] = await house.read(ask)
    return found


async def test_added_invited_and_in(house: House, admin: Browser) -> None:
    shown = await admin.post("/office/people/new", NEW)
    assert "王芳加好了" in shown.text
    assert "还没进来" in shown.text
    id = re.search(r'name="id" value="(\d+)"', shown.text)
    assert id is not None
    slip = await admin.post("/office/people/invite", {"id": id.group(1)}, follow=False)
    assert slip.status_code == 200
    assert "<svg" in slip.text
    digits = re.search(r'class="digits">(\d{4}) (\d{4})<', slip.text)
    assert digits is not None
    answered = await admin.client.post("/chat/api/login", json={"name": "王芳", "code": "".join(digits.groups())}, headers={"X-Paojie": "1"})
    assert answered.status_code == 200
    assert answered.json()["name"] == "王芳"


async def test_what_was_typed_comes_back_with_what_is_wrong(house: House, admin: Browser) -> None:
    shown = await admin.post("/office/people/new", {**NEW, "name": "", "opens": "19:00", "phone": "139"})
    assert shown.status_code == 422
    assert 'role="alert" tabindex="-1" autofocus' in shown.text
    assert "请写姓名" in shown.text
    assert "下班要在上班之后" in shown.text
    assert "不像电话号码" in shown.text
    assert 'value="139"' in shown.text
    taken = await admin.post("/office/people/new", {**NEW, "account": "LI"})
    assert "账号 li 已经是李强的" in taken.text
    assert 'value="王芳"' in taken.text


async def test_many_invitations_on_one_page(house: House, admin: Browser) -> None:
    ids = [str(house.firm.people[one]) for one in ("li", "zhang", "zhao")]
    slips = await admin.post("/office/people/invite", {"id": ids}, follow=False)
    assert slips.text.count('class="invitation"') == 3
    assert any("新的邀请" in text for text in await told(house, "li"))
    nothing = await admin.post("/office/people/invite", {})
    assert "还没有选人" in nothing.text


async def test_a_supervisor_invites_reps_into_the_own_team_alone(house: House) -> None:
    async with house.browser("chen") as browser:
        made = await browser.post("/office/people/invite-rep", {"name": "新人", "team": "一部"}, follow=False)
        assert 'class="invitation"' in made.text
        other = await browser.post("/office/people/invite-rep", {"name": "新人二", "team": "二部"}, follow=False)
        assert other.status_code == 422
        assert 'value="新人二"' in other.text
        boss = await browser.post("/office/people/invite", {"id": str(house.firm.people["wu"])}, follow=False)
        assert "没有做成" in boss.text
        assert 'class="invitation"' not in boss.text


async def test_search_and_paging(house: House, admin: Browser) -> None:
    assert "张敏" in (await admin.get("/office/people?q=zm")).text
    assert "张敏" not in (await admin.get("/office/people?q=liqiang")).text
    for n in range(40):
        await house.app.database.write(lambda conn, n=n: house.firm.desk(conn, "wu").add_person(f"同事{n:02d}"))  # type: ignore[misc]
    first = await admin.get("/office/people?q=同事")
    assert "共 40 位" in first.text
    assert 'rel="next"' in first.text
    second = await admin.get("/office/people?q=%E5%90%8C%E4%BA%8B&page=2")
    assert "同事39" in second.text
    assert 'rel="next"' not in second.text
    assert "没有找到" in (await admin.get("/office/people?q=不存在的人")).text


async def test_a_superior_sees_the_own_team(house: House) -> None:
    async with house.browser("chen") as browser:
        shown = (await browser.get("/office/people")).text
        assert "李强" in shown
        assert "赵磊" not in shown
        assert (await browser.get(f"/office/people/{house.firm.people['zhao']}")).status_code == 404
        changed = await browser.post(f"/office/people/{house.firm.people['li']}", {**NEW, "name": "改名"})
        assert changed.status_code == 422
        assert "改名" not in (await browser.get("/office/people")).text


async def test_roles_from_a_day_until_a_day(house: House, admin: Browser) -> None:
    id = house.firm.people["li"]
    fields = {"role": "supervisor", "scope": f"team:{house.firm.teams['二部']}", "since": "2026-12-01", "until": "2026-12-31"}
    shown = await admin.post(f"/office/people/{id}/roles", fields)
    assert "部门主管（二部）" in shown.text
    assert "还没开始" in shown.text
    assert any("加了角色" in text for text in await told(house, "li"))
    again = await admin.post(f"/office/people/{id}/roles", fields)
    assert "已经有了" in again.text
    for wrong in ({"scope": "firm:0"}, {"since": "2026-01-01"}, {"until": "2026-11-30"}, {"role": "king"}, {"scope": "team:99"}):
        answered = await admin.post(f"/office/people/{id}/roles", {**fields, **wrong})
        assert answered.status_code == 422, wrong
    grant = await house.read(lambda conn: conn.execute(select(role.c.id).where(role.c.person_id == id, role.c.role == "rep")).scalar_one())
    ended = await admin.post(f"/office/people/{id}/roles/{grant}/end", {"last": "2026-12-05"})
    assert "12 月 5 日为止" in ended.text


async def test_the_last_admin_stays(house: House, admin: Browser) -> None:
    id = house.firm.people["wu"]
    grant = await house.read(lambda conn: conn.execute(select(role.c.id).where(role.c.person_id == id)).scalar_one())
    answered = await admin.post(f"/office/people/{id}/roles/{grant}/end", {})
    assert "至少要有一位系统管理员" in answered.text
    assert (await admin.get("/office/people")).status_code == 200


async def test_cut_off(house: House, admin: Browser) -> None:
    async with house.browser("lin") as browser:
        assert (await browser.get("/office")).status_code == 200
        assert "断开" in (await admin.get(f"/office/people/{house.firm.people['lin']}/cut")).text
        await admin.post(f"/office/people/{house.firm.people['lin']}/cut")
        assert (await browser.get("/office")).status_code == 401


def owing(house: House, conn):  # type: ignore[no-untyped-def]
    """李强 has a visit and a promise at his customer, the promise with its reminder; a second customer with nothing open."""
    desk = house.firm.desk(conn, "li")
    mine = house.firm.customers["li"]
    desk.open_case("appointment", "planned", customer=mine, at=NOW + timedelta(days=1), about="续约")
    promise = desk.open_case("promise", "open", customer=mine, at=NOW + timedelta(hours=6), what="报价", to="张总")
    desk.remind("promise", str(promise.id), NOW + timedelta(hours=5), case=promise.id)
    second = desk.add_customer("第二家有限公司", local=True, nickname="第二家")
    return promise.id, second.id


async def test_the_only_admin_is_not_locked_out(house: House, admin: Browser) -> None:
    me = house.firm.people["wu"]
    refused = await admin.post(f"/office/people/{me}/cut")
    assert (refused.status_code, "唯一的系统管理员" in refused.text) == (403, True)
    assert (await admin.get("/office")).status_code == 200


async def test_a_leaver_s_customers_pass_on(house: House, admin: Browser) -> None:
    promise, second = await house.app.database.write(lambda conn: owing(house, conn))
    li, zhang = house.firm.people["li"], house.firm.people["zhang"]
    page = await admin.get(f"/office/people/{li}/gone")
    assert "2 家" in page.text
    assert "约好的拜访" in page.text
    refused = await admin.post(f"/office/people/{li}/gone", {"how": "all", "to": "0"})
    assert refused.status_code == 422
    assert not (await house.read(lambda conn: people.one(conn, li, TODAY))).left, "what is wrong leaves everything as it was"
    done = await admin.post(f"/office/people/{li}/gone", {"how": "all", "to": str(zhang)})
    assert "李强已离职" in done.text
    assert "张敏：客户 2 家，没办完的事 2 件" in done.text
    assert (await house.read(lambda conn: people.one(conn, li, TODAY))).left
    assert (await house.read(lambda conn: cases.stand(conn, promise))).person_id == zhang
    row = await house.read(lambda conn: conn.execute(select(due.c.person_id, due.c.key).where(due.c.case_id == promise)).one())
    assert (row.person_id, row.key) == (zhang, f"promise:{promise}:{zhang}")
    assert any("李强离职" in text and "第二家" in text for text in await told(house, "zhang"))
    held = await house.read(lambda conn: conn.execute(select(owner).where(owner.c.customer_id == second).order_by(owner.c.id)).all())
    assert [(one.person_id, one.until) for one in held] == [(li, TODAY - timedelta(days=1)), (zhang, None)], "the history is kept"
    seen = await house.read(lambda conn: house.firm.desk(conn, "zhang").customer(second))
    assert seen is not None
    assert "李强" in (await admin.get(f"/office/owners/{second}")).text


async def test_one_by_one_and_what_was_chosen_is_kept(house: House, admin: Browser) -> None:
    _, second = await house.app.database.write(lambda conn: owing(house, conn))
    li, zhang, zhao = (house.firm.people[one] for one in ("li", "zhang", "zhao"))
    first = house.firm.customers["li"]
    half = await admin.post(f"/office/people/{li}/gone", {"how": "each", f"to-{first}": str(zhang)})
    assert half.status_code == 422
    assert "第二家还没有选" in half.text
    assert f'<option value="{zhang}" selected' in half.text
    done = await admin.post(f"/office/people/{li}/gone", {"how": "each", f"to-{first}": str(zhang), f"to-{second}": str(zhao)})
    assert "赵磊：客户 1 家，没办完的事 0 件" in done.text
    assert any("第二家" in text for text in await told(house, "zhao"))


async def test_who_left_by_the_chat_is_handed_over_by_the_supervisor(house: House) -> None:
    await house.app.database.write(lambda conn: owing(house, conn))
    li, zhang = house.firm.people["li"], house.firm.people["zhang"]
    async with house.browser("chen") as browser:
        refused = await browser.post(f"/office/people/{li}/gone", {"how": "all", "to": str(zhang)})
        assert refused.status_code == 422, "only the admin says that somebody left"
        await house.app.database.write(lambda conn: house.firm.desk(conn, "wu").dismiss(li))
        assert "没有交接" in (await browser.get("/office")).text
        done = await browser.post(f"/office/people/{li}/gone", {"how": "all", "to": str(zhang)})
        assert "李强的交接办好了" in done.text
        assert "没有交接" not in (await browser.get("/office")).text


async def test_every_write_is_in_the_log_with_who_and_where(house: House, admin: Browser) -> None:
    await admin.post("/office/people/new", NEW)
    rows = await house.read(lambda conn: conn.execute(select(audit.c.who, audit.c.via, audit.c.verb).where(audit.c.via == "office")).all())
    assert {("wu", "office", "add"), ("wu", "office", "give_role")} <= {tuple(row) for row in rows}


async def test_people_s_pinyin_follows_the_card(house: House, admin: Browser) -> None:
    id = house.firm.people["li"]
    other = str(house.firm.teams["二部"])
    await admin.post(f"/office/people/{id}", {"name": "曾强", "team": other, "phone": "13800000001"})
    row = await house.read(lambda conn: conn.execute(select(person).where(person.c.id == id)).one())
    assert (row.name, row.team_id) == ("曾强", house.firm.teams["二部"])
    assert row.pinyin.startswith("zengqiang")


async def test_own_hours_from_a_day_and_withdrawn(house: House, admin: Browser) -> None:
    li = house.firm.people["li"]
    path = f"/office/people/{li}"
    assert 'value="2026-11-25"' in (await admin.get(path)).text  # tomorrow, as the firm's
    shown = await admin.post(f"{path}/hours", {"opens": "08:30", "closes": "17:30", "from": "2026-12-01"})
    assert "从 12 月 1 日起上下班：08:30 到 17:30。" in shown.text
    assert "按公司的，09:00 到 18:00；2026-12-01 起 08:30 到 17:30" in shown.text
    assert (await told(house, "li"))[-1] == "从 12 月 1 日起您的上下班时间：08:30 到 17:30。早上和下班前的提醒跟着改。"
    for wrong, words in (
        ({"opens": "19:00", "closes": "18:00"}, "下班要在上班之后"),
        ({"closes": ""}, "或者两个都空着"),
        ({"from": "2026-11-01"}, "不能从过去的日子起改"),
        ({"from": ""}, "请选从哪天起"),
        ({"from": "2026-12-05"}, "本来就是这个时间"),
    ):
        refused = await admin.post(f"{path}/hours", {"opens": "08:30", "closes": "17:30", "from": "2026-12-01", **wrong})
        assert refused.status_code == 422, wrong
        assert words in refused.text
        assert 'value="李强"' in refused.text
    back = await admin.post(f"{path}/hours/withdraw", {"from": "2026-12-01"})
    assert "撤回了，上下班照旧" in back.text
    assert "2026-12-01 起" not in back.text
    assert "取消了，照旧" in (await told(house, "li"))[-1]
    assert (await admin.post(f"{path}/hours/withdraw", {"from": "2026-12-01"})).status_code == 404
    async with house.browser("chen") as browser:
        assert (await browser.post(f"{path}/hours", {"opens": "08:30", "closes": "17:30", "from": "2026-12-01"})).status_code == 403


async def test_a_rep_needs_a_team_and_the_rest_stays_typed(house: House, admin: Browser) -> None:
    refused = await admin.post("/office/people/new", {**NEW, "role": "rep"})
    assert refused.status_code == 422
    assert "要选一个部门" in refused.text
    assert 'value="王芳"' in refused.text
    taken = await admin.post("/office/people/new", {**NEW, "role": "rep", "team": str(house.firm.teams["一部"])})
    assert "市场员（一部）" in taken.text
