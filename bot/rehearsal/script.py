"""A rehearsal's YAML as steps; what is misspelt is said with its step number before anything is played."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml

CHANNELS = ("web", "wecom", "telegram")
FIGURES = ("interactions", "pushed", "typed")
VERBS = ("who", "at", "wait", "down", "restart", "kill", "fault", "kept", "invite")
WHO_KEYS = {"who", "says", "taps", "of", "sends", "late", "times", "on", "hears", "buttons", "not"}
_LENGTH = re.compile(r"(\d+)\s*(s|m|h|d)")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class BadScript(Exception):
    """The file cannot be played; the text names the step."""


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
    raw = yaml.safe_load(path.read_text(encoding="utf8"))
    if not isinstance(raw, dict) or not isinstance(raw.get("steps"), list):
        raise BadScript(f"{path.name}：没有 steps")
    most = raw.get("most") or {}
    for who, figures in most.items():
        if unknown := set(figures) - set(FIGURES):
            raise BadScript(f"{path.name}：most 里 {who} 的 {'、'.join(unknown)} 不认识，可用 {'、'.join(FIGURES)}")
    steps = tuple(_step(path, number, body) for number, body in enumerate(raw["steps"], 1))
    return Script(path, str(raw.get("title", path.stem)), tuple(raw.get("clauses", ())), _clock(path, raw.get("clock")), steps, most)


def _clock(path: Path, value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        raise BadScript(f"{path.name}：clock 要写成 2026-11-24 08:25") from None


def _step(path: Path, number: int, body: Any) -> Step:
    if isinstance(body, str):
        body = {body: True}
    if not isinstance(body, dict):
        raise BadScript(f"{path.name} 第 {number} 步：应是一行 {{…}}")
    verb = next((verb for verb in VERBS if verb in body), "")
    if not verb:
        raise BadScript(f"{path.name} 第 {number} 步：要有 {'、'.join(VERBS)} 之一，现在是 {'、'.join(map(str, body))}")
    if verb == "who" and (unknown := set(body) - WHO_KEYS):
        raise BadScript(f"{path.name} 第 {number} 步：{'、'.join(unknown)} 不认识")
    return Step(number, verb, body)


def length(value: str | int) -> timedelta:
    """10m, 2h, 90s, 3d."""
    found = _LENGTH.fullmatch(str(value).strip())
    if not found:
        raise BadScript(f"时长要写成 10m、2h 或 3d，不是 {value}")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def moment(value: str | int, now: datetime) -> datetime:
    """17:00 (the next one), or 2026-11-25 08:40; local, naive. YAML reads an unquoted 17:00 as 1020 minutes."""
    if isinstance(value, int):
        value = f"{value // 60:02}:{value % 60:02}"
    text = str(value).strip()
    if len(text) > 5:
        return datetime.fromisoformat(text)
    target = datetime.combine(now.date(), time.fromisoformat(text.zfill(5)))
    return target if target >= now else target + timedelta(days=1)


def several(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]
