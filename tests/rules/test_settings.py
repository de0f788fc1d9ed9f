"""Settings as they are typed: read, refused in words, shown again."""

from __future__ import annotations

import pytest

from rules.errors import RuleBroken
from rules.settings import GROUPS, SETTINGS, Setting


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=lambda one: one.name)
def test_every_setting_is_whole(setting: Setting) -> None:
    assert setting.label
    assert setting.group in GROUPS
    assert setting.read(setting.typed(setting.default)) == setting.default
    assert setting.shown(setting.default)
    if setting.kind in ("minutes", "days", "count"):
        assert setting.least is not None
        assert setting.most is not None
        for outside in (setting.least - 1, setting.most + 1):
            with pytest.raises(RuleBroken):
                setting.read(str(outside))


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("time", "9:05", "09:05"),
        ("time", "9：05", "09:05"),
        ("times", "21:00 到 7:30", "21:00-07:30"),
        ("times", "", ""),
        ("fen", "3,200.5", 320050),
        ("lines", "报价单、名片\n名片", ["报价单", "名片"]),
        ("text", "  两  个 ", "两 个"),
        ("choice", "a", "a"),
        ("phone", "021-55510000、138 0001 0001", "021-55510000、13800010001"),
        ("phone", "", ""),
        ("yesno", "1", True),
        ("yesno", "", False),
    ],
)
def test_as_people_type_it(kind: str, typed: str, value: object) -> None:
    setting = Setting("x", "一项", "公司", kind, "", choices=(("a", "甲"),))  # type: ignore[arg-type]
    assert setting.read(typed) == value
    assert setting.read(setting.typed(value)) == value


@pytest.mark.parametrize(
    ("kind", "typed"),
    [("time", "25:00"), ("time", ""), ("times", "21:00"), ("times", "21:00-21:00"), ("fen", "多"), ("choice", "b"), ("days", "-1"), ("phone", "abc")],
)
def test_what_is_no_value_is_refused_in_words(kind: str, typed: str) -> None:
    setting = Setting("x", "一项", "公司", kind, "", choices=(("a", "甲"),))  # type: ignore[arg-type]
    with pytest.raises(RuleBroken, match="一项"):
        setting.read(typed)
