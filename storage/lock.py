"""One server per SQLite file: a lock the system drops when the process dies."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO

from storage.errors import AlreadyServing

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


class ServerLock:
    """Held from `take` until `release` or the end of the process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def take(self) -> None:
        if self._file is not None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("a+b")
        try:
            _lock(file)
        except OSError as error:
            file.close()
            raise AlreadyServing(str(self._path)) from error
        os.set_inheritable(file.fileno(), False)
        self._file = file

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
