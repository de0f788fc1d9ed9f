"""Plays a script: every person on their phone, the clock from due to due, and the figures of the day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from bot.rehearsal.phone import Heard, Phone
from bot.rehearsal.script import Script, Step, length, moment, several

BETWEEN = timedelta(seconds=5)  # a person's hand between two steps
PATIENCE = timedelta(minutes=30)  # a bare `hears` lets time go on this far


class Differed(Exception):
    """The step, what should have been heard, and what was heard instead."""


@dataclass(slots=True)
class Figures:
    interactions: int = 0
    typed: int = 0
    pushed: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """A filed paper as the script asks for it."""

    form: str
    customer: str
    answers: Mapping[str, Any]


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
    async def pushed(self, who: str) -> int: ...
    async def fault(self, plan: Mapping[str, Any]) -> None: ...


@dataclass(slots=True)
class Line:
    at: datetime
    who: str
    mine: bool
    text: str


@dataclass(slots=True)
class Player:
    stage: Stage
    script: Script
    restart_between: bool = False
    transcript: list[Line] = field(default_factory=list)
    figures: dict[str, Figures] = field(default_factory=lambda: defaultdict(Figures))
    _seen: dict[str, list[Heard]] = field(default_factory=lambda: defaultdict(list))  # everything, for `of`
    _unread: dict[str, list[Heard]] = field(default_factory=lambda: defaultdict(list))
    _where: dict[str, str] = field(default_factory=dict)

    async def play(self) -> None:
        """Raises Differed at the first step that went otherwise, or when a figure of `most` is passed."""
        await self.stage.open(self.script)
        try:
            for step in self.script.steps:
                await self._step(step)
                if self.restart_between:
                    await self.stage.restart()
            await self._count()
        finally:
            await self.stage.close()

    async def _step(self, step: Step) -> None:
        body = step.body
        if step.verb == "who":
            await self._actor(step)
        elif step.verb == "at":
            await self.stage.move_to(self._aware(moment(body["at"], self._local())))
        elif step.verb == "wait":
            await self.stage.move_to(self.stage.now() + length(body["wait"]))
        elif step.verb == "down":
            await self.stage.down(self.stage.now() + length(body["down"]))
        elif step.verb in ("restart", "kill"):
            await self.stage.restart()
        elif step.verb == "fault":
            await self.stage.fault(body["fault"])
        elif step.verb == "kept":
            await self._kept(step)

    async def _actor(self, step: Step) -> None:
        body, who = step.body, str(step.body["who"])
        if "on" in body:
            self._where[who] = str(body["on"])
        acts = any(verb in body for verb in ("says", "taps", "sends"))
        if acts:
            await self._listen(who)
            self._unread[who].clear()
            await self.stage.move_to(self.stage.now() + BETWEEN)
            await self._listen(who)
            await self._act(step, who)
            await self.stage.settle()
        await self._listen(who)
        if "hears" in body and not acts and body["hears"] != "nothing" and not self._unread[who]:
            await self._wait_for(who)
        heard = list(self._unread[who])
        self._unread[who].clear()
        self._compare(step, heard)

    async def _wait_for(self, who: str) -> None:
        until = self.stage.now() + PATIENCE
        while not self._unread[who] and self.stage.now() < until:
            await self.stage.move_to(self.stage.now() + timedelta(minutes=1))
            await self._listen(who)

    async def _act(self, step: Step, who: str) -> None:
        body, phone = step.body, await self._phone(who)
        said_at = self.stage.now() - (length(body["late"]) if "late" in body else timedelta(0))
        times, figures = int(body.get("times", 1)), self.figures[who]
        figures.interactions += 1
        if "says" in body:
            text = str(body["says"])
            figures.typed += len(text)
            self._note(who, True, text)
            await phone.says(text, said_at, times)
        elif "taps" in body:
            label = str(body["taps"])
            self._note(who, True, f"〔{label}〕")
            await phone.taps(self._message_with(step, who, label), label, said_at, times)
        else:
            await self._send(body["sends"], phone, who, said_at, times)

    async def _send(self, what: Mapping[str, Any], phone: Phone, who: str, at: datetime, times: int) -> None:
        self._note(who, True, "、".join(f"［{kind}］" for kind in what))
        if "photos" in what:
            await phone.sends_photos([self._file(name) for name in several(what["photos"])], at, times)
        if "voice" in what:
            await phone.sends_voice(self._file(what["voice"]), at, times)
        if "place" in what:
            lat, lon = what["place"]
            await phone.sends_place(float(lat), float(lon), at, times)

    def _file(self, name: str) -> bytes:
        return (Path(__file__).parents[2] / "rehearsals" / "pictures" / name).read_bytes()

    def _message_with(self, step: Step, who: str, label: str) -> Heard:
        having = [message for message in reversed(self._seen[who]) if label in message.buttons]
        of = int(step.body.get("of", 1))
        if len(having) < of:
            seen = "\n".join(f"  {message}" for message in self._seen[who][-3:])
            raise Differed(f"{step}\n没有〔{label}〕这个按钮。最后看到：\n{seen}")
        return having[of - 1]

    async def _phone(self, who: str) -> Phone:
        return await self.stage.phone(who, self._where.get(who, ""))

    async def _listen(self, who: str) -> None:
        for message in await (await self._phone(who)).heard():
            self._seen[who].append(message)
            self._unread[who].append(message)
            self._note(who, False, str(message))

    def _compare(self, step: Step, heard: Sequence[Heard]) -> None:
        body = step.body
        whole = "\n".join(map(str, heard))
        if body.get("hears") == "nothing":
            if heard:
                raise Differed(f"{step}\n不该有消息，却听到：\n{whole}")
            return
        at = 0
        for part in map(str, several(body.get("hears", []))):
            found = whole.find(part, at)
            if found < 0:
                raise Differed(f"{step}\n没有听到“{part}”，听到的是：\n{whole or '（什么也没有）'}")
            at = found + len(part)
        for part in map(str, several(body.get("not", []))):
            if part in whole:
                raise Differed(f"{step}\n不该听到“{part}”：\n{whole}")
        labels = {label for message in heard for label in message.buttons}
        if lacking := [label for label in map(str, several(body.get("buttons", []))) if label not in labels]:
            raise Differed(f"{step}\n没有按钮〔{'〕〔'.join(lacking)}〕，听到的是：\n{whole}")

    async def _kept(self, step: Step) -> None:
        wanted = step.body["kept"]
        where = dict(wanted.get("where", {}))
        papers = await self.stage.kept(str(wanted["form"]), str(wanted["by"]))
        fitting = [paper for paper in papers if all(_fits(paper, name, value) for name, value in where.items())]
        if len(fitting) != int(wanted.get("count", 1)):
            raise Differed(f"{step}\n存下的是 {len(fitting)} 份：{[dict(paper.answers) | {'customer': paper.customer} for paper in papers]}")

    async def _count(self) -> None:
        for who in self.figures.keys() | self.script.most.keys():
            self.figures[who].pushed = await self.stage.pushed(who)
        for who, limits in self.script.most.items():
            for name, limit in limits.items():
                value = getattr(self.figures[who], name)
                if value > limit:
                    raise Differed(f"most：{who} 的 {name} 是 {value}，最多 {limit}")

    def _local(self) -> datetime:
        return self.stage.now().astimezone(self.stage.zone).replace(tzinfo=None)

    def _aware(self, local: datetime) -> datetime:
        return local.replace(tzinfo=self.stage.zone)

    def _note(self, who: str, mine: bool, text: str) -> None:
        self.transcript.append(Line(self._local(), who, mine, text))


def _fits(paper: Kept, name: str, value: Any) -> bool:
    if name == "customer":
        return bool(paper.customer == value)
    return str(value) in str(paper.answers.get(name, ""))
