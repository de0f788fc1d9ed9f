"""Settings, days, leave and owners in the office: from a day on, taken back before it holds, nothing of the past is changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select

from papers import workbook
from rules.calendar import FIRM_ZONE, Calendar
from rules.settings import SETTINGS
from scheduler.dryrun import TITLES
from scheduler.kinds import KINDS
from scheduler.plan import owed_on, plan
from storage import due, settings
from storage.tables import due as due_table
from storage.tables import leave, outbox, owner
from tests.bot.web.office.house import Browser, House
from tests.storage.firm import NOW, TODAY

TOMORROW = TODAY + timedelta(days=1)


async def test_a_new_value_holds_from_its_day_and_the_past_keeps_its_rule(house: House, admin: Browser) -> None:
    """Dues of today stand as they were planned; tomorrow's follow the new setting; yesterday is still judged by the old one."""
    await house.app.database.write(lambda conn: plan(conn, NOW, FIRM_ZONE, TODAY))
    before = await house.read(lambda conn: due.upcoming(conn, Calendar().bounds(TODAY)[1]))
    shown = await admin.post("/office/settings/log_first", {"value": "90", "since": TOMORROW.isoformat()})
    assert "11 月 25 日起是：90 分钟" in shown.text
    assert "2026-11-25 起：90 分钟" in shown.text
    await house.app.database.write(lambda conn: plan(conn, NOW, FIRM_ZONE, TODAY))
    assert await house.read(lambda conn: due.upcoming(conn, Calendar().bounds(TODAY)[1])) == before

    def first(conn, day: date) -> set[str]:  # type: ignore[no-untyped-def]
        owed = [one for one in owed_on(conn, FIRM_ZONE, day) if one.kind == "log_due" and one.args["step"] == 60]
        return {f"{Calendar().local(one.at):%H:%M}" for one in owed}

    assert await house.read(lambda conn: first(conn, TODAY)) == {"17:00"}
    assert await house.read(lambda conn: first(conn, TOMORROW)) == {"16:30"}
    assert await house.read(lambda conn: settings.value(conn, "log_first", TODAY, 60)) == 60
    assert await house.read(lambda conn: settings.value(conn, "log_first", TOMORROW, 60)) == 90


async def test_a_change_is_withdrawn_before_it_holds_and_the_history_keeps_both(house: House, admin: Browser) -> None:
    await admin.post("/office/settings/silent_days", {"value": "21", "since": "2026-12-01"})
    page = await admin.get("/office/settings/silent_days")
    assert "2026-12-01 起改成：21 天" in page.text
    await admin.post("/office/settings/silent_days/withdraw", {"since": "2026-12-01"})
    page = await admin.get("/office/settings/silent_days")
    assert "2026-12-01 起改成" not in page.text
    assert "小吴撤回了：21 天" in page.text
    assert "小吴改成：21 天" in page.text
    await admin.post("/office/settings/silent_days", {"value": "30", "since": TODAY.isoformat()})
    refused = await admin.post("/office/settings/silent_days/withdraw", {"since": TODAY.isoformat()})
    assert "已经生效" in refused.text


async def test_never_in_the_past_nor_out_of_bounds(house: House, admin: Browser) -> None:
    for fields, words in (
        ({"value": "90", "since": "2026-11-23"}, "不能从过去"),
        ({"value": "9", "since": "2026-12-01"}, "20 到 240"),
        ({"value": "很久", "since": "2026-12-01"}, "填一个数字"),
        ({"value": "77", "since": ""}, "从哪天起"),
    ):
        shown = await admin.post("/office/settings/log_first", fields)
        assert shown.status_code == 422
        assert words in shown.text
        assert f'value="{fields["value"]}"' in shown.text
    async with house.browser("lin") as browser:
        assert (await browser.get("/office/settings")).status_code == 200
        assert (await browser.post("/office/settings/log_first", {"value": "90", "since": "2026-12-01"})).status_code == 403


async def test_every_setting_has_a_page_and_takes_its_own_default(house: House, admin: Browser) -> None:
    for name, setting in SETTINGS.items():
        assert setting.read(setting.typed(setting.default)) == setting.default, name
        shown = await admin.post(f"/office/settings/{name}", {"value": setting.typed(setting.default), "since": TOMORROW.isoformat()})
        assert shown.status_code == 200, name


async def test_the_dry_run_counts_the_coming_changes_and_writes_nothing(house: House, admin: Browser) -> None:
    await admin.post("/office/settings/morning_before", {"value": "30", "since": "2026-12-01"})
    count = select(func.count()).select_from(due_table)
    before = await house.read(lambda conn: conn.execute(count).scalar())
    said = await house.read(lambda conn: conn.execute(select(func.count()).select_from(outbox)).scalar())
    li = house.firm.people["li"]
    shown = await admin.get(f"/office/dryrun?who={li}&kind=morning")
    assert "08:40" in shown.text
    assert "08:30" in shown.text
    assert "张敏" not in shown.text.split("</form>")[-1]
    assert await house.read(lambda conn: conn.execute(count).scalar()) == before
    assert await house.read(lambda conn: conn.execute(select(func.count()).select_from(outbox)).scalar()) == said
    everything = await admin.get("/office/dryrun")
    assert 'rel="next"' in everything.text
    taken = await admin.get(f"/office/dryrun/excel?who={li}&kind=morning")
    (sheet,) = workbook.read(taken.content)
    assert sheet.rows[0][:5] == ["日期", "星期", "时间", "给谁", "什么"]
    times = {row[0]: (row[1], row[2]) for row in sheet.rows[1:]}
    assert (times["2026-11-30"], times["2026-12-01"]) == (("周一", "08:40"), ("周二", "08:30"))
    assert {(row[3], row[4]) for row in sheet.rows[1:]} == {("李强", "早上的安排")}


def test_every_reminder_has_words_in_the_dry_run() -> None:
    assert {one.KIND for one in KINDS} == TITLES.keys()


async def test_a_day_amended_and_taken_back(house: House, admin: Browser) -> None:
    shown = await admin.post("/office/calendar/day", {"day": "2026-11-28", "works": "1"})
    assert "改成上班了" in shown.text
    assert "小吴 2026-11-24" in shown.text
    assert (await house.read(lambda conn: house.firm.desk(conn, "wu").calendar)).is_working_day(date(2026, 11, 28))
    await admin.post("/office/calendar/day", {"day": "2026-11-28", "works": "official"})
    assert not (await house.read(lambda conn: house.firm.desk(conn, "wu").calendar)).is_working_day(date(2026, 11, 28))
    past = await admin.post("/office/calendar/day", {"day": "2026-11-20", "works": "0"})
    assert "不能从过去" in past.text
    assert "暂定" in (await admin.get("/office/calendar?year=2027")).text
    assert "暂定" not in (await admin.get("/office/calendar?year=2026")).text


async def test_leave_is_put_in_and_undone(house: House, admin: Browser) -> None:
    li = str(house.firm.people["li"])
    fields = {"person": li, "since": "2026-11-26", "until": "2026-11-27", "kind": "leave", "deputy": ""}
    shown = await admin.post("/office/leave/add", fields)
    assert "李强请假：11 月 26 日到 11 月 27 日" in shown.text
    assert "撤销" in shown.text
    assert await house.read(lambda conn: house.firm.desk(conn, "wu").on_leave(int(li), date(2026, 11, 27)))
    ids = await house.read(lambda conn: conn.execute(select(leave.c.id)).scalars().all())
    await admin.post("/office/leave/end", {"id": ",".join(map(str, ids))})
    assert not await house.read(lambda conn: house.firm.desk(conn, "wu").on_leave(int(li), date(2026, 11, 27)))


async def test_rest_days_of_a_week_and_a_deputy(house: House, admin: Browser) -> None:
    chen, li = str(house.firm.people["chen"]), str(house.firm.people["li"])
    fields = {"person": chen, "since": "2026-12-01", "until": "2026-12-31", "kind": "rest", "weekdays": ["0"], "deputy": li}
    shown = await admin.post("/office/leave/add", fields)
    assert "由李强代" in shown.text
    assert await house.read(lambda conn: conn.execute(select(func.count()).select_from(leave)).scalar()) == 4
    assert "代陈主管" in shown.text


async def test_a_wrong_span_comes_back_as_typed_and_nobody_excuses_oneself(house: House) -> None:
    async with house.browser("chen") as browser:
        li, me = str(house.firm.people["li"]), str(house.firm.people["chen"])
        wrong = await browser.post("/office/leave/add", {"person": li, "since": "2026-12-05", "until": "2026-12-01", "kind": "leave"})
        assert wrong.status_code == 422
        assert 'value="2026-12-05"' in wrong.text
        own = await browser.post("/office/leave/add", {"person": me, "since": "2026-12-05", "kind": "leave"})
        assert "请别人来定" in own.text
        other = str(house.firm.people["zhao"])
        assert (await browser.post("/office/leave/add", {"person": other, "since": "2026-12-05", "kind": "leave"})).status_code == 422


async def test_customers_from_a_coming_day(house: House, admin: Browser) -> None:
    customer, zhang, zhao = house.firm.customers["li"], house.firm.people["zhang"], house.firm.people["zhao"]
    at = datetime(2026, 11, 25, 4, tzinfo=UTC)
    await house.app.database.write(lambda conn: house.firm.desk(conn, "li").open_case("promise", "open", customer=customer, at=at, what="报价"))
    sure = await admin.post("/office/owners/pass", {"id": str(customer), "to": str(zhang), "since": "2026-12-01"})
    assert "请核对" in sure.text
    assert "到那天还没办完的再一起转" in sure.text
    done = await admin.post("/office/owners/pass", {"id": str(customer), "to": str(zhang), "since": "2026-12-01", "sure": "1"})
    assert "1 家客户转给张敏，从 12 月 1 日起，到那天还没办完的事也一起转" in done.text
    assert "2026-12-01 起归张敏" in done.text
    await admin.post("/office/owners/pass", {"id": str(customer), "to": str(zhao), "since": TODAY.isoformat(), "sure": "1"})
    rows = await house.read(lambda conn: conn.execute(select(owner).where(owner.c.customer_id == customer).order_by(owner.c.id)).all())
    for day in (TODAY, date(2026, 12, 5)):
        assert [one.person_id for one in rows if one.since <= day and (one.until is None or one.until >= day)] == [zhao], "never two at once"
    empty = await admin.post("/office/owners/pass", {"to": str(zhang), "since": TODAY.isoformat()})
    assert empty.status_code == 422
    assert f'<option value="{zhang}" selected' in empty.text


async def test_teams_and_the_firm(house: House, admin: Browser) -> None:
    shown = await admin.post("/office/teams", {"what": "firm", "firm_name": "中视报", "firm_phone": "021-5555"})
    assert 'value="中视报"' in shown.text
    wrong = await admin.post("/office/teams", {"what": "firm", "firm_name": "", "firm_phone": "总机"})
    assert wrong.status_code == 422
    assert "请写公司的名称" in wrong.text
    assert "不像电话号码" in wrong.text
    assert 'value="总机"' in wrong.text
    assert "三部加好了" in (await admin.post("/office/teams", {"what": "team", "id": "0", "name": "三部"})).text
    same = await admin.post("/office/teams", {"what": "team", "id": "0", "name": "一部"})
    assert same.status_code == 422
    assert 'value="一部"' in same.text
    assert "不能删" in (await admin.post("/office/teams", {"what": "drop", "id": str(house.firm.teams["一部"])})).text


async def test_home_says_what_is_missing(house: House, admin: Browser) -> None:
    shown = (await admin.get("/office")).text
    assert "合同保管还缺一个人" in shown
    assert "还没有写公司名称" in shown
    async with house.browser("chen") as browser:
        assert "去安排" not in (await browser.get("/office")).text
