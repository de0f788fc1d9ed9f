"""Who is told and who may send, by role and at any hour: the right manager, the whole ladder, another technician, public places (C-3, C-4.5.1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from conversations.repairs import cards, dispatch, emergency, taking
from conversations.repairs.job import Call
from rules.calendar import FIRM_ZONE
from rules.repairs import jobs as rule
from scheduler.tick import tick
from storage.world import World
from tests.conversations.repairs.test_technician import FANG, GAO, LI, WANG, called, job, sent
from tests.conversations.talk import Talk, labels, text

SUN, TANG, TIAN, XU = "孙师傅", "唐经理", "田站长", "许姐"


@pytest.fixture
def firm(firm: Talk) -> Talk:
    firm.at("09:05")
    return firm


def ticks(firm: Talk, **later: float) -> None:
    firm.now += timedelta(**later)
    firm.database.write_now(lambda conn: tick(conn, firm.now, FIRM_ZONE))


def heard_since(firm: Talk, who: str, count: int) -> str:
    return text(firm.prompts(who)[count:])


# --- where ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "place", "where"),
    [
        ("报修 阳光苑3号楼 电梯按钮坏了", "public", "阳光苑3号楼电梯"),
        ("报修 阳光苑5号楼楼道 灯不亮", "public", "阳光苑5号楼楼道"),
        ("报修 阳光苑 设备房 水泵坏了", "public", "阳光苑设备房"),
        ("报修 阳光苑大门口 路灯坏了 13911112222", "public", "阳光苑大门口"),
        ("报修 阳光苑3号楼301 马桶漏水", "vacant", "阳光苑301"),
        ("报修 3号楼301 马桶漏水", "vacant", "阳光苑301"),
        ("报修 阳光苑3号楼502 厨房漏水", "home", "阳光苑502"),
    ],
)
@pytest.mark.parametrize("who", [FANG, GAO])
def test_the_chat_takes_flats_vacant_ones_and_public_places(firm: Talk, who: str, said: str, place: str, where: str) -> None:
    assert "记成这样" in text(firm.says(who, said))
    firm.taps(who, "对，存下")
    found = firm.desk(who, lambda desk: desk.jobs(limit=1))[0]
    assert (found.place, found.where) == (place, where)


def test_a_place_of_no_building_of_ours_is_asked_for(firm: Talk) -> None:
    assert "没找到是哪里" in text(firm.says(FANG, "报修 火星苑 电梯坏了")) or "哪里报修" in firm.last(FANG).text
    assert "阳光苑 5 号楼 公共部位" in text(firm.says(FANG, "阳光苑5号楼"))


def test_the_stairs_of_another_building_are_no_duplicate(firm: Talk) -> None:
    for words in ("报修 阳光苑3号楼楼道 灯不亮", "报修 阳光苑3号楼电梯厅 灯不亮"):
        firm.says(FANG, words)
        firm.taps(FANG, "对，存下")
    assert "这里报过了" not in text(firm.prompts(FANG))
    assert "这里报过了" in text(firm.says(FANG, "报修 阳光苑3号楼楼道 灯不亮"))


# --- who is told ----------------------------------------------------------------------------------------------


def test_after_hours_it_is_the_area_s_own_manager(firm: Talk) -> None:
    """Nobody at work: the west's job is the west's manager's, not the first of the list."""

    def west(desk: World) -> int:
        area = next(one.id for one in desk.areas() if one.label == "西区")
        return dispatch.register(desk, Call("门锁打不开", "春江里102", caller="黄阿姨", phone="13800000102", trade="door", area_id=area)).id

    id = firm.desk(FANG, west)
    firm.desk(FANG, lambda desk: dispatch.send(desk, desk.job(id), desk.person(firm.ids[SUN])))
    firm.taps(SUN, "接单")
    firm.at("19:30")
    before = len(firm.prompts(GAO))
    firm.taps(SUN, "需要支援")
    assert "孙师傅请求支援" in firm.last(TANG).text
    assert len(firm.prompts(GAO)) == before


def test_at_night_whoever_the_rota_names_hears_and_sends(firm: Talk) -> None:
    id = sent(firm)
    firm.at("22:00")
    firm.desk(XU, lambda desk: desk.put_duty(firm.ids[TANG], "area_manager", firm.now, firm.now + timedelta(hours=8)))
    firm.taps(WANG, "去不了")
    firm.taps(WANG, "身体不舒服")
    assert "王师傅去不了：身体不舒服。请另派。" in firm.last(TANG).text
    heard = firm.taps(TANG, "派单")
    assert "现在没有师傅在班，\n派给不在班的请先打电话。" in text(heard)
    firm.taps(TANG, "李师傅（不在班）")
    assert job(firm, id).asked == frozenset({firm.ids[LI]})


def test_a_rota_of_one_area_reaches_no_other(firm: Talk) -> None:
    firm.at("22:00")

    def east_and_west(desk: World) -> tuple[int, int]:
        known = {one.label: one.id for one in desk.areas()}
        return known["东区"], known["西区"]

    east, west = firm.desk(XU, east_and_west)
    firm.desk(XU, lambda desk: desk.put_duty(firm.ids[TANG], "area_manager", firm.now, firm.now + timedelta(hours=8), west))
    assert [who.name for who in firm.desk(FANG, lambda desk: desk.on_shift("area_manager", firm.now, west))] == [TANG]
    assert not firm.desk(FANG, lambda desk: desk.on_shift("area_manager", firm.now, east))


# --- the ladder of what nobody accepts ------------------------------------------------------------------------------


def offered(firm: Talk) -> int:
    id = called(firm)
    firm.desk(FANG, lambda desk: taking.offer(desk, desk.job(id)))
    return id


def test_one_who_declines_does_not_stop_the_ladder(firm: Talk) -> None:
    offered(firm)
    firm.taps(LI, "去不了")
    firm.taps(LI, "在别家")
    before = len(firm.prompts(WANG))
    ticks(firm, minutes=10)
    assert "催一下，请接单" in heard_since(firm, WANG, before)


def test_two_jobs_waiting_at_once_each_have_their_ladder(firm: Talk) -> None:
    first, second = sent(firm), sent(firm, where="阳光苑1201", what="插座没电", trade="power", phone="13800001201")
    before = len(firm.prompts(WANG))
    ticks(firm, minutes=10)
    chased = heard_since(firm, WANG, before)
    assert all(job(firm, id).title in chased for id in (first, second))


def test_nobody_accepts_it_climbs_to_the_area_manager_though_the_desk_opens_no_chat(firm: Talk) -> None:
    sent(firm)
    for _ in range(3):
        ticks(firm, minutes=10)
    assert "没有师傅接单" in firm.last(GAO).text


# --- another technician, another time, called off -------------------------------------------------------------------


def test_the_desk_passes_an_accepted_job_to_another(firm: Talk) -> None:
    id = sent(firm)
    firm.taps(WANG, "接单")
    card = firm.says(FANG, f"查单 {job(firm, id).number}")
    assert "王师傅 09:05 接单" in text(card)
    assert "马上去" not in labels(card)
    firm.taps(FANG, "改派")
    firm.taps(FANG, "李师傅（手上 0 张）")
    assert "改派给李师傅了，\n您不用去了" in firm.last(WANG).text
    assert job(firm, id).asked == frozenset({firm.ids[LI]})
    firm.taps(LI, "接单")
    assert job(firm, id).technician_id == firm.ids[LI]


def test_one_sentence_sends_it(firm: Talk) -> None:
    id = called(firm)
    assert "已派给李师傅" in text(firm.says(FANG, f"派单 {job(firm, id).number} 李师傅"))
    assert job(firm, id).asked == frozenset({firm.ids[LI]})


def test_called_off_in_the_chat_with_why(firm: Talk) -> None:
    id = sent(firm)
    firm.says(FANG, f"查单 {job(firm, id).number}")
    firm.taps(FANG, "取消")
    firm.taps(FANG, "客户说好了")
    assert job(firm, id).state == "cancelled"
    assert "这张取消了：客户说好了，\n您不用去了。" in firm.last(WANG).text


def test_a_new_time_reaches_who_goes_with_the_card(firm: Talk) -> None:
    id = sent(firm)
    firm.taps(WANG, "接单")
    firm.says(FANG, f"查单 {job(firm, id).number}")
    firm.taps(FANG, "改时间")
    heard = firm.says(FANG, "今天下午3点")
    assert "开门了" not in labels(heard)  # the desk has no technician's card
    card = firm.last(WANG)
    assert "时间改到 15:00" in card.text
    assert labels([card])[0] == "开门了"


def test_each_new_time_has_its_own_reminders(firm: Talk) -> None:
    id = sent(firm)
    firm.taps(WANG, "接单")
    for clock in ("今天下午1点", "今天下午3点"):
        firm.says(FANG, f"查单 {job(firm, id).number}")
        firm.taps(FANG, "改时间")
        firm.says(FANG, clock)
    before = len(firm.prompts(WANG))
    firm.at("12:00")
    ticks(firm)
    assert len(firm.prompts(WANG)) == before  # the first appointment says nothing any more
    assert len([at for at in firm.dues("job_time") if at > firm.now]) >= 3


# --- running late ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("said", "until"), [("堵车，晚20分钟", "09:25"), ("要晚半小时", "09:35"), ("晚到一会", "09:35"), ("晚一个小时", "10:05")])
def test_running_late_is_a_word_or_a_tap(firm: Talk, said: str, until: str) -> None:
    id = sent(firm)
    firm.taps(WANG, "接单")
    assert f"预计 {until} 到" in text(firm.says(WANG, said))
    assert f"王师傅要晚到，预计 {until}。请给客户说一声：刘女士 13800000502" in firm.last(FANG).text
    assert job(firm, id).data["late_until"]


def test_late_on_which_of_two(firm: Talk) -> None:
    sent(firm), sent(firm, where="阳光苑1201", phone="13800001201")
    firm.taps(WANG, "接单", of=2)
    firm.taps(WANG, "接单")
    heard = firm.says(WANG, "堵车了")
    assert "哪一单要晚到？" in text(heard)
    assert "预计 09:35 到" in text(firm.taps(WANG, "1124-02 阳光苑1201"))


# --- help and where one is ------------------------------------------------------------------------------------------


def test_help_is_on_every_card_in_hand(firm: Talk) -> None:
    sent(firm)
    for label in ("接单", "开门了"):
        assert "需要支援" in labels(firm.taps(WANG, label))
    assert "需要支援" in labels(firm.sends(WANG, "a1"))
    assert "需要支援" in labels(firm.taps(WANG, "阀门坏了"))


def test_help_is_on_the_card_of_every_state_from_dispatch_on(firm: Talk) -> None:
    here = job(firm, sent(firm))
    for state in rule.STATES:
        shown = firm.desk(WANG, lambda desk, state=state: cards.card(desk, replace(here, state=state)))
        assert ("需要支援" in labels([shown])) is not (state == "open" or state in rule.ENDED), state
        if state in ("sent", "offered"):
            assert len(shown.options) == 4  # WeCom's card has six buttons at most


def test_help_by_word_asks_which_of_several(firm: Talk) -> None:
    sent(firm), sent(firm, where="阳光苑1201", phone="13800001201")
    firm.taps(WANG, "接单", of=2)
    firm.taps(WANG, "接单")
    firm.says(WANG, "我的单")
    heard = firm.says(WANG, "求助")
    assert "哪一单要支援？" in text(heard) or "已告诉片区经理" in text(heard)
    if "哪一单" in text(heard):
        firm.taps(WANG, "1124-02 阳光苑1201")
    assert "王师傅请求支援" in firm.last(GAO).text


def test_a_call_for_support_is_repeated_until_somebody_answers(firm: Talk) -> None:
    id = sent(firm)
    firm.taps(WANG, "接单")
    firm.taps(WANG, "需要支援")
    assert labels([firm.last(GAO)]) == ["我马上联系"]
    for _ in range(2):
        ticks(firm, minutes=10)
    assert "王师傅还在等支援" in firm.last(TIAN).text  # the second time the station master hears it too
    assert "已告诉师傅" in text(firm.taps(GAO, "我马上联系"))
    assert "高经理来帮您" in firm.last(WANG).text
    assert job(firm, id).data["helped_by"] == firm.ids[GAO]
    before = len(firm.prompts(TIAN))
    ticks(firm, minutes=10)
    assert len(firm.prompts(TIAN)) == before
    assert "由片区经理" in text(firm.token(WANG, f"a.job.{id}.{job(firm, id).rev}.helping"))


def test_who_asked_for_help_and_does_not_go_waits_for_nobody(firm: Talk) -> None:
    sent(firm)
    firm.taps(WANG, "需要支援")
    for _ in range(2):
        ticks(firm, minutes=10)
    assert "王师傅还在等支援" in firm.last(TIAN).text  # not taken on yet, and still asking
    before = len(firm.prompts(TIAN))
    sent(firm, where="阳光苑1201", phone="13800001201")
    firm.taps(WANG, "需要支援")
    firm.taps(WANG, "去不了")
    firm.taps(WANG, "在别家")
    for _ in range(2):
        ticks(firm, minutes=10)
    assert "1124-02" not in heard_since(firm, TIAN, before)


@pytest.mark.parametrize("said", ["没人", "没人在家", "没人应"])
def test_nobody_home_is_a_word(firm: Talk, said: str) -> None:
    id = sent(firm)
    firm.taps(WANG, "接单")
    firm.says(WANG, said)
    assert job(firm, id).state == "nobody"


def test_what_was_found_may_begin_with_the_word_for_it(firm: Talk) -> None:
    """查到… is no search for a customer when one stands before the tap."""
    id = sent(firm)
    firm.taps(WANG, "接单")
    firm.sends(WANG, "a1")
    assert "查到：角阀锈死了" in text(firm.says(WANG, "查到角阀锈死了"))
    assert job(firm, id).findings == ("角阀锈死了",)


def test_after_what_is_seldom_needed_ok_goes_back_to_the_job(firm: Talk) -> None:
    id = sent(firm)
    firm.taps(WANG, "其他")
    assert labels(firm.says(WANG, "好"))[0] == "接单"
    assert job(firm, id).state == "sent"


@pytest.mark.parametrize("said", ["下水堵了", "晚安", "今晚再说"])
def test_not_every_such_word_is_running_late(firm: Talk, said: str) -> None:
    id = sent(firm)
    firm.taps(WANG, "接单")
    firm.says(WANG, said)
    assert "late_until" not in {name for name, value in job(firm, id).data.items() if value}


def test_a_place_sent_at_the_door_is_the_arrival(firm: Talk) -> None:
    id = sent(firm)
    firm.taps(WANG, "接单")
    assert "位置记下了，您到了" in text(firm.place(WANG))
    here = job(firm, id)
    assert (here.state, here.data["place"]["label"]) == ("arrived", "漕溪北路")
    assert "记拜访" not in text(firm.place(WANG))


def test_a_place_with_two_to_go_to_is_asked_for_and_not_lost(firm: Talk) -> None:
    first, second = sent(firm), sent(firm, where="阳光苑1201", phone="13800001201")
    firm.taps(WANG, "接单", of=2)
    firm.taps(WANG, "接单")
    assert "到了哪一家？" in text(firm.place(WANG))
    firm.taps(WANG, "1124-02 阳光苑1201")
    assert job(firm, second).data["place"]["lat"] == 31.19
    assert job(firm, first).state == "accepted"


def test_a_place_without_a_job_is_not_kept(firm: Talk) -> None:
    assert "位置没有记" in text(firm.place(WANG))


# --- who may do what ------------------------------------------------------------------------------------------------


def test_who_only_looks_sees_no_button_they_may_not_tap(firm: Talk) -> None:
    id = sent(firm)
    for who in (TIAN, XU):
        heard = firm.says(who, f"查单 {job(firm, id).number}")
        assert "已派给王师傅" in text(heard)
        assert labels(heard) == ["看全部"]
        assert "派给谁" not in text(firm.token(who, f"a.dispatch.{id}.{job(firm, id).rev}"))
        firm.token(who, f"a.chase_job.{id}.{job(firm, id).rev}")
        firm.token(who, f"a.offer_job.{id}.{job(firm, id).rev}")
    assert job(firm, id).state == "sent"


def test_a_station_master_in_an_emergency_has_numbers_and_no_dispatch(firm: Talk) -> None:
    id = called(firm, what="厨房跑水了")
    firm.desk(FANG, lambda desk: emergency.alarm(desk, desk.job(id)))
    for minutes in (1, 3, 5):
        firm.at("09:05")
        ticks(firm, minutes=minutes)
    card = firm.last(TIAN)
    assert "王师傅 13900000001" in card.text
    assert "派单" not in labels([card])


def test_accepted_and_not_there_in_five_minutes_the_desk_rings(firm: Talk) -> None:
    id = called(firm, what="厨房跑水了")
    firm.desk(FANG, lambda desk: emergency.alarm(desk, desk.job(id)))
    card = firm.last(WANG)
    assert "09:05 派出，\n请 09:10 前到。" in card.text
    firm.says(WANG, "1")
    ticks(firm, minutes=5)
    assert "5 分钟了还没到。\n请打电话问：王师傅 13900000001" in firm.last(FANG).text


def test_there_in_time_nobody_rings(firm: Talk) -> None:
    id = called(firm, what="厨房跑水了")
    firm.desk(FANG, lambda desk: emergency.alarm(desk, desk.job(id)))
    firm.says(WANG, "1")
    firm.taps(WANG, "开门了")
    before = len(firm.prompts(FANG))
    ticks(firm, minutes=5)
    assert len(firm.prompts(FANG)) == before


def test_the_key_is_offered_to_the_desk_when_somebody_accepts(firm: Talk) -> None:
    id = called(firm, place="vacant", where="阳光苑301", caller="", phone="")
    firm.desk(FANG, lambda desk: taking.offer(desk, desk.job(id)))
    assert "没钥匙先找客服" in text(firm.taps(WANG, "接单"))
    firm.taps(FANG, "钥匙给他了")
    assert "钥匙在您手上" in text(firm.taps(WANG, "钥匙拿到了"))
    held = firm.desk(WANG, lambda desk: [one.kind for one in desk.things(holder=desk.me.id)])
    assert held == ["key"]
