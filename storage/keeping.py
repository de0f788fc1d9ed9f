"""What a person's desk does about backups: who may have one made is the policy's to say."""

from __future__ import annotations

from rules.people import Subject
from storage.voice import Voice


class Keeping(Voice):
    def back_up(self) -> None:
        """Asked for by hand: noted; the server makes it."""
        self._may("back_up", Subject())
        self._log("back_up", "backup:now")
