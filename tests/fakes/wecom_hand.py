"""A rehearsal's person on the fake WeCom: bot.rehearsal.phone.Phone for one member."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.rehearsal.phone import Heard
from tests.fakes.wecom_phone import Phone, offers


class WeComHand:
    def __init__(self, phone: Phone, userid: str) -> None:
        self._phone, self._userid = phone, userid

    async def says(self, text: str, at: datetime, times: int) -> None:
        await self._phone.says(self._userid, text, at=at, times=times)

    async def taps(self, message: Heard, label: str, at: datetime, times: int) -> None:
        (shown,) = (one for one in self._phone.server.heard(self._userid) if str(one.no) == message.handle)
        await self._phone.taps_on(self._userid, shown, label, at=at, times=times)

    async def sends_photos(self, pictures: Sequence[bytes], at: datetime, times: int) -> None:
        """Several pictures are several messages; nothing joins them."""
        for picture in pictures:
            await self._phone.sends_photo(self._userid, picture, at=at, times=times)

    async def sends_voice(self, sound: bytes, at: datetime, times: int) -> None:
        await self._phone.sends_voice(self._userid, sound, at=at, times=times)

    async def sends_place(self, lat: float, lon: float, at: datetime, times: int) -> None:
        await self._phone.sends_place(self._userid, lat, lon, at=at, times=times)

    async def heard(self) -> Sequence[Heard]:
        return [Heard(one.text, tuple(offers(one)), str(one.no)) for one in self._phone.server.news(self._userid)]
