"""A person with addresses, and events they send."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert

from conversations.types import Option, Prompt
from storage import inbox
from storage.codec import prompt_json
from storage.tables import address, person, talk

NOW = datetime(2026, 11, 23, 1, 0, 0, 123456, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def a_person(conn: Connection, account: str = "wang", cards: str = "cards") -> int:
    return int(conn.execute(insert(person).values(account=account, name=account, cards=cards).returning(person.c.id)).scalar_one())


def a_talk(conn: Connection, account: str = "wang", **addresses: datetime | None) -> tuple[int, dict[str, int]]:
    """The talk's id and its addresses' by channel; the value is when it was last heard from there."""
    talk_id = int(conn.execute(insert(talk).values(person_id=a_person(conn, account)).returning(talk.c.id)).scalar_one())
    ids = {}
    for channel, heard in addresses.items():
        row = {"channel": channel, "external_id": f"{account}@{channel}", "talk_id": talk_id, "heard_at": heard}
        ids[channel] = int(conn.execute(insert(address).values(row).returning(address.c.id)).scalar_one())
    return talk_id, ids


def says(conn: Connection, key: str, sender: str = "7", *, at: datetime = NOW, fetch_by: datetime | None = None, **body: Any) -> inbox.Received:
    return inbox.put(
        conn,
        "telegram",
        {"key": key, "text": key, **body},
        key=key,
        sender=sender,
        said_at=at,
        received_at=at,
        needs_fetch=fetch_by is not None,
        fetch_by=fetch_by,
    )


def a_prompt(text: str = "好的", *options: str) -> dict[str, Any]:
    return prompt_json(Prompt(text, options=tuple(Option(label, f"a.x.{label}") for label in options)))
