"""What a person may mute, by name, and what nobody may: money, contracts, the law, emergencies (A-1.2, A-8.3c)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from conversations import contacting, deliveries, tokens
from conversations.desk import Desk
from conversations.spoken import clock_words
from conversations.types import Option, Prompt


@dataclass(frozen=True, slots=True)
class Topic:
    """Kinds of reminder under one name; `words` are what people call it."""

    key: str
    label: str
    kinds: frozenset[str]
    words: tuple[str, ...]


TOPICS: tuple[Topic, ...] = (
    Topic("morning", "早安卡", frozenset({"morning"}), ("早安", "早安卡", "早上的卡", "早上")),
    Topic("logs", "日志提醒", frozenset({"log_due", "log_missing"}), ("日志", "交日志", "日志提醒")),
    Topic("promises", "答应客户的事", frozenset({"promise", "request_told", "need_answer"}), ("答应", "答应的事", "答应客户的事", "答复客户")),
    Topic("requests", "客户要求", frozenset({"request_reply", "need_proposal"}), ("要求", "客户要求")),
    Topic("digest", "傍晚汇总", frozenset({"digest"}), ("汇总", "傍晚汇总", "晚报", "日报汇总")),
    Topic("papers", "交单提醒", frozenset({"papers_due", "papers_missing"}), ("交单", "交单提醒", "单子")),
    # These two speak within the morning card, which leaves them out.
    Topic("deliveries", "送书送刊", frozenset(), ("送书", "送刊", "送书送刊", "期刊")),
    Topic("customers", "客户跟进", frozenset({"prospect"}), ("跟进", "客户跟进", "潜在客户", "该联系的客户")),
)
BY_KEY: Mapping[str, Topic] = {topic.key: topic for topic in TOPICS}
NEVER = ("钱", "收款", "交款", "现金", "财务", "合同", "续约", "法律", "法务", "紧急", "急事", "急修", "跑水", "备份")
SPANS = (("today", "今天"), ("week", "这一周"), ("always", "直到我说恢复"))
KINDS_IN_WORDS = {
    "morning": "早安卡",
    "log_due": "日志还没交",
    "log_missing": "日志未交",
    "promise": "答应客户的事到时间",
    "request_told": "把答复告诉客户",
    "request_reply": "客户要求等答复",
    "need_proposal": "外地客户等方案",
    "need_answer": "把方案答复客户",
    "prospect": "客户调查到期",
    "digest": "傍晚汇总",
    "papers_due": "单据还没交",
    "papers_missing": "单据未交",
}
LISTED = 8


def topic_of_kind(kind: str) -> str:
    """ "" for what cannot be muted."""
    return next((topic.key for topic in TOPICS if kind in topic.kinds), "")


def named(words: str) -> Topic | None:
    """早安卡, 日志提醒: the topic called so."""
    said = words.strip(" 。的了，,!！").removesuffix("提醒")
    return next((topic for topic in TOPICS if said in topic.words or said == topic.label.removesuffix("提醒")), None)


def never(words: str) -> bool:
    return any(word in words for word in NEVER)


def menu(desk: Desk) -> Prompt:
    """Every topic with its state; one tap to change it."""
    muted = desk.topics_muted()
    chosen = [topic for topic in TOPICS if topic.key in muted or _concerns(desk, topic)]
    lines = ["这些可以少提醒您：" if chosen else "现在没有可以单独静音的提醒。"]
    lines += [f"{topic.label}：{_state(desk, muted, topic.key)}" for topic in chosen]
    lines.append("钱款、合同、法律期限和急事照常发。")
    options = [Option(f"恢复{topic.label}", tokens.of_action("topic", topic.key, "off")) if topic.key in muted else _mute(topic) for topic in chosen]
    return Prompt("\n".join(lines), (*options, Option("2 小时全静音", tokens.of_action("mute", 2))))


def _mute(topic: Topic) -> Option:
    return Option(f"静音{topic.label}", tokens.of_action("topic", topic.key))


_CONCERNS: Mapping[str, frozenset[str]] = {
    "logs": frozenset({"rep", "supervisor"}),
    "requests": frozenset({"manager"}),
    "digest": frozenset({"supervisor", "manager", "area_manager", "station_master"}),
    "papers": frozenset({"technician"}),
}


def _concerns(desk: Desk, topic: Topic) -> bool:
    """A rep has no digest, a manager no morning card."""
    return not desk.me.roles.isdisjoint(_CONCERNS.get(topic.key, {"rep"}))


def _state(desk: Desk, muted: Mapping[str, datetime | None], key: str) -> str:
    if key not in muted:
        return "照常"
    until = muted[key]
    return f"静音到 {clock_words(until, desk)}" if until is not None else "静音，等您说恢复"


def ask_how_long(topic: Topic) -> Prompt:
    return Prompt(f"{topic.label}多久不提醒？", tuple(Option(label, tokens.of_action("topic", topic.key, how)) for how, label in SPANS))


def until(desk: Desk, how: str) -> datetime | None:
    """The end of today or of Sunday; None: until said otherwise."""
    today = desk.calendar.day_of(desk.now)
    last = {"today": today, "week": today + timedelta(days=6 - today.weekday())}.get(how)
    return desk.calendar.bounds(last)[1] if last is not None else None


def muted(desk: Desk, topic: Topic, how: str) -> Prompt:
    ends = until(desk, how)
    desk.mute_topic(topic.key, ends)
    if ends is not None:
        desk.remind("unmuted", f"{desk.me.id}:{topic.key}", ends, topic=topic.key)
    else:
        desk.forget("unmuted", f"{desk.me.id}:{topic.key}")
    words = {"today": "今天不再提醒", "week": "这一周不再提醒"}.get(how, "不再提醒，写「恢复提醒」就恢复")
    back = Option("恢复", tokens.of_action("topic", topic.key, "off"))
    return Prompt(f"好，{topic.label}{words}。到时没提醒的会列给您。", (back,))


def unmuted(desk: Desk, topic: Topic) -> Prompt | None:
    """What was held back meanwhile, and how it stands now; None when there is neither."""
    held = [one for one in desk.unmute_topic(topic.key) if one[0] in topic.kinds]
    desk.forget("unmuted", f"{desk.me.id}:{topic.key}")
    lines = [f"静音时没提醒您的 {len(held)} 条：{listed(desk, held)}。"] if held else []
    lines += _standing(desk, topic)
    return Prompt("\n".join([f"{topic.label}恢复提醒了。{lines[0]}", *lines[1:]])) if lines else None


def _standing(desk: Desk, topic: Topic) -> list[str]:
    """Of what stands in the morning card: as it would stand there today."""
    if "rep" not in desk.me.roles:
        return []
    day = desk.calendar.day_of(desk.now)
    return deliveries.lines(desk, day, desk.me.id) if topic.key == "deliveries" else contacting.lines(desk, day) if topic.key == "customers" else []


def listed(desk: Desk, held: Sequence[tuple[str, datetime]]) -> str:
    told = [f"{clock_words(at, desk)} {KINDS_IN_WORDS.get(kind, '提醒')}" for kind, at in held]
    return "；".join(told[-LISTED:]) + (f"；更早还有 {len(told) - LISTED} 条" if len(told) > LISTED else "")


def all_unmuted(desk: Desk, keys: Iterable[str]) -> Prompt:
    """恢复提醒: everything at once."""
    said = [prompt.text for key in keys if key in BY_KEY and (prompt := unmuted(desk, BY_KEY[key])) is not None]
    return Prompt("\n".join(["好，照常提醒您。", *said]))
