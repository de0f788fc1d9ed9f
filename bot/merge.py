"""Messages that wait because the platform wants no more of them this minute, said as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.channels.base import Capabilities
from conversations.types import Prompt

_UNITS = {"bytes": lambda text: len(text.encode()), "utf16": lambda text: len(text.encode("utf-16-le")) // 2, "characters": len}


def merged(prompts: Sequence[Prompt], can: Capabilities) -> tuple[Prompt, int]:
    """As many as one message can carry, from the first on, and how many those are. Questions of a form stay by themselves."""
    whole, count = prompts[0], 1
    for prompt in prompts[1:]:
        joined = _joined(whole, prompt)
        if not _fits(joined, whole, prompt, can):
            break
        whole, count = joined, count + 1
    return whole, count


def _joined(first: Prompt, then: Prompt) -> Prompt:
    return replace(first, text=f"{_headed(first)}\n\n{_headed(then)}", title="", options=first.options + then.options, wants=())


def _headed(prompt: Prompt) -> str:
    return f"【{prompt.title}】\n{prompt.text}" if prompt.title else prompt.text


def _fits(joined: Prompt, first: Prompt, then: Prompt, can: Capabilities) -> bool:
    labels = [option.label for option in joined.options]
    return (
        not (first.ref or then.ref or first.attach or then.attach)
        and _UNITS[can.text_unit](joined.text) <= can.text_units
        and len(labels) <= can.buttons
        and len(set(labels)) == len(labels)
    )
