"""The times in a record: when it was, when it will be, what was promised by when; what is read is blanked out (A-3.3.7A, A-4.4.6b)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time

from conversations import phrases
from conversations.lexicon import AGREED, BEFORE, FUTURE, GIVE, LEAD, MADE, OWED, PROMISED, REPLY, WISHED, Kind
from conversations.lookup import Lookup
from conversations.types import Unclear

STOPS = "，,。；\n"
TRIM = " ，,、:：.。;；"


class Timed:
    """Words with their times; `left` is what has not been read yet, of the same length as the text."""

    def __init__(self, text: str, at: datetime, look: Lookup, kind: Kind | None = None) -> None:
        self.text = self.left = text
        self.at, self.look = at, look
        self.kind, self.said = kind, kind is not None
        self.when: phrases.Reading[datetime] | None = None
        self.owed: datetime | None = None
        self.subject = ""  # what is owed
        self.owing = ""  # the same with its time, as written
        self.planned = False
        self.whole = ""  # the day and its part, of what is to come
        self.agreed = False  # 约了: there is somebody to go to
        self.going = False  # 要去, 打算
        self.did = False  # the verb says that it is over
        self.part = ""  # of what happened, only the part of the day was said

    def blank(self, start: int, end: int) -> None:
        self.left = self.left[:start] + " " * (end - start) + self.left[end:]

    def leading_time(self) -> int:
        """10:20 拜访…; where the rest of the record begins."""
        first = self._first()
        led = phrases.leading_time(self.text[first:], self.at, self.look.calendar)
        if led is not None and self._is_owed((first + led.span[0], first + led.span[1])):
            return first  # 明天要给恒达报价
        if led is not None:
            self.when = led
            self.blank(first + led.span[0], first + led.span[1])
        return first + led.span[1] if led is not None else first

    def promised_time(self, first: int) -> None:
        """答应周五前答复, 明天给报价: owed to the customer."""
        for found in self._moments(first):
            if self._is_owed(found.span):
                self.owed = found.value
                self.subject = self._owe(*found.span)
                return

    def _first(self) -> int:
        lead = LEAD.match(self.text)
        first = lead.end() if lead else 0
        self.blank(0, first)
        planned = FUTURE.match(self.text, first)
        self.planned = planned is not None
        if planned is not None:
            self.agreed = MADE.match(planned[0]) is not None
            self.going = not planned[0].startswith("安排")
            self.blank(first, planned.end())
        return planned.end() if planned else first

    def _moments(self, start: int = 0) -> Iterator[phrases.Reading[datetime]]:
        try:
            for found in phrases.find_moments(self.text, self.at, self.look.calendar, firm=True):
                if found.span[0] >= start:
                    yield found
        except Unclear:
            return  # 31 February in a note: the words stay in what was talked about

    def _piece(self, start: int, end: int) -> tuple[int, int]:
        head = max(self.text.rfind(sign, 0, start) for sign in STOPS) + 1
        return head, min((at for sign in STOPS if (at := self.text.find(sign, end)) >= 0), default=len(self.text))

    def _is_owed(self, span: tuple[int, int]) -> bool:
        """Promised words before it, or 前, 答复, 给报价 right behind it, in the same piece of the sentence."""
        start, end = span
        head, tail = self._piece(start, end)
        before, after = self.text[head:start], self.text[end:tail]
        return bool(PROMISED.search(before) or REPLY.search(before) or BEFORE.match(after) or OWED.match(after))

    def _owe(self, start: int, end: int) -> str:
        """Blank the promise out; what is promised is what is left of it."""
        head, tail = self._piece(start, end)
        promised = PROMISED.search(self.text, head, start) or REPLY.search(self.text, head, start)
        if promised is not None:
            if not self._content(self.text[: promised.start()]) and self.kind is None:
                self.kind, self.said = "promise", True
            self.blank(promised.start(), promised.end())
        elif (wished := WISHED.search(self.left[head:start].rstrip())) is not None:  # 客户要求1月15日前给方案
            self.blank(head + wished.start(), head + wished.end())
        self.owing = self.text[start:tail].strip(TRIM)
        behind = " ".join(self.left[end:tail].split())
        self.blank(start, tail)
        return GIVE.sub("", REPLY.sub("", BEFORE.sub("", behind)).strip(TRIM)).strip(TRIM)

    def _content(self, text: str) -> bool:
        """Is there more than numbering and blanks?"""
        return bool(LEAD.sub("", text, count=1).strip(TRIM))

    def later_time(self) -> None:
        """A time after verb and customer: 拜访 恒达 明天上午10点 送书."""
        if self.when is not None or (self.owed is not None and self.kind == "promise"):
            return
        for found in self._moments():
            start, end = found.span
            if self.kind is None and (agreed := AGREED.search(self.left[:start])) is not None:
                self.planned = self.agreed = True
                self.blank(*agreed.span())
            if self.left[start:end] != self.text[start:end] or (self.left[:start].strip(TRIM) and not self.planned):
                continue
            self.when = found
            self.blank(start, end)
            return

    def happened(self) -> tuple[datetime | None, bool]:
        """When it took place or is to, and whether only the day is known; 今天 alone says nothing new."""
        if self.when is None:
            return None, False
        day, today = self.look.calendar.day_of(self.when.value), self.look.calendar.day_of(self.at)
        part = phrases.part_of_day(phrases.fold(self.text[slice(*self.when.span)]))
        if not part:
            if self.when.whole_day and day == today and not self.planned:
                return None, False
            return self.when.value, self.when.whole_day
        opens = time.fromisoformat(self.look.me.opens)
        if day > today or self.planned or (day == today and not self.did and self.look.calendar.at(day, phrases.begins(part, opens)) > self.at):
            self.whole = f"{day.month}月{day.day}日{part}"
            return self.when.value, True  # still to come: at which hour is asked
        self.part = part
        return (None, False) if day == today else (self.when.value, True)
