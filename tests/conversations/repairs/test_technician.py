"""A technician's day, one tap at a time: at home and paid, in public and free, nobody home, a change, a photograph afterwards (C-4)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from conversations.repairs import consent, dispatch
from conversations.repairs.job import Call, Job
from storage.database import Database
from tests.conversations.talk import DAY, Talk, labels, text

CALENDAR_DAY = DAY
FANG, WANG, LI, GAO = "小方", "王师傅", "李师傅", "高经理"
CALL = Call("厨房水龙头漏水", "阳光苑502", caller="刘女士", phone="13800000502", trade="water", address="阳光苑 3 号楼 502")


@pytest.fixture
def firm(database: Database) -> Talk:
    talk = Talk(database)
    talk.at("09:05")
    return talk


def called(firm: Talk, **changed: object) -> int:
    def unit(desk: object) -> int:
        area = next(one.id for one in desk.areas() if one.label == "东区")  # type: ignore[attr-defined]
        return dispatch.register(desk, replace(CALL, area_id=area, **changed)).id  # type: ignore[arg-type]

    return firm.desk(FANG, unit)


def sent(firm: Talk, **changed: object) -> int:
    id = called(firm, **changed)
    firm.desk(FANG, lambda desk: dispatch.send(desk, desk.job(id), desk.person(firm.ids[WANG])))
    return id


def job(firm: Talk, id: int) -> Job:
    return firm.desk(FANG, lambda desk: desk.job(id))  # type: ignore[return-value]


def test_a_paid_repair_from_call_to_cash(firm: Talk) -> None:
    id = sent(firm)
    card = firm.last(WANG)
    assert card.text.startswith("【1124-01 阳光苑502】\n厨房水龙头漏水\n刘女士 13800000502")
    assert [one.label for one in card.options] == ["接单", "去不了", "需要支援", "其他"]
    assert "按铃最多三次" in text(firm.says(WANG, "1"))
    assert "王师傅 09:05 接单" in firm.last(FANG).text
    assert "请拍一张修前照片" in text(firm.says(WANG, "好"))
    assert "查到什么？" in text(firm.sends(WANG, "a1"))
    assert "收费点一项" in text(firm.taps(WANG, "阀门坏了"))
    assert "换 4 分球阀 ×1 35.00 元\n合计 35.00 元" in text(firm.taps(WANG, "换 4 分球阀 35.00/个"))
    firm.says(WANG, "人工 1")
    heard = firm.taps(WANG, "就这些")
    assert "合计 85.00 元" in text(heard)
    assert "/c/" in text(heard)
    quoted = job(firm, id)
    assert (quoted.state, quoted.quotation.total if quoted.quotation else 0) == ("quoted", 8500)
    assert "不归您办" in text(firm.token(WANG, f"a.job.{id}.{quoted.rev}.consent")) or job(firm, id).state == "quoted"


def test_in_public_there_is_no_bell_quotation_or_consent(firm: Talk) -> None:
    id = sent(firm, place="public", where="阳光苑楼道", what="楼道灯不亮", trade="power", caller="", phone="")
    assert labels(firm.taps(WANG, "接单"))[0] == "到了"
    firm.taps(WANG, "到了")
    firm.sends(WANG, "a1")
    assert "把垃圾带走" in text(firm.taps(WANG, "灯坏了"))
    assert "请试 3 次" in text(firm.sends(WANG, "a2"))
    assert "签字" in text(firm.taps(WANG, "三次都正常"))
    assert job(firm, id).state == "content"


def test_a_photograph_may_come_before_the_tap_that_says_arrived(firm: Talk) -> None:
    id = sent(firm)
    firm.taps(WANG, "接单")
    assert "查到什么？" in text(firm.sends(WANG, "a1"))
    assert job(firm, id).arrived_at is not None


def test_what_was_found_may_be_said(firm: Talk) -> None:
    id = sent(firm)
    firm.taps(WANG, "接单")
    firm.sends(WANG, "a1")
    firm.says(WANG, "角阀锈住了")
    assert job(firm, id).findings == ("角阀锈住了",)


def test_who_cannot_go_says_why_and_the_desk_sends_another(firm: Talk) -> None:
    id = sent(firm)
    firm.taps(WANG, "去不了")
    assert "已告诉客服另派" in text(firm.taps(WANG, "在别家"))
    assert "王师傅去不了：在别家。请另派。" in firm.last(FANG).text
    heard = firm.taps(FANG, "派单")
    assert "派给谁？" in text(heard)
    firm.taps(FANG, "李师傅（手上 0 张）")
    assert job(firm, id).asked == frozenset({firm.ids[LI]})
    firm.taps(LI, "接单")
    assert job(firm, id).technician_id == firm.ids[LI]
    assert "接" in text(firm.taps(WANG, "接单"))  # the old card


def test_nobody_home(firm: Talk) -> None:
    id = sent(firm)
    firm.taps(WANG, "接单")
    assert "改好时间再通知您" in text(firm.taps(WANG, "没人应"))
    assert "没人应，请和客户另约时间" in firm.last(FANG).text
    assert job(firm, id).state == "nobody"


@pytest.mark.parametrize("word", ["没人应", "没人在家", "客户不在"])
def test_nobody_home_after_all_is_no_finding(firm: Talk, word: str) -> None:
    """开门了 was tapped too soon, and the door photographed."""
    id = sent(firm)
    for tap in ("接单", "开门了"):
        firm.taps(WANG, tap)
    firm.sends(WANG, "d1")
    heard = firm.says(WANG, word)
    assert "改好时间再通知您" in text(heard)
    assert "请拍一下门" not in text(heard)
    assert "没人应，请和客户另约时间" in firm.last(FANG).text
    stands = job(firm, id)
    assert (stands.state, stands.findings, stands.before, stands.arrived_at) == ("nobody", (), (), None)
    assert stands.data["door"] == ["d1".ljust(64, "0")]
    assert "查到什么" not in text(firm.taps(WANG, "又开门了"))
    assert job(firm, id).state == "arrived"


def test_nobody_home_is_behind_the_other_button_too(firm: Talk) -> None:
    id = sent(firm)
    for tap in ("接单", "开门了", "其他", "没人应"):
        firm.taps(WANG, tap)
    assert job(firm, id).state == "nobody"


def test_with_one_at_the_door_and_one_to_go_to_the_door_is_meant(firm: Talk) -> None:
    first, second = sent(firm), sent(firm, where="阳光苑1201", what="插座没电", trade="power", phone="13800001201")
    for nth in (1, 2):
        firm.taps(WANG, "接单", of=nth)
    firm.token(WANG, f"a.job.{first}.{job(firm, first).rev}.arrive")
    firm.says(WANG, "我的单")
    firm.says(WANG, "没人应")
    assert (job(firm, first).state, job(firm, second).state) == ("nobody", "accepted")


def test_with_two_to_go_to_it_is_asked_which(firm: Talk) -> None:
    first, second = sent(firm), sent(firm, where="阳光苑1201", what="插座没电", trade="power", phone="13800001201")
    for nth in (1, 2):
        firm.taps(WANG, "接单", of=nth)
    firm.says(WANG, "我的单")
    assert "哪一家没人应？" in text(firm.says(WANG, "没人应"))
    firm.taps(WANG, "1124-02 阳光苑1201")
    assert (job(firm, first).state, job(firm, second).state) == ("accepted", "nobody")


def test_help_before_it_is_taken_on(firm: Talk) -> None:
    """One tap on the card it comes with; whoever asked hears who will ring."""
    id = sent(firm)
    assert "已告诉片区经理" in text(firm.taps(WANG, "需要支援"))
    assert "王师傅请求支援" in firm.last(GAO).text
    firm.taps(GAO, "我马上联系")
    assert "高经理来帮您" in firm.last(WANG).text
    assert "已告诉片区经理" in text(firm.says(WANG, "求助"))
    assert job(firm, id).state == "sent"
    assert "按铃最多三次" in text(firm.taps(WANG, "接单"))


def test_help_costs_nothing_and_carries_everything(firm: Talk) -> None:
    sent(firm)
    firm.taps(WANG, "接单")
    firm.sends(WANG, "a1")
    firm.taps(WANG, "其他")
    assert "求助不扣分" in text(firm.taps(WANG, "需要支援"))
    assert "王师傅请求支援" in firm.last(GAO).text
    assert firm.last(GAO).attach


def test_several_jobs_at_once_are_told_apart(firm: Talk) -> None:
    first, second = sent(firm), sent(firm, where="阳光苑1201", what="插座没电", trade="power", phone="13800001201")
    for _ in range(2):
        firm.taps(WANG, "接单", of=1)
        firm.taps(WANG, "接单", of=2)
    heard = firm.says(WANG, "我的单")
    assert "您手上 2 张单" in text(heard)
    assert {job(firm, first).state, job(firm, second).state} == {"accepted"}


def test_nothing_to_do_says_so(firm: Talk) -> None:
    assert "现在没有您的单" in text(firm.says(WANG, "我的单"))


def test_the_customer_s_words_are_hashed_as_shown(firm: Talk) -> None:
    id = sent(firm)
    shown = firm.desk(FANG, lambda desk: consent.signed_text(desk, desk.job(id)))
    assert "单号 1124-01，阳光苑 3 号楼 502。厨房水龙头漏水。" in shown
    assert len(consent.hashed(shown)) == 64
