"""The web chat keeps the contract of every channel, through the API its page uses; and wakes who listens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select

from bot.app import App
from bot.channels.base import BadCallback, Event, Media, MediaGone, Outgoing
from bot.channels.webchat import WebChat, heard_within
from storage import blobs, outbox, websessions
from storage.blobs import BlobFolder
from storage.codec import prompt_json
from storage.database import Connection
from storage.inbox import Received
from storage.tables import address, person
from tests.bot.channels import contract
from tests.bot.channels.contract import Rig, Seen
from tests.bot.web.firm import NOW, page_of, running

BASE = "/chat/as/liqiang/api"


class Pulled(WebChat):
    """What is sent lies in the outbox for the page, as `post` leaves it."""

    app: App

    async def send(self, out: Outgoing) -> str:
        shas = tuple(self.app.blobs.put(data) for _, data in out.attachments)

        def unit(conn: Connection) -> int:
            id = conn.execute(select(person.c.id).where(person.c.account == out.to)).scalar_one()
            visitor = websessions.settle(conn, id, out.to)
            for sha, (mime, data) in zip(shas, out.attachments, strict=True):
                blobs.note(conn, sha, mime, len(data), {}, NOW)
            talk = outbox_talk(conn, visitor)
            return outbox.put(conn, talk, out.lane, prompt_json(replace(out.prompt, attach=shas)), now=NOW, address_id=visitor)

        id = await self.app.database.write(unit)
        await self.app.drain()
        return await super().send(replace(out, id=id))


def outbox_talk(conn: Connection, address_id: int) -> int:
    return int(conn.execute(select(address.c.talk_id).where(address.c.id == address_id)).scalar_one())


class WebRig(Rig):
    person = "liqiang"

    def __init__(self, app: App, page: httpx.AsyncClient) -> None:
        self.app, self.page = app, page
        self.channel = Pulled(app.blobs)
        self.channel.app = app
        self.after = 0
        self.came: list[Event] = []
        receive = app.receive

        async def noted(channel: str, event: Event) -> Received:
            self.came.append(event)
            return await receive(channel, event)

        app.receive = noted  # type: ignore[method-assign]

    async def _post(self, times: int = 1, headers: dict[str, str] | None = None, **said: object) -> Sequence[Event]:
        body = {"id": str(uuid4()), "at": NOW.isoformat(), **said}
        for _ in range(times):
            answer = await self.page.post(f"{BASE}/said", json=body, headers=headers)
            if answer.status_code != 200:
                raise BadCallback(answer.status_code, answer.text)
        new, self.came = self.came, []
        return new

    async def says(self, text: str, *, times: int = 1) -> Sequence[Event]:
        return await self._post(times, text=text)

    async def taps(self, token: str) -> Sequence[Event]:
        return await self._post(tap=token)

    async def sends_photo(self, data: bytes) -> Sequence[Event]:
        up = await self.page.post(f"{BASE}/blobs", content=data, headers={"Content-Type": "image/jpeg"})
        return await self._post(blob={"sha256": up.json()["sha256"], "kind": "photo", "mime": "image/jpeg"})

    async def sends_place(self, lat: float, lon: float) -> Sequence[Event]:
        return await self._post(place={"lat": lat, "lon": lon})

    async def forged(self, text: str) -> Sequence[Event]:
        return await self._post(headers={"Origin": "https://evil.test"}, text=text)

    async def sees(self) -> Sequence[Seen]:
        page = (await self.page.get(f"{BASE}/prompts", params={"after": self.after})).json()
        self.after = page["after"]
        return [await self._seen(prompt) for prompt in page["prompts"]]

    async def _seen(self, prompt: dict[str, list[dict[str, str]]]) -> Seen:
        files = [(await self.page.get(f"{BASE}/blobs/{file['sha256']}")).content for file in prompt["attach"]]
        labels = tuple(option["label"] for option in prompt["options"])
        return Seen(f"{prompt['title']}\n{prompt['text']}", labels, files[0] if files else None)


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[WebRig]:
    async with running(tmp_path) as app, page_of(app) as page:
        yield WebRig(app, page)


class TestReads(contract.Reads):
    pass


class TestRenders(contract.Renders):
    pass


async def test_a_file_that_was_never_sent_is_gone(tmp_path: Path) -> None:
    channel = WebChat(BlobFolder(tmp_path))
    for remote in ("blob:" + "0" * 64, "blob:../../etc/passwd", "file:" + "0" * 64, ""):
        with pytest.raises(MediaGone):
            await channel.fetch(Media(remote))


async def test_who_listens_is_woken_and_nobody_else(tmp_path: Path) -> None:
    channel = WebChat(BlobFolder(tmp_path))
    with channel.listening("wang") as mine, channel.listening("wang") as tablet, channel.listening("li") as other:
        channel.wake("wang")
        channel.wake("nobody")
        assert [await heard_within(event, 0.001) for event in (mine, tablet, other)] == [True, True, False]
        assert not await heard_within(mine, 0.001)


async def test_closing_wakes_everybody(tmp_path: Path) -> None:
    channel = WebChat(BlobFolder(tmp_path))
    with channel.listening("wang") as event:
        waiting = asyncio.create_task(heard_within(event, 25))
        await channel.close()
        assert await waiting
    assert not channel.open
    assert (await channel.check())["ok"]
