"""约客户 (A-3.3.2a, A-1.2)."""

from __future__ import annotations

from datetime import datetime

from conversations.desk import Desk
from conversations.form import Form
from conversations.lexicon import TAGS
from conversations.questions import Moment, Pick, Text, not_past
from conversations.spoken import clock_words, spaced
from conversations.types import Prompt

_BAG = (("送书", "书"), ("送刊", "样刊"), ("续约", "合同 2 份"), ("合同", "合同 2 份"), ("报价", "报价单"), ("第一次", "名片"), ("招商", "招商函"))


class Appointment(Form, title="约客户", version=1, who="rep", wrong="不是约好的"):
    """When and why one goes; it stands on that day's list and fills the bag (A-3.3.2a, A-3.3.2b)."""

    customer = Pick("约了哪家客户？", "customers", label="客户", or_new="NewCustomer")
    at = Moment("约在什么时候？", label="时间", check=not_past)
    about = Text("去谈什么？", label="事由", offer=TAGS, may_wait=True)

    def filed(self, desk: Desk) -> None:
        if not (self.customer and self.at and self.record):
            return
        about = self.about or ""
        case = desk.open_case(
            "appointment",
            "planned",
            key=f"appointment:paper:{self.record.id}",
            customer=self.customer.id,
            paper=self.record.id,
            at=self.at,
            about=about,
            bring=bag(about),
        )
        if case.at != self.at and case.state == "planned":
            desk.move(case.id, case.rev, "later", "planned", at=self.at, about=about, bring=bag(about))

    def stored(self, desk: Desk) -> Prompt:
        return Prompt(f"{spaced('记在', clock_words(self.at, desk))} 了，{when_told(desk, self.at)}" if self.at else "记下了。")


def when_told(desk: Desk, at: datetime) -> str:
    """The morning's card speaks of it; today's has been sent."""
    today = desk.calendar.day_of(at) == desk.calendar.day_of(desk.now)
    return "写「今天」就能看到。" if today else "那天早上一起提醒您。"


def bag(about: str) -> list[str]:
    """What to bring, by what it is about (A-3.3.2b); 送书 3 本 keeps its number."""
    count = "".join(sign for sign in about.partition("送书")[2][:4] if sign.isdecimal())
    found = [what for word, what in _BAG if word in about]
    return list(dict.fromkeys(f"书 {count} 本" if what == "书" and count else what for what in found))
