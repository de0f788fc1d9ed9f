"""The sixty-second page: verdict, exceptions with a button each, then "其余正常" with figures against last week (at most 12 lines, 600 signs)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from conversations import tokens
from conversations.spoken import day_of_month
from conversations.types import Option, Prompt

LINES, SIGNS, OPTIONS = 12, 600, 6
LONGEST = 60  # signs of one line


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to be done; the lower the weight, the earlier it comes (money and safety first)."""

    weight: int
    text: str
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    value: int | str
    before: int | str | None = None  # the same weekday last week

    def __str__(self) -> str:
        return f"{self.name} {self.value}" + (f"（上周同日 {self.before}）" if self.before is not None else "")


def page(day: date, items: Sequence[Item], figures: Sequence[Figure], *, team: str = "", details: bool = True) -> Prompt:
    """Never longer than what is read in sixty seconds; what does not fit is counted and stands behind 明细."""
    ordered = sorted(items, key=lambda item: item.weight)
    ending = ("其余正常：" if items else "") + "，".join(str(figure) for figure in figures) + "。"
    verdict = f"{len(items)} 件要您处理。" if items else "今天没有要您处理的事。"
    head = f"{f'{team} ' if team else ''}{day_of_month(day)}：{verdict}"
    shown: list[str] = []
    for number, item in enumerate(ordered, 1):
        line = f"{number} {_short(item.text)}"
        rest = f"……另外 {len(ordered) - len(shown)} 件在明细里。"
        if len(shown) + 4 > LINES or sum(map(len, [head, *shown, line, rest, ending])) + len(shown) + 4 > SIGNS:
            shown.append(rest)
            break
        shown.append(line)
    return Prompt("\n".join([head, *shown, ending]), options=_options(day, ordered, details))


def _options(day: date, ordered: Sequence[Item], details: bool) -> tuple[Option, ...]:
    """One button a line, a second one where there is room."""
    more = (Option("明细", tokens.of_action("day", f"{day:%Y%m%d}")),) if details else ()
    room = OPTIONS - len(more)
    firsts = [item.options[0] for item in ordered if item.options][:room]
    chosen = set(firsts)
    for item in ordered:
        for option in item.options[1:]:
            if firsts and item.options[0] in chosen and len(chosen) < room:
                chosen.add(option)
    return tuple(option for item in ordered for option in item.options if option in chosen) + more


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
