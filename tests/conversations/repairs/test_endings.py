"""How a repair ends otherwise than planned, and where the money stays: changes, waived fees, no signature, paper (C-4.3.4, C-4.5.5)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conversations.repairs import consent, evening, outside, printed
from rules.calendar import FIRM_ZONE
from scheduler.tick import tick
from storage import blobs
from tests.conversations.repairs.test_customer import agreed, content, quoted, through
from tests.conversations.repairs.test_technician import FANG, GAO, WANG, job, sent
from tests.conversations.talk import Talk, labels, text


@pytest.fixture
def firm(firm: Talk) -> Talk:
    firm.at("09:05")
    return firm


def changed(firm: Talk) -> int:
    """Agreed to one valve, then two are quoted."""
    id = agreed(firm)
    firm.taps(WANG, "其他")
    firm.taps(WANG, "要改报价")
    firm.says(WANG, "球阀 2")
    firm.taps(WANG, "就这些")
    return id


def test_no_to_a_change_is_not_the_end_of_the_repair(firm: Talk) -> None:
    id = changed(firm)
    through(firm, "consent", outside.not_now)
    here = job(firm, id)
    assert (here.state, here.agreed.total if here.agreed else 0, here.quotation.total if here.quotation else 0) == ("working", 3500, 3500)
    assert "按原来同意的做，\n35.00 元" in firm.last(WANG).text


def test_the_technician_may_take_a_change_back(firm: Talk) -> None:
    id = changed(firm)
    firm.taps(WANG, "其他")
    assert "把垃圾带走" in text(firm.taps(WANG, "不改了，按原来的"))
    assert job(firm, id).state == "working"


def test_the_same_quotation_again_changes_nothing(firm: Talk) -> None:
    id = agreed(firm)
    firm.taps(WANG, "其他")
    firm.taps(WANG, "要改报价")
    assert "报价没有变" in text(firm.taps(WANG, "就这些"))
    assert job(firm, id).state == "working"


def test_a_fee_waived_by_the_desk_names_who_allowed_it(firm: Talk) -> None:
    id = content(firm)
    through(firm, "sign", outside.doubted)
    assert "谁同意的？" in text(firm.taps(FANG, "减免"))
    assert "高经理同意的" in text(firm.taps(FANG, "高经理"))
    here = job(firm, id)
    assert (here.state, here.data["how"], here.data["allowed_by"]) == ("closed", "free", firm.ids[GAO])
    assert "说您同意减免 35.00 元" in firm.last(GAO).text
    assert "费用减免了" in firm.last(WANG).text


def test_a_desk_that_opens_no_chat_does_not_stop_the_clock(firm: Talk) -> None:
    quoted(firm)
    through(firm, "consent", outside.doubted)
    for _ in range(2):
        firm.now += timedelta(minutes=30)
        firm.database.write_now(lambda conn: tick(conn, firm.now, FIRM_ZONE))
    assert "2 次提醒还没说好" in firm.last(GAO).text
    assert "减免" in labels([firm.last(GAO)])
    assert "减免" in labels([firm.last(GAO)])


def test_not_signed_it_still_has_to_be_paid(firm: Talk) -> None:
    id = content(firm)
    firm.taps(WANG, "没法签")
    firm.taps(WANG, "客户不肯签")
    assert labels([firm.last(GAO)])[:2] == ["认可", "再去一趟"]
    assert "应收 35.00 元" in firm.last(GAO).text
    firm.taps(GAO, "认可")
    assert job(firm, id).state == "signed"
    assert "片区经理认可了。\n应收 35.00 元" in firm.last(WANG).text
    firm.taps(WANG, "扫码付")
    assert job(firm, id).state == "closed"
    assert "没有签名，客户扫码付 35.00 元" in firm.last(FANG).text


def test_the_desk_reads_why_there_is_no_signature(firm: Talk) -> None:
    """Settled by the area manager: nothing there to compare, and nothing that does not match."""
    content(firm)
    firm.taps(WANG, "没法签")
    firm.taps(WANG, "客户不肯签")
    firm.taps(GAO, "认可")
    firm.taps(WANG, "扫码付")
    firm.desk(WANG, evening.hand_over)
    heard = firm.last(FANG).text
    assert "（没有签名，原因：客户不肯签）" in heard
    assert "对不上" not in heard


def test_not_mended_the_desk_reads_that_too(firm: Talk) -> None:
    agreed(firm)
    firm.taps(WANG, "其他")
    firm.taps(WANG, "修不好")
    firm.taps(WANG, "缺配件")
    firm.taps(GAO, "到此为止，不收费")
    firm.desk(WANG, evening.hand_over)
    assert "（没有签名，没修好：缺配件）" in firm.last(FANG).text


def test_sent_once_more_for_the_signature_only(firm: Talk) -> None:
    id = content(firm)
    firm.taps(WANG, "没法签")
    firm.taps(WANG, "客户不在了")
    firm.taps(GAO, "再去一趟")
    assert job(firm, id).state == "content"
    assert "请客户签名" in firm.last(WANG).text


def test_not_mended_nothing_is_charged(firm: Talk) -> None:
    id = agreed(firm)
    firm.taps(WANG, "其他")
    assert "实在抱歉" in text(firm.taps(WANG, "修不好"))
    firm.taps(WANG, "缺配件")
    heard = text(firm.taps(GAO, "到此为止，不收费"))
    assert "给客户扫码" not in heard
    here = job(firm, id)
    assert (here.state, here.data["how"], here.data["allowed_by"]) == ("closed", "free", firm.ids[GAO])


def test_what_cannot_be_mended_is_said_before_any_work(firm: Talk) -> None:
    id = sent(firm)
    firm.taps(WANG, "接单")
    firm.sends(WANG, "a1")
    firm.taps(WANG, "阀门坏了")
    firm.taps(WANG, "其他")
    firm.taps(WANG, "修不好")
    firm.taps(WANG, "要厂家来")
    firm.taps(GAO, "再修")
    assert job(firm, id).state == "found"  # nobody agreed to anything: not into the work
    assert "收费点一项" in firm.last(WANG).text


def signed(firm: Talk) -> int:
    id = content(firm)
    through(firm, "sign", lambda desk, here: outside.signed(desk, here, "刘女士"))
    return id


def test_free_of_charge_only_with_who_allowed_it(firm: Talk) -> None:
    id = signed(firm)
    heard = firm.taps(WANG, "免收")
    assert "谁同意的？" in text(heard)
    assert labels(heard)[0] == "高经理"  # the area's own first
    assert "王师傅" not in labels(heard)
    firm.taps(WANG, "高经理")
    assert (job(firm, id).state, job(firm, id).data["how"]) == ("closed", "free")
    assert "免收 35.00 元，高经理同意的" in firm.last(FANG).text
    assert "好，记下了" in text(firm.taps(GAO, "是我同意的"))


def test_who_did_not_allow_it_says_so(firm: Talk) -> None:
    id = signed(firm)
    firm.taps(WANG, "免收")
    firm.taps(WANG, "田站长")
    assert "已告诉客服和师傅" in text(firm.taps("田站长", "我没同意"))
    assert "田站长说没有同意免收" in firm.last(WANG).text
    assert "补收 35.00 元" in firm.last(FANG).text
    assert job(firm, id).data["how"] == "owed"


def test_an_old_card_s_free_asks_as_well(firm: Talk) -> None:
    id = signed(firm)
    assert "谁同意的？" in text(firm.token(WANG, f"a.job.{id}.{job(firm, id).rev}.pay.free"))


def test_who_pays_is_the_tenant_unless_said_otherwise(firm: Talk) -> None:
    signed(firm)
    firm.taps(WANG, "其他")
    firm.taps(WANG, "不是租户付")
    assert "房东付。\n应收 35.00 元" in text(firm.taps(WANG, "房东"))
    firm.taps(WANG, "月底一起")
    assert "房东月底一起结 35.00 元" in firm.last(FANG).text


def test_parts_are_one_optional_line(firm: Talk) -> None:
    id = agreed(firm)
    firm.taps(WANG, "其他")
    firm.taps(WANG, "用了配件")
    firm.says(WANG, "4 分球阀 1 个，生料带 1 卷")
    assert job(firm, id).data["parts"] == "4 分球阀 1 个，生料带 1 卷"
    assert "记下了：用了4 分球阀 1 个，生料带 1 卷。" in firm.last(WANG).text
    assert "用了4 分球阀 1 个，生料带 1 卷。" in firm.desk(FANG, lambda desk: consent.signed_text(desk, desk.job(id)))


def test_more_parts_are_added_to_those_named_before(firm: Talk) -> None:
    id = agreed(firm)
    for part in ("球阀 1 个", "软管 1 根", "球阀 1 个"):
        firm.taps(WANG, "其他")
        firm.taps(WANG, "用了配件")
        firm.says(WANG, part)
    assert job(firm, id).data["parts"] == "球阀 1 个，软管 1 根"


def test_a_trial_that_failed_stays_on_record(firm: Talk) -> None:
    id = agreed(firm)
    firm.sends(WANG, "a2")
    assert "没事，再修一下。" in text(firm.taps(WANG, "有一次不行"))
    firm.sends(WANG, "a3")
    firm.taps(WANG, "三次都正常")
    assert job(firm, id).trials == (False, True, True, True)
    assert "试了 4 次，最后 3 次都正常，现场已清理。" in firm.desk(FANG, lambda desk: consent.signed_text(desk, desk.job(id)))


def test_a_photograph_on_the_way_is_not_the_end_of_the_work(firm: Talk) -> None:
    id = agreed(firm)
    firm.sends(WANG, "a2")
    firm.taps(WANG, "其他")
    assert "再拍一张" in text(firm.taps(WANG, "还没修完"))
    assert (job(firm, id).state, job(firm, id).trials) == ("working", ())


# --- signed on paper -------------------------------------------------------------------------------------------


def cut_out(firm: Talk, photo: str, facts: dict[str, str]) -> str:
    """As the reading notes it beside the photograph before the message is handled."""
    sha = photo.ljust(64, "0")
    firm.database.write_now(lambda conn: blobs.note(conn, sha, "image/jpeg", 100, {"kind": "photo", **facts}, firm.now))
    return sha


def test_what_was_cut_out_of_the_paper_is_shown_and_kept(firm: Talk) -> None:
    id = content(firm)
    ink = "d" * 64
    photo = cut_out(firm, "f0", {"signature": ink})
    card = firm.sends(WANG, "f0")[-1]
    assert "签名是这样，对吗？" in card.text
    assert card.attach == (ink,)
    assert labels([card])[:3] == ["就用这张", "再拍一张", "不是签好的单"]
    firm.says(WANG, "好")
    here = job(firm, id)
    assert (here.state, here.original, here.after) == ("signed", photo, ("a2".ljust(64, "0"),))
    kept = firm.desk(FANG, lambda desk: desk.agreements(id))[-1]
    assert (kept["picture"], kept["facts"]["original"]) == (ink, photo)
    assert firm.desk(FANG, lambda desk: printed.of_job(desk, desk.job(id), coded=False)).pictures["signature.png"] == ink  # type: ignore[arg-type]


def test_no_ink_found_says_what_to_do_and_takes_it_all_the_same(firm: Talk) -> None:
    id = content(firm)
    cut_out(firm, "f1", {"signature_why": "还没看到签名，请靠近再拍一张。"})
    card = firm.sends(WANG, "f1")[-1]
    assert "还没看到签名" in card.text
    assert not card.attach
    assert "请把签好的单拍清楚" in text(firm.taps(WANG, "再拍一张"))
    firm.sends(WANG, "f2")
    firm.taps(WANG, "就用这张")
    assert job(firm, id).original == "f2".ljust(64, "0")
    paper = firm.desk(FANG, lambda desk: printed.of_job(desk, desk.job(id), coded=False))  # type: ignore[arg-type]
    assert "signature.png" not in paper.pictures  # a photograph is no drawing: it stands among the photographs
    assert paper.data["after"][-1] == "after-signed.jpg"
    assert paper.data["signed_who"] == "刘女士签在纸上，见照片"


def test_a_paper_original_is_counted_by_the_desk(firm: Talk) -> None:
    content(firm)
    firm.sends(WANG, "f3")
    firm.taps(WANG, "就用这张")
    firm.taps(WANG, "扫码付")
    firm.says(WANG, "交单")
    firm.taps(WANG, "交给客服")
    assert "（纸单）" in firm.last(FANG).text


def test_in_public_the_paper_is_as_good(firm: Talk) -> None:
    id = sent(firm, place="public", where="阳光苑3号楼楼道", what="楼道灯不亮", trade="power", caller="", phone="")
    firm.taps(WANG, "接单")
    firm.taps(WANG, "到了")
    firm.sends(WANG, "a1")
    firm.taps(WANG, "灯坏了")
    firm.sends(WANG, "a2")
    firm.taps(WANG, "三次都正常")
    firm.sends(WANG, "f4")
    assert "完成" in text(firm.taps(WANG, "就用这张"))
    assert job(firm, id).original == "f4".ljust(64, "0")


def test_both_databases_keep_a_paper_signature(firm_on_either: Talk) -> None:
    firm_on_either.at("09:05")
    id = content(firm_on_either)
    firm_on_either.sends(WANG, "f0")
    firm_on_either.taps(WANG, "就用这张")
    assert job(firm_on_either, id).state == "signed"
