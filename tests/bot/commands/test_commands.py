"""The commands beside the server: what they print, what they never print, how they end."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.clock import Clock
from bot.commands import audit, doctor, invite, outbox, rehearse, serve
from bot.settings import PORT, Settings
from storage import callers, invitations, people
from storage.database import Database
from tests.bot.conftest import NOW, House

ROOT = Path(__file__).parents[3]
Out = pytest.CaptureFixture[str]


def today() -> date:
    return Clock().now().astimezone(ZoneInfo("Asia/Shanghai")).date()


@pytest.fixture
def firm(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Commands read the environment."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"PAOJIE_{name.upper()}", raising=False)
    monkeypatch.setenv("PAOJIE_DATA", str(tmp_path))
    monkeypatch.setenv("PAOJIE_DATABASE", database_url)
    return tmp_path


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from bot.__main__ import app\n"
        "try: app(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'sqlalchemy', 'starlette', 'uvicorn', 'pydantic', 'structlog', 'httpx', 'msgspec'}\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & heavy))"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "[]"
    assert all(name in ran.stdout for name in ("serve", "doctor", "invite", "audit", "outbox", "rehearse"))


class TestInvite:
    def test_the_first_admin(self, firm: Path, database: Database, capsys: Out) -> None:
        assert invite.main("小吴", role="admin", account="", team="") == 0
        shown = capsys.readouterr().out
        token = re.search(r"#in=([\w-]{43})", shown)
        assert token is not None
        assert re.search(r"小吴 \d{8}", shown)
        who = database.read_now(lambda conn: people.by_account(conn, "xiaowu", today()))
        assert who is not None
        assert (who.name, who.roles, who.greeted) == ("小吴", {"admin"}, False)
        assert database.read_now(lambda conn: invitations.whose(conn, token[1], NOW)) == who.id

    def test_again_is_the_same_person(self, firm: Path, database: Database, capsys: Out) -> None:
        for _ in range(2):
            assert invite.main("李强", role="rep", account="", team="市场一部") == 0
        everybody = database.read_now(lambda conn: people.everybody(conn, today()))
        assert [(one.account, one.roles) for one in everybody] == [("liqiang", {"rep"})]

    def test_two_of_one_name_are_told_apart(self, firm: Path, database: Database, capsys: Out) -> None:
        for account in ("liqiang", "liqiang2"):
            assert invite.main("李强", role="", account=account, team="") == 0
        assert invite.main("李强", role="", account="", team="") == 2
        assert "liqiang、liqiang2" in capsys.readouterr().err

    def test_an_unknown_role_lists_those_there_are(self, firm: Path, capsys: Out) -> None:
        assert invite.main("李强", role="boss", account="", team="") == 2
        assert "supervisor" in capsys.readouterr().err


class TestAudit:
    async def test_whole_and_tampered_with(self, house: House, firm: Path, capsys: Out) -> None:
        await house.hire("li")
        await house.says("在", "wecom", "li")
        await house.app.drain()
        assert audit.main(0) == 0
        assert audit.main(99) == 1
        shown = capsys.readouterr().out
        assert "完整：1 号" in shown
        assert "缺了这一号" in shown


class TestOutbox:
    async def test_parked_messages_are_listed_without_their_words_and_taken_up(self, house: House, firm: Path, capsys: Out) -> None:
        await house.hire("wang", ("telegram", "7"))
        bad = await house.says("错的话")
        await house.app.drain()
        assert outbox.main([], []) == 0
        shown = capsys.readouterr().out
        assert f"搁置的收件 {bad.id}" in shown
        assert "错的话" not in shown
        assert outbox.main([], [bad.id]) == 0
        assert outbox.main([7], []) == 1
        house.converse = lambda desk, said: None
        await house.restart()
        await house.app.drain()
        capsys.readouterr()
        outbox.main([], [])
        assert capsys.readouterr().out == "没有等着的，也没有搁置的。\n"


class TestDoctor:
    def test_a_line_for_everything(self, firm: Path, database: Database, capsys: Out) -> None:
        assert doctor.main() == 0
        lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
        assert {what for _, what, _ in lines} >= {"设置", "网址", "文件夹", "数据库", "迁移", "操作记录", "时钟", "日历", "字体", "网页聊天"}
        assert {state for state, _, _ in lines} <= {"好", "注意"}

    def test_wrong_settings_are_named_and_the_status_says_so(self, firm: Path, monkeypatch: pytest.MonkeyPatch, capsys: Out) -> None:
        monkeypatch.setenv("PAOJIE_PORT", "eighty")
        assert doctor.main() == 1
        assert capsys.readouterr().out.startswith("错误\t设置\tPAOJIE_PORT")

    def test_a_database_that_is_not_there(self, firm: Path, monkeypatch: pytest.MonkeyPatch, capsys: Out) -> None:
        monkeypatch.setenv("PAOJIE_DATABASE", "postgresql+psycopg://u:canary@127.0.0.1:1/none")
        assert doctor.main() == 1
        shown = capsys.readouterr().out
        assert "错误\t数据库" in shown
        assert "canary" not in shown


class TestRehearse:
    def test_a_file_that_is_not_there(self, tmp_path: Path, capsys: Out) -> None:
        assert rehearse.main([tmp_path / "none.yaml"], show=False) == 2
        assert "none.yaml" in capsys.readouterr().out


class TestPort:
    def settings(self, port: int | None) -> Settings:
        return Settings(_env_file=None, port=port)  # type: ignore[call-arg]

    def test_a_port_that_is_taken(self) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            assert serve.bind(self.settings(port), next_free=False) is None
            free = serve.bind(self.settings(port), next_free=True)
        assert free is not None
        assert free.getsockname()[1] > port
        free.close()

    def test_where_to_look(self) -> None:
        chosen = self.settings(9001)
        assert serve.welcome(chosen, demo=False) == "跑街已启动：http://127.0.0.1:9001/chat"
        shown = serve.welcome(chosen.for_demo(), demo=True)
        assert "http://127.0.0.1:9001/chat/as/liqiang" in shown
        assert self.settings(None).public_url.endswith(f":{PORT}")


def test_a_conversation_is_not_needed_to_know_the_admins(database: Database) -> None:
    assert database.write_now(lambda conn: callers.tell_admins(conn, "x", key="k", now=NOW, today=NOW.date())) == 0
