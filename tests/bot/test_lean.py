"""The server that waits holds none of what only pictures, lists, names or platforms need."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot import lean

ROOT = Path(__file__).parents[2]
HEAVY = {
    *("PIL", "cv2", "numpy", "rapidocr", "onnxruntime", "xlsxwriter", "python_calamine", "stdnum", "pypinyin", "cn2an", "rapidfuzz"),
    *("telegram", "wechatpy", "httpx", "requests", "psycopg", "alembic", "cryptography", "rich", "watchfiles", "greenlet", "jinja2", "segno", "yaml"),
}
_STARTS = """
import asyncio, sys
from pathlib import Path
from bot import lean
with lean.imports():
    from bot.commands import serve
from bot.app import App
from bot.settings import Settings
from bot.web.app import Site

async def idle(folder):
    app = App(Settings(_env_file=None, data=Path(folder)))
    await app.start()
    Site(app)
    await asyncio.sleep(0.3)
    print("\\n".join(sys.modules))
    await app.stop()

asyncio.run(idle(sys.argv[1]))
"""


def test_what_an_idle_server_has_loaded(tmp_path: Path, sqlite_template: Path) -> None:
    (tmp_path / "paojie.db").write_bytes(sqlite_template.read_bytes())
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PAOJIE_")}
    done = subprocess.run([sys.executable, "-c", _STARTS, str(tmp_path)], cwd=ROOT, env=kept, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert {"sqlalchemy", "starlette", "uvicorn"} <= loaded
    assert sorted(loaded & HEAVY) == []
    assert "sqlalchemy.orm" not in done.stdout.split()


def test_kept_out_only_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "watchfiles"]:
        monkeypatch.delitem(sys.modules, name)
    with lean.imports(), pytest.raises(ImportError):
        import watchfiles
    import watchfiles

    assert watchfiles.watch
