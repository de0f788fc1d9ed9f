"""versions.lock: the version and content hash of every form; `python -m conversations.versions` rewrites it."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from conversations.form import Form

LOCK = Path(__file__).with_name("versions.lock")
HEAD = "# form version content-hash; rewritten by: python -m conversations.versions\n"


def locked(text: str) -> dict[str, tuple[int, str]]:
    rows = (line.split() for line in text.splitlines() if line and not line.startswith("#"))
    return {name: (int(version), digest) for name, version, digest in rows}


def present(forms: Sequence[type[Form]]) -> dict[str, tuple[int, str]]:
    return {form.__name__: (form.version, form.content_hash()) for form in forms}


def unbumped(before: Mapping[str, tuple[int, str]], now: Mapping[str, tuple[int, str]]) -> list[str]:
    """Forms that changed though their version did not grow: open sessions would not be carried over."""
    return sorted(name for name, (version, digest) in now.items() if name in before and digest != before[name][1] and version <= before[name][0])


def written(now: Mapping[str, tuple[int, str]]) -> str:
    return HEAD + "".join(f"{name} {version} {digest}\n" for name, (version, digest) in sorted(now.items()))


def main(arguments: Sequence[str]) -> int:
    from conversations.registry import FORMS  # the forms are not needed to read the lock

    now = present(FORMS)
    before = locked(LOCK.read_text(encoding="utf8")) if LOCK.exists() else {}
    if (names := unbumped(before, now)) and "--unreleased" not in arguments:
        print(f"Raise version= of {', '.join(names)} first (or pass --unreleased when no session of it can exist yet).")
        return 1
    LOCK.write_text(written(now), encoding="utf8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
