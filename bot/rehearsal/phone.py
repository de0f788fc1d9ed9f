"""What a rehearsal's person holds in the hand: say, tap, send, and what came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Heard:
    """One message as it is read: its words and the labels of its buttons; `handle` finds it again on the platform."""

    text: str
    buttons: tuple[str, ...] = ()
    handle: str = ""

    def __str__(self) -> str:
        return self.text + "".join(f"〔{label}〕" for label in self.buttons)


class Phone(Protocol):
    """`at` is when it is done (aware UTC); a late message was said then and is delivered now. `times` delivers it again."""

    async def says(self, text: str, at: datetime, times: int) -> None: ...
    async def taps(self, message: Heard, label: str, at: datetime, times: int) -> None: ...
    async def sends_photos(self, pictures: Sequence[bytes], at: datetime, times: int) -> None: ...
    async def sends_voice(self, sound: bytes, at: datetime, times: int) -> None: ...
    async def sends_place(self, lat: float, lon: float, at: datetime, times: int) -> None: ...
    async def heard(self) -> Sequence[Heard]:
        """What came since the last call, oldest first."""
        ...
