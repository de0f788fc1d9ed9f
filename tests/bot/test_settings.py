"""What may be set, what is refused in words, and that no secret shows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.commands.configured import problems
from bot.settings import WECOM, Settings

ROOT = Path(__file__).parents[2]
SECRET = "canary-4711-secret"
FULL = {
    "PAOJIE_TELEGRAM_TOKEN": f"1:{SECRET}",
    "PAOJIE_TELEGRAM_SECRET": SECRET,
    "PAOJIE_DATABASE": f"postgresql+psycopg://u:{SECRET}@host/db",
    "PAOJIE_WECOM_CORP_ID": "ww1",
    "PAOJIE_WECOM_AGENT_ID": "1000002",
    "PAOJIE_WECOM_SECRET": SECRET,
    "PAOJIE_WECOM_TOKEN": SECRET,
    "PAOJIE_WECOM_AES_KEY": "k" * 43,
}


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"PAOJIE_{name.upper()}", raising=False)


def set_all(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value)


def test_nothing_set_is_enough() -> None:
    chosen = Settings()
    assert (chosen.database_url, chosen.port, chosen.host, chosen.public_url) == ("sqlite://", None, "127.0.0.1", "http://127.0.0.1:8080")
    assert (chosen.has_telegram, chosen.has_wecom) == (False, False)


def test_no_secret_in_repr_nor_in_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, **FULL)
    chosen = Settings()
    assert SECRET not in repr(chosen) + str(chosen) + str(chosen.model_dump())
    assert len(chosen.secrets()) == 6
    monkeypatch.setenv("PAOJIE_WECOM_AES_KEY", SECRET)
    with pytest.raises(ValidationError) as wrong:
        Settings()
    assert SECRET not in str(wrong.value) + "".join(problems(wrong.value))


@pytest.mark.parametrize("missing", [f"PAOJIE_{name.upper()}" for name in WECOM])
def test_half_a_wecom_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    set_all(monkeypatch, **{name: value for name, value in FULL.items() if name != missing})
    with pytest.raises(ValidationError) as wrong:
        Settings()
    assert problems(wrong.value) == [f"企业微信还缺：{missing}"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("PAOJIE_PORT", "http"), ("PAOJIE_PORT", "70000"), ("PAOJIE_URL", "paojie.cn"), ("PAOJIE_ZONE", "Shanghai"), ("PAOJIE_TELEGRAM_MODE", "push")],
)
def test_a_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as wrong:
        Settings()
    assert problems(wrong.value)[0].strip().startswith(name)


def test_a_webhook_needs_its_secret_and_https(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, PAOJIE_TELEGRAM_TOKEN="1:x", PAOJIE_TELEGRAM_MODE="webhook")
    with pytest.raises(ValidationError, match="PAOJIE_TELEGRAM_SECRET"):
        Settings()
    set_all(monkeypatch, PAOJIE_TELEGRAM_SECRET="s", PAOJIE_URL="https://paojie.cn/")
    assert Settings().url == "https://paojie.cn"


def test_the_demo_touches_nothing_that_is_real(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, **FULL, PAOJIE_DATA="here", PAOJIE_PORT="9000")
    demo = Settings().for_demo()
    assert (demo.data, demo.port, demo.database_url) == (Path("here/demo"), 9000, "sqlite://")
    assert (demo.has_telegram, demo.has_wecom, demo.secrets()) == (False, False, ())


def test_the_example_lists_every_setting_and_no_other() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf8").splitlines()
    listed = [line.removeprefix("#").partition("=")[0] for line in lines if "PAOJIE_" in line and "=" in line and not line.startswith("# ")]
    assert listed == [f"PAOJIE_{name.upper()}" for name in Settings.model_fields]


def test_a_platform_that_is_not_set_up_is_not_even_imported() -> None:
    code = (
        "import sys; from pathlib import Path; from bot.app import App; from bot.platforms import configured\n"
        "from bot.settings import Settings; from bot.clock import Clock\n"
        "import bot.web.app; configured(Settings(_env_file=None), Clock())\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'telegram', 'wechatpy', 'typer', 'pypinyin'}))"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ran.stdout.strip(), ran.stderr) == ("[]", "")
