"""The sixty-second page: verdict, exceptions with a button each, then "其余正常" with figures against last week (at most 12 lines, 600 signs)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from conversations import tokens
from conversations.spoken import day_of_month
from conversations.types import Option, Prompt

LINES, SIGNS, OPTIONS = 12, 600, 6
LONGEST = 60  # signs of one line
NAMES = 40  # of the teams in the heading
TOKEN_BYTES = 64  # of a button, on the channel that carries least
STAYS = frozenset({"job", "see"})  # a job has cards of its own, a picture its own message
# Verbs that ask something back first: what is tapped then comes back on the page as well.
ASK_BACK = frozenset({"request", "pass", "need", "complaint", "statement"})


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to be done; the lower the weight, the earlier it comes (money and safety first)."""

    weight: int
    text: str
    options: tuple[Option, ...] = ()

    def answered(self, tokens_tapped: Collection[str]) -> bool:
        return any(option.token in tokens_tapped for option in self.options)


@dataclass(frozen=True, slots=True)
class Figure:
    name: str
    value: int | str
    before: int | str | None = None  # the same weekday last week

    def __str__(self) -> str:
        return f"{self.name} {self.value}" + (f"（上周同日 {self.before}）" if self.before is not None else "")


def page(
    day: date, items: Sequence[Item], figures: Sequence[Figure], *, team: str = "", details: bool = True, lead: str = "", tail: str = ""
) -> Prompt:
    """Never longer than what is read in sixty seconds; what does not fit is counted and stands behind 明细.

    `lead` is the answer to what was just tapped, `tail` a sentence of the week or month.
    """
    ordered = sorted(items, key=lambda item: item.weight)
    ending = ("其余正常：" if items else "") + "，".join(str(figure) for figure in figures) + "。"
    last = [ending, *([_short(tail)] if tail else [])]
    still = "还有 " if lead else ""
    verdict = f"{still}{len(items)} 件要您处理。" if items else "都处理完了。" if lead else "今天没有要您处理的事。"
    head = [*([_short(lead)] if lead else []), f"{f'{_clipped(team)} ' if team else ''}{day_of_month(day)}：{verdict}"]
    shown: list[str] = []
    for number, item in enumerate(ordered, 1):
        line = f"{number} {_short(item.text)}"
        rest = f"……另外 {len(ordered) - len(shown)} 件在明细里。"
        more = [line, rest] if len(shown) + 1 < len(ordered) else [line]
        together = [*head, *shown, *more, *last]
        if len(together) > LINES or len("\n".join(together)) > SIGNS:
            shown.append(rest)
            break
        shown.append(line)
    return Prompt("\n".join([*head, *shown, *last]), options=_options(day, ordered, details))


def _options(day: date, ordered: Sequence[Item], details: bool) -> tuple[Option, ...]:
    """One button a line, a second one where there is room; what they do comes back on this page."""
    more = (Option("明细", tokens.of_action("day", f"{day:%Y%m%d}")),) if details else ()
    room = OPTIONS - len(more)
    firsts = [item.options[0] for item in ordered if item.options][:room]
    chosen = set(firsts)
    for item in ordered:
        for option in item.options[1:]:
            if firsts and item.options[0] in chosen and len(chosen) < room:
                chosen.add(option)
    return tuple(back(day, option) for item in ordered for option in item.options if option in chosen) + more


def asked_back(day: date, prompt: Prompt) -> Prompt:
    """转给谁？: its buttons come back on the page, those that only show something do not."""
    verbs = [option.token.split(".")[1] if option.token.startswith("a.") else "" for option in prompt.options]
    options = tuple(back(day, option) if verb in ASK_BACK else option for verb, option in zip(verbs, prompt.options, strict=True))
    return replace(prompt, options=options)


def back(day: date, option: Option) -> Option:
    """a.receive.1.1 → a.page.20261124.receive.1.1, where the answer is one sentence and the token stays short enough."""
    _, _, rest = option.token.partition(".")
    verb = rest.partition(".")[0]
    token = tokens.of_action("page", f"{day:%Y%m%d}", rest)
    if verb in STAYS or not option.token.startswith("a.") or len(token.encode()) > TOKEN_BYTES:
        return option
    return Option(option.label, token, option.main, option.url)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _clipped(names: str) -> str:
    return names if len(names) <= NAMES else names[: NAMES - 1] + "…"
