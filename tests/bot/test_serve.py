"""python -m bot serve --demo as a process: a visit typed into the web API reaches the supervisor, kill -9 between every two steps."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Demo:
    """The process and two phones."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", headers={"x-paojie": "1"}, timeout=30)
        self.process: subprocess.Popen[str] | None = None

    def command(self, *words: str, **extra: str) -> subprocess.Popen[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PAOJIE_")}
        environment = {**kept, "PAOJIE_DATA": str(self.folder), "PAOJIE_PORT": str(self.port), **extra}
        return subprocess.Popen(
            [sys.executable, "-m", "bot", *words], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def start(self) -> None:
        self.process = self.command("serve", "--demo")
        assert self.process.stdout is not None
        for line in self.process.stdout:  # it says when it listens
            if "并排" in line:
                return
        raise AssertionError("did not start")

    def kill(self, how: signal.Signals = signal.SIGKILL) -> int:
        assert self.process is not None
        self.process.send_signal(how)
        self.process.communicate(timeout=20)
        return self.process.returncode

    def restart(self) -> None:
        self.kill()
        self.start()

    def say(self, who: str, id: str = "", **what: Any) -> dict[str, Any]:
        answer = self.http.post(f"/chat/as/{who}/api/said", json={"id": id or str(uuid.uuid4()), **what})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def hear(self, who: str, wanted: str) -> dict[str, Any]:
        """The newest prompt in which it stands, as soon as there is one."""
        for _ in range(40):
            answer = self.http.get(f"/chat/as/{who}/api/prompts", params={"after": 0, "wait": 1, "got": ""})
            found = [prompt for prompt in answer.json()["prompts"] if wanted in prompt["text"]]
            if found:
                return dict(found[-1])
            time.sleep(0.05)  # what was said before is there at once, so the poll does not wait
        raise AssertionError(f"{who} did not hear {wanted}: {answer.text}")

    def tap(self, who: str, prompt: dict[str, Any], label: str) -> None:
        (token,) = [option["token"] for option in prompt["options"] if label in option["label"]]
        id = str(uuid.uuid4())
        self.say(who, id, tap=token)
        self.restart()
        assert self.say(who, id, tap=token)["new"] is False  # the phone never saw the answer and sends it again


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    made = Demo(tmp_path)
    made.start()
    yield made
    if made.process is not None and made.process.poll() is None:
        made.kill()
    made.http.close()


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_a_visit_reaches_the_supervisor_and_survives_kill_9(demo: Demo) -> None:
    demo.say("liqiang", text="拜访 华东精密 王经理 谈续约")
    demo.restart()
    demo.tap("liqiang", demo.hear("liqiang", "记成这样"), "存下")
    assert "第 1 家" in demo.hear("liqiang", "已存")["text"]
    demo.restart()
    answer = demo.http.post("/chat/demo/api/clock", json={"to": "17:00"})
    assert answer.status_code == 200, answer.text
    log = demo.hear("liqiang", "拜访 1 家")
    demo.restart()
    demo.tap("liqiang", log, "交")
    received = demo.hear("chen", "李强")
    assert re.search("日志", received["text"] + received["title"])
    assert demo.http.get("/readyz").json() == {"database": True, "migrations": True, "ticker": True}
    assert demo.kill(signal.SIGTERM) == 0


def test_one_server_on_one_file_and_the_demo_is_the_demo(demo: Demo) -> None:
    second = demo.command("serve", "--demo", PAOJIE_PORT=str(free_port()))
    told, _ = second.communicate(timeout=20)
    assert (second.returncode, "已经有一个跑街" in told) == (1, True)
    taken = demo.command("serve", "--demo")
    told, _ = taken.communicate(timeout=20)
    assert (taken.returncode, "占用" in told) == (1, True)
    demo.kill(signal.SIGTERM)
    firm = demo.command("serve", PAOJIE_DATA=str(demo.folder / "demo"))
    told, _ = firm.communicate(timeout=20)
    assert (firm.returncode, "演示用的" in told) == (1, True)
