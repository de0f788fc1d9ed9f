"""Photographs find their visit; places prove it; voice is kept (A-3.3.6a, A-2.1)."""

from __future__ import annotations

from tests.conversations.talk import Talk, labels, text

LI = "李强"


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
    assert text(firm.sends(LI, "a1", broken="这张照片打不开。")) == "这张照片打不开。请再拍一张发来。"


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
