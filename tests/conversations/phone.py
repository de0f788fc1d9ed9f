"""A person filling a form: types, taps by label, sends; the session goes through storage's JSON between every two messages."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from conversations import engine
from conversations.form import Form
from conversations.types import Blob, Option, Point, Prompt, Session, Turn
from storage import codec
from tests.conversations.firm import Firm, said


def stored(session: Session) -> Session:
    """Through JSON and back, as a restart would."""
    return codec.session_of(json.loads(codec.dumps(codec.session_json(session))))


class Phone:
    def __init__(self, form: type[Form], firm: Firm | None = None, **fields: Any) -> None:
        self.form, self.firm = form, firm or Firm()
        self.prompts: list[Prompt] = []
        self.turn = self._heard(engine.begin(form, stored(replace(engine.fresh(form, **fields), id=7)), self.firm))

    def _heard(self, turn: Turn) -> Turn:
        self.session = stored(turn.session)
        self.prompts += turn.say
        self.turn = turn
        return turn

    @property
    def hears(self) -> str:
        return self.prompts[-1].text

    @property
    def labels(self) -> list[str]:
        return [option.label for option in self.prompts[-1].options]

    @property
    def answers(self) -> dict[str, Any]:
        return dict(self.session.answers)

    def option(self, label: str, of: int = -1) -> Option:
        return next(option for option in self.prompts[of].options if label in option.label)

    def says(self, *texts: str) -> str:
        for text in texts:
            self._heard(engine.advance(self.form, self.session, said(text, at=self.firm.now), self.firm))
        return self.hears

    def taps(self, label: str, of: int = -1) -> str:
        return self.sends_tap(self.option(label, of).token)

    def sends_tap(self, token: str) -> str:
        self._heard(engine.advance(self.form, self.session, said(tap=token, at=self.firm.now), self.firm))
        return self.hears

    def sends(self, *blobs: Blob, text: str = "", place: Point | None = None) -> str:
        for blob in blobs or (None,):
            self._heard(engine.advance(self.form, self.session, said(text, at=self.firm.now, blob=blob, place=place), self.firm))
        return self.hears

    def comes_back(self) -> str:
        self._heard(engine.resume(self.form, self.session, self.firm))
        return self.hears
