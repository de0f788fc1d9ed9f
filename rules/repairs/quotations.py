"""A quotation from the price table: lines, exact sums, what changed, the hash a consent is bound to (C-4.3.2, C-4.3.3, C-4.3.4a)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from rules import money
from rules.errors import RuleBroken

MOST_LINES, MOST_OF_ONE = 30, 999


@dataclass(frozen=True, slots=True)
class Price:
    """One line of a version of 《有偿维修服务收费价格一览表》."""

    code: str
    name: str
    unit: str
    fen: int


@dataclass(frozen=True, slots=True)
class Line:
    code: str
    name: str
    unit: str
    count: int
    fen: int  # of one

    @property
    def sum(self) -> int:
        return self.count * self.fen


@dataclass(frozen=True, slots=True)
class Quotation:
    """What the customer is asked to agree to; `version` is the price table's."""

    job: str
    version: str
    lines: tuple[Line, ...]

    @property
    def total(self) -> int:
        return sum(line.sum for line in self.lines)

    @property
    def capitals(self) -> str:
        return money.capitals(self.total)

    @property
    def hash(self) -> str:
        """SHA-256 of exactly what is shown; any change in it is another quotation."""
        body = {"job": self.job, "version": self.version, "lines": [asdict(line) for line in self.lines], "total": self.total}
        return hashlib.sha256(json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def quote(job: str, version: str, prices: Mapping[str, Price], wanted: Sequence[tuple[str, int]]) -> Quotation:
    """`wanted`: code and whole number. A price is read from the table, never typed (C-4.3.2b)."""
    if not wanted:
        raise RuleBroken("C-4.3.2b", "报价里还没有项目，请先选一项。")
    if len(wanted) > MOST_LINES:
        raise RuleBroken("C-4.3.2b", f"一张报价最多 {MOST_LINES} 项，请分开报。")
    counts: dict[str, int] = {}
    for code, count in wanted:
        if code not in prices:
            raise RuleBroken("C-4.3.2b", f"价目表里没有「{code}」，请从表里选；表里没有的，请片区经理加进价目表。")
        if not 0 < count <= MOST_OF_ONE:
            raise RuleBroken("C-4.3.2b", f"「{prices[code].name}」的数量要是 1 到 {MOST_OF_ONE} 的整数。")
        counts[code] = counts.get(code, 0) + count
    lines = tuple(Line(code, prices[code].name, prices[code].unit, count, prices[code].fen) for code, count in counts.items())
    return Quotation(job, version, lines)


def worth(prices: Mapping[int, Price], counts: Mapping[int, int]) -> tuple[Mapping[int, str], str]:
    """While it is put together: what each line comes to, by id, and all; a line the table has no more has no sum, and then there is no total."""
    sums = {id: prices[id].fen * count for id, count in counts.items() if id in prices}
    total = f"合计 {money.exact(sum(sums.values()))} 元" if len(sums) == len(counts) else ""
    return {id: f"{money.exact(fen)} 元" for id, fen in sums.items()}, total


def difference(old: Quotation, new: Quotation) -> tuple[str, ...]:
    """What changed, in words for the customer, the sum last (C-4.3.4a)."""
    before, after = {line.code: line for line in old.lines}, {line.code: line for line in new.lines}
    said = [f"不做了：{line.name} {line.count} {line.unit}" for code, line in before.items() if code not in after]
    for code, line in after.items():
        known = before.get(code)
        if known is None:
            said.append(f"新加：{line.name} {line.count} {line.unit} {money.exact(line.sum)} 元")
        elif known.count != line.count:
            said.append(f"{line.name}：{known.count} {line.unit}改为 {line.count} {line.unit}")
        elif known.fen != line.fen:
            said.append(f"{line.name}：单价 {money.exact(known.fen)} 元改为 {money.exact(line.fen)} 元")
    more = new.total - old.total
    if more:
        said.append(f"合计{'多' if more > 0 else '少'} {money.exact(abs(more))} 元，现在是 {money.exact(new.total)} 元")
    return tuple(said)
