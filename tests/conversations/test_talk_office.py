"""办公: a link for who sets things, a polite word for the others (A-1.3)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, select

from conversations.converse import converse
from conversations.types import Said
from storage import people
from storage.database import Database
from storage.tables import outbox
from tests.storage.firm import NOW, in_firm


@pytest.mark.parametrize("account", ["wu", "lin", "chen", "li", "zhou"])
def test_the_way_in(database: Database, account: str) -> None:
    firm = in_firm(database)
    id = firm.people[account]

    def unit(conn: Connection) -> list[Any]:
        desk = firm.desk(conn, account)
        desk.mark_greeted()
        converse(desk, Said(at=NOW, received=NOW, text="办公"))
        talk = people.talk_of(conn, id)
        assert talk is not None
        return [row["text"] for row in conn.execute(select(outbox.c.body).where(outbox.c.talk_id == talk.id)).scalars()]

    said = database.write_now(unit)[-1]
    assert ("/office/in/" in said) is (account in ("wu", "lin", "chen"))
    assert ("没有要您设置的" in said) is (account in ("li", "zhou"))
