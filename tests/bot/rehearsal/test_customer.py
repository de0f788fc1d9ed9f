"""A customer in a script: the page over HTTP, its buttons, the signature; two people in the same second; misspelt steps (C-4.3.3, C-4.5.5b)."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from bot.rehearsal.compare import Differed
from bot.rehearsal.customer import NoLink, newest
from bot.rehearsal.player import Player
from bot.rehearsal.script import BadScript, Script, load
from bot.rehearsal.stage import WebStage

HEAD = "title: 一单\nclock: 2026-11-24 14:00\n"
TO_SIGN = """
- {who: 小方, says: 报修 阳光苑3号楼 楼道灯不亮}
- {who: 小方, taps: "对，存下"}
- {who: 小方, taps: 王师傅（手上 0 张）}
- {who: 王师傅, taps: 接单}
- {who: 王师傅, sends: {photos: [door.jpg]}}
- {who: 王师傅, taps: 灯坏了}
- {who: 王师傅, sends: {photos: [sample.jpg]}}
- {who: 王师傅, taps: 三次都正常}
"""


def written(folder: Path, steps: str, tail: str = "") -> Script:
    path = folder / "day.yaml"
    path.write_text(HEAD + "steps:\n" + dedent(steps).strip("\n") + "\n" + tail, encoding="utf8")
    return load(path)


def player(folder: Path, steps: str, tail: str = "") -> Player:
    return Player(WebStage(), written(folder, steps, tail))


async def difference(folder: Path, steps: str, tail: str = "") -> str:
    with pytest.raises(Differed) as told:
        await player(folder, steps, tail).play()
    return str(told.value)


async def test_the_page_is_opened_and_signed(tmp_path: Path) -> None:
    steps = (
        TO_SIGN
        + "- {customer: 保安, opens: sign, hears: [楼道灯不亮], buttons: [签好了], not: [报价]}\n"
        + "- {customer: 保安, signs: 保安, as: 其他, hears: [谢谢您]}\n- {job: 1124-01, state: 完成, by: 王师傅, photos: 2}\n"
    )
    played = player(tmp_path, steps, "most: {保安: {interactions: 3}}\n")
    await played.play()
    assert played.figures["保安"].interactions == 3


async def test_a_link_works_once(tmp_path: Path) -> None:
    steps = TO_SIGN + "- {customer: 保安, opens: sign}\n- {customer: 保安, signs: 保安}\n- {customer: 小偷, opens: sign, not: [签好了]}\n"
    await player(tmp_path, steps).play()


async def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    assert "没有人的手机上有这样的链接" in await difference(tmp_path, "- {customer: 保安, opens: sign}")
    assert "页面上没有〔同意〕" in await difference(tmp_path, TO_SIGN + "- {customer: 保安, opens: sign, taps: 同意}")
    assert "这张单是：（没有）" in await difference(tmp_path, "- {job: 1124-09, state: 完成}")
    assert "最多 2" in await difference(
        tmp_path, TO_SIGN + "- {customer: 保安, opens: sign}\n- {customer: 保安, signs: 保安}", "most: {保安: {interactions: 2}}\n"
    )


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("- {customer: 刘女士, opens: door}", "opens 可用"),
        ("- {customer: 刘女士}", "要写 opens、taps、signs 之一"),
        ("- {customer: 刘女士, signs: 刘女士, as: 邻居}", "as 可用"),
        ("- {together: [{who: 王师傅, taps: 接单}]}", "together 要写成"),
        ("- {together: [{who: 王师傅, taps: 接单}, {who: 某人, taps: 接单}]}", "演示公司里没有"),
        ("- {job: 1124-01, state: 飞了}", "没有“飞了”这个状态"),
        ("- {most: {某人: {interactions: 1}}}", "演示公司里没有"),
    ],
)
def test_what_is_misspelt_is_said_before_anything_is_played(tmp_path: Path, step: str, said: str) -> None:
    with pytest.raises(BadScript, match=said):
        written(tmp_path, step)


def test_the_newest_link_of_the_kind() -> None:
    one, two = "a" * 30, "b" * 30
    assert newest([f"看 http://127.0.0.1:8000/c/{two}\n", f"/c/{one}"], "consent") == f"http://127.0.0.1:8000/c/{two}"
    with pytest.raises(NoLink):
        newest([f"/c/{one}"], "sign")
