"""Telegram's refusals in words, each with what to do."""

from __future__ import annotations

from bot.channels.answering import Trouble, network
from bot.channels.base import AddressDead, Refused, SendFailed
from bot.channels.telegram_api import BAD_TOKEN, UNREACHABLE, Conflict, TooFast

_TOKEN = Trouble("401", "Telegram 不认这个令牌", "请在 @BotFather 里发 /mybots，选机器人 → API Token，整行重新复制。", ours=True)
_CONFLICT = Trouble("409", "别的程序也在用这个机器人", "一个机器人只能有一处来收消息。请停掉另一处，或在 @BotFather 里 /revoke 换一个新令牌。")
_FAST = Trouble("429", "问得太快，Telegram 让等一等", "请过一分钟再检查。")
_BLOCKED = Trouble("403", "这位同事把机器人停用了，或还没有按过 Start", "请本人在 Telegram 里打开机器人，按 Start。")
_UNKNOWN = Trouble("400", "Telegram 没有接受请求", "请把这一行发给装系统的人。")

_SIGNS = ((_FAST, ("too many requests",)), (_CONFLICT, ("conflict",)), (_BLOCKED, ("forbidden", *UNREACHABLE)), (_UNKNOWN, ("bad request",)))


def trouble(failed: SendFailed, address: str) -> Trouble:
    if str(failed) == BAD_TOKEN:
        return _TOKEN
    if isinstance(failed, Conflict):
        return _CONFLICT
    if isinstance(failed, TooFast):
        return _FAST
    if isinstance(failed, AddressDead):
        return _BLOCKED
    if isinstance(failed, Refused):
        return _UNKNOWN
    return network(str(failed), "Telegram", address)


def of_text(why: str, address: str) -> Trouble:
    """From what a send left behind as its reason: Telegram's own words, or the kind of a network error."""
    if why == BAD_TOKEN:
        return _TOKEN
    low = why.lower()
    for trouble, signs in _SIGNS:
        if any(sign in low for sign in signs):
            return trouble
    return network(why, "Telegram", address)
