"""The command menu beside Telegram's text field: Latin names, as the platform demands, each standing for a word people type."""

from __future__ import annotations

from collections.abc import Collection, Sequence

WORDS = {  # command: what it stands for
    "today": "今天",
    "visit": "记拜访",
    "call": "记电话",
    "customer": "新客户",
    "log": "写日志",
    "find": "查客户",
    "resume": "继续",
    "how": "怎么做",
    "help": "帮助",
}
_FOR = {  # role: its commands, in the order shown
    "rep": ("today", "visit", "call", "customer", "log", "find", "resume", "how", "help"),
    "supervisor": ("today", "find", "how", "help"),
    "manager": ("today", "find", "how", "help"),
}
_EVERYBODY = ("today", "how", "help")


def commands(roles: Collection[str] = ()) -> Sequence[tuple[str, str]]:
    """Name and Chinese description, for one person's roles; without roles what everybody has."""
    names = [name for role in _FOR if role in roles for name in _FOR[role]] or _EVERYBODY
    return [(name, WORDS[name]) for name in WORDS if name in names]


def word_of(text: str) -> str:
    """/today as 今天, /find 华东 as 查 华东; anything else as it was typed."""
    if not text.startswith("/"):
        return text
    head, _, rest = text.partition(" ")
    name = head[1:].partition("@")[0].lower()
    if name == "find" and rest.strip():
        return f"查 {rest.strip()}"
    word = WORDS.get(name)
    return f"{word} {rest}".strip() if word else text
