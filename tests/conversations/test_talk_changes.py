"""An appointment put off or called off: in one sentence, or from the day's list (A-1.2, A-3.3.2a)."""

from __future__ import annotations

from datetime import date

import pytest

from conversations.firm import Case
from tests.conversations.talk import CALENDAR, DAY, Talk, labels, text

LI = "李强"


def of(firm: Talk, about: str) -> Case:
    return next(one for one in firm.cases(LI, "appointment") if one.data["about"] == about)


@pytest.mark.parametrize(
    "said",
    [
        "恒达影音今天不去了",
        "取消 恒达影音 的预约",
        "恒达不去了",
        "今天恒达去不了了，孙经理出差",
        "把恒达影音取消",
        "恒达影音 10:30 取消",
        "取消拜访恒达影音",
    ],
)
def test_called_off_in_one_sentence(firm: Talk, said: str) -> None:
    heard = firm.says(LI, said)
    assert "恒达影音今天 10:30 不去了，对吗？" in text(heard)
    assert of(firm, "送书 3 本").state == "planned"
    assert "恒达影音从今天的安排里去掉了" in text(firm.says(LI, "对"))
    assert of(firm, "送书 3 本").state == "cancelled"
    assert firm.papers(LI) == []
    heard = firm.says(LI, "今天")
    assert "今天 8 家" in text(heard)
    assert "恒达影音" not in text(heard)


def test_still_going(firm: Talk) -> None:
    firm.says(LI, "恒达影音今天不去了")
    firm.taps(LI, "还是去")
    assert of(firm, "送书 3 本").state == "planned"


@pytest.mark.parametrize(
    ("said", "day", "clock"),
    [
        ("恒达影音 改到后天上午10点", 26, "10:00"),
        ("恒达改到明天", 25, "10:30"),
        ("恒达影音今天的约推迟到周五下午3点", 27, "15:00"),
        ("恒达孙经理出差了，改到明天上午9点半", 25, "09:30"),
        ("把恒达影音改到下午4点", 24, "16:00"),
        ("恒达孙经理改约明天上午10点", 25, "10:00"),
    ],
)
def test_put_off_in_one_sentence(firm: Talk, said: str, day: int, clock: str) -> None:
    assert "对吗？" in text(firm.says(LI, said))
    assert "改到" in text(firm.says(LI, "对"))
    case = of(firm, "送书 3 本")
    assert (case.state, case.day, case.at) == ("planned", date(2026, 11, day), CALENDAR.at(date(2026, 11, day), clock))
    assert firm.papers(LI) == []


def test_put_off_it_stands_on_the_other_days_list(firm: Talk) -> None:
    firm.says(LI, "恒达影音 改到明天上午10点")
    firm.says(LI, "对")
    assert "恒达影音" not in text(firm.says(LI, "今天"))
    assert "① 10:00 恒达影音，送书 3 本" in text(firm.says(LI, "明天"))


def test_put_off_to_an_afternoon_is_asked_for_its_hour(firm: Talk) -> None:
    assert "11月26日下午 几点？" in text(firm.says(LI, "恒达影音改到后天下午"))
    firm.says(LI, "三点")
    case = of(firm, "送书 3 本")
    assert case.at == CALENDAR.at(date(2026, 11, 26), "15:00")


def test_put_off_without_a_time_asks(firm: Talk) -> None:
    assert "改到什么时候？" in text(firm.says(LI, "恒达影音改期"))
    firm.says(LI, "明天上午11点")
    assert of(firm, "送书 3 本").day == date(2026, 11, 25)


def test_put_off_what_was_never_agreed_makes_an_appointment(firm: Talk) -> None:
    assert "声威电子没有约好的时间" in text(firm.says(LI, "声威电子不去了"))
    assert "声威电子还没有约好的时间，先约上。" in text(firm.says(LI, "声威电子改到后天上午10点"))


def test_from_the_days_list(firm: Talk) -> None:
    firm.says(LI, "今天")
    heard = firm.taps(LI, "改约")
    assert "改哪一家的约？" in text(heard)
    assert len(labels(heard)) == 9
    heard = firm.taps(LI, "恒达影音今天 10:30")
    assert labels(heard) == ["改到明天 10:30", "改到后天 10:30", "另选时间", "不去了"]
    firm.taps(LI, "改到明天 10:30")
    assert of(firm, "送书 3 本").at == CALENDAR.at(date(2026, 11, 25), "10:30")
    assert "已经处理过了" in text(firm.taps(LI, "不去了"))
    assert of(firm, "送书 3 本").state == "planned"


def test_a_time_written_to_the_card_is_the_new_one(firm: Talk) -> None:
    firm.says(LI, "今天")
    firm.taps(LI, "改约")
    firm.taps(LI, "华东精密今天 09:30")
    assert "没有这个时间" in text(firm.says(LI, "25点"))
    firm.says(LI, "取消")
    firm.says(LI, "改约")
    firm.taps(LI, "华东精密今天 09:30")
    assert text(firm.says(LI, "明天上午10点")).startswith("华东精密改到明天 10:00 了")
    assert of(firm, "续约，剩 12 天").at == CALENDAR.at(date(2026, 11, 25), "10:00")
    assert "没看懂" in text(firm.says(LI, "10点"))  # there is nothing to change any more


def test_called_off_from_the_list_and_by_another_time(firm: Talk) -> None:
    firm.says(LI, "今天")
    firm.taps(LI, "改约")
    firm.taps(LI, "华东精密今天 09:30")
    firm.taps(LI, "不去了")
    assert of(firm, "续约，剩 12 天").state == "cancelled"
    firm.says(LI, "改约")
    firm.taps(LI, "恒达影音今天 10:30")
    firm.taps(LI, "另选时间")
    firm.says(LI, "周五上午10点")
    assert of(firm, "送书 3 本").day == date(2026, 11, 27)


def test_an_open_card_waits(firm: Talk) -> None:
    firm.says(LI, "拜访 华东精密 王经理 谈续约")
    firm.says(LI, "恒达影音今天不去了")
    firm.says(LI, "对")
    assert firm.papers(LI) == []
    assert of(firm, "送书 3 本").state == "cancelled"


@pytest.mark.parametrize(
    "said", ["拜访 华东精密 王经理 谈续约，合同改到明天签", "华东精密 王经理 谈版位，说明年取消跨页", "拜访 恒达影音 孙经理 广告改到封底"]
)
def test_a_visit_about_a_change_is_a_visit(firm: Talk, said: str) -> None:
    assert "记成这样，对吗？" in text(firm.says(LI, said))


def test_another_reps_appointment_is_not_ones_own(firm: Talk) -> None:
    case = of(firm, "送书 3 本")
    assert "不是您约的" in text(firm.token("张敏", f"a.appointment.{case.id}.{case.rev}.off"))
    assert of(firm, "送书 3 本").state == "planned"


def test_on_the_road_tomorrow(firm: Talk) -> None:
    firm.says(LI, "明天上午10点 拜访 恒达影音 送书 3 本")
    firm.says(LI, "对")
    firm.says(LI, "明天")
    heard = firm.taps(LI, "路上出发")
    assert "第一家：明天 10:00 恒达影音" in text(heard)
    assert "今天" not in text(heard)


def test_what_is_to_come_today(firm: Talk) -> None:
    firm.says(LI, "下午4点 拜访 声威电子 送书")
    heard = firm.says(LI, "对")
    assert "那天早上" not in text(heard)


def test_a_part_of_a_day_and_then_the_hour(firm: Talk) -> None:
    heard = firm.says(LI, "明天下午 拜访 恒达影音 送书 3 本")
    assert "11月25日下午 几点？" in text(heard)
    assert "明天 15:00" in text(firm.says(LI, "三点"))


def test_yesterday_afternoon_names_no_hour(firm: Talk) -> None:
    heard = firm.says(LI, "昨天下午 拜访 恒达影音 孙经理 送书")
    assert "按昨天下午记下。" in text(heard)
    assert "18:00" not in text(heard)
    firm.says(LI, "对")
    assert firm.papers(LI)[0].day == DAY.replace(day=23)
