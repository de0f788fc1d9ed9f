"""Prompts, sessions and plain values as stored JSON, and the one canonical spelling that hashes are taken of."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import msgspec

from conversations.types import Prompt, Session

_encoder = msgspec.json.Encoder()
_canonical = msgspec.json.Encoder(order="deterministic")
loads = msgspec.json.Decoder().decode


def dumps(value: Any) -> str:
    return _encoder.encode(value).decode()


def canonical(value: Any) -> bytes:
    """Keys sorted, no spaces, UTF-8."""
    return _canonical.encode(value)


def digest(*parts: bytes | str) -> str:
    """SHA-256 in hexadecimal of the parts, one after the other."""
    running = sha256()
    for part in parts:
        running.update(part.encode() if isinstance(part, str) else part)
    return running.hexdigest()


def prompt_json(prompt: Prompt) -> dict[str, Any]:
    return dict(msgspec.to_builtins(prompt))


def prompt_of(body: Mapping[str, Any]) -> Prompt:
    return msgspec.convert(body, Prompt)


def session_json(session: Session) -> dict[str, Any]:
    return dict(msgspec.to_builtins(session))


def session_of(body: Mapping[str, Any]) -> Session:
    return msgspec.convert(body, Session)
