"""python -m bot look: one line for a person, one JSON object for a program, a drawing of what was seen; nothing stops it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.commands import doctor, look
from bot.rehearsal.script import PICTURES
from papers.sight import reader
from tests.papers import test_signature

KEYS = {"file", "seconds", "usable", "advice", "quad", "seals", "straddle", "signature", "licence", "name_verdict"}
NAME = "上海恒达影音设备有限公司"


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the extra had never been installed."""
    whole = reader.find_spec
    monkeypatch.setattr(reader, "find_spec", lambda name: None if name in ("rapidocr", "onnxruntime") else whole(name))


def shown(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.usefixtures("without")
def test_one_object_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty, form = tmp_path / "empty.jpg", tmp_path / "form.jpg"
    empty.write_bytes(b"")
    form.write_bytes(test_signature.a_form(signed=True))
    assert look.main([empty, form, PICTURES / "unstamped.jpg"], as_json=True, expect=NAME, draw=None) == 0
    nothing, signed, page = shown(capsys)
    assert set(nothing) >= KEYS
    assert (nothing["usable"], nothing["advice"]) == (False, "收到的图片是空的，请再发一次。")
    assert (signed["signature"], page["signature"]) == (True, None)
    assert signed["quad"] is not None


@pytest.mark.usefixtures("without")
def test_what_cannot_be_opened_is_told_and_the_next_is_looked_at(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blank = tmp_path / "form.jpg"
    blank.write_bytes(test_signature.a_form(signed=False))
    assert look.main([tmp_path / "absent.jpg", blank], as_json=False, expect="", draw=tmp_path / "seen.png") == 1
    told = capsys.readouterr()
    assert "absent.jpg 读不了" in told.err
    assert "没有装识别文字的部件" in told.err
    assert "签名的框还是空的" in told.out
    assert (tmp_path / "seen-form.png").exists()


@pytest.mark.skipif(not reader.installed(), reason="without the extra `eyes` nothing is read")
def test_what_is_written_on_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert look.main([PICTURES / "stamped.jpg", PICTURES / "licence.jpg"], as_json=True, expect=NAME, draw=None) == 0
    contract, licence = shown(capsys)
    assert contract["name_verdict"] == "match"
    assert licence["licence"] == {
        "name": NAME,
        "code": "91310115MA1K4Q7B2Q",
        "code_valid": True,
        "form": "有限责任公司(自然人独资)",
        "until": "2036-05-01",
    }


def test_the_doctor_says_whether_it_can_read(without: None) -> None:
    ((state, what, words),) = doctor._eyes()
    assert (state, what) == ("好", "看印章")
    assert "没有装识别文字的部件" in words
    assert "由人填写" in words


def test_nothing_else_needs_the_extra() -> None:
    """In a process that has never heard of it: the child's own work, and the doctor's line."""
    code = """
import sys
from importlib.abc import MetaPathFinder
class Hidden(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition('.')[0] in ('rapidocr', 'onnxruntime'):
            raise ModuleNotFoundError(name)
        return None
import importlib.util as real
whole = real.find_spec
real.find_spec = lambda name, package=None: None if name in ('rapidocr', 'onnxruntime') else whole(name, package)
sys.meta_path.insert(0, Hidden())
from pathlib import Path
from bot.commands import doctor
from papers import eyes
from papers.sight import reader
assert not reader.installed()
seen = eyes.look(Path(sys.argv[1]).read_bytes(), '上海恒达影音设备有限公司')
print(seen.presence, seen.read, [*doctor._eyes()][0][0])
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(PICTURES / "stamped.jpg")], cwd=PICTURES.parents[1], capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["有印章", "False", "好"], done.stderr[-800:]
