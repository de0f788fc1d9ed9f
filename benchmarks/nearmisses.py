"""Names that differ from a true one in one character, its legal form or a branch: none of them may ever be taken for it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tests.papers import names

PAIRS = """
音视 涧润 焦集 河风 末未 己已 日曰 告吿 淮准 江汇 司同 牲性 上土 天夭 士土 人入 八人 大太 州洲 辰晨 昌吕 锋峰 杨扬 崇祟 徐除 钢纲 铜钢 海梅
微徽 宁字 安委 明朋 金全 王玉 千干 东车 广厂 云去 王主 贸贺 限很 责贵 材村 治冶 科料 技枝 设没 备各 利科 市币 品晶 区匹 白自
"""
ALIKE: dict[str, str] = {}
for pair in PAIRS.split():
    ALIKE.setdefault(pair[0], pair[1])
    ALIKE.setdefault(pair[1], pair[0])


def near_misses(name: str, dice: np.random.Generator) -> Iterator[str]:
    """One character another, look-alike, lost or doubled; another legal form; a branch."""
    return (other for other in _others(name, dice) if other != name)


def _others(name: str, dice: np.random.Generator) -> Iterator[str]:
    for _ in range(4):
        at = int(dice.integers(len(name)))
        yield name[:at] + names.COMMON[int(dice.integers(len(names.COMMON)))] + name[at + 1 :]
    for at, sign in enumerate(name):
        if sign in ALIKE:
            yield name[:at] + ALIKE[sign] + name[at + 1 :]
        yield name[:at] + name[at + 1 :]
        yield name[:at] + sign + name[at:]
    yield name + "分公司"
    yield name.replace("有限公司", "有限责任公司") if "有限公司" in name else name + "有限公司"
