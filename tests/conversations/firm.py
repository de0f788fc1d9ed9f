"""A small firm to ask (Lookup) and forms with every kind of question, for the tests of the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from conversations.desks.handouts import Card, Exhibition
from conversations.desks.repairs import PriceList
from conversations.firm import Case, CaseEvent, Customer, Found, Paper, Person
from conversations.form import Form
from conversations.questions import Amount, Choose, Confirm, Day, Lines, Moment, Photo, Photos, Pick, Place, Text, not_past
from conversations.types import Blob, Said
from rules.calendar import Calendar
from rules.settings import default as default_of

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # a Tuesday, 12:00 in Shanghai
ME = Person(1, "liqiang", "李强", frozenset({"rep"}), 1, "09:00", "18:00", True)
CUSTOMERS = {
    1: ("华东精密", "huadongjingmi hdjm"),
    2: ("恒达影音", "hengdayingyin hdyy"),
    3: ("恒达地产", "hengdadichan hddc"),
    **{n: (f"客户{n:02d}", f"kehu{n:02d} kh{n:02d}") for n in range(4, 21)},
}


@dataclass
class Firm:
    """What a rep may see; `hidden` are customers taken away since."""

    now: datetime = NOON
    calendar: Calendar = field(default_factory=Calendar)
    me: Person = ME
    hidden: set[int] = field(default_factory=set)
    looked: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    elsewhere: dict[str, Found] = field(default_factory=lambda: {"东方": Found(99, "东方印务", "张敏的客户")})

    def find(self, source: str, query: str, offset: int = 0, limit: int = 6) -> Sequence[Found]:
        found = [Found(id, name) for id, (name, keys) in CUSTOMERS.items() if id not in self.hidden and query.lower() in f"{name} {keys}"]
        return found[offset : offset + limit]

    def label(self, source: str, id: int) -> str:
        return CUSTOMERS[id][0] if id in CUSTOMERS and id not in self.hidden else ""

    def similar_customers(self, name: str) -> Sequence[Found]:
        return [found for key, found in self.elsewhere.items() if key in name]

    def still_open(self, key: str, phone: str, what: str) -> None:
        """No caller rings twice here."""

    def price_list(self) -> PriceList:
        return PriceList("2026 年 10 月版", {})

    def customer(self, id: int) -> Customer | None:
        name = self.label("customers", id)
        return Customer(id, name, name, True, "", "", "", None, self.me.id) if name else None

    def seen(self, sha256: str) -> Mapping[str, Any]:
        return self.looked.get(sha256, {})

    def setting(self, name: str, default: Any = None) -> Any:
        return default_of(name) if default is None else default

    def papers(self, **asked: Any) -> Sequence[Paper]:
        return ()

    def paper(self, id: int) -> Paper | None:
        return None

    def cases(self, kind: str, **asked: Any) -> Sequence[Case]:
        return ()

    def case(self, id: int) -> Case | None:
        return None

    def case_by_key(self, key: str) -> Case | None:
        return None

    def case_events(self, id: int) -> Sequence[CaseEvent]:
        return ()

    def person(self, id: int) -> Person | None:
        return self.me if id == self.me.id else None

    def people(self, role: str = "", team: int | None = None) -> Sequence[Person]:
        return (self.me,)

    def supervisor_of(self, person: int) -> Person | None:
        return None

    def manager_of(self, person: int) -> Person | None:
        return None

    def on_leave(self, person: int, day: date) -> bool:
        return False

    def blob_kind(self, sha256: str) -> str:
        return "photo"

    def introductions(self, topic: str = "", *, current: bool = True) -> Sequence[Card]:
        known = [Card(1, "letter", 1, "11 月版", "招商", (), NOON.date(), 1, NOON), Card(2, "notes", 1, "10 月版", "说明", (), NOON.date(), 1, NOON)]
        return [one for one in known if topic in ("", one.topic)]

    def introduction(self, id: int) -> Card | None:
        return next((one for one in self.introductions() if one.id == id), None)

    def exhibitions(self, since: date | None = None) -> Sequence[Exhibition]:
        return ()

    def exhibition(self, id: int) -> Exhibition | None:
        return None


class Visit(Form, title="走访表", version=2, who="rep", copies_to="supervisor", wrong="不是拜访"):
    """The form of the design (A-3.3.3)."""

    customer = Pick("拜访了哪家客户？", "customers", or_new="Newcomer", label="客户")
    met = Text("见了谁？什么职务？", label="见了谁", card="见了{}", may_wait=True)
    talked = Text("谈了什么？", offer=["续约", "报价", "收款"])
    need = Text("客户有什么需求？", label="需求", may_strike=True, may_wait=True)
    reply_by = Day("答应何时答复？", label="答复日", card="答应{}前答复", when=lambda p: p.need, check=not_past)
    photos = Photos("请拍现场照片", label="现场照片", at_most=3, may_strike=True, may_wait=True)


class Newcomer(Form, title="新客户", who="rep"):
    name = Text(
        "客户叫什么？", label="名称", warn=lambda value, p: f"公司里好像有「{value}」了，还要登记吗？" if p.look.similar_customers(value) else ""
    )
    local = Choose("在本地吗？", {"local": "本地", "away": "外地"}, label="地方")


class Contact(Form, title="联系人"):
    name = Text("姓名？", label="姓名")
    boss = Choose("能拍板吗？", {"yes": "能", "no": "不能"}, card="")
    phone = Text("电话？", when=lambda p: p.boss == "yes", may_strike=True)


class Everything(Form, title="什么都有"):
    """Every kind of question, with conditions on all of them."""

    manner = Choose("怎样联系的？", ["上门", "电话", "来访"])
    customer = Pick("哪家客户？", lambda p: "customers" if p.manner == "上门" else "colleagues", when=lambda p: p.manner != "来访", may_strike=True)
    place = Place("请发送位置", when=lambda p: p.manner == "上门", may_strike=True)
    day = Day("哪一天？", check=not_past)
    moment = Moment("几点？", when=lambda p: p.day and p.day > p.today, may_wait=True)
    amount = Amount("多少钱？", at_most=10_000_000, warn=lambda value, p: "超过一万元，没写错吧？" if value > 1_000_000 else "")
    card = Photo("请拍名片", may_strike=True)
    contacts = Lines("有哪些联系人？", Contact, label="联系人", at_least=1, at_most=3, when=lambda p: p.customer, may_strike=True)
    photos = Photos("请拍照片", label="照片", at_least=2, at_most=4, when=lambda p: p.amount and p.amount > 5000)
    bag = Confirm("包里有：", {"book": "样书", "card": "名片"})
    extra = Confirm("还带了：", ["雨伞", "电脑"], all_of=False, may_strike=True)
    where = Place("在哪儿？", silent=True)
    note = Text(lambda p: f"{p.manner or ''}还有什么要说的？", label="备注", when=lambda p: p.contacts and len(p.contacts) > 1, may_strike=True)


class Remark(Form, title="退回意见", at_once=True):
    why = Text("为什么退回？")


FORMS: tuple[type[Form], ...] = (Visit, Newcomer, Everything, Remark)


def said(text: str = "", *, tap: str = "", at: datetime = NOON, **rest: Any) -> Said:
    return Said(at, at + timedelta(seconds=1), text, tap, **rest)


def photo(n: int, **rest: Any) -> Blob:
    return Blob(f"{n:064x}", "image/jpeg", 1000, **rest)


def voice(n: int) -> Blob:
    return Blob(f"{n:064x}", "audio/amr", 1000, kind="voice")
