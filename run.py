"""python3 run.py (the firm, or the demo where there is none) | demo | test | check | bench | lock: makes .venv from the hashed locks. Stdlib only."""

import sys

if sys.version_info < (3, 11):  # before anything an older Python cannot read
    sys.exit("跑街需要 Python 3.11 或更新版本，现在是 %d.%d。Paojie needs Python 3.11 or newer." % sys.version_info[:2])

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCKS = {"run": ROOT / "requirements.lock", "dev": ROOT / "requirements-dev.lock"}
COMPILE = "pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --python-version 3.11"
CODE = ["bot", "conversations", "papers", "rules", "scheduler", "storage", "tests", "benchmarks", "run.py"]


def main(words: list[str]) -> int:
    verb, rest = (words[0], words[1:]) if words else ("", [])
    if not verb:
        set_up("run")
        return call([PYTHON, "-m", "bot", "serve", "--auto"])
    if verb == "demo":
        set_up("run")
        return call([PYTHON, "-m", "bot", "serve", "--demo", *rest])
    if verb == "test":
        set_up("dev")
        return call([PYTHON, "-m", "pytest", *(rest or ["-n", "2", "--dist", "loadgroup"])])
    if verb == "check":
        set_up("dev")
        return check()
    if verb == "bench":
        set_up("dev")
        return bench(rest)
    if verb == "lock":
        set_up("dev")
        for kind, lock in LOCKS.items():
            compile_lock(kind, lock)
        return 0
    print(__doc__)
    return 2


def set_up(kind: str) -> None:
    """Make .venv hold exactly the lock; the dev lock contains the run lock, so it serves both."""
    stamp = VENV / "paojie.stamp"
    have = stamp.read_text(encoding="utf8").split() if stamp.exists() and PYTHON.exists() else []
    if _stamp(kind) in have:
        return
    if not PYTHON.exists():
        _say("第一次启动：正在建立 .venv …")
        _make_venv()
    stamp.unlink(missing_ok=True)
    _install(LOCKS[kind])
    stamps = [_stamp("run"), _stamp("dev")] if kind == "dev" else [_stamp("run")]
    stamp.write_text("\n".join(stamps), encoding="utf8")


def _stamp(kind: str) -> str:
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    return f"{kind}:{version}:{hashlib.sha256(LOCKS[kind].read_bytes()).hexdigest()}"


def _make_venv() -> None:
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
    if made.returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    if "ensurepip" in made.stdout + made.stderr:
        sys.exit("这台机器的 Python 缺少 venv（ensurepip）。请先运行：apt install python3-venv（Debian、Ubuntu），再来一次。")
    sys.exit(f"建立 .venv 没有成功：\n{made.stdout}{made.stderr}")


def _install(lock: Path) -> None:
    total = sum(1 for line in lock.read_text(encoding="utf8").splitlines() if "==" in line)
    _say(f"正在安装 {total} 个锁定的软件包，约一分钟，只做一次 …")
    uv = shutil.which("uv")
    if uv:
        command = [uv, "pip", "install", "--python", str(PYTHON), "--require-hashes", "-r", str(lock)]
    else:
        command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--require-hashes", "-r", str(lock)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf8", errors="replace") as running:
        seen, lines = 0, []
        for line in running.stdout or ():
            lines.append(line)
            if line.startswith("Collecting"):
                seen += 1
                if sys.stdout.isatty() or seen % 25 == 0:
                    print(f"\r  {seen}/{total}", end="" if sys.stdout.isatty() else "\n", flush=True)
    if running.returncode:
        sys.exit("".join(lines[-25:]) + "\n安装没有成功。请检查网络后再运行一次；已装好的不会重来。")
    _say("装好了。")


def check() -> int:
    """Lint, types, one import direction, fresh locks, migrations equal to tables: everything is tried, the first failure is the status."""
    code = [name for name in CODE if (ROOT / name).exists()]
    results = [
        call([PYTHON, "-m", "ruff", "check", *code]),
        call([PYTHON, "-m", "ruff", "format", "--check", *code]),
        call([PYTHON, "-m", "mypy"]),
        call([PYTHON, "-m", "pytest", "-p", "no:cacheprovider", "tests/house", "tests/storage/test_migrations.py"]),
        locks_fresh(),
    ]
    return next((code for code in results if code), 0)


def locks_fresh() -> int:
    for kind, lock in LOCKS.items():
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / lock.name
            shutil.copy(lock, copy)  # its pins are preferred: only what pyproject.toml demands may change
            compile_lock(kind, copy)
            if copy.read_text(encoding="utf8") != lock.read_text(encoding="utf8"):
                print(f"{lock.name} 与 pyproject.toml 不一致。请运行 python3 run.py lock 并提交。")
                return 1
    print("locks fresh")
    return 0


def compile_lock(kind: str, output: Path) -> None:
    group = ["--group", "dev"] if kind == "dev" else []
    environment = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
    command = [str(PYTHON), "-m", "uv", *COMPILE.split(), "pyproject.toml", *group, "-o", str(output)]
    subprocess.run(command, cwd=ROOT, env={**environment, "UV_NO_PROGRESS": "1"}, check=True, stdout=subprocess.DEVNULL)


def bench(words: list[str]) -> int:
    names = sorted(path.stem for path in (ROOT / "benchmarks").glob("[a-z]*.py"))
    if not words or words[0] not in names:
        print("python3 run.py bench NAME：" + "、".join(names))
        return 2
    return call([PYTHON, "-m", f"benchmarks.{words[0]}", *words[1:]])


def call(command: list[str | Path]) -> int:
    try:
        return subprocess.run([str(word) for word in command], cwd=ROOT, check=False).returncode
    except KeyboardInterrupt:
        return 130


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf8", errors="replace")
    sys.exit(main(sys.argv[1:]))
