"""A rehearsal's person on the fake Telegram: bot.rehearsal.phone.Phone for one chat."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.rehearsal.phone import Heard
from tests.fakes.telegram_phone import Phone


class TelegramHand:
    def __init__(self, phone: Phone, user: int) -> None:
        self._phone, self._user = phone, user

    async def says(self, text: str, at: datetime, times: int) -> None:
        await self._phone.says(self._user, text, at=at, times=times)

    async def taps(self, message: Heard, label: str, at: datetime, times: int) -> None:
        (shown,) = (one for one in self._phone.server.heard(self._user) if str(one.no) == message.handle)
        (button,) = (one for one in (*shown.buttons, *shown.keys) if one.label == label)
        await self._phone.taps_data(self._user, button.data, shown.no, shown.at, times=times)

    async def sends_photos(self, pictures: Sequence[bytes], at: datetime, times: int) -> None:
        """Several pictures are one album."""
        if len(pictures) > 1:
            await self._phone.sends_album(self._user, pictures, at=at, times=times)
        else:
            await self._phone.sends_photo(self._user, pictures[0], at=at, times=times)

    async def sends_voice(self, sound: bytes, at: datetime, times: int) -> None:
        await self._phone.sends_voice(self._user, sound, at=at, times=times)

    async def sends_place(self, lat: float, lon: float, at: datetime, times: int) -> None:
        await self._phone.sends_place(self._user, lat, lon, at=at, times=times)

    async def heard(self) -> Sequence[Heard]:
        return [Heard(one.text, one.labels, str(one.no)) for one in self._phone.server.news(self._user)]
