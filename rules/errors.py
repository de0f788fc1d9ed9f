"""What the rule book does not allow: the clause, and the words for the person."""

from __future__ import annotations


class RuleBroken(Exception):
    """The rule book does not allow this; `clause` names where, the text says what to do instead."""

    def __init__(self, clause: str, text: str) -> None:
        super().__init__(text)
        self.clause = clause
        self.text = text
