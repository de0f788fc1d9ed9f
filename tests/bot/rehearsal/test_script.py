"""What is misspelt in a rehearsal is said with its step, before anything is played."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from textwrap import dedent

import pytest

from bot.rehearsal.script import BadScript, Script, length, load, moment, words


def written(folder: Path, steps: str, head: str = "clock: 2026-11-24 08:25\n") -> Script:
    path = folder / "day.yaml"
    path.write_text(head + "steps:\n" + dedent(steps).strip("\n") + "\n", encoding="utf8")
    return load(path)


def wrong(folder: Path, steps: str, head: str = "clock: 2026-11-24 08:25\n") -> str:
    with pytest.raises(BadScript) as told:
        written(folder, steps, head)
    return str(told.value)


def test_read(tmp_path: Path) -> None:
    head = "title: 一天\nclauses: [A-3.3.3]\nfirm: demo\nclock: 2026-11-24 08:25\nmost: {李强: {interactions: 3}}\n"
    script = written(tmp_path, "- {who: 李强, says: 今天, hears: [早]}\n- restart\n- {at: 17:00}", head)
    assert (script.title, script.clauses, script.clock) == ("一天", ("A-3.3.3",), datetime.fromisoformat("2026-11-24 08:25"))
    assert script.most == {"李强": {"interactions": 3}}
    assert [(step.number, step.verb) for step in script.steps] == [(1, "who"), (2, "restart"), (3, "at")]


def test_on_is_a_key_and_not_true(tmp_path: Path) -> None:
    (step,) = written(tmp_path, "- {who: 李强, says: 今天, on: web}").steps
    assert step.body["on"] == "web"


def test_yes_and_no_are_words(tmp_path: Path) -> None:
    (step,) = written(tmp_path, "- {who: 李强, says: no}").steps
    assert step.body["says"] == "no"


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("- {who: 王五, says: 今天}", "演示公司里没有“王五”"),
        ("- {who: 李强}", "要写 says、taps、sends、burst、hears 之一"),
        ("- {who: 李强, say: 今天}", "say 不认识"),
        ("- {who: 李强, says: 今天, taps: 今天}", "一步只做一件事，现在有 says、taps"),
        ("- {who: 李强, says: {repeat: 好}}", "says 要写成一句话"),
        ("- {who: 李强, hears: [早], times: 2}", "times 要和 says、taps、sends、burst 之一一起写"),
        ("- {who: 李强, says: 今天, of: 2}", "of 只和 taps 一起写"),
        ("- {who: 李强, hears: nothing, buttons: [今天]}", "hears: nothing 就没有 buttons"),
        ("- {who: 李强, says: 今天, on: fax}", "on 可用 web、wecom、telegram，不是 fax"),
        ("- {who: 李强, says: 今天, late: 3 hours}", "时长要写成 10m、2h 或 3d，不是 3 hours"),
        ("- {who: 李强, says: 今天, times: twice}", "times 是次数，不是 twice"),
        ("- {who: 李强, sends: door.jpg}", "sends 要写成"),
        ("- {who: 李强, sends: {picture: door.jpg}}", "picture 不认识"),
        ("- {who: 李强, sends: {photos: [nowhere.jpg]}}", "rehearsals/pictures 里没有 nowhere.jpg"),
        ("- {who: 李强, sends: {place: 31.2}}", "place 要写成"),
        ("- {who: 李强, burst: []}", "burst 要写成"),
        ("- {who: 李强, burst: [{taps: 今天}]}", "burst 里每一条要有 says 或 sends"),
        ("- {go: home}", "要有 who、customer、together、at"),
        ("- 17", "应是一行"),
        ("- {at: noon}", "at 要写成 17:00"),
        ("- {wait: long}", "时长要写成"),
        ("- {down: 10m, who_cares: 1}", "who_cares 不认识"),
        ("- {fault: {recv: 429}}", "fault 要写成"),
        ("- {kept: {by: 李强}}", "kept 要有 form、words、picture 之一"),
        ("- {kept: {form: CustomerVisit, by: 王五}}", "演示公司里没有“王五”"),
        ("- {kept: {form: CustomerVisit, by: 李强, were: 1}}", "were 不认识"),
        ("- {kept: {picture: nowhere.jpg, by: 李强}}", "没有 nowhere.jpg"),
        ("- {most: {李强: {taps: 3}}}", "taps 不认识，可用 interactions、pushed、typed"),
    ],
)
def test_a_wrong_step_is_named(tmp_path: Path, step: str, told: str) -> None:
    said = wrong(tmp_path, "- restart\n" + step)
    assert said.startswith("day.yaml 第 2 步：")
    assert told in said


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ("clock: tomorrow\n", "clock 要写成 2026-11-24 08:25"),
        ("firm: acme\nclock: 2026-11-24 08:25\n", "没有“acme”这家公司"),
        ("titel: 一天\nclock: 2026-11-24 08:25\n", "titel 不认识"),
        ("clock: 2026-11-24 08:25\nmost: {王五: {interactions: 3}}\n", "演示公司里没有“王五”"),
        ("clock: 2026-11-24 08:25\nmost: 3\n", "most 要写成"),
        ("clock: [\n", "YAML 写错了"),
    ],
)
def test_a_wrong_head(tmp_path: Path, head: str, told: str) -> None:
    said = wrong(tmp_path, "- restart", head)
    assert said.startswith("day.yaml：")
    assert told in said


def test_no_file_and_no_steps(tmp_path: Path) -> None:
    with pytest.raises(BadScript, match=r"nowhere\.yaml：打不开这个文件"):
        load(tmp_path / "nowhere.yaml")
    (tmp_path / "empty.yaml").write_text("title: 空\n", encoding="utf8")
    with pytest.raises(BadScript, match=r"empty\.yaml：没有 steps"):
        load(tmp_path / "empty.yaml")


def test_lengths_and_moments() -> None:
    assert [length(text) for text in ("90s", "10m", "2h", "3d")] == [
        timedelta(seconds=90),
        timedelta(minutes=10),
        timedelta(hours=2),
        timedelta(days=3),
    ]
    noon = datetime.fromisoformat("2026-11-24 12:00")
    assert moment("17:00", noon) == datetime.fromisoformat("2026-11-24 17:00")
    assert moment(1020, noon) == datetime.fromisoformat("2026-11-24 17:00")  # how YAML reads 17:00 without quotes
    assert moment("8:40", noon) == datetime.fromisoformat("2026-11-25 08:40")
    assert moment("2026-12-01 08:40", noon) == datetime.fromisoformat("2026-12-01 08:40")


def test_long_words() -> None:
    assert words("今天") == "今天"
    assert words({"repeat": "好", "times": 4}) == "好好好好"
