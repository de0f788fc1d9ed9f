"""The commands beside the server: what they print, what they never print, how they end."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.__main__ import app as commands
from bot.clock import Clock
from bot.commands import audit, doctor, help, invite, outbox, rehearse, serve
from bot.settings import PORT, Settings
from bot.vault import Vault
from storage import audit as log
from storage import callers, channels, invitations, people, tables
from storage.database import Connection, Database
from tests.bot.conftest import NOW, House
from tests.fakes import wecom
from tests.fakes.wecom import WeComServer

ROOT = Path(__file__).parents[3]
Out = pytest.CaptureFixture[str]


def today() -> date:
    return Clock().now().astimezone(ZoneInfo("Asia/Shanghai")).date()


@pytest.fixture
def firm(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Commands read the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("bot.logs.set_up", lambda *_: None)  # serve's lines would go on to the tests that follow
    for name in Settings.model_fields:
        monkeypatch.delenv(f"PAOJIE_{name.upper()}", raising=False)
    monkeypatch.setenv("PAOJIE_DATA", str(tmp_path))
    monkeypatch.setenv("PAOJIE_DATABASE", database_url)
    return tmp_path


def stored(database: Database, folder: Path) -> None:
    """WeCom as it is kept when it was set up in the browser, its key in the folder."""
    secrets = {"secret": wecom.SECRET, "token": wecom.TOKEN, "aes_key": wecom.AES_KEY}
    sealed = Vault(folder).seal(secrets)
    plain = {"corp_id": wecom.CORP_ID, "agent_id": str(wecom.AGENT_ID)}
    database.write_now(lambda conn: channels.put(conn, "wecom", plain, sealed, NOW))


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


class TestHelp:
    @pytest.mark.parametrize(
        ("line", "status"),
        [
            ("", 2),
            ("--help", 0),
            ("fly", 2),
            ("invite", 2),
            ("serve --quickly", 2),
            ("audit --at-least many", 2),
            ("audit 3", 2),
            ("audit --at-least", 2),
        ]
        + [(f"{name} --help", 0) for name in ("serve", "doctor", "invite", "audit", "outbox", "rehearse")],
    )
    def test_no_english(self, line: str, status: int, capsys: Out) -> None:
        assert help.run(commands, line.split()) == status
        shown = "".join(capsys.readouterr())
        assert re.search("用法：|怎么写：", shown)
        assert not re.search("Usage|Options|Commands|Arguments|Show|Error|Missing|such|required|default|<", shown)

    def test_what_is_missing_is_named(self, capsys: Out) -> None:
        help.run(commands, ["rehearse"])
        assert capsys.readouterr().err == "还缺“剧本”。怎么写：python -m bot rehearse --help\n"


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

    def test_the_first_admin_needs_no_name(self, firm: Path, database: Database, capsys: Out) -> None:
        assert invite.main("", role="admin", account="", team="") == 0
        assert re.search(r"管理员 \d{8}", capsys.readouterr().out)
        everybody = database.read_now(lambda conn: people.everybody(conn, today()))
        assert [(one.account, one.name, one.roles) for one in everybody] == [("guanliyuan", "管理员", frozenset({"admin"}))]

    @pytest.mark.parametrize("role", ["", "rep"])
    def test_without_a_name_it_explains_itself(self, firm: Path, database: Database, capsys: Out, role: str) -> None:
        assert invite.main("", role=role, account="", team="") == 2
        told = capsys.readouterr().err
        assert "invite --role admin" in told
        assert "supervisor 部门主管" in told

    def test_on_the_command_line_too(self) -> None:
        ran = subprocess.run([sys.executable, "-m", "bot", "invite"], cwd=ROOT, capture_output=True, check=False)
        assert ran.returncode == 2
        assert "Missing" not in ran.stderr.decode()
        assert "邀请一位同事" in ran.stderr.decode()

    def test_it_leaves_its_rows_in_the_audit_log(self, firm: Path, database: Database, capsys: Out) -> None:
        invite.main("李强", role="rep", account="", team="市场一部")

        def query(conn: Connection) -> list[tuple[str, str]]:
            assert log.verify(conn) is None
            return [(row.via, row.verb) for row in conn.execute(select(tables.audit).order_by(tables.audit.c.seq))]

        assert database.read_now(query) == [("command", "invite"), ("command", "give_role")]

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
        assert capsys.readouterr().out == "错误\t设置\tPAOJIE_PORT 要是一个数字。\n"

    @pytest.mark.parametrize(
        ("name", "value", "told"),
        [
            ("PORT", "70000", "PAOJIE_PORT 要不大于 65535"),
            ("METRICS", "all", "PAOJIE_METRICS 只能是 loopback 或 open"),
            ("URL", "paojie.cn", "PAOJIE_URL 要以 http"),
            ("DATABASE", "mysql://u:canary@x/y", "PAOJIE_DATABASE 只认 SQLite"),
            ("DATABASE", "canary", "PAOJIE_DATABASE 只认 SQLite"),
            ("DATABASE", "postgresql+psycopg://u:canary/9@host/x", "PAOJIE_DATABASE 读不懂"),
        ],
    )
    def test_wrong_settings_in_chinese(self, firm: Path, monkeypatch: pytest.MonkeyPatch, capsys: Out, name: str, value: str, told: str) -> None:
        monkeypatch.setenv(f"PAOJIE_{name}", value)
        assert doctor.main() == 1
        shown = capsys.readouterr().out
        assert told in shown
        with pytest.raises(SystemExit) as ended:
            serve.main(demo=False, fresh=False)
        assert told in str(ended.value)
        assert "canary" not in shown + str(ended.value)
        assert "Input" not in shown + str(ended.value)

    def test_a_file_that_is_no_text(self, firm: Path, capsys: Out) -> None:
        (firm / ".env").write_bytes("PAOJIE_HOST=广州".encode("gbk"))
        assert doctor.main() == 1
        assert "UTF-8" in capsys.readouterr().out

    def test_an_address_as_hosts_hand_it_out(self) -> None:
        chosen = Settings(_env_file=None, database="postgres://u:p@h/x")  # type: ignore[call-arg, arg-type]
        assert chosen.database_url == "postgresql+psycopg://u:p@h/x"

    def test_a_database_that_is_none(self, firm: Path, monkeypatch: pytest.MonkeyPatch, capsys: Out) -> None:
        monkeypatch.setenv("PAOJIE_DATABASE", "")
        (firm / "paojie.db").write_text("这不是数据库" * 200)
        assert doctor.main() == 1
        lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
        assert {what for state, what, _ in lines if state == "错误"} == {"数据库"}
        assert "字体" in {what for _, what, _ in lines}

    @pytest.mark.parametrize(("month", "years"), [(10, []), (11, [2027]), (12, [2027])])
    def test_a_year_without_official_holidays_is_told_from_november_on(self, month: int, years: list[int]) -> None:
        lines = list(doctor._calendar(datetime(2026, month, 1, tzinfo=UTC)))
        assert [int(text[:4]) for state, _, text in lines if state == "注意"] == years
        assert len(lines) == 1

    @pytest.mark.parametrize(("apart", "state"), [(0, "好"), (59, "好"), (61, "错误"), (-61, "错误")])
    def test_the_clock_is_compared_with_the_database_s(self, apart: int, state: str) -> None:
        assert doctor._clock(NOW + timedelta(seconds=apart), NOW, Settings(_env_file=None))[0] == state  # type: ignore[call-arg]

    def test_signs_the_font_has_not(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("papers.fonts.missing", lambda _: "跑")
        assert next(doctor._fonts())[::2] == ("错误", "缺少字形：跑。请重新安装。")

    def test_channels_that_cannot_be_reached_say_what_to_do(self, firm: Path, monkeypatch: pytest.MonkeyPatch, capsys: Out) -> None:
        settings = {"TELEGRAM_TOKEN": "123:canary", "TELEGRAM_API": "http://127.0.0.1:9", "WECOM_API": "http://127.0.0.1:9"}
        settings |= {"WECOM_CORP_ID": "ww1", "WECOM_AGENT_ID": "1", "WECOM_SECRET": "canary", "WECOM_TOKEN": "t", "WECOM_AES_KEY": "a" * 43}
        for name, value in settings.items():
            monkeypatch.setenv(f"PAOJIE_{name}", value)
        assert doctor.main() == 1
        shown = capsys.readouterr().out
        assert "错误\tTelegram\t连不上Telegram。请检查这台机器能不能上网" in shown
        assert "错误\t企业微信\t连不上企业微信。请检查这台机器能不能上网" in shown
        assert "canary" not in shown

    def test_channels_set_up_in_the_browser(self, firm: Path, database: Database, monkeypatch: pytest.MonkeyPatch, capsys: Out) -> None:
        with WeComServer() as weixin:
            monkeypatch.setenv("PAOJIE_WECOM_API", weixin.url)
            stored(database, firm)
            assert doctor.main() == 0
            shown = capsys.readouterr().out
            assert "好\t企业微信\t企业微信可以收发。" in shown
            assert "注意\t企业微信\t还没有来验证回调网址" in shown
            weixin.fail("getcallbackip", 60020, 3)
            assert doctor.main() == 1
            shown += capsys.readouterr().out
            assert "错误\t企业微信\t服务器地址没有加进可信 IP。" in shown
            database.write_now(lambda conn: channels.set_active(conn, "wecom", False, NOW))
            assert doctor.main() == 0
            shown += capsys.readouterr().out
        assert "注意\t企业微信\t停用中：不发消息。" in shown
        assert wecom.SECRET not in shown

    @pytest.mark.parametrize(
        ("key", "told"),
        [
            (None, "不在了。请从备份的钥匙放回原处，或设 PAOJIE_KEY；找不到了，就在「接入」里把密码重新填一遍。"),
            ("b" * 43 + "=", "不是当时那一把。请换回原来的；找不到了，就在「接入」里把密码重新填一遍。"),
            ("not a key", "写法不对：要 44 个字符"),
        ],
    )
    def test_a_key_that_does_not_fit_the_stored_secrets(self, firm: Path, database: Database, capsys: Out, key: str | None, told: str) -> None:
        stored(database, firm)
        (firm / "key").unlink() if key is None else (firm / "key").write_text(key)
        assert doctor.main() == 1
        lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
        wrong = {what: text for state, what, text in lines if state == "错误"}
        assert wrong.keys() == {"钥匙", "企业微信"}
        assert told in wrong["钥匙"]
        assert "「钥匙」" in wrong["企业微信"]
        assert {"数据库", "操作记录", "字体", "网页聊天"} <= {what for state, what, _ in lines if state == "好"}  # the rest is looked at all the same
        assert wecom.SECRET not in str(lines)

    def test_a_database_that_is_not_there(self, firm: Path, monkeypatch: pytest.MonkeyPatch, capsys: Out) -> None:
        monkeypatch.setenv("PAOJIE_DATABASE", "postgresql+psycopg://u:canary@127.0.0.1:1/none")
        assert doctor.main() == 1
        shown = capsys.readouterr().out
        assert "错误\t数据库" in shown
        assert "canary" not in shown
        monkeypatch.setenv("PAOJIE_PORT", "0")
        assert serve.main(demo=False, fresh=False) == 1
        assert capsys.readouterr().err.startswith("数据库连不上。")


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
