"""backup while the server runs, restore while it does not: told in words what happened and what to do."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from storage import mark
from storage.backup.manifest import names
from storage.database import Database
from tests.storage.firm import in_firm


@pytest.fixture
def firm(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PAOJIE_DATA", str(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    shutil.copy(sqlite_template, tmp_path / "data" / "paojie.db")
    database = Database("sqlite://", tmp_path / "data")
    in_firm(database)
    database.write_now(lambda conn: mark.set_kind(conn, "firm"))
    database.close()
    return tmp_path / "data"


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, words)
    return done.exit_code, done.output


def test_there_and_back(firm: Path, tmp_path: Path) -> None:
    serving = Database("sqlite://", firm)
    serving.lock_server()
    code, told = run("backup")
    assert (code, "核对过" in told) == (0, True)
    (name,) = names(firm / "backups")
    assert run("doctor")[1].count("好\t备份\t上一次好的备份") == 1
    code, told = run("restore", str(firm / "backups"))
    assert (code, "先停掉服务" in told) == (1, True)
    serving.close()
    code, told = run("restore", str(firm / "backups" / name))
    assert (code, "--replace" in told) == (1, True)
    assert run("restore", str(firm / "backups" / name), "--demo")[0] == 1
    code, told = run("restore", str(firm / "backups"), "--replace")
    assert (code, "恢复好了" in told, (firm / "paojie.db.before-1").exists()) == (0, True, True)


def test_elsewhere_and_not_there(firm: Path, tmp_path: Path) -> None:
    assert run("backup", str(tmp_path / "disk"))[0] == 0
    assert len(names(tmp_path / "disk")) == 1
    assert not (firm / "backups").exists()
    code, told = run("restore", str(tmp_path / "nowhere"))
    assert (code, "没有备份" in told) == (1, True)
    (table,) = (tmp_path / "disk").glob("*/tables/person.jsonl.gz")
    table.write_bytes(table.read_bytes()[:-1])
    code, told = run("restore", str(tmp_path / "disk"), "--replace")
    assert (code, "坏了" in told, "没有动" in told) == (1, True, True)
