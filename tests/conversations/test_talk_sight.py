"""Photographs of stamped papers in the chat: the first look at once, the reading on the same card (A-4.1c, A-4.4.1, A-4.4.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import update

from conversations import sight
from conversations.digests import evening
from conversations.firm import Case
from conversations.types import Prompt
from storage import blobs, sighting
from storage.database import Database
from storage.tables import outbox
from tests.conversations.talk import DAY, Talk, labels, text

LI, CHEN = "李强", "陈主管"
NAME = "上海恒达影音设备有限公司"
ALIKE = "上海恒达影视设备有限公司"
NOTHING: dict[str, Any] = {"advice": "", "presence": "没有看到印章", "seals": [], "straddle": 0, "copies": 0, "licence": None, "read": True}
SHA = "ab".ljust(64, "0")


def seal(name: str, *, whole: bool = True, kind: str = "公章") -> dict[str, Any]:
    return {"text": name, "kind": kind, "candidates": [{"text": name, "confidence": 0.9, "whole": whole}]}


def read(*names: str, **more: Any) -> dict[str, Any]:
    return NOTHING | {"presence": "有印章", "seals": [seal(name) for name in names]} | more


@pytest.fixture
def firm(database: Database) -> Talk:
    talk = Talk(database)
    talk.at("10:00")
    return talk


def first(firm: Talk, sha: str = SHA, **seen: Any) -> None:
    firm.desk(LI, lambda world: blobs.note(world._conn, sha, "image/jpeg", 9, {"kind": "photo"}, firm.now))
    firm.desk(LI, lambda world: blobs.note_first_look(world._conn, sha, NOTHING | {"stage": "first", "read": False} | seen))


def waiting(firm: Talk) -> list[Case]:
    return firm.desk(LI, lambda world: sighting.waiting(world._conn, DAY, 20))


def comes(firm: Talk, verdict: Mapping[str, Any] | None, why: str = "") -> list[Prompt]:
    """The oldest reading; what 李强 hears of it."""
    firm.database.write_now(lambda conn: conn.execute(update(outbox).values(sent_at=firm.now)))
    before = len(firm.prompts(LI))
    case = waiting(firm)[0]
    firm.desk(LI, lambda world: sight.arrived(world, case, verdict, why))
    return firm.prompts(LI)[before:]


def begun(firm: Talk, sha: str = SHA) -> list[Prompt]:
    firm.says(LI, "盖章 恒达影音 合同")
    return firm.sends(LI, sha)


def photos(firm: Talk) -> list[dict[str, Any]]:
    return list(firm.papers(LI, "StampedPaper")[-1].answers["photos"]["photos"])


def test_the_first_look_is_said_at_once_and_the_reading_follows(firm: Talk) -> None:
    first(firm, presence="有印章")
    said = begun(firm)
    assert "有印章，正在读上面的字。" in text(said)
    told = comes(firm, read(NAME))
    assert f"印章：{NAME}（公章）。印章清楚，名称一致。" in text(told)
    assert told[-1].ref == said[-1].ref  # the same card, said anew
    assert waiting(firm) == []


def test_where_nothing_reads_no_reading_is_promised(firm: Talk) -> None:
    first(firm, presence="有印章", reads=False)
    assert "照片清楚，正在看。" in text(begun(firm))
    told = comes(firm, read() | {"seals": [], "read": False})
    assert "有印章。" in text(told)
    assert "正在" not in text(told)


def test_one_reading_however_often_it_is_asked_for(firm: Talk) -> None:
    begun(firm)
    firm.sends(LI, SHA)
    assert len(waiting(firm)) == 1


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        ({"advice": "手抖了，请拿稳再拍一张。"}, "手抖了，请拿稳再拍一张。"),
        ({"presence": "有红色痕迹，请靠近重拍"}, "有红色痕迹，请靠近重拍。"),
        ({"presence": "没有看到印章"}, "没有看到印章。"),
    ],
)
def test_who_insists_stands_in_the_record(firm: Talk, seen: dict[str, Any], said: str) -> None:
    first(firm, **seen)
    told = begun(firm)
    assert said in text(told)
    assert labels(told)[:2] == ["再拍一张", "就用这张"]
    firm.taps(LI, "就用这张")
    firm.taps(LI, "对，存下")
    (kept,) = photos(firm)
    assert kept["kept"] == {"by": firm.ids[LI], "at": firm.now.isoformat(), "eyes": said, "how": "keep"}


def test_done_without_insisting_is_insisting(firm: Talk) -> None:
    first(firm, advice="有点暗，请到亮处再拍一张。")
    begun(firm)
    firm.says(LI, "完")
    firm.taps(LI, "对，存下")
    assert photos(firm)[0]["kept"]["how"] == "done"


def test_a_picture_taken_again_keeps_the_first(firm: Talk) -> None:
    first(firm, advice="手抖了，请拿稳再拍一张。")
    begun(firm)
    tapped = next(one.token for one in firm.last(LI).options if one.label == "再拍一张")
    assert "请再拍一张发来" in text(firm.taps(LI, "再拍一张"))
    first(firm, "cd".ljust(64, "0"), presence="有印章")
    assert "有印章，正在读" in text(firm.sends(LI, "cd"))
    assert tapped not in [one.token for one in firm.last(LI).options]  # else the page takes the new card for an answered one
    firm.taps(LI, "完")
    firm.taps(LI, "对，存下")
    assert [one["sha256"][:2] for one in photos(firm)] == ["ab", "cd"]
    assert "again" in photos(firm)[0]


def test_one_sign_that_differs_is_shown_and_never_refused(firm: Talk) -> None:
    begun(firm)
    told = comes(firm, read(ALIKE))
    assert "请核对一个字：写的是“上海恒达影【音】设备有限公司”，印章像“上海恒达影【视】设备有限公司”。" in text(told)
    assert not {"不一致", "不符", "错误"} & {word for word in ("不一致", "不符", "错误") if word in text(told)}
    assert labels(told)[:4] == ["两处一致，是读错了", "请客户核对", "先存下，回公司再定", "再拍一张"]
    firm.taps(LI, "两处一致，是读错了")
    assert "照片 1 张，已核对" in firm.last(LI).text
    firm.taps(LI, "对，存下")
    assert photos(firm)[0]["kept"]["how"] == "same"
    assert "【视】" in photos(firm)[0]["kept"]["eyes"]


def test_another_name_is_asked_about_in_neutral_words(firm: Talk) -> None:
    begun(firm)
    assert "请核对名称：要的是" in text(comes(firm, read("北京长城电梯工程有限公司")))


def test_a_reading_that_may_have_lost_signs_never_agrees(firm: Talk) -> None:
    begun(firm)
    told = comes(firm, read() | {"seals": [seal(NAME, whole=False)]})
    assert "名称一致" not in text(told)


def test_several_pages_one_of_them_stamped(firm: Talk) -> None:
    first(firm, presence="没有看到印章")
    first(firm, "cd".ljust(64, "0"), presence="有印章")
    begun(firm)
    told = firm.sends(LI, "cd")
    assert "已收 2 张。有印章，正在读上面的字。" in text(told)
    assert "没有看到印章" not in text(told)


def test_who_goes_on_before_it_is_read_is_asked_there_again(firm: Talk) -> None:
    begun(firm)
    firm.taps(LI, "完")
    assert "对，存下" in labels([firm.last(LI)])
    told = comes(firm, read(ALIKE))
    assert "请核对一个字" in text(told)
    assert "两处一致，是读错了" in labels(told)


def test_and_is_not_when_it_agrees(firm: Talk) -> None:
    begun(firm)
    firm.taps(LI, "完")
    told = comes(firm, read(NAME))
    assert told[-1].text.startswith("印章：")
    assert "对，存下" in labels(told)


def test_filed_before_it_is_read(firm: Talk) -> None:
    begun(firm)
    firm.taps(LI, "完")
    firm.taps(LI, "对，存下")
    told = comes(firm, read(ALIKE))
    assert text(told).startswith("恒达影音的《盖章文件》：请核对一个字")
    firm.taps(LI, "先存下，回公司再定")
    case = firm.cases(LI, "reading")[0]
    assert case.data["answer"] == "later"
    assert "【视】" in case.data["eyes"]
    event = firm.desk(LI, lambda world: world.case_events(case.id))[-1]
    assert (event.action, event.by_id, event.at) == ("later", firm.ids[LI], firm.now)
    assert "已经记过了" in text(firm.taps(LI, "两处一致，是读错了"))


def test_who_insisted_is_not_told_the_same_again(firm: Talk) -> None:
    first(firm, advice="手抖了，请拿稳再拍一张。")
    begun(firm)
    firm.taps(LI, "就用这张")
    firm.taps(LI, "对，存下")
    assert comes(firm, NOTHING | {"advice": "手抖了，请拿稳再拍一张。"}) == []


def test_without_a_customer_what_it_says_is_all_there_is(firm: Talk) -> None:
    firm.says(LI, "盖章文件")
    firm.sends(LI)
    assert f"印章：{NAME}。" in text(comes(firm, read(NAME)))


def test_a_picture_without_words(firm: Talk) -> None:
    firm.sends(LI)
    firm.taps(LI, "是盖章的文件")
    assert "照片放进盖章文件了" in firm.last(LI).text
    firm.says(LI, "恒达影音")
    firm.says(LI, "合同")
    assert "照片收到了，正在看。" in text(firm.taps(LI, NAME))
    assert "名称一致" in text(comes(firm, read(NAME)))
    firm.taps(LI, "完")
    firm.taps(LI, "对，存下")
    assert [one["sha256"] for one in photos(firm)] == [SHA]


def test_another_form_in_between(firm: Talk) -> None:
    begun(firm)
    firm.says(LI, "记电话")
    told = comes(firm, read(ALIKE))
    assert "请核对一个字" in text(told)
    assert labels(told) == ["继续"]
    assert "两处一致，是读错了" in labels(firm.taps(LI, "继续"))


def test_cancelled_or_taken_out_is_not_spoken_of(firm: Talk) -> None:
    begun(firm)
    firm.taps(LI, "去掉最后一张")
    assert comes(firm, read(ALIKE)) == []


def test_where_nothing_reads_it_is_typed_and_nobody_sent_for_another_picture(firm: Talk) -> None:
    first(firm, presence="有印章")
    begun(firm)
    told = comes(firm, NOTHING | {"presence": "有印章", "read": False})
    assert "已收 1 张。有印章。" in text(told)
    assert labels(told)[0] == "完"
    assert "请照着印章写上面的单位名称" in text(firm.taps(LI, "完"))
    assert f"印章是“{NAME}”" in text(firm.says(LI, NAME))
    firm.taps(LI, "对，存下")
    assert "kept" not in photos(firm)[0]  # there was nothing to insist on
    assert waiting(firm) == []


def test_where_nothing_reads_a_licence_is_filled_in_by_hand(firm: Talk) -> None:
    first(firm)
    firm.says(LI, "营业执照")
    firm.taps(LI, "恒达影音")
    firm.sends(LI, SHA)
    told = comes(firm, NOTHING | {"read": False})
    assert "照片清楚，请照着执照填。" in text(told)


def test_what_cannot_be_read_is_typed(firm: Talk) -> None:
    first(firm, presence="有印章")
    begun(firm)
    told = comes(firm, None, "照片存下了，上面的字没有读出来。")
    assert "有印章，上面的字没有读出来。" in text(told)
    assert labels(told)[:2] == ["再拍一张", "就用这张"]
    assert "请照着印章写上面的单位名称" in text(firm.taps(LI, "就用这张"))
    assert "请核对：文件上是" in text(firm.says(LI, ALIKE))
    firm.taps(LI, "重写")
    assert f"印章是“{NAME}”" in text(firm.says(LI, NAME))
    firm.taps(LI, "对，存下")
    assert firm.papers(LI, "StampedPaper")[-1].answers["sealed"] == NAME


def test_the_same_words_are_not_said_twice(firm: Talk) -> None:
    first(firm, presence="没有看到印章")
    begun(firm)
    assert comes(firm, NOTHING) == []


def test_a_licence_fills_what_is_not_filled(firm: Talk) -> None:
    firm.says(LI, "营业执照")
    firm.says(LI, "恒达影音")
    firm.sends(LI)
    firm.taps(LI, "完")
    assert "执照上的名称" in firm.last(LI).text
    licence = {"name": NAME, "code": "91310115MA1K4Q7B2Q", "code_valid": True, "form": "有限责任公司", "until": "2036-05-01"}
    told = comes(firm, NOTHING | {"licence": licence})
    assert "执照上读到：名称" in text(told)
    assert "对，存下" in labels(told)
    assert firm.cases(LI, "reading")[0].state == "read"


def test_whose_name_was_read_stands_first_where_the_customer_is_picked(firm: Talk) -> None:
    assert labels(firm.says(LI, "盖章文件"))[0] != "恒达影音"
    firm.sends(LI)
    told = comes(firm, read(NAME))
    assert "印章：" in text(told)
    assert labels(told)[0] == "恒达影音"
    assert labels(told).count("恒达影音") == 1
    assert "盖的是什么文件？" in text(firm.says(LI, "1"))
    firm.says(LI, "取消")
    firm.says(LI, "营业执照")
    firm.sends(LI, "cd".ljust(64, "0"))
    licence = {"name": NAME, "code": "91310115MA1K4Q7B2Q", "code_valid": True, "form": "有限责任公司", "until": "2036-05-01"}
    assert labels(comes(firm, NOTHING | {"licence": licence}))[0] == "恒达影音"


def test_a_code_that_was_misread_is_asked_for(firm: Talk) -> None:
    firm.says(LI, "营业执照")
    firm.says(LI, "恒达影音")
    firm.sends(LI)
    licence = {"name": NAME, "code": "91310115MA1K4Q7B2A", "code_valid": False, "form": "有限责任公司", "until": "长期"}
    assert "代码请核对一遍" in text(comes(firm, NOTHING | {"licence": licence}))
    firm.taps(LI, "先存下，回公司再定")
    assert "统一社会信用代码" in firm.last(LI).text


def test_a_receipt_speaks_only_of_a_seal_that_is_another_s(firm: Talk) -> None:
    firm.says(LI, "送书 恒达影音 3 本 孙经理签收 都给了")
    firm.taps(LI, "对，存下")
    firm.sends(LI)
    assert comes(firm, NOTHING) == []
    firm.sends(LI, "cd")
    assert "请核对一个字" in text(comes(firm, read(ALIKE)))


def test_the_licence_s_name_counts(firm: Talk) -> None:
    def file(world: Any) -> None:
        world.file("Certificate", 1, {"name": ALIKE}, customer=world.find("customers", "恒达影音")[0].id)

    firm.desk(LI, file)
    begun(firm)
    assert "名称一致" in text(comes(firm, read(ALIKE)))


# --- what the record shows afterwards -------------------------------------------------------------------------------


def filed(firm: Talk, verdict: Mapping[str, Any], *, sha: str = SHA) -> list[Prompt]:
    """The record first, the reading after it."""
    begun(firm, sha)
    firm.taps(LI, "完")
    firm.taps(LI, "对，存下")
    return comes(firm, verdict)


def shown(firm: Talk) -> list[str]:
    """The line in every place it stands: the whole day, the customer's page, the pictures."""
    day, customer = text(firm.token(LI, f"a.log.20261124.{firm.ids[LI]}")), text(firm.says(LI, "查 恒达影音"))
    paper = firm.papers(LI, "StampedPaper")[-1]
    pictures = text(firm.token(LI, f"a.see.paper.{paper.id}"))
    return [
        next((line for line in words.split("\n") if "合同" in line and "恒达影音｜" in f"{line}恒达影音｜"), "")
        for words in (day, customer, pictures)
    ]


def test_the_record_shows_whose_seal_it_is(firm: Talk) -> None:
    filed(firm, read() | {"seals": [seal(NAME, kind="合同专用章") | {"purpose": "合同专用章"}]})
    for line in shown(firm):
        assert f"｜章：{NAME}合同专用章，和客户名一致" in line
        assert "照片 1 张" in line


def test_the_record_shows_what_is_to_be_checked_and_what_was_said_to_it(firm: Talk) -> None:
    filed(firm, read(ALIKE))
    for line in shown(firm):
        assert "｜请核对一个字：写的是“上海恒达影【音】设备有限公司”，印章像“上海恒达影【视】设备有限公司”" in line
        assert "李强" not in line
    firm.at("10:21")
    firm.taps(LI, "两处一致，是读错了")
    for line in shown(firm):
        assert line.endswith("，本人核对过，两处一致（李强 10:21）")


def test_the_record_shows_who_insisted(firm: Talk) -> None:
    first(firm, advice="手抖了，请拿稳再拍一张。")
    begun(firm)
    firm.at("10:21")
    firm.taps(LI, "就用这张")
    firm.taps(LI, "对，存下")
    for line in shown(firm):
        assert line.endswith("手抖了，请拿稳再拍一张，本人坚持用这张（李强 10:21）")


def test_a_picture_that_came_later_speaks_for_the_record(firm: Talk) -> None:
    first(firm, presence="没有看到印章")
    begun(firm)
    firm.taps(LI, "就用这张")
    firm.taps(LI, "对，存下")
    firm.sends(LI, "cd")
    comes(firm, NOTHING)
    comes(firm, read(NAME))
    for line in shown(firm):
        assert f"｜照片 2 张｜章：{NAME}公章，和客户名一致" in line
        assert "坚持" not in line


def test_a_licence_and_a_receipt_say_only_what_matters(firm: Talk) -> None:
    firm.says(LI, "营业执照")
    firm.says(LI, "恒达影音")
    firm.sends(LI)
    licence = {"name": NAME, "code": "91310115MA1K4Q7B2Q", "code_valid": True, "form": "有限责任公司", "until": "2036-05-01"}
    comes(firm, NOTHING | {"licence": licence})
    firm.taps(LI, "完")
    firm.taps(LI, "对，存下")
    day = text(firm.token(LI, f"a.log.20261124.{firm.ids[LI]}"))
    assert "营业执照：恒达影音" in day
    assert "执照和客户名一致" in day
    firm.says(LI, "送书 恒达影音 3 本 孙经理签收 都给了")
    firm.taps(LI, "对，存下")
    firm.sends(LI, "cd")
    comes(firm, NOTHING)
    assert "没有看到印章" not in text(firm.token(LI, f"a.log.20261124.{firm.ids[LI]}"))
    firm.sends(LI, "ef")
    comes(firm, read(ALIKE))
    assert "请核对一个字" in text(firm.token(LI, f"a.log.20261124.{firm.ids[LI]}"))


def test_the_superior_sees_it_with_the_log_and_in_the_evening(firm: Talk) -> None:
    filed(firm, read(ALIKE))
    firm.at("18:30")
    page = firm.desk(CHEN, lambda world: evening.compose(world, DAY))
    assert page is not None
    assert "李强 收的恒达影音合同，上面的名称要核对" in page.text
    look = next(one for one in page.options if one.label == "看李强合同")
    said = firm.token(CHEN, look.token)
    assert "请核对一个字" in text(said)
    assert said[-1].attach
    assert "盖章文件：恒达影音｜合同｜照片 1 张｜请核对一个字" in text(firm.token(CHEN, f"a.log.20261124.{firm.ids[LI]}"))
    firm.taps(LI, "先存下，回公司再定")
    page = firm.desk(CHEN, lambda world: evening.compose(world, DAY))
    assert page is not None
    assert "名称要核对" in page.text
    assert "先存下，回公司再定（李强 18:30）" in text(firm.token(CHEN, f"a.log.20261124.{firm.ids[LI]}"))


def test_what_was_checked_is_no_matter_for_the_evening(firm: Talk) -> None:
    filed(firm, read(ALIKE))
    firm.taps(LI, "两处一致，是读错了")
    page = firm.desk(CHEN, lambda world: evening.compose(world, DAY))
    assert page is not None
    assert "名称要核对" not in page.text


def test_readings_of_another_s_record_are_nobody_s(firm: Talk) -> None:
    filed(firm, read(ALIKE))
    paper = firm.papers(LI, "StampedPaper")[-1]
    assert [case.state for case in firm.desk(CHEN, lambda world: world.readings(paper.id))] == ["read"]
    assert list(firm.desk("张敏", lambda world: world.readings(paper.id))) == []
