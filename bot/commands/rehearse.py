"""python -m bot rehearse: scripts of people's days, played on the web-chat phone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def main(files: Sequence[Path], *, show: bool) -> int:
    missing = [file for file in files if not file.is_file()]
    if missing:
        print("没有这个文件：" + "、".join(map(str, missing)))
        return 2
    from bot.rehearsal import play

    return play.main(files, show)
