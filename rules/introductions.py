"""What every rep has to be able to explain, in versions: which holds, what goes out with a book, who is told of a change (A-3.4.1, A-3.2.2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from rules.errors import RuleBroken

TOPICS: Mapping[str, str] = {
    "service": "服务项目",
    "copies": "发行量",
    "columns": "栏目",
    "positions": "版位和价格",
    "contract": "合同管理规定",
    "fairs": "今年展会",
    "letter": "招商函",
    "notes": "业务说明",
    "web": "网络策划",
}
ENCLOSED = ("letter", "notes")  # handed over with every book
_CALLED: Mapping[str, tuple[str, ...]] = {
    "service": ("服务", "项目"),
    "copies": ("发行", "印数"),
    "columns": ("栏目",),
    "positions": ("版位", "价格", "报价", "刊例"),
    "contract": ("合同", "规定"),
    "fairs": ("展会", "活动"),
    "letter": ("招商",),
    "notes": ("业务说明", "业务"),
    "web": ("网络", "策划", "网站"),
}
LONGEST, NAME = 3000, 80


def topic_of(words: str) -> str:
    """版位 → positions; the longest word found in what was asked, "" for none."""
    found = [(len(word), topic) for topic, called in _CALLED.items() for word in (TOPICS[topic], *called) if word in words]
    return max(found, key=lambda one: one[0])[1] if found else ""


def check(topic: str, name: str, text: str, files: int, since: date, today: date) -> None:
    """A version says something, bears a name, and never begins in the past: what a customer was shown stays what it was."""
    if topic not in TOPICS:
        raise RuleBroken("A-3.4.1", "请选一项介绍内容。")
    if not 1 <= len(name.strip()) <= NAME:
        raise RuleBroken("A-3.4.1", f"请写版本名称，例如 2026 年 12 月版，{NAME} 个字以内。")
    if not text.strip() and not files:
        raise RuleBroken("A-3.4.1", "请写内容，或附图片、PDF。")
    if len(text) > LONGEST:
        raise RuleBroken("A-3.4.1", f"内容有 {len(text):,} 个字，最多 {LONGEST:,} 个字。长的请附 PDF。")
    if since < today:
        raise RuleBroken("A-3.4.1", "启用日期要在今天或以后，用过的版本不改。")
