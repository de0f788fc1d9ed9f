"""Words, voice and photographs of a technician with several jobs; what nobody asked for gets a clear answer and is kept (C-4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from conversations.repairs import cards, heard, outside
from conversations.repairs.job import Job
from conversations.types import Blob, Said
from storage import sessions
from storage.database import Database
from tests.conversations.repairs.test_customer import agreed, content, quoted, through
from tests.conversations.repairs.test_technician import FANG, GAO, LI, WANG, called, job, sent
from tests.conversations.talk import Talk, labels, text


@pytest.fixture
def firm(database: Database) -> Talk:
    talk = Talk(database)
    talk.at("09:05")
    return talk


def both(firm: Talk) -> tuple[int, int]:
    first, second = sent(firm), sent(firm, where="阳光苑1201", what="插座没电", trade="power", phone="13800001201")
    firm.taps(WANG, "接单", of=1)
    firm.taps(WANG, "接单", of=2)
    return first, second


def working(firm: Talk, id: int) -> None:
    firm.token(WANG, f"a.job.{id}.{job(firm, id).rev}.arrive")
    firm.sends(WANG, f"b{id}")
    firm.token(WANG, f"a.job.{id}.{job(firm, id).rev}.find.1")
    firm.token(WANG, f"a.job.{id}.{job(firm, id).rev}.start")


def late(firm: Talk, sha: str, minutes: int) -> str:
    """Taken a while ago, without a signal."""
    return text(firm.hand_in(WANG, Said(firm.now - timedelta(minutes=minutes), firm.now, blob=Blob(sha.ljust(64, "0"), "image/jpeg", 100))))


def test_one_word_or_the_number_answers_every_card(firm: Talk) -> None:
    sent(firm)
    assert "按铃最多三次" in text(firm.says(WANG, "1"))
    assert "请拍一张修前照片" in text(firm.says(WANG, "好"))
    assert "拍修前的样子" in text(firm.says(WANG, "完"))
    firm.sends(WANG, "a1")
    assert "收费点一项" in text(firm.says(WANG, "2"))


def test_a_button_s_words_are_enough_though_another_card_came_after(firm: Talk) -> None:
    sent(firm)
    firm.taps(WANG, "接单")
    firm.says(WANG, "我的单")
    assert "请拍一下门再走" in text(firm.says(WANG, "没人应"))


def test_a_nod_is_no_finding(firm: Talk) -> None:
    id = sent(firm)
    firm.taps(WANG, "接单")
    firm.sends(WANG, "a1")
    for nod in ("好的", "修好了", "嗯"):
        firm.says(WANG, nod)
    assert job(firm, id).findings == ()


def test_lines_are_short_and_name_the_job(firm: Talk) -> None:
    id = content(firm)
    for prompt in firm.prompts(WANG):
        if any(one.token.startswith("a.job.") for one in prompt.options):
            assert prompt.text.startswith("【1124-01")
    for state in ("accepted", "arrived", "working", "finished", "tried", "content", "signed"):
        card = firm.desk(WANG, lambda desk, state=state: cards.card(desk, _in(desk.job(id), state)))
        assert [line for line in card.text.split("\n")[1:] if len(line) > 16] == [], state
        assert sum(one.main for one in card.options) == (state != "arrived")  # there the usual findings stand side by side


def _in(found: Job, state: str) -> Job:
    return replace(found, state=state, data={**found.data, "findings": []})


def test_two_not_begun_a_photograph_is_asked_about(firm: Talk) -> None:
    first, second = both(firm)
    heard_ = firm.sends(WANG, "a1")
    assert "是哪一单的" in text(heard_)
    assert sorted(labels(heard_)) == ["1124-01 阳光苑502", "1124-02 阳光苑1201"]
    assert "1124-01" in text(firm.taps(WANG, "1124-01 阳光苑502"))
    assert (job(firm, first).state, job(firm, second).state) == ("arrived", "accepted")
    assert "已经放进去了" in text(firm.taps(WANG, "1124-01 阳光苑502"))


def test_the_card_that_asks_for_a_photograph_gets_it(firm: Talk) -> None:
    first, second = both(firm)
    working(firm, first)
    firm.token(WANG, f"a.job.{second}.{job(firm, second).rev}.arrive")
    assert "1124-02" in text(firm.sends(WANG, "c1"))
    assert (len(job(firm, first).after), len(job(firm, second).before)) == (0, 1)


def test_two_in_work_a_photograph_ends_neither_unasked(firm: Talk) -> None:
    first, second = both(firm)
    working(firm, first)
    working(firm, second)
    assert "是哪一单的" in text(firm.sends(WANG, "d1"))
    assert {job(firm, first).state, job(firm, second).state} == {"working"}
    firm.taps(WANG, "1124-02 阳光苑1201")
    assert (job(firm, first).state, job(firm, second).state) == ("working", "finished")


def test_late_it_goes_to_the_job_of_that_time(firm: Talk) -> None:
    id = sent(firm, place="public", where="阳光苑楼道")
    firm.taps(WANG, "接单")
    working_public(firm, id)
    firm.later(hours=3)
    assert "这单已经完成" in late(firm, "f1", 175)
    assert len(job(firm, id).after) == 2
    assert "现在没有您的单" in late(firm, "f2", 0)


def working_public(firm: Talk, id: int) -> None:
    firm.taps(WANG, "到了")
    firm.sends(WANG, "e1")
    firm.taps(WANG, "接口漏水")
    firm.sends(WANG, "e2")
    firm.taps(WANG, "三次都正常")
    through(firm, "sign", lambda desk, here: outside.signed(desk, here, "保安"))
    assert job(firm, id).state == "closed"


def test_a_finding_may_be_spoken_and_is_played_to_the_area_manager(firm: Talk) -> None:
    id = sent(firm)
    firm.taps(WANG, "接单")
    firm.sends(WANG, "a1")
    assert "见语音" in text(firm.sends(WANG, "v1", kind="voice"))
    assert job(firm, id).voices == ("v1".ljust(64, "0"),)
    firm.taps(WANG, "其他")
    firm.taps(WANG, "需要支援")
    assert "v1".ljust(64, "0") in firm.last(GAO).attach


def test_a_remark_at_work_is_kept_on_the_job(firm: Talk) -> None:
    id = agreed(firm)
    assert "记下了" in text(firm.says(WANG, "阀门后面的墙也湿了"))
    assert job(firm, id).data["remarks"] == ["阀门后面的墙也湿了"]
    assert job(firm, id).state == "working"


def test_a_photograph_since_does_not_make_the_card_old(firm: Talk) -> None:
    id = quoted(firm)
    agreed_card = job(firm, id).rev
    firm.sends(WANG, "g1")
    assert job(firm, id).rev > agreed_card
    assert "等客户同意" in text(firm.token(WANG, f"a.job.{id}.{agreed_card}.card"))
    firm.token(WANG, f"a.job.{id}.{agreed_card}.dispute")
    assert job(firm, id).state == "fee_pending"


def test_a_photograph_while_the_price_list_is_open_is_the_job_s(firm: Talk) -> None:
    id = sent(firm)
    firm.taps(WANG, "接单")
    firm.sends(WANG, "a1")
    firm.taps(WANG, "阀门坏了")
    firm.taps(WANG, "要收费，报价")
    assert "照片收到了" in text(firm.sends(WANG, "a2"))
    assert len(job(firm, id).before) == 2
    firm.says(WANG, "球阀 1")
    firm.taps(WANG, "就这些")
    assert job(firm, id).state == "quoted"


def test_a_second_tap_says_who_and_when_and_notes_nothing(firm: Talk) -> None:
    id = agreed(firm)
    firm.sends(WANG, "a2")
    old = firm.option(WANG, "三次都正常").token
    firm.token(WANG, old)
    assert "王师傅 09:05 已试过" in text(firm.token(WANG, old))
    assert job(firm, id).trials == (True, True, True)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [("金子 1", "表里没有「金子」"), ("球阀 0", "1 到 999 的整数"), ("球阀 -2", "1 到 999 的整数"), ("球阀 1.5", "1 到 999 的整数")],
)
def test_what_is_not_in_the_list_or_no_number_loses_nothing(firm: Talk, typed: str, answer: str) -> None:
    id = sent(firm)
    firm.taps(WANG, "接单")
    firm.sends(WANG, "a1")
    firm.taps(WANG, "阀门坏了")
    firm.taps(WANG, "换 4 分球阀 35.00/个")
    assert answer in text(firm.says(WANG, typed))
    firm.says(WANG, "就这些")
    assert [(line.name, line.count) for line in job(firm, id).quotation.lines] == [("换 4 分球阀", 1)]  # type: ignore[union-attr]


def test_a_photograph_of_nothing_is_kept(firm: Talk) -> None:
    assert "先留着" in text(firm.sends(WANG, "z1"))
    assert firm.database.write_now(lambda conn: sessions.words_of(conn, firm.ids[WANG])) == [""]


def test_another_s_job_cannot_be_touched(firm: Talk) -> None:
    id = sent(firm)
    firm.taps(WANG, "接单")
    for what in ("arrive", "find.1", "start", "tried", "pay.cash", "consent", "sign.own"):
        assert text(firm.token(LI, f"a.job.{id}.{job(firm, id).rev}.{what}"))
    assert job(firm, id).state == "accepted"


def test_a_tenant_or_building_nobody_knows_is_asked_for(firm: Talk) -> None:
    heard_ = text(firm.says(FANG, "报修 火星苑9号楼101 漏水"))
    assert "没找到是哪里" in heard_


def test_a_gas_ring_that_does_not_burn_is_no_fire(firm: Talk) -> None:
    assert job(firm, called(firm, what="灶具打不着火")).urgent == ""
    assert job(firm, called(firm, what="厨房着火了")).urgent == "着火"


def test_only_a_technician_s_words_are_a_job_s(firm: Talk) -> None:
    assert not firm.desk(FANG, lambda desk: heard.told(desk, Said(firm.now, firm.now, text="墙湿了")))
