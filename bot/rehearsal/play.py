"""python -m bot rehearse FILE…: plays the scripts on the web-chat phone and prints each person's figures."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from bot.rehearsal.compare import Differed
from bot.rehearsal.player import Player
from bot.rehearsal.script import BadScript, load
from bot.rehearsal.stage import WebStage


def main(files: Sequence[Path], show: bool = False) -> int:
    """0 when every script went as written; 1 names the step that differed and what was heard instead."""
    return asyncio.run(_all(files, show))


async def _all(files: Sequence[Path], show: bool) -> int:
    status = 0
    for path in files:
        try:
            script = load(path)
        except BadScript as problem:
            print(f"✗ {problem}")
            status = 1
            continue
        player = Player(WebStage(), script)
        try:
            await player.play()
            print(f"✓ {script.title}（{path.name}）")
        except Differed as difference:
            print(f"✗ {script.title}（{path.name}）\n{difference}")
            status = 1
        if show:
            print(transcript(player))
        print(figures(player))
    return status


def transcript(player: Player) -> str:
    """The conversation as it would be read: a person's own lines to the right."""
    lines, day = [], player.script.day
    for line in player.transcript:
        if line.at.date() != day:
            day = line.at.date()
            lines.append(f"—— {day.month} 月 {day.day} 日 ——")
        lines.append(f"{line.at:%H:%M} {'→' if line.mine else '←'} {line.who}：{line.text}")
    return "\n".join(lines)


def figures(player: Player) -> str:
    return "\n".join(
        f"  {who}：操作 {one.interactions} 次，打字 {one.typed} 个，主动推送 {one.pushed} 条" for who, one in sorted(player.figures.items())
    )
