"""Plays a script: every person on their phone, the clock from due to due, and the figures of the day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from bot.rehearsal.compare import Differed, Kept, compare, fits
from bot.rehearsal.customer import ASGIApp, Customer, NoLink, newest
from bot.rehearsal.phone import Heard, Phone
from bot.rehearsal.script import ACTS, PICTURES, Script, Step, length, moment, several, words

BETWEEN = timedelta(seconds=5)  # a person's hand between two steps
PATIENCE = timedelta(minutes=30)  # a bare `hears` lets time go on this far
SHOWN = 200  # characters of a line in the transcript
SENT = {"photos": "照片", "voice": "语音", "place": "位置"}


@dataclass(slots=True)
class Figures:
    interactions: int = 0
    typed: int = 0
    pushed: int = 0


class Stage(Protocol):
    """Where a script is played: the firm, its clock and its people's phones."""

    zone: ZoneInfo

    def now(self) -> datetime: ...
    async def open(self, script: Script) -> None: ...
    async def close(self) -> None: ...
    async def restart(self) -> None: ...
    async def down(self, until: datetime) -> None: ...
    async def move_to(self, instant: datetime) -> None:
        """From due to due, everything handled and posted."""
        ...

    async def settle(self) -> None:
        """Handle and post until nothing moves."""
        ...

    async def phone(self, who: str, channel: str) -> Phone: ...
    async def kept(self, form: str, by: str) -> Sequence[Kept]: ...
    async def kept_words(self, by: str) -> Sequence[str]:
        """What was said and not used."""
        ...

    def kept_bytes(self, data: bytes) -> bool: ...
    def site(self) -> ASGIApp:
        """What serves the customers' pages now."""
        ...

    async def shown(self) -> Sequence[str]:
        """What was put on anybody's phone, newest first, with the addresses behind its buttons."""
        ...

    async def job(self, number: str) -> Mapping[str, Any] | None:
        """state, by, paid, photos, rounds of a repair job."""
        ...

    async def pushed(self, who: str) -> int: ...
    async def fault(self, plan: Mapping[str, Any]) -> None: ...


@dataclass(slots=True)
class Line:
    at: datetime
    who: str
    mine: bool
    text: str


@dataclass(slots=True)
class Hand:
    """One person's phone, or the second one: everything it showed, and what of it was not read yet."""

    seen: list[Heard] = field(default_factory=list)
    unread: list[Heard] = field(default_factory=list)


@dataclass(slots=True)
class Player:
    stage: Stage
    script: Script
    restart_between: bool = False
    transcript: list[Line] = field(default_factory=list)
    figures: dict[str, Figures] = field(default_factory=lambda: defaultdict(Figures))
    _hands: dict[tuple[str, str], Hand] = field(default_factory=lambda: defaultdict(Hand))
    _customers: dict[str, Customer] = field(default_factory=lambda: defaultdict(Customer))
    _since: dict[str, Figures] = field(default_factory=lambda: defaultdict(Figures))  # as they stood at the last step `most`

    async def play(self) -> None:
        """Raises Differed at the first step that went otherwise, or when a figure of `most` is passed."""
        await self.stage.open(self.script)
        try:
            for step in self.script.steps:
                await self._step(step)
                if self.restart_between:
                    await self.stage.restart()
            await self._count({who for who, _ in self._hands} | (self.script.most.keys() - self._customers.keys()))
            self._check("most", self.script.most, defaultdict(Figures))
        finally:
            await self.stage.close()

    async def _step(self, step: Step) -> None:
        body = step.body
        if step.verb == "who":
            await self._actor(step)
        elif step.verb == "at":
            await self.stage.move_to(moment(body["at"], self._local()).replace(tzinfo=self.stage.zone))
        elif step.verb == "wait":
            await self.stage.move_to(self.stage.now() + length(body["wait"]))
        elif step.verb == "down":
            await self.stage.down(self.stage.now() + length(body["down"]))
        elif step.verb in ("restart", "kill"):
            await self.stage.restart()
        elif step.verb == "fault":
            await self.stage.fault(body["fault"])
        elif step.verb == "customer":
            await self._customer(step)
        elif step.verb == "together":
            await self._together(step)
        elif step.verb == "kept":
            await self._kept(step)
        elif step.verb == "job":
            await self._job(step)
        elif step.verb == "most":
            await self._count(body["most"].keys() - self._customers.keys())
            self._check(str(step), body["most"], self._since)
            self._since.update({who: replace(self.figures[who]) for who in self.figures})

    # --- a customer, on their own phone ---------------------------------------------------------------------------
    async def _customer(self, step: Step) -> None:
        body, who = step.body, str(step.body["customer"])
        page, figures, text = self._customers[who], self.figures[who], ""
        await self.stage.move_to(self.stage.now() + BETWEEN)
        try:
            if "opens" in body:
                self._note(who, True, "［打开链接］")
                figures.interactions += 1
                text = await page.opens(self.stage.site(), newest(await self.stage.shown(), body["opens"]))
            if "taps" in body:
                self._note(who, True, f"〔{body['taps']}〕")
                figures.interactions += 1
                text = await page.taps(self.stage.site(), str(body["taps"]))
            if "signs" in body:
                relation = str(body.get("as", "本人"))
                self._note(who, True, f"〔{relation}〕［签名 {body['signs']}］〔签好了〕")
                figures.interactions += 2
                text = await page.signs(self.stage.site(), str(body["signs"]), relation)
        except NoLink:
            raise Differed(f"{step}\n没有人的手机上有这样的链接。") from None
        except KeyError as missing:
            raise Differed(f"{step}\n页面上没有〔{missing.args[0]}〕，看到的是：\n{text or '（什么也没有）'}") from None
        self._note(who, False, text)
        await self.stage.settle()
        compare(step, [Heard(text, page.buttons)])

    async def _together(self, step: Step) -> None:
        """In the same second: all of it is received before any of it is handled."""
        await self.stage.move_to(self.stage.now() + BETWEEN)
        for item in step.body["together"]:
            who, on = str(item["who"]), str(item.get("on", ""))
            await self._listen(who, on)
            self._hands[who, on].unread.clear()
            await self._act(Step(step.number, "who", item), item, who, on)
        await self.stage.settle()

    async def _job(self, step: Step) -> None:
        wanted = {name: value for name, value in step.body.items() if name != "job"}
        found = await self.stage.job(str(step.body["job"]))
        if found is None or any(found.get(name) != value for name, value in wanted.items()):
            raise Differed(f"{step}\n这张单是：{dict(found) if found else '（没有）'}")

    # --- one person's step --------------------------------------------------------------------------------------
    async def _actor(self, step: Step) -> None:
        body, who, on = step.body, str(step.body["who"]), str(step.body.get("on", ""))
        hand = self._hands[who, on]
        acts = [act for act in ACTS if act in body]
        if acts:
            await self.stage.move_to(self.stage.now() + BETWEEN)
            await self._listen(who, on)
            hand.unread.clear()
            for item in body["burst"] if acts == ["burst"] else [body]:
                await self._act(step, item, who, on)
            if body.get("kill"):  # received, not handled
                await self.stage.restart()
            await self.stage.settle()
        await self._listen(who, on)
        if "hears" in body and not acts and body["hears"] != "nothing":
            await self._wait_for(who, on)
        if {"hears", "buttons", "not"} & body.keys():  # otherwise it is read in a later step
            heard, hand.unread = hand.unread, []
            compare(step, heard)

    async def _wait_for(self, who: str, on: str) -> None:
        until = self.stage.now() + PATIENCE
        while not self._hands[who, on].unread and self.stage.now() < until:
            await self.stage.move_to(self.stage.now() + timedelta(minutes=1))
            await self._listen(who, on)

    async def _act(self, step: Step, item: Mapping[str, Any], who: str, on: str) -> None:
        phone, figures = await self.stage.phone(who, on), self.figures[who]
        at = self.stage.now() - (length(item["late"]) if "late" in item else timedelta(0))
        times = int(step.body.get("times", 1))
        figures.interactions += 1
        if "says" in item:
            text = words(item["says"])
            figures.typed += len(text)
            self._note(who, True, text if len(text) <= SHOWN else f"{text[:SHOWN]}…（共 {len(text):,} 字）")
            await phone.says(text, at, times)
        elif "taps" in item:
            label = str(item["taps"])
            self._note(who, True, f"〔{label}〕")
            await phone.taps(self._message_with(step, who, on, label), label, at, times)
        else:
            await self._send(item["sends"], phone, who, at, times)

    async def _send(self, what: Mapping[str, Any], phone: Phone, who: str, at: datetime, times: int) -> None:
        self._note(who, True, "".join(f"［{SENT[kind]}{_count_of(value)}］" for kind, value in what.items()))
        if "photos" in what:
            await phone.sends_photos([_bytes(name) for name in several(what["photos"])], at, times)
        if "voice" in what:
            await phone.sends_voice(_bytes(what["voice"]), at, times)
        if "place" in what:
            lat, lon = what["place"]
            await phone.sends_place(float(lat), float(lon), at, times)

    def _message_with(self, step: Step, who: str, on: str, label: str) -> Heard:
        seen = self._hands[who, on].seen
        having = [message for message in reversed(seen) if label in message.buttons]
        of = int(step.body.get("of", 1))
        if len(having) < of:
            last = "\n".join(f"  {message}" for message in seen[-3:])
            raise Differed(f"{step}\n没有〔{label}〕这个按钮。最后看到：\n{last or '（什么也没有）'}")
        return having[of - 1]

    async def _listen(self, who: str, on: str) -> None:
        hand = self._hands[who, on]
        for message in await (await self.stage.phone(who, on)).heard():
            hand.seen.append(message)
            hand.unread.append(message)
            self._note(who, False, str(message))

    # --- what was kept, and how much it took --------------------------------------------------------------------
    async def _kept(self, step: Step) -> None:
        wanted = step.body["kept"]
        if "words" in wanted:
            said = await self.stage.kept_words(str(wanted["by"]))
            found: list[Any] = [text for text in said if str(wanted["words"]) in text]
        elif "picture" in wanted:
            found = [wanted["picture"]] if self.stage.kept_bytes(_bytes(wanted["picture"])) else []
        else:
            papers = await self.stage.kept(str(wanted["form"]), str(wanted["by"]))
            where = dict(wanted.get("where", {}))
            found = [paper for paper in papers if all(fits(paper, name, value) for name, value in where.items())]
            said = [f"{dict(paper.facts)} {dict(paper.answers)}" for paper in papers]
        if len(found) != int(wanted.get("count", 1)):
            there = "\n".join(f"  {one}" for one in (said if "picture" not in wanted else [])) or "（没有）"
            raise Differed(f"{step}\n合得上的有 {len(found)} 份。存下的是：\n{there}")

    async def _count(self, people: Iterable[str]) -> None:
        for who in people:
            self.figures[who].pushed = await self.stage.pushed(who)

    def _check(self, where: str, most: Mapping[str, Mapping[str, int]], since: Mapping[str, Figures]) -> None:
        for who, limits in most.items():
            for name, limit in limits.items():
                value = getattr(self.figures[who], name) - getattr(since[who], name)
                if value > limit:
                    raise Differed(f"{where}：{who} 的 {name} 是 {value}，最多 {limit}")

    def _local(self) -> datetime:
        return self.stage.now().astimezone(self.stage.zone).replace(tzinfo=None)

    def _note(self, who: str, mine: bool, text: str) -> None:
        self.transcript.append(Line(self._local(), who, mine, text))


def _bytes(name: str) -> bytes:
    return (PICTURES / name).read_bytes()


def _count_of(value: Any) -> str:
    return f" {len(value)} 张" if isinstance(value, list) and isinstance(value[0], str) and len(value) > 1 else ""
