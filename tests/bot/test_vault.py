"""Sealed secrets: the key made at the first need, wrong, missing or misspelt keys in words, nothing shown."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from bot.vault import BadKey, NoKey, Vault, WrongKey, tail

SECRETS = {"secret": "canary-canary", "token": "x"}


def test_sealed_and_opened_with_the_key_made_at_the_first_need(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "data")
    assert not vault.path.exists()
    sealed = vault.seal(SECRETS)
    assert "canary" not in sealed
    assert Vault(tmp_path / "data").open(sealed) == SECRETS
    assert vault.open("") == {}
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["key"]
    if sys.platform != "win32":
        assert vault.path.stat().st_mode & 0o777 == 0o600


def test_the_environment_s_key_needs_no_file(tmp_path: Path) -> None:
    given = Vault(tmp_path, "x" * 43 + "=")
    sealed = given.seal(SECRETS)
    assert list(tmp_path.iterdir()) == []
    assert given.open(sealed) == SECRETS
    with pytest.raises(WrongKey, match="PAOJIE_KEY"):
        Vault(tmp_path, "y" * 43 + "=").open(sealed)
    with pytest.raises(NoKey, match="钥匙文件"):
        Vault(tmp_path).open(sealed)


@pytest.mark.parametrize("written", [b"", b"not a key", b"\xff\xfe"])
def test_a_key_that_is_none(tmp_path: Path, written: bytes) -> None:
    (tmp_path / "key").write_bytes(written)
    with pytest.raises(BadKey, match="44 个字符"):
        Vault(tmp_path).open("gAAAAA")


def test_a_half_written_key_of_a_killed_process_is_no_key(tmp_path: Path) -> None:
    (tmp_path / f"key.{os.getpid()}").write_bytes(b"half")
    assert Vault(tmp_path).open(Vault(tmp_path).seal(SECRETS)) == SECRETS


@pytest.mark.parametrize(("secret", "shown"), [("a-secret-of-some-length", "…ngth"), ("short", "…"), ("", "…")])
def test_only_the_last_four_are_shown(secret: str, shown: str) -> None:
    assert tail(secret) == shown
