"""The codes that hang in stairways: each leads to its building, whatever the list calls it later (C-4.5.1, C-5.1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import count

from sqlalchemy import Connection, select

from storage import settings
from storage.codec import digest
from storage.tables import setting

House = tuple[str, str]  # estate and building
_NAMED = "code:"  # a note of the program's own for each code handed out
_BEGINNING = date(2000, 1, 1)


def short(estate: str, building: str, nth: int = 0) -> str:
    """What stands in its code to scan: the fewer signs, the larger the dots an old phone has to read."""
    return digest("".join(f"{estate}{building}".split()) + (f"#{nth}" if nth else ""))[:10]


def led(conn: Connection, code: str) -> House | None:
    """Where a code that was handed out leads."""
    found = settings.value(conn, f"{_NAMED}{code}", _BEGINNING)
    return (str(found[0]), str(found[1])) if found else None


def handed(conn: Connection) -> Mapping[str, House]:
    rows = conn.execute(select(setting.c.name, setting.c.value).where(setting.c.name.startswith(_NAMED)).order_by(setting.c.name))
    return {name.removeprefix(_NAMED): (str(value[0]), str(value[1])) for name, value in rows}


def lead(conn: Connection, code: str, house: House) -> None:
    settings.put(conn, f"{_NAMED}{code}", list(house), _BEGINNING)


def of(known: Mapping[str, House], house: House) -> str:
    """The one it has, else a new one; what another building's posters say is never taken from it."""
    mine = next((code for code, where in known.items() if where == house), "")
    return mine or next(code for nth in count() if (code := short(*house, nth)) not in known)
