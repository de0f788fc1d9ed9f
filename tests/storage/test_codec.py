"""What is stored comes back the same."""

from __future__ import annotations

from datetime import UTC, datetime

from conversations.types import Option, Prompt, Session
from storage.codec import canonical, dumps, loads, prompt_json, prompt_of, session_json, session_of


def test_prompts() -> None:
    prompt = Prompt("去了哪家？", (Option("大兴", "s1.2.大兴", main=True),), ("photo",), "s1.2", "走访", ("ab",), (1, 6))
    assert prompt_of(loads(dumps(prompt_json(prompt)))) == prompt


def test_sessions() -> None:
    session = Session(
        "CustomerVisit", 1, {"met": "李总", "need": {"struck": True}}, 7, "photos", 3, ("a", "b"), said_at=datetime(2026, 11, 23, 1, tzinfo=UTC)
    )
    assert session_of(loads(dumps(session_json(session)))) == session
    assert session_of(session_json(Session("F", 1))) == Session("F", 1)


def test_canonical_spelling() -> None:
    assert canonical({"b": 1, "a": "中"}) == canonical({"a": "中", "b": 1}) == '{"a":"中","b":1}'.encode()
