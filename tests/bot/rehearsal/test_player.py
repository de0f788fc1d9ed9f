"""A step that goes otherwise fails, is named, and what was heard instead is shown; figures are counted as people feel them."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from bot.rehearsal import play
from bot.rehearsal.compare import Differed
from bot.rehearsal.player import Player
from bot.rehearsal.script import load
from bot.rehearsal.stage import WebStage

HEAD = "title: 一天\nclock: 2026-11-24 09:50\n"


def player(folder: Path, steps: str, tail: str = "", *, restart: bool = False) -> Player:
    path = folder / "day.yaml"
    path.write_text(HEAD + "steps:\n" + dedent(steps).strip("\n") + "\n" + tail, encoding="utf8")
    return Player(WebStage(), load(path), restart_between=restart)


async def difference(folder: Path, steps: str, tail: str = "") -> str:
    with pytest.raises(Differed) as told:
        await player(folder, steps, tail).play()
    return str(told.value)


VISIT = """
- {who: 李强, says: "拜访 华东精密 王经理 谈续约", hears: [记成这样, 华东精密｜见了王经理], buttons: ["对，存下"]}
- {who: 李强, taps: "对，存下", hears: [已存，今天第 1 家]}
"""


async def test_it_goes_as_written(tmp_path: Path) -> None:
    played = player(tmp_path, VISIT + "- {kept: {form: CustomerVisit, by: 李强, where: {customer: 华东精密, met: 王经理, photos: 0, at: '09:50'}}}")
    await played.play()
    figures = played.figures["李强"]
    assert (figures.interactions, figures.typed, figures.pushed) == (2, 15, 0)
    shown = play.transcript(played)
    assert "09:50 → 李强：拜访 华东精密 王经理 谈续约" in shown
    assert "09:50 → 李强：〔对，存下〕" in shown
    assert "← 李强：已存，今天第 1 家" in shown
    assert play.figures(played) == "  李强：操作 2 次，打字 15 个，主动推送 0 条"


async def test_with_a_restart_between_any_two_steps_and_one_in_the_middle(tmp_path: Path) -> None:
    steps = VISIT.replace('谈续约",', '谈续约", kill: true,')
    await player(tmp_path, steps, restart=True).play()


async def test_what_was_not_heard(tmp_path: Path) -> None:
    said = await difference(tmp_path, "- restart\n- {who: 李强, says: 你好, hears: [李强, 再见]}")
    assert said.startswith("第 2 步 ")
    assert "没有听到“再见”，听到的是：\n李强，您好。" in said


async def test_in_order(tmp_path: Path) -> None:
    said = await difference(tmp_path, "- {who: 李强, says: 你好, hears: [您好, 李强]}")
    assert "没有听到“李强”" in said


async def test_what_should_not_have_been_heard(tmp_path: Path) -> None:
    assert "不该听到“您好”" in await difference(tmp_path, "- {who: 李强, says: 你好, not: [您好]}")
    assert "不该有消息，却听到：" in await difference(tmp_path, "- {who: 李强, says: 你好, hears: nothing}")


async def test_nothing_where_something_was_wanted(tmp_path: Path) -> None:
    assert "听到的是：\n（什么也没有）" in await difference(tmp_path, "- {who: 周姐, hears: [早]}")


async def test_buttons(tmp_path: Path) -> None:
    assert "没有按钮〔不存在〕" in await difference(tmp_path, "- {who: 李强, says: 你好, buttons: [不存在]}")
    said = await difference(tmp_path, "- {who: 李强, says: 你好}\n- {who: 李强, taps: 不存在}")
    assert said.startswith("第 2 步 ")
    assert "没有〔不存在〕这个按钮。最后看到：\n  李强，您好。" in said


async def test_an_older_card(tmp_path: Path) -> None:
    assert "这个按钮" in await difference(tmp_path, VISIT + '- {who: 李强, taps: "对，存下", of: 2}')


async def test_what_is_heard_without_asking_is_read_in_a_later_step(tmp_path: Path) -> None:
    await player(tmp_path, "- {who: 李强, says: 你好}\n- {who: 李强, hears: [李强，您好]}\n- {who: 李强, hears: nothing}").play()


async def test_a_burst_late_and_twice_is_kept_once(tmp_path: Path) -> None:
    steps = """
    - who: 李强
      burst: [{says: "拜访 华东精密 王经理 谈续约", late: 50m}, {sends: {photos: [door.jpg]}, late: 48m}]
      times: 2
      hears: ["09:00", 照片 1 张]
    - {who: 李强, taps: "对，存下", hears: [已存]}
    - {kept: {form: CustomerVisit, by: 李强, where: {at: '09:00', photos: 1}}}
    - {kept: {picture: door.jpg, by: 李强}}
    """
    await player(tmp_path, steps).play()


async def test_kept(tmp_path: Path) -> None:
    said = await difference(tmp_path, VISIT + "- {kept: {form: CustomerVisit, by: 李强, where: {met: 孙经理}}}")
    assert "合得上的有 0 份。存下的是：" in said
    assert "王经理" in said
    assert "（没有）" in await difference(tmp_path, "- {kept: {words: 天气, by: 李强}}")
    assert "合得上的有 0 份" in await difference(tmp_path, "- {kept: {picture: door.jpg, by: 李强}}")
    await player(
        tmp_path, "- {who: 李强, says: 天气真好啊}\n- {kept: {words: 天气真好, by: 李强}}\n- {kept: {words: 下雨, by: 李强, count: 0}}"
    ).play()


async def test_most(tmp_path: Path) -> None:
    said = await difference(tmp_path, VISIT, "most: {李强: {interactions: 1}}\n")
    assert said == "most：李强 的 interactions 是 2，最多 1"
    again = (
        VISIT + "- {most: {李强: {interactions: 2, typed: 15}}}\n- {who: 李强, says: 今天, hears: [华东精密]}\n- {most: {李强: {interactions: 1}}}"
    )
    await player(tmp_path, again).play()
    said = await difference(tmp_path, VISIT + "- {most: {李强: {typed: 14}}}")
    assert said.startswith("第 3 步 ")
    assert "李强 的 typed 是 15，最多 14" in said


async def test_time_goes_from_due_to_due(tmp_path: Path) -> None:
    await player(tmp_path, "- {at: '17:00'}\n- {who: 李强, hears: [张总的报价]}\n- {wait: 1h}\n- {who: 陈主管, hears: [未交]}").play()


async def test_an_outage_skips_what_has_passed(tmp_path: Path) -> None:
    await player(tmp_path, "- {at: '16:55'}\n- {down: 30m}\n- {who: 李强, hears: [晚了一些], not: [日志]}").play()


class TestMain:
    """python -m bot rehearse."""

    def test_as_written(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = tmp_path / "day.yaml"
        path.write_text(HEAD + "steps:\n- {who: 李强, says: 你好, hears: [您好]}\n", encoding="utf8")
        assert play.main([path], show=True) == 0
        out = capsys.readouterr().out
        assert out.startswith("✓ 一天（day.yaml）\n09:50 → 李强：你好\n")
        assert "  李强：操作 1 次，打字 2 个，主动推送 0 条" in out

    def test_otherwise_and_misspelt(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        first, second = tmp_path / "first.yaml", tmp_path / "second.yaml"
        first.write_text(HEAD + "steps:\n- {who: 李强, says: 你好, hears: [再见]}\n", encoding="utf8")
        second.write_text(HEAD + "steps:\n- {who: 李强}\n", encoding="utf8")
        assert play.main([first, second]) == 1
        out = capsys.readouterr().out
        assert "✗ 一天（first.yaml）\n第 1 步 " in out
        assert "✗ second.yaml 第 1 步：要写" in out
