"""Photographs find their visit; places prove it; voice is kept (A-3.3.6a, A-2.1)."""

from __future__ import annotations

from tests.conversations.talk import Talk, labels, text

LI, CHEN = "李强", "陈主管"


def visit(firm: Talk) -> None:
    firm.says(LI, "拜访 华东精密 王经理 谈续约")
    firm.says(LI, "对")


def test_within_ten_minutes_it_belongs_to_the_visit(firm: Talk) -> None:
    visit(firm)
    firm.later(minutes=9)
    heard = firm.sends(LI, "a1")
    assert text(heard) == "照片放进华东精密的走访表了，共 1 张。"
    assert labels(heard) == ["不是这家"]
    (paper,) = firm.papers(LI)
    assert len(paper.blobs) == 1
    assert paper.grade == "evidenced"


def test_not_this_customer(firm: Talk) -> None:
    firm.says(LI, "拜访 恒达影音 孙经理 送书")
    firm.says(LI, "对")
    visit(firm)
    firm.sends(LI, "a1")
    firm.sends(LI, "a2")
    heard = firm.taps(LI, "不是这家")
    assert "2 张照片已留着。是哪一家的？" in text(heard)
    assert labels(heard)[0] == "恒达影音"
    assert text(firm.taps(LI, "恒达影音")) == "放进恒达影音了，共 2 张。"
    assert [len(paper.blobs) for paper in firm.papers(LI)] == [2, 0]
    assert "已经放好了" in text(firm.taps(LI, "恒达影音"))


def test_photo_first(firm: Talk) -> None:
    heard = firm.sends(LI, "a1")
    assert "1 张照片已留着。是哪一家的？" in text(heard)
    assert labels(heard)[0] == "华东精密（记拜访）"
    heard = firm.taps(LI, "华东精密（记拜访）")
    assert "照片放进走访表了" in text(heard)
    for answer in ("王经理", "续约", "没有"):
        heard = firm.says(LI, answer)
    firm.says(LI, "对")
    (paper,) = firm.papers(LI)
    assert (len(paper.blobs), paper.grade) == (1, "evidenced")


def test_an_album_is_answered_once(firm: Talk) -> None:
    visit(firm)
    firm.posts = False
    count = len(firm.prompts(LI))
    for sha in ("a1", "a2", "a3"):
        firm.sends(LI, sha)
    assert [prompt.text for prompt in firm.prompts(LI)[count:]] == ["照片放进华东精密的走访表了，共 3 张。"]


def test_the_same_picture_twice_counts_once(firm: Talk) -> None:
    visit(firm)
    firm.sends(LI, "a1")
    firm.sends(LI, "a1")
    assert len(firm.papers(LI)[0].blobs) == 1


def test_a_poor_picture_is_kept_and_said(firm: Talk) -> None:
    visit(firm)
    assert "请再拍一张" in text(firm.sends(LI, "a1", advice="有点糊，请再拍一张。"))
    assert len(firm.papers(LI)[0].blobs) == 1


def test_a_broken_picture(firm: Talk) -> None:
    assert text(firm.sends(LI, "a1", broken="这张照片打不开。")) == "这张照片打不开。"


def test_a_photo_while_the_card_waits(firm: Talk) -> None:
    firm.says(LI, "拜访 华东精密 王经理 谈续约")
    assert "照片" in text(firm.sends(LI, "a1"))
    assert "照片 1 张" in text(firm.says(LI, "对"))
    assert firm.papers(LI)[0].grade == "evidenced"


def test_a_late_photo_finds_the_visit_of_its_time(firm: Talk) -> None:
    visit(firm)
    firm.at("14:00")
    firm.says(LI, "拜访 恒达影音 孙经理 送书")
    firm.says(LI, "对")
    firm.later(minutes=30)
    assert "2" not in text(firm.sends(LI, "a9"))[:1]
    assert "是哪一家的？" in firm.last(LI).text


def test_a_place_proves_the_visit(firm: Talk) -> None:
    visit(firm)
    assert text(firm.place(LI)) == "位置记在华东精密的走访表上了。"
    (paper,) = firm.papers(LI)
    assert paper.grade == "evidenced"
    assert paper.answers["place"]["label"] == "漕溪北路"


def test_a_place_while_the_card_waits(firm: Talk) -> None:
    firm.says(LI, "拜访 华东精密 王经理 谈续约")
    assert "位置收到了" in text(firm.place(LI))
    firm.says(LI, "对")
    assert firm.papers(LI)[0].grade == "evidenced"


def test_voice_is_kept(firm: Talk) -> None:
    heard = firm.sends(LI, "c1", kind="voice")
    assert "语音已留存" in text(heard)
    assert labels(heard) == ["拜访", "电话"]


def test_photo_first_then_the_words(firm: Talk) -> None:
    firm.sends(LI, "a1")
    firm.sends(LI, "a2")
    heard = firm.says(LI, "拜访 华东精密 王经理 谈续约")
    assert "刚发的照片一起放进来了。" in text(heard)
    assert "照片 2 张" in text(heard)
    firm.says(LI, "对")
    assert len(firm.papers(LI)[0].blobs) == 2


def test_a_photo_with_the_words_under_it(firm: Talk) -> None:
    heard = firm.sends(LI, "a1", text="拜访 华东精密 王经理 谈续约")
    assert "华东精密｜见了王经理｜谈续约｜照片 1 张" in text(heard)
    firm.says(LI, "对")
    assert firm.papers(LI)[0].grade == "evidenced"


# --- seen by who may ------------------------------------------------------------------------------------------


def handed(firm: Talk) -> None:
    visit(firm)
    firm.sends(LI, "a1")
    firm.sends(LI, "a2")
    firm.says(LI, "电话 声威电子 黄小姐 确认排期")
    firm.says(LI, "对")
    firm.says(LI, "日志")
    firm.taps(LI, "交陈主管")


def shas(*names: str) -> tuple[str, ...]:
    return tuple(name.ljust(64, "0") for name in names)


def test_the_supervisor_sees_the_photographs_of_the_log(firm: Talk) -> None:
    handed(firm)
    assert [one.label for one in firm.last(CHEN).options] == ["签收", "退回", "看全文", "看照片", "转交"]
    (paper,) = firm.papers(LI, "CustomerVisit")
    (heard,) = firm.taps(CHEN, "看照片")
    assert heard.text == "08:25 华东精密｜见了王经理｜谈续约｜照片 2 张"
    assert heard.attach == tuple(f"{sha}@{paper.id}" for sha in shas("a1", "a2"))
    heard_whole = firm.taps(CHEN, "看全文")
    assert labels(heard_whole) == ["签收", "退回", "看照片"]


def test_the_rep_sees_them_again(firm: Talk) -> None:
    handed(firm)
    firm.token(LI, f"a.log.20261124.{firm.ids[LI]}")
    assert len(firm.taps(LI, "看照片")[0].attach) == 2
    assert "看照片" in labels(firm.says(LI, "查 华东精密"))
    assert len(firm.taps(LI, "看照片")[0].attach) == 2


def test_the_timeline_shows_the_supervisor_who_took_them(firm: Talk) -> None:
    handed(firm)
    firm.says(CHEN, "查 华东精密")
    (heard,) = firm.taps(CHEN, "看照片")
    assert heard.text == "11 月 24 日 华东精密｜见了王经理｜谈续约｜照片 2 张"
    assert len(heard.attach) == 2


def test_nobody_else_sees_them(firm: Talk) -> None:
    handed(firm)
    token = firm.option(CHEN, "看照片").token
    (paper,) = firm.papers(LI, "CustomerVisit")
    for forged in (token, f"a.see.paper.{paper.id}", f"a.see.find.{paper.customer_id}"):
        for who in ("张敏", "周姐", "小吴"):
            heard = firm.token(who, forged)
            assert not any(prompt.attach for prompt in heard)
            assert any(word in text(heard) for word in ("请问部门主管", "没有照片"))


def test_many_are_seen_by_and_by(firm_on_either: Talk) -> None:
    firm = firm_on_either
    for nth, name in enumerate(("华东精密 王经理 谈续约", "恒达影音 孙经理 送书", "天籁音响 张总 报价")):
        firm.says(LI, f"拜访 {name}")
        firm.says(LI, "对")
        for each in range(4):
            firm.sends(LI, f"{nth}a{each}")
        firm.later(minutes=30)
    firm.says(LI, "日志")
    firm.taps(LI, "交陈主管")
    heard = firm.taps(CHEN, "看照片")
    assert [len(prompt.attach) for prompt in heard] == [4, 4]
    assert labels(heard) == ["接着看"]
    (rest,) = firm.taps(CHEN, "接着看")
    assert "天籁音响" in rest.text
    assert (len(rest.attach), rest.options) == (4, ())


def test_voice_is_heard_by_the_supervisor(firm: Talk) -> None:
    firm.sends(LI, "c1", kind="voice")
    firm.taps(LI, "拜访")
    for answer in ("华东精密", "王经理", "没有", "没有"):
        firm.says(LI, answer)
    firm.says(LI, "对")
    (paper,) = firm.papers(LI)
    assert paper.blobs == shas("c1")
    firm.says(LI, "日志")
    firm.taps(LI, "交陈主管")
    (heard,) = firm.taps(CHEN, "听语音")
    assert heard.attach == shas("c1")


# --- never lost -----------------------------------------------------------------------------------------------


def test_a_record_that_was_not_stored_gives_its_photographs_back(firm: Talk) -> None:
    firm.sends(LI, "a1")
    firm.says(LI, "拜访 华东精密 王经理 谈续约")
    firm.sends(LI, "a2")
    assert "2 张照片留着，下一条拜访会带上。" in text(firm.says(LI, "取消"))
    assert "照片 2 张" in text(firm.says(LI, "拜访 恒达影音 孙经理 送书"))
    firm.says(LI, "对")
    assert set(firm.papers(LI)[0].blobs) == set(shas("a1", "a2"))


def test_also_the_one_sent_with_the_words(firm: Talk) -> None:
    firm.sends(LI, "a1", text="拜访 华东精密 王经理 谈续约")
    firm.says(LI, "取消")
    firm.says(LI, "拜访 恒达影音 孙经理 送书")
    firm.says(LI, "对")
    assert firm.papers(LI)[0].blobs == shas("a1")


def test_a_record_taken_up_again_has_them_and_no_other(firm: Talk) -> None:
    firm.sends(LI, "a1")
    firm.taps(LI, "华东精密（记拜访）")
    firm.says(LI, "取消")
    firm.taps(LI, "接着填")
    for answer in ("王经理", "续约", "没有", "对"):
        firm.says(LI, answer)
    firm.says(LI, "拜访 恒达影音 孙经理 送书")
    firm.says(LI, "对")
    assert [len(paper.blobs) for paper in firm.papers(LI)] == [1, 0]


def test_the_refused_customer_gets_no_more_and_is_not_offered(firm: Talk) -> None:
    firm.says(LI, "拜访 恒达影音 孙经理 送书")
    firm.says(LI, "对")
    firm.later(minutes=30)
    visit(firm)
    firm.sends(LI, "a1")
    assert firm.papers(LI)[1].grade == "evidenced"
    assert "华东精密" not in labels(firm.taps(LI, "不是这家"))
    assert firm.papers(LI)[1].grade == "declared"
    heard = firm.sends(LI, "a2")
    assert "2 张照片已留着" in text(heard)
    assert not any("华东精密" in label for label in labels(heard))
    firm.taps(LI, "恒达影音")
    assert "恒达影音的走访表" in text(firm.sends(LI, "a3"))
    assert [len(paper.blobs) for paper in firm.papers(LI)] == [3, 0]


def test_more_than_nine_wait_for_another_record(firm_on_either: Talk) -> None:
    firm = firm_on_either
    for nth in range(11):
        firm.sends(LI, f"{nth:02d}b")
    heard = firm.says(LI, "拜访 华东精密 王经理 谈续约")
    assert "一条最多 9 张，还有 2 张留着。" in text(heard)
    firm.says(LI, "对")
    firm.later(minutes=1)
    assert "照片 2 张" in text(firm.says(LI, "拜访 恒达影音 孙经理 送书"))
    firm.says(LI, "对")
    assert [len(paper.blobs) for paper in firm.papers(LI)] == [9, 2]


def test_more_than_nine_put_into_a_record(firm: Talk) -> None:
    firm.says(LI, "拜访 恒达影音 孙经理 送书")
    firm.says(LI, "对")
    firm.later(minutes=30)
    for nth in range(11):
        firm.sends(LI, f"{nth:02d}b")
    heard = firm.taps(LI, "恒达影音")
    assert "放进恒达影音了，共 9 张。一条最多 9 张。" in text(heard)
    assert "2 张照片已留着。是哪一家的？" in text(heard)
    assert "恒达影音" not in labels(heard)


def test_the_evening_log_reminds_of_those_without_a_record(firm: Talk) -> None:
    visit(firm)
    firm.later(minutes=30)
    firm.sends(LI, "a1")
    heard = firm.says(LI, "日志")
    assert "有 1 张照片还没放进记录。" in text(heard)
    assert "是哪一家的？" in text(firm.taps(LI, "放照片"))
    firm.taps(LI, "华东精密")
    assert "还没放进记录" not in text(firm.says(LI, "日志"))


def test_what_was_signed_keeps_its_photographs(firm: Talk) -> None:
    handed(firm)
    firm.taps(CHEN, "签收")
    assert "已经签收，不能挪走了" in text(firm.taps(LI, "不是这家"))
    assert firm.papers(LI, "CustomerVisit")[0].grade == "countersigned"


def test_a_corrected_record_is_worth_what_it_has_to_show(firm: Talk) -> None:
    firm.says(LI, "拜访 华东精密 王经理 谈续约")
    firm.sends(LI, "a1")
    firm.says(LI, "对")
    (paper,) = firm.papers(LI)
    firm.token(LI, f"a.fix.{paper.id}")
    for answer in ("照片", "去掉最后一张", "没有", "对"):
        firm.says(LI, answer)
    assert (firm.papers(LI)[0].blobs, firm.papers(LI)[0].grade) == ((), "declared")
