"""Button tokens: s<session>.<number>.<value> for a session's prompt, a.<verb>.<arguments> for an action."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SessionTap:
    session: int
    no: int
    value: str


@dataclass(frozen=True, slots=True)
class ActionTap:
    verb: str
    args: tuple[str, ...]


def of_session(session: int, no: int, value: str) -> str:
    return f"s{session}.{no}.{value}"


def of_action(verb: str, *args: object) -> str:
    """An action's token; arguments hold no dot. At most 64 bytes, so that every channel can carry it."""
    return ".".join(("a", verb, *(str(a) for a in args)))


def read(token: str) -> SessionTap | ActionTap | None:
    """The tap behind a token, or None when it is not one of ours."""
    head, _, rest = token.partition(".")
    if head == "a" and rest:
        verb, *args = rest.split(".")
        return ActionTap(verb, tuple(args))
    no, _, value = rest.partition(".")
    if head[:1] == "s" and head[1:].isdecimal() and no.isdecimal() and len(head) < 20 and len(no) < 10:
        return SessionTap(int(head[1:]), int(no), value)
    return None
