"""python -m bot import and export: odd headings, faulty rows, formula strings, every kind of file, and back again; on both databases."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.__main__ import app
from bot.settings import Settings
from papers import workbook
from storage import audit
from storage.database import Database
from storage.tables import customer, person
from tests import office_files
from tests.papers import oldbooks
from tests.storage.firm import in_firm

Out = pytest.CaptureFixture[str]
Bot = Callable[..., int]
ROWS = (
    ["×× 公司员工花名册"],
    ["员工 姓名*", "联系方式（手机）", "企微账号", "所属部门", "岗位", "生日"],
    ["王芳", "138 0002 0001", "wangfang", "二部", "业务员", "1990-1-1"],
    ["=HYPERLINK(1)", "13800020002", "", "二部", "@SUM(A1)", ""],
    ["钱电话", "1380", "", "二部", "业务员", ""],
)


@pytest.fixture
def bot(database: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bot:
    """The command line, in a firm of its own."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"PAOJIE_{name.upper()}", raising=False)
    monkeypatch.setenv("PAOJIE_DATA", str(tmp_path))
    monkeypatch.setenv("PAOJIE_DATABASE", database_url)
    in_firm(database)

    def run(*words: object) -> int:
        try:
            app([str(word) for word in words])
        except SystemExit as ended:
            return int(ended.code or 0)
        return 0

    return run


def named(database: Database, table: object = person) -> set[str]:
    return set(database.read_now(lambda conn: conn.execute(select(table.c.name)).scalars().all()))  # type: ignore[attr-defined]


def rows_of(kind: str) -> bytes:
    if kind == "csv":
        return "\r\n".join(",".join(str(cell) for cell in row) for row in ROWS).encode("gbk")
    if kind == "txt":
        return "\n".join("\t".join(str(cell) for cell in row) for row in ROWS).encode("utf-8-sig")
    made: dict[str, Callable[[], bytes]] = {
        "xlsx": lambda: office_files.book(("花名册", ROWS)),
        "xls": lambda: oldbooks.xls("花名册", ROWS),
        "ods": lambda: oldbooks.ods("花名册", ROWS),
    }
    return made[kind]()


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods", "csv", "txt"])
def test_looked_at_brought_in_and_taken_back(bot: Bot, database: Database, tmp_path: Path, capsys: Out, kind: str) -> None:
    file, before = tmp_path / f"花名册.{kind}", named(database)
    file.write_bytes(rows_of(kind))
    assert bot("import", file, "--dry-run", "--report", tmp_path / "红.xlsx") == 1  # something is wrong in it
    told = capsys.readouterr().out
    assert "人员\n" in told
    assert "新增 1，更新 0，一样 0，有问题 2" in told
    assert "不认识的列（第 6 列）：生日" in told
    assert "第 4 行 角色" in told
    assert "第 5 行 手机号" in told
    assert "只是核对，没有导入" in told
    assert named(database) == before
    (red,) = workbook.read((tmp_path / "红.xlsx").read_bytes())
    assert red.rows[3][0] == "=HYPERLINK(1)"  # still words, never a formula
    assert red.rows[3][-1]

    assert bot("import", file) == 0
    told = capsys.readouterr().out
    assert "新增 1，更新 0，一样 0，有问题没有导入 2。" in told
    assert named(database) == before | {"王芳"}
    undo = told.strip().splitlines()[-1].partition("python -m bot ")[2].split()
    assert undo[:2] == ["import", "--undo"]

    assert bot("import", file) == 0
    assert "新增 0，更新 0，一样 1" in capsys.readouterr().out
    assert bot(*undo) == 0
    assert "撤回了第" in capsys.readouterr().out
    assert named(database) == before
    assert bot(*undo) == 2
    assert "已经办过了" in capsys.readouterr().err
    assert database.read_now(audit.verify) is None


def test_what_cannot_be_is_said_in_words(bot: Bot, tmp_path: Path, capsys: Out) -> None:
    nothing, empty = tmp_path / "x.xlsx", tmp_path / "空.xlsx"
    nothing.write_bytes(b"%PDF-1.7")
    empty.write_bytes(office_files.book(("说明", [["这里什么名单也没有"]])))
    for words, status, told in (
        (("import",), 2, "请写要导入的文件"),
        (("import", "没有.xlsx"), 2, "没有这个文件"),
        (("import", nothing), 2, "Excel"),
        (("import", empty), 1, "没有可以导入的行"),
        (("import", nothing, "--list", "staff"), 2, "people 人员"),
        (("import", nothing, "--undo", "1"), 2, "分两次"),
        (("import", "--undo", "99"), 2, "没有这次导入"),
        (("export", "staff"), 2, "people  人员和班次"),
        (("export", "people", "--from", "昨天"), 2, "2026-11-03"),
        (("export", "people", "--as", "li"), 2, "不能导出"),
    ):
        assert bot(*words) == status, words
        assert told in "".join(capsys.readouterr()), words


def test_everything_goes_out_and_formulas_stay_words(bot: Bot, database: Database, tmp_path: Path, capsys: Out) -> None:
    hostile = ["=1+1", "+86 138", "-2", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1"]
    rows = [["客户名称", "简称", "地址"], *([f"{nth}公司", words, words] for nth, words in enumerate(hostile))]
    file = tmp_path / "客户.xlsx"
    file.write_bytes(office_files.book(("客户", rows)))
    assert bot("import", file) == 0
    assert named(database, customer) >= {"0公司", "5公司"}
    target = tmp_path / "出.xlsx"
    capsys.readouterr()
    assert bot("export", "customers", target) == 0
    assert "行" in capsys.readouterr().out
    (sheet,) = workbook.read(target.read_bytes())
    out = {row[0]: row[1] for row in sheet.rows[1:]}
    assert [str(out[f"{nth}公司"]).strip() for nth in range(len(hostile))] == [words.strip() for words in hostile]
    for name in ("people", "units", "prices", "media", "contracts", "papers", "cases", "jobs", "settings", "audit"):
        assert bot("export", name, tmp_path / f"{name}.xlsx") == 0, name
        assert workbook.read((tmp_path / f"{name}.xlsx").read_bytes())
    assert bot("export", "papers", tmp_path / "p.xlsx", "--from", "2026-11-01", "--to", "2026-11-30", "--as", "LIN") == 0
