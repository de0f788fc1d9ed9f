"""A rehearsal's YAML as steps; what is misspelt is said with its step number before anything is played."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml

from bot import demo
from bot.rehearsal.customer import PAGES, RELATIONS
from rules.repairs.jobs import STATES

PICTURES = Path(__file__).parents[2] / "rehearsals" / "pictures"
HEAD = ("title", "clauses", "firm", "clock", "steps", "most")
CHANNELS = ("web", "wecom", "telegram")
FIGURES = ("interactions", "pushed", "typed")
VERBS = ("who", "customer", "together", "at", "wait", "down", "restart", "kill", "fault", "kept", "job", "most")
ACTS = ("says", "taps", "sends", "burst")
SENT = ("photos", "voice", "place")
KEPT = ("form", "words", "picture")
_WHO = ("who", *ACTS, "of", "late", "times", "kill", "on", "hears", "buttons", "not")
_ITEM = ("says", "sends", "late")  # of a burst
_CUSTOMER = ("customer", "opens", "taps", "signs", "as", "again", "hears", "buttons", "not")
_JOB = ("job", "state", "by", "paid", "photos", "rounds")
_LENGTH = re.compile(r"(\d+)\s*(s|m|h|d)")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class BadScript(Exception):
    """The file cannot be played; the text names the step."""


class _Loader(yaml.SafeLoader):
    """`on:` is a key here, and not YAML 1.1's way to write true."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in known if not (tag == "tag:yaml.org,2002:bool" and first in "oOyYnN")]
        for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


@dataclass(frozen=True, slots=True)
class Step:
    """One actor or one verb."""

    number: int
    verb: str
    body: Mapping[str, Any]

    def __str__(self) -> str:
        return f"第 {self.number} 步 {dict(self.body)}"


@dataclass(frozen=True, slots=True)
class Script:
    path: Path
    title: str
    clauses: tuple[str, ...]
    clock: datetime  # local to the firm, naive
    steps: tuple[Step, ...]
    most: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def day(self) -> date:
        return self.clock.date()


def load(path: Path) -> Script:
    raw = _yaml(path)
    steps = []
    for number, body in enumerate(raw["steps"], 1):
        try:
            steps.append(_step(number, body))
        except BadScript as problem:
            raise BadScript(f"{path.name} 第 {number} 步：{problem}") from None
    customers = {str(step.body["customer"]) for step in steps if step.verb == "customer"}
    try:
        most = _most(raw.get("most") or {}, customers)
        if unknown := [str(name) for name in raw if name not in HEAD]:
            raise BadScript(f"{'、'.join(unknown)} 不认识，可用 {'、'.join(HEAD)}")
        if raw.get("firm", "demo") != "demo":
            raise BadScript(f"没有“{raw['firm']}”这家公司，firm 写 demo")
        clock = _clock(raw.get("clock"))
    except BadScript as problem:
        raise BadScript(f"{path.name}：{problem}") from None
    for step in steps:
        if step.verb == "most":
            try:
                _most(step.body["most"], customers)
            except BadScript as problem:
                raise BadScript(f"{path.name} 第 {step.number} 步：{problem}") from None
    return Script(path, str(raw.get("title", path.stem)), tuple(map(str, raw.get("clauses", ()))), clock, tuple(steps), most)


def _yaml(path: Path) -> dict[str, Any]:
    try:
        raw = yaml.load(path.read_text(encoding="utf8"), _Loader)
    except OSError:
        raise BadScript(f"{path.name}：打不开这个文件") from None
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        raise BadScript(f"{path.name}：YAML 写错了" + (f"，第 {mark.line + 1} 行" if mark else "")) from None
    if not isinstance(raw, dict) or not isinstance(raw.get("steps"), list):
        raise BadScript(f"{path.name}：没有 steps")
    return raw


def _clock(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        raise BadScript("clock 要写成 2026-11-24 08:25") from None


def _step(number: int, body: Any) -> Step:
    if isinstance(body, str):
        body = {body: True}
    if not isinstance(body, dict):
        raise BadScript("应是一行 {…}")
    verb = next((verb for verb in VERBS if verb in body), "")
    if not verb:
        raise BadScript(f"要有 {'、'.join(VERBS)} 之一，现在是 {'、'.join(map(str, body))}")
    check = _CHECKS.get(verb)
    _known(body, _WHOLE.get(verb, (verb,)))
    if check is not None:
        check(body if verb in _WHOLE else body[verb])
    return Step(number, verb, body)


def _known(body: Mapping[str, Any], names: Sequence[str]) -> None:
    if unknown := [str(name) for name in body if name not in names]:
        raise BadScript(f"{'、'.join(unknown)} 不认识，可用 {'、'.join(names)}")


def _who(body: Mapping[str, Any]) -> None:
    _person(body["who"])
    acts = [act for act in ACTS if act in body]
    if len(acts) > 1:
        raise BadScript(f"一步只做一件事，现在有 {'、'.join(acts)}")
    if not acts and (idle := [name for name in ("of", "late", "times", "kill") if name in body]):
        raise BadScript(f"{'、'.join(idle)} 要和 {'、'.join(ACTS)} 之一一起写")
    if not acts and not {"hears", "buttons", "not"} & body.keys():
        raise BadScript(f"要写 {'、'.join((*ACTS, 'hears'))} 之一")
    if "of" in body and acts != ["taps"]:
        raise BadScript("of 只和 taps 一起写")
    if body.get("hears") == "nothing" and "buttons" in body:
        raise BadScript("hears: nothing 就没有 buttons")
    if "on" in body and body["on"] not in CHANNELS:
        raise BadScript(f"on 可用 {'、'.join(CHANNELS)}，不是 {body['on']}")
    if "burst" in body:
        _burst(body["burst"])
    _item(body)


def _customer(body: Mapping[str, Any]) -> None:
    if not {"opens", "taps", "signs"} & body.keys():
        raise BadScript("要写 opens、taps、signs 之一")
    if body.get("opens", "sign") not in PAGES:
        raise BadScript(f"opens 可用 {'、'.join(PAGES)}，不是 {body['opens']}")
    if body.get("as", "本人") not in RELATIONS:
        raise BadScript(f"as 可用 {'、'.join(RELATIONS)}，不是 {body['as']}")


def _together(items: Any) -> None:
    if not isinstance(items, list) or len(items) < 2:
        raise BadScript("together 要写成 [{who: …, taps: …}, {who: …, taps: …}]")
    for item in items:
        if not isinstance(item, dict) or len([act for act in ("says", "taps", "sends") if act in item]) != 1:
            raise BadScript("together 里每一条要有 who，和 says、taps、sends 之一")
        _known(item, ("who", "says", "taps", "sends", "of", "on"))
        _person(item.get("who"))
        _item(item)


def _job(body: Mapping[str, Any]) -> None:
    if "state" in body and body["state"] not in STATES.values():
        raise BadScript(f"没有“{body['state']}”这个状态，有：{'、'.join(STATES.values())}")
    if "by" in body:
        _person(body["by"])


def _burst(items: Any) -> None:
    if not isinstance(items, list) or not items:
        raise BadScript("burst 要写成 [{says: …}, {sends: …}]")
    for item in items:
        if not isinstance(item, dict) or len({"says", "sends"} & item.keys()) != 1:
            raise BadScript("burst 里每一条要有 says 或 sends")
        _known(item, _ITEM)
        _item(item)


def _item(body: Mapping[str, Any]) -> None:
    if isinstance(body.get("says"), dict) and set(body["says"]) != {"repeat", "times"}:
        raise BadScript("says 要写成一句话，或 {repeat: 谈续约。, times: 2500}")
    if "late" in body:
        length(body["late"])
    if not isinstance(body.get("times", 1), int):
        raise BadScript(f"times 是次数，不是 {body['times']}")
    if "sends" not in body:
        return
    sends = body["sends"]
    if not isinstance(sends, dict) or not sends:
        raise BadScript("sends 要写成 {photos: [door.jpg]}、{voice: hello.amr} 或 {place: [31.23, 121.47]}")
    _known(sends, SENT)
    for name in (*several(sends.get("photos", [])), *several(sends.get("voice", []))):
        _file(name)
    if "place" in sends and (not isinstance(sends["place"], list) or len(sends["place"]) != 2):
        raise BadScript("place 要写成 [31.23, 121.47]")


def _file(name: Any) -> None:
    if not (PICTURES / str(name)).is_file():
        raise BadScript(f"rehearsals/pictures 里没有 {name}")


def _person(name: Any) -> None:
    names = [one.name for one in demo.people()]
    if name not in names:
        raise BadScript(f"演示公司里没有“{name}”，有：{'、'.join(names)}")


def _kept(body: Any) -> None:
    if not isinstance(body, dict) or len([what for what in KEPT if what in body]) != 1:
        raise BadScript(f"kept 要有 {'、'.join(KEPT)} 之一")
    _known(body, (*KEPT, "by", "count", "where"))
    _person(body.get("by"))
    if "picture" in body:
        _file(body["picture"])


def _fault(body: Any) -> None:
    if not isinstance(body, dict) or "send" not in body:
        raise BadScript("fault 要写成 {send: 429, times: 3}")
    _known(body, ("send", "times"))


def _most(limits: Any, customers: Collection[str] = ()) -> Mapping[str, Mapping[str, int]]:
    if not isinstance(limits, dict) or not all(isinstance(figures, dict) for figures in limits.values()):
        raise BadScript("most 要写成 {李强: {interactions: 3}}")
    for who, figures in limits.items():
        if who not in customers:
            _person(who)
        if unknown := [str(name) for name in figures if name not in FIGURES]:
            raise BadScript(f"most 里 {who} 的 {'、'.join(unknown)} 不认识，可用 {'、'.join(FIGURES)}")
    return limits


def length(value: str | int) -> timedelta:
    """10m, 2h, 90s, 3d."""
    found = _LENGTH.fullmatch(str(value).strip())
    if not found:
        raise BadScript(f"时长要写成 10m、2h 或 3d，不是 {value}")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def moment(value: str | int, now: datetime) -> datetime:
    """17:00 (the next one), or 2026-11-25 08:40; local, naive. YAML reads an unquoted 17:00 as 1020 minutes."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, int):
        value = f"{value // 60:02}:{value % 60:02}"
    text = str(value).strip()
    try:
        if len(text) > 5:
            return datetime.fromisoformat(text)
        target = datetime.combine(now.date(), time.fromisoformat(text.zfill(5)))
    except ValueError:
        raise BadScript(f"at 要写成 17:00 或 2026-11-25 08:40，不是 {value}") from None
    return target if target >= now else target + timedelta(days=1)


def words(says: Any) -> str:
    """What is typed; {repeat: 谈续约。, times: 2500} is a long one."""
    return str(says["repeat"]) * int(says["times"]) if isinstance(says, dict) else str(says)


def several(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]


_WHOLE = {"who": _WHO, "customer": _CUSTOMER, "job": _JOB}  # verbs with more words beside them
_CHECKS: Mapping[str, Callable[[Any], object]] = {
    "who": _who,
    "customer": _customer,
    "together": _together,
    "job": _job,
    "at": lambda value: moment(value, datetime.fromisoformat("2000-01-01")),
    "wait": length,
    "down": length,
    "fault": _fault,
    "kept": _kept,
    "most": lambda value: None,  # a customer it names may come later: read with the whole script
}
