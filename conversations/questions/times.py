"""Questions about time: Day (a local date) and Moment (an instant), in the words people use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from conversations import phrases
from conversations.questions.base import Choice, Heard, Outcome, Question
from conversations.types import Said, Session, Unclear

if TYPE_CHECKING:
    from conversations.form import Form

WEEK = "一二三四五六日"
OFFERED = {0: "今天", 1: "明天", 2: "后天"}


def day_words(day: date, today: date) -> str:
    """11月27日（周五）, with the year when it is another one, and 今天/明天/后天 instead of the weekday."""
    near = OFFERED.get((day - today).days, "")
    year = f"{day.year}年" if day.year != today.year else ""
    return f"{near}（{year}{day.month}月{day.day}日）" if near else f"{year}{day.month}月{day.day}日（周{WEEK[day.weekday()]}）"


def not_past(value: date | datetime, paper: Form) -> str:
    """A check: the day or the moment is still to come."""
    if isinstance(value, datetime):
        return f"{moment_words(value, paper)}已经过了，请给现在以后的时间。" if value < paper.now else ""
    return f"{day_words(value, paper.today)}已经过了，请给今天或以后的日期。" if value < paper.today else ""


def not_future(value: date | datetime, paper: Form) -> str:
    """A check: it has happened."""
    if isinstance(value, datetime):
        return f"{moment_words(value, paper)}还没到，请给已经过去的时间。" if value > paper.now else ""
    return f"{day_words(value, paper.today)}还没到，请给今天或以前的日期。" if value > paper.today else ""


def moment_words(instant: datetime, paper: Form) -> str:
    local = paper.look.calendar.local(instant)
    return f"{day_words(local.date(), paper.today)} {local:%H:%M}".replace("） ", "）")


class Day(Question[date]):
    wants = ("text", "day")
    digits = True

    def __init__(self, ask: Any, *, offer: Sequence[int] = (0, 1, 2), **rest: Any) -> None:
        super().__init__(ask, **rest)
        self.offer = tuple(offer)  # days from today

    def choices(self, raw: Any, paper: Form, session: Session) -> Sequence[Choice]:
        days = [paper.today + timedelta(days=ahead) for ahead in self.offer]
        return [Choice(day.isoformat(), day_words(day, paper.today)) for day in days]

    def read(self, said: Said, raw: Any, paper: Form, session: Session) -> Outcome:
        reading = phrases.read_day(said.text, paper.look.calendar.day_of(said.at), paper.look.calendar) if len(said.text) <= 60 else None
        if reading is None:
            raise Unclear("没看出是哪一天。请写日期，例如：明天、周五、11月27日。")
        words = day_words(reading.value, paper.today)
        return Heard(reading.value.isoformat(), why=f"是{words}吗？" if reading.ambiguous else "", note=f"是{words}。")

    def take(self, value: str, raw: Any, paper: Form, session: Session) -> Outcome:
        try:
            return Heard(date.fromisoformat(value).isoformat())
        except ValueError:
            raise Unclear("请写日期，例如：明天、周五、11月27日。") from None

    def value(self, raw: Any, paper: Form) -> date:
        return date.fromisoformat(raw)

    def show(self, raw: Any, paper: Form) -> str:
        return day_words(self.value(raw, paper), paper.today)

    def describe(self) -> dict[str, Any]:
        return super().describe() | {"offer": list(self.offer)}


class Moment(Question[datetime]):
    wants = ("text", "day")
    digits = True

    def read(self, said: Said, raw: Any, paper: Form, session: Session) -> Outcome:
        calendar, me = paper.look.calendar, paper.look.me
        reading = None
        if len(said.text) <= 60:
            reading = phrases.read_moment(self._of_day(said, paper), calendar.local(said.at), calendar, opens=me.opens, closes=me.closes)
        if reading is None:
            raise Unclear("没看出是什么时候。请写日期和时间，例如：明天下午三点、周五 18:00。")
        words = moment_words(reading.value, paper)
        return Heard(reading.value.astimezone(UTC).isoformat(), why=f"是{words}吗？" if reading.ambiguous else "", note=f"是{words}。")

    def text(self, raw: Any, paper: Form) -> str:
        day = paper.answers.get(f"{self.name}_day") if raw is None else None
        return f"{day} 几点？" if day else super().text(raw, paper)

    def _of_day(self, said: Said, paper: Form) -> str:
        """三点, when the day and 下午 have been said already and only the hour was asked."""
        day = str(paper.answers.get(f"{self.name}_day") or "")
        named = [*phrases.find_days(said.text, paper.look.calendar.local(said.at), paper.look.calendar)] if day else []
        part = phrases.part_of_day(day)
        again = part and any(one in said.text for one in ("上午", "中午", "下午", "早", "晚"))
        return said.text if named or not day else f"{day.removesuffix(part) if again else day}{said.text}"

    def take(self, value: str, raw: Any, paper: Form, session: Session) -> Outcome:
        raise Unclear("请写日期和时间，例如：明天下午三点、周五 18:00。")

    def value(self, raw: Any, paper: Form) -> datetime:
        return datetime.fromisoformat(raw)

    def show(self, raw: Any, paper: Form) -> str:
        return moment_words(self.value(raw, paper), paper)

    def said(self, raw: Any, paper: Form) -> str:
        """周五 18:00, 明天 15:00, 12月8日 10:00."""
        local = paper.look.calendar.local(self.value(raw, paper))
        ahead = (local.date() - paper.today).days
        day = OFFERED.get(ahead) or (f"周{WEEK[local.weekday()]}" if 0 < ahead < 7 - paper.today.weekday() else f"{local.month}月{local.day}日")
        return f"{day} {local:%H:%M}"
