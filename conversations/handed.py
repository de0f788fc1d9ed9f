"""What a colleague is told when a list brings customers to them or takes them away, and when that is taken back (A-1.3, A-3.3.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from conversations import tokens
from conversations.types import Option, Prompt

NAMED = 4
GROUPS = 3
LONGEST = 16  # of a name in a list of them
_TODAY = Option("今天", tokens.of_action("today"), main=True)
_SEE = "写「查 客户名」看往来。"
_STAYS = "您做过的记录都留着。"


@dataclass(slots=True)
class Named:
    """So many customers, and the first few by name."""

    count: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, name: str) -> None:
        self.count += 1
        if len(self.first) < NAMED:
            self.first.append(name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…")

    @property
    def words(self) -> str:
        return "、".join(self.first) + (f"等 {self.count} 家" if self.count > len(self.first) else "")


@dataclass(slots=True)
class Passed:
    """One colleague's: by the other one's name, "" for nobody; `matters` are what is open of those that came."""

    came: dict[str, Named] = field(default_factory=dict)
    went: dict[str, Named] = field(default_factory=dict)
    matters: int = 0


def by_list(by: str, passed: Passed) -> Prompt:
    lines = [f"{by}导入了客户名单，从今天起您名下的客户有变动："]
    if passed.came:
        lines += [f"归您的 {_count(passed.came)} 家：{_groups(passed.came, '原来{}的', '')}{_along(passed)}。{_SEE}"]
    if passed.went:
        lines += [f"转出的 {_count(passed.went)} 家：{_groups(passed.went, '给{}的', '')}。{_STAYS}"]
    return Prompt("\n".join(lines), (_TODAY,))


def taken_back(by: str, passed: Passed) -> Prompt:
    """The same the other way: what had come has gone, what had gone has come."""
    lines = [f"{by}撤回了那次客户名单的导入，您名下的客户变回来了："]
    if passed.went:
        lines += [f"又归您的 {_count(passed.went)} 家：{_groups(passed.went, '给过{}的', '')}{_along(passed)}。{_SEE}"]
    if passed.came:
        lines += [f"不归您了的 {_count(passed.came)} 家：{_groups(passed.came, '还给{}的', '不在名单里了的')}。"]
    return Prompt("\n".join(lines), (_TODAY,))


def _count(found: Mapping[str, Named]) -> int:
    return sum(one.count for one in found.values())


def _groups(found: Mapping[str, Named], with_name: str, with_none: str) -> str:
    """原来张敏的甲、乙；丙、丁: the largest first, the rest by number."""
    order = sorted(found.items(), key=lambda one: -one[1].count)
    said = [f"{with_name.format(name) if name else with_none}{named.words}" for name, named in order[:GROUPS]]
    left = sum(named.count for _, named in order[GROUPS:])
    return "；".join([*said, *([f"另外 {left} 家"] if left else [])])


def _along(passed: Passed) -> str:
    return f"，连同没办完的事 {passed.matters} 件" if passed.matters else ""
