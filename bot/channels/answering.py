"""What any platform's answer tells beside its words: whose clock is wrong, what is wrong with the network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

CERTIFICATE = "certificate"  # refused: as a rule a clock far out, or a proxy that looks inside
SKEW = timedelta(minutes=5)  # WeCom's callbacks are refused from ten on


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a platform said no with, in words, and what to do about it. `ours`: something typed here is wrong."""

    code: str
    words: str
    todo: str
    ours: bool = False

    def __str__(self) -> str:
        return f"{self.words}。{self.todo}" + (f"（{self.code}）" if self.code else "")


@dataclass(frozen=True, slots=True)
class Looked:
    """How a platform stands: who it says we are, or what is wrong; and the clock, which may be wrong beside."""

    name: str = ""
    trouble: Trouble | None = None
    clock: Trouble | None = None
    waiting: int = 0  # messages the platform holds for us

    @property
    def ok(self) -> bool:
        return self.trouble is None


_NETWORK: Mapping[str, tuple[str, str]] = {
    CERTIFICATE: ("证书没有通过检查", "请先核对这台机器的日期和时间；对的话，是网络里的代理在拦截，请问网络管理员"),
    "ConnectError": ("连不上{platform}", "请检查这台机器能不能上网，有没有防火墙挡住 {address}"),
    "ConnectTimeout": ("连{platform}等了太久", "请检查这台机器能不能上网，有没有防火墙挡住 {address}"),
    "ReadTimeout": ("{platform}没有及时回答", "多半是网络慢，请过一会儿再检查一次"),
    "HTTP": ("{platform}现在有故障", "请过几分钟再检查一次"),
    "no answer": ("{platform}没有及时回答", "会自动再发。多半是网络慢，请过一会儿再看"),
    "the channel waits": ("在排队", "前面有一条没有发成，都在等它；好了会自动接着发，不用再按"),
    "held by an earlier 429": ("在排队", "{platform}让等一等，到时会自动发，不用再按"),
    "enough for one minute": ("在排队", "一分钟里发得多了，会自动接着发，不用再按"),
    "other": ("没有发成", "会自动再试；一直不行，请把这一行给装系统的人看"),
    "not": ("回答的不是{platform}", "这台机器的网络要先登录，或有代理在拦截。请用浏览器打开任意网页看看"),
}


def network(why: str, platform: str, address: str) -> Trouble:
    """`why` as our clients name it: the kind of the error, never its text, which may hold a secret."""
    known = "not" if ("not an answer" in why or "not the Bot API" in why) else "HTTP" if why.startswith(("HTTP 5", "status 5")) else why
    wire = known.endswith(("Error", "Timeout"))  # as the client names what may befall a connection
    words, todo = _NETWORK.get(known, _NETWORK["ConnectError" if wire else "other"])
    return Trouble("", words.format(platform=platform), todo.format(platform=platform, address=address) + "。")


def skew(date: str, now: datetime) -> timedelta | None:
    """How far the clock of who answered is ahead of ours; None when it did not say."""
    try:
        return parsedate_to_datetime(date) - now
    except (ValueError, TypeError):
        return None


def wrong_clock(ahead: timedelta | None) -> Trouble | None:
    if ahead is None or abs(ahead) <= SKEW:
        return None
    minutes = round(abs(ahead).total_seconds() / 60)
    way = "慢" if ahead > timedelta(0) else "快"
    return Trouble("", f"这台机器的时间{way}了 {minutes} 分钟", "请打开自动对时，否则企业微信送来的消息会被当成过期的退回，提醒也会不准。")
