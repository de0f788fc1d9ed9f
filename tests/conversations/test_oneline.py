"""One message read into records, as reps write them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, cast

import pytest

from conversations import oneline
from conversations.desks.handouts import Card
from conversations.firm import Customer, Found, Person
from conversations.lookup import Lookup
from conversations.oneline import Note
from rules.calendar import Calendar

CALENDAR = Calendar()
NOW = CALENDAR.at(date(2026, 11, 24), "14:05")  # a Tuesday
CUSTOMERS = (
    Customer(1, "上海华东精密仪器有限公司", "华东精密", True, "", "", "", None, 1, (("王经理", "经理", ""),)),
    Customer(2, "上海恒达影音设备有限公司", "恒达影音", True, "", "", "", None, 1),
    Customer(3, "苏州明远音响有限公司", "苏州明远", False, "", "", "", None, 1, (("陈工", "工程师", ""),)),
    Customer(4, "华东灯光厂", "", True, "", "浦东", "", None, 1),
)


@dataclass
class Book:
    """A lookup that knows customers and days, nothing else."""

    calendar: Calendar = CALENDAR
    me: Person = Person(1, "liqiang", "李强", frozenset({"rep"}), 1, "09:00", "18:00", True)

    def find(self, source: str, query: str, offset: int = 0, limit: int = 6) -> Sequence[Found]:
        lines = [Found(one.id, one.short, one.name if one.nickname else one.district) for one in CUSTOMERS]
        initials = {1: "hdjm", 2: "hdyy", 3: "szmy", 4: "hddgc"}
        return [one for one in lines if query in one.label or query in one.detail or query in initials[one.id]][offset : offset + limit]

    def similar_customers(self, name: str) -> Sequence[Found]:
        return []

    def introductions(self, topic: str = "", *, current: bool = True) -> Sequence[Card]:
        return [Card(7, "letter", 1, "11 月版", "", (), NOW.date(), 1, NOW), Card(8, "notes", 1, "10 月版", "", (), NOW.date(), 1, NOW)]

    def introduction(self, id: int) -> Card | None:
        return next((one for one in self.introductions() if one.id == id), None)

    def customer(self, id: int) -> Customer | None:
        return next((one for one in CUSTOMERS if one.id == id), None)


def read(text: str, at: datetime = NOW) -> list[Note]:
    return oneline.read(text, at, cast(Lookup, Book()))


def one(text: str, at: datetime = NOW) -> Note:
    (note,) = read(text, at)
    return note


def local(day: int, clock: str) -> datetime:
    return CALENDAR.at(date(2026, 11, day), clock)


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("拜访 华东精密 王经理 谈续约", {"kind": "visit", "c": 1, "met": "王经理", "talked": "谈续约", "need": ""}),
        ("拜访华东精密王经理谈续约", {"kind": "visit", "c": 1, "met": "王经理", "talked": "谈续约"}),
        ("王经理 谈续约 拜访 华东精密", {"kind": "visit", "c": 1, "met": "王经理", "talked": "谈续约"}),
        ("今天去拜访了华东精密，见了王经理，谈续约", {"kind": "visit", "c": 1, "met": "王经理", "talked": "谈续约"}),
        ("华东精密 王经理 谈续约", {"kind": "visit", "c": 1, "met": "王经理", "talked": "谈续约", "said": False}),
        ("走访恒达影音，见了李总，聊了明年的计划", {"kind": "visit", "c": 2, "met": "李总", "talked": "聊了明年的计划"}),
        ("拜访 hdyy 送书3本", {"kind": "visit", "c": 2, "talked": "送书3本"}),
        ("拜访 恒达 送书 3 本", {"kind": "visit", "c": 2, "talked": "送书 3 本"}),
        ("送书 恒达影音 3本", {"kind": "delivery", "c": 2, "talked": "3本"}),
        (
            "拜访 华东精密 王经理 谈续约，想降 5%，答应周五 18:00 前答复",
            {"c": 1, "met": "王经理", "talked": "谈续约", "need": "想降 5%", "owed": (27, "18:00")},
        ),
        (
            "拜访 华东精密 王经理 谈续约 想降5% 周五18:00前答复",
            {"c": 1, "met": "王经理", "talked": "谈续约", "need": "想降5%", "owed": (27, "18:00")},
        ),
        ("拜访 恒达影音 谈报价，明天下午三点前给报价", {"c": 2, "talked": "谈报价", "need": "要报价", "owed": (25, "15:00")}),
        ("打电话给苏州明远 陈工 谈报价", {"kind": "call", "c": 3, "met": "陈工", "talked": "谈报价"}),
        ("给苏州明远打电话，陈工说要排期表", {"kind": "call", "c": 3, "met": "陈工"}),
        ("电话 苏州明远 陈工 确认样刊收到", {"kind": "call", "c": 3, "met": "陈工", "talked": "确认样刊收到"}),
        ("苏州明远 陈工 谈续约", {"kind": "call", "c": 3, "met": "陈工", "talked": "谈续约"}),
        ("10:20 拜访 华东精密 王经理 谈续约", {"kind": "visit", "c": 1, "at": (24, "10:20"), "talked": "谈续约"}),
        ("昨天下午三点 拜访 恒达影音 送书", {"kind": "visit", "c": 2, "at": (23, "15:00"), "talked": "送书"}),
        ("明天上午10点 拜访 恒达 送书", {"kind": "appointment", "c": 2, "at": (25, "10:00"), "talked": "送书"}),
        ("拜访 恒达影音 明天上午10点 送书", {"kind": "appointment", "c": 2, "at": (25, "10:00"), "talked": "送书"}),
        ("约了 恒达影音 周四下午两点 谈续约", {"kind": "appointment", "c": 2, "at": (26, "14:00"), "talked": "谈续约"}),
        ("答应 恒达影音 周五前给报价", {"kind": "promise", "c": 2, "owed": (27, "18:00"), "talked": "报价"}),
        ("先记 华东精密 想要封底", {"kind": "request", "c": 1, "talked": "想要封底"}),
        ("拜访 新月灯具 刘总 谈合作", {"kind": "visit", "c": None, "name": "新月灯具", "met": "刘总", "talked": "谈合作"}),
        ("拜访 华东 王经理 谈续约", {"kind": "visit", "c": None, "name": "华东", "met": "王经理", "talked": "谈续约"}),
        (
            "刚从华东精密出来，跟王经理聊了下续约的事，他嫌贵想便宜10%，我答应周五前给他回话",
            {"kind": "visit", "c": 1, "met": "王经理", "talked": "聊了下续约的事", "need": "他嫌贵想便宜10%", "owed": (27, "18:00")},
        ),
        ("去恒达影音了，孙经理不在，书放前台了3本", {"kind": "visit", "c": 2, "met": "", "talked": "孙经理不在，书放前台了3本"}),
        ("去恒达了，孙经理不在，书放前台了3本", {"kind": "visit", "c": 2, "met": "", "talked": "孙经理不在，书放前台了3本"}),
        ("恒达李总报价已给", {"kind": "visit", "c": 2, "met": "李总", "talked": "报价已给"}),
        ("打了苏州明远的电话，没人接", {"kind": "call", "c": 3, "talked": "没人接"}),
        ("帮我记一下明天要给恒达影音报价", {"kind": "promise", "c": 2, "talked": "报价", "owed": (25, "18:00")}),
        ("华东精密 王经理 谈续约，答应周五答复", {"kind": "visit", "c": 1, "met": "王经理", "talked": "谈续约", "owed": (27, "18:00")}),
        ("拜访 华东精密 2月31日 再去", {"kind": "visit", "c": 1}),
    ],
)
def test_one_record(text: str, want: dict[str, Any]) -> None:
    note = one(text)
    assert (note.customer.id if note.customer else None) == want.pop("c")
    for name, value in {"kind": note.kind, **want}.items():
        seen = {"owed": note.reply_by, "at": note.at}.get(name, getattr(note, name, None))
        assert seen == (local(*value) if isinstance(value, tuple) else value), name


@pytest.mark.parametrize("text", ["", "你好", "谢谢", "今天天气不错", "？？？", "😀", "1", "客户说很满意", "明天请假", "张三", "a" * 5000])
def test_no_record(text: str) -> None:
    assert read(text) == []


def test_lines_that_begin_no_record_belong_to_the_one_before() -> None:
    note = one("拜访 华东精密\n王经理\n谈续约，想降5%\n答应周五答复")
    assert (note.met, note.talked, note.need, note.reply_by) == ("王经理", "谈续约", "想降5%", local(27, "18:00"))


def test_several_records() -> None:
    notes = read("1. 拜访 华东精密 王经理 谈续约\n2. 拜访 恒达影音 李总 送书3本\n补了名片\n3. 电话 苏州明远 陈工 报价")
    assert [(note.kind, note.customer.id if note.customer else 0, note.talked) for note in notes] == [
        ("visit", 1, "谈续约"),
        ("visit", 2, "送书3本，补了名片"),
        ("call", 3, "报价"),
    ]


def test_times_of_their_own_in_several_records() -> None:
    notes = read("9:30 华东精密 王经理 谈续约；10:30 恒达影音 李总 送书")
    assert [note.at for note in notes] == [local(24, "09:30"), local(24, "10:30")]


def test_the_kind_tapped_wins() -> None:
    note = oneline.read_as("call", "王经理说下周再看", NOW, cast(Lookup, Book()))
    assert (note.kind, note.met, note.talked) == ("call", "王经理", "说下周再看")


def test_a_time_to_come_later_today_is_an_appointment() -> None:
    note = one("16:30 拜访 恒达影音 送书", datetime(2026, 11, 24, 1, 0, tzinfo=UTC))
    assert (note.kind, note.at) == ("appointment", local(24, "16:30"))


@pytest.mark.parametrize(
    ("clock", "text", "want"),
    [
        # a part of the day is no hour: what is over keeps the time it was told, what is to come is asked for its hour
        ("11:00", "上午拜访了华东精密，王经理说要考虑一下", {"kind": "visit", "c": 1, "met": "王经理", "at": None, "talked": "上午说要考虑一下"}),
        ("14:30", "上午拜访华东精密 王经理 谈续约", {"kind": "visit", "c": 1, "at": None, "talked": "上午谈续约"}),
        ("14:30", "下午拜访华东精密 王经理 谈续约", {"kind": "visit", "c": 1, "at": None}),
        ("10:00", "下午拜访华东精密 谈续约", {"kind": "appointment", "c": 1, "whole_day": True, "day": "11月24日下午"}),
        ("14:30", "昨天下午 拜访 恒达影音 送书", {"kind": "visit", "c": 2, "whole_day": True, "day": "11月23日下午", "talked": "下午，送书"}),
        ("14:30", "明天下午 拜访 恒达影音 送书", {"kind": "appointment", "c": 2, "whole_day": True, "day": "11月25日下午", "talked": "送书"}),
        ("14:30", "昨天 拜访 恒达影音 送书", {"kind": "visit", "c": 2, "whole_day": True, "day": "11月23日", "talked": "送书"}),
        # what is agreed is no visit, what is owed no visit either
        ("14:30", "约了恒达李总后天下午两点看样", {"kind": "appointment", "c": 2, "met": "李总", "at": (26, "14:00"), "talked": "看样"}),
        ("14:30", "华东精密的续约明天给答复", {"kind": "promise", "c": 1, "owed": (25, "18:00"), "talked": "续约"}),
        ("14:30", "约了恒达李总看样", {"kind": "appointment", "c": 2, "at": None, "talked": "看样"}),
        # the promise stays on the card of what is to come
        (
            "09:00",
            "10:20 拜访 华东精密 王经理 谈续约，明天下午三点前答复报价",
            {"kind": "appointment", "at": (24, "10:20"), "talked": "谈续约，明天下午三点前答复报价", "met": "王经理", "need": ""},
        ),
        # the wish and the promise keep their words
        ("14:30", "拜访 华东精密 王经理 谈续约，客户要求1月15日前给方案", {"kind": "visit", "need": "要方案", "talked": "谈续约"}),
        ("14:30", "华东精密 王经理 谈续约，客户要求1月15日前给方案", {"kind": "visit", "c": 1, "need": "要方案", "talked": "谈续约"}),
        ("14:30", "拜访 华东精密 王经理 谈续约，我说周五给答复", {"kind": "visit", "talked": "谈续约", "need": "", "owed": (27, "18:00")}),
        # as one says it
        ("14:30", "刚才去恒达送了3本书，李经理收的", {"kind": "visit", "c": 2, "met": "李经理", "talked": "送了3本书，李经理收的"}),
        ("14:30", "到恒达了", {"kind": "visit", "c": 2, "said": True, "talked": ""}),
        ("14:30", "苏州明远来电，要报价单", {"kind": "call", "c": 3, "need": "要报价单", "talked": "要报价单"}),
        ("14:30", "和苏州明远陈工约好明天上午看样", {"kind": "appointment", "c": 3, "met": "陈工", "day": "11月25日上午", "talked": "看样"}),
        ("14:30", "要去恒达送书", {"kind": "appointment", "c": 2, "at": None, "talked": "送书"}),
        ("14:30", "昨天晚上和恒达李总吃饭", {"kind": "visit", "c": 2, "met": "李总", "talked": "晚上，吃饭"}),
        ("14:30", "苏州市明远来电，要报价单", {"kind": "call", "c": 3, "need": "要报价单"}),
        ("14:30", "拜访 恒达影音 老徐 送书", {"kind": "visit", "c": 2, "met": "老徐", "talked": "送书"}),
        ("14:30", "拜访 恒达影音，小王说下周再看", {"kind": "visit", "c": 2, "met": "小王", "talked": "说下周再看"}),
        ("14:30", "拜访新月灯具刘总谈合作", {"kind": "visit", "c": None, "name": "新月灯具", "met": "刘总", "talked": "谈合作"}),
    ],
)
def test_as_people_say_it(clock: str, text: str, want: dict[str, Any]) -> None:
    note = one(text, local(24, clock))
    if "c" in want:
        assert (note.customer.id if note.customer else None) == want.pop("c")
    for name, value in want.items():
        seen = {"owed": note.reply_by}.get(name, getattr(note, name, None))
        assert seen == (local(*value) if isinstance(value, tuple) else value), name


def test_how_many_were_visited_is_no_customer() -> None:
    assert read("今天去了3家") == []


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("送书 恒达影音 3本", {"copies": 3}),
        ("送书 恒达影音 三本 孙经理签收", {"copies": 3, "signed": "孙经理"}),
        ("送书给恒达影音 2 本，由前台小李代收", {"copies": 2, "signed": "前台小李"}),
        ("送书 恒达影音 2本 都给了", {"copies": 2, "enclosed": {"ticked": ["7", "8"], "done": True}}),
        ("送书 恒达影音 2本 招商函业务说明一起交了", {"copies": 2, "enclosed": {"ticked": ["7", "8"], "done": True}}),
        ("送书 恒达影音 2本 业务说明没带", {"copies": 2, "enclosed": {"ticked": ["7"], "done": True}}),
        ("送书 恒达影音 2本 忘了招商函", {"copies": 2, "enclosed": {"ticked": ["8"], "done": True}}),
        ("恒达影音 送书 5 册 孙经理签收", {"copies": 5, "signed": "孙经理"}),
        ("送了恒达影音3本书", {"copies": 3}),
        ("送恒达影音 3 本书", {"copies": 3}),
        ("送了恒达影音3本书，孙经理收下", {"copies": 3, "signed": "孙经理"}),
        ("给恒达影音送了两本期刊", {"copies": 2}),
        ("刚才给恒达影音送去5册期刊，孙经理签收", {"copies": 5, "signed": "孙经理"}),
        ("恒达影音送了期刊3本", {"copies": 3}),
        ("11:05 给恒达影音送了4本书", {"copies": 4}),
    ],
)
def test_a_delivery(text: str, given: dict[str, Any]) -> None:
    note = one(text)
    assert (note.kind, note.customer.id if note.customer else 0) == ("delivery", 2)
    assert note.given == given


def test_books_sent_to_another_town_are_books_too() -> None:
    note = one("给苏州明远送了3本书")
    assert (note.kind, note.customer.id if note.customer else 0, note.given) == ("delivery", 3, {"copies": 3})


@pytest.mark.parametrize(
    "text",
    [
        "恒达影音 孙经理 3本书没送到",
        "恒达影音 孙经理 没送3本书",
        "恒达影音 孙经理 想要送3本书",
        "恒达影音 孙经理 让我再送3本书",
        "送了恒达影音3本合同",
        "送了恒达影音书面报价 2 份",
        "去恒达影音送了3本书",
        "拜访 恒达影音 送了3本书",
    ],
)
def test_what_only_speaks_of_books_is_a_visit(text: str) -> None:
    assert one(text).kind == "visit"


def test_a_book_to_be_delivered_tomorrow_is_an_appointment() -> None:
    note = one("明天上午10点 送书 恒达影音 3本")
    assert (note.kind, note.talked) == ("appointment", "送书 3本")
