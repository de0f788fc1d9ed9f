"""Files come outside transactions, late or never; nothing said waits longer than a minute for them, nothing is lost."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.channels.base import Media, MediaGone, RetryLater
from bot.child import environment
from bot.eyes import Seen, Signed
from bot.handle import PICTURE_LATE
from bot.media import NEVER_CAME, TOO_LARGE
from bot.pictures import UNOPENED, Pictures
from bot.rehearsal.eye import Noted
from conversations.types import Said
from storage import blobs, inbox
from storage.repairs import customer
from tests import pictures
from tests.bot.conftest import House

SHOP = pictures.jpeg(pictures.sign("恒达影音"))


@pytest.fixture
def heard(house: House) -> list[Said]:
    """What reached the conversation, on the app restarted by `listen`."""
    return []


async def listen(house: House, heard: list[Said]) -> None:
    house.converse = lambda desk, said: heard.append(said)
    await house.restart()


async def sends(house: House, remote: str = "p1", text: str = "", kind: Any = "photo", **rest: Any) -> inbox.Received:
    return await house.says(text, media=Media(remote, kind, **rest))


async def test_a_picture_is_kept_as_it_came_with_an_upright_copy(house: House, wang: int, heard: list[Said]) -> None:
    await listen(house, heard)
    house.telegram.files["p1"] = SHOP
    await sends(house, text="门头")
    await house.app.drain()
    (said,) = heard
    assert said.blob is not None
    assert (said.text, said.blob.kind, said.blob.broken, said.blob.mime, said.blob.size) == ("门头", "photo", "", "image/jpeg", len(SHOP))
    assert house.app.blobs.read(said.blob.sha256) == SHOP
    sha = said.blob.sha256
    clean, mime = await house.database.read(lambda conn: blobs.to_show(conn, sha))
    assert clean != sha
    assert (mime, house.app.blobs.read(clean)[:2]) == ("image/jpeg", b"\xff\xd8")


async def test_one_that_cannot_be_opened_keeps_its_bytes_and_says_why(house: House, wang: int, heard: list[Said]) -> None:
    await listen(house, heard)
    house.telegram.files["p1"] = b"not a picture"
    await sends(house)
    await house.app.drain()
    blob = heard[0].blob
    assert blob is not None
    assert blob.broken
    assert house.app.blobs.read(blob.sha256) == b"not a picture"


async def test_voice_and_files_stay_as_they_are(house: House, wang: int, heard: list[Said]) -> None:
    await listen(house, heard)
    house.telegram.files["v1"] = b"#!AMR\n..."
    await sends(house, "v1", kind="voice", mime="audio/amr")
    await house.app.drain()
    blob = heard[0].blob
    assert blob is not None
    assert (blob.kind, blob.mime, blob.broken) == ("voice", "audio/amr", "")


async def test_an_image_sent_as_a_document_is_a_photograph(house: House, wang: int, heard: list[Said]) -> None:
    await listen(house, heard)
    house.telegram.files["d1"] = SHOP
    await sends(house, "d1", kind="file", mime="image/jpeg")
    await house.app.drain()
    assert heard[0].blob is not None
    assert heard[0].blob.kind == "photo"


async def test_what_follows_waits_for_the_picture_and_keeps_its_place(house: House, wang: int, heard: list[Said]) -> None:
    await listen(house, heard)
    house.telegram.files["p1"] = RetryLater(5, "slow")
    await sends(house, text="一")
    await house.says("二")
    await house.app.drain()
    assert heard == []
    house.telegram.files["p1"] = SHOP
    await house.app.advance_to(house.clock.now().replace(second=30))
    await house.restart()
    house.later(30)
    await house.app.drain()
    assert [said.text for said in heard] == ["一", "二"]
    assert heard[0].blob is not None


async def test_after_a_minute_it_goes_on_and_the_picture_is_added_when_it_comes(house: House, wang: int, heard: list[Said]) -> None:
    await listen(house, heard)
    house.telegram.files["p1"] = RetryLater(5, "slow")
    await sends(house, text="门头")
    await house.says("二")
    await house.app.drain()
    house.later(61)
    await house.app.drain()
    assert [(said.text, said.blob) for said in heard] == [("门头", None), ("二", None)]
    assert house.telegram.texts == [PICTURE_LATE]
    await house.restart()
    house.telegram.files["p1"] = SHOP
    house.later(600)
    await house.app.drain()
    last = heard[-1]
    assert (last.text, last.blob is not None, last.at) == ("", True, heard[0].at)
    await house.app.drain()
    assert len(heard) == 3


async def test_a_picture_alone_that_is_late_is_told_and_heard_once(house: House, wang: int, heard: list[Said]) -> None:
    await listen(house, heard)
    house.telegram.files["p1"] = RetryLater(5, "slow")
    await sends(house)
    await house.app.drain()
    house.later(61)
    await house.app.drain()
    assert (heard, house.telegram.texts) == ([], [PICTURE_LATE])
    house.telegram.files["p1"] = SHOP
    house.later(60)
    await house.app.drain()
    assert [said.blob is not None for said in heard] == [True]


@pytest.mark.parametrize(
    ("found", "size", "told"),
    [(MediaGone("照片过期了，请再发一次。"), 0, "照片过期了，请再发一次。"), (b"x" * (21 << 20), 0, TOO_LARGE), (b"x", 30 << 20, TOO_LARGE)],
    ids=["gone", "too large", "said to be too large"],
)
async def test_what_cannot_be_had_is_told_and_its_words_are_heard(
    house: House, wang: int, heard: list[Said], found: Any, size: int, told: str
) -> None:
    await listen(house, heard)
    house.telegram.files["p1"] = found
    await sends(house, text="门头", size=size)
    await house.app.drain()
    assert house.telegram.texts == [told]
    assert [(said.text, said.blob) for said in heard] == [("门头", None)]


async def test_after_a_day_the_person_is_asked_to_send_it_again(house: House, wang: int, heard: list[Said]) -> None:
    await listen(house, heard)
    house.telegram.files["p1"] = RetryLater(5, "down")
    await sends(house)
    await house.app.drain()
    house.later(61)
    await house.app.drain()
    house.later(24 * 3600)
    await house.app.drain()
    assert house.telegram.texts == [PICTURE_LATE, NEVER_CAME]


async def test_a_strangers_file_is_not_fetched(house: House, heard: list[Said]) -> None:
    await listen(house, heard)
    house.telegram.files["p1"] = SHOP
    await house.says(media=Media("p1"), sender="stranger")
    await house.app.drain()
    house.later(300)
    await house.app.drain()
    assert (house.telegram.fetched, heard) == ([], [])
    assert await house.database.read(inbox.waiting) == 0


async def test_the_first_picture_of_a_colleague_found_by_account_is_not_lost(house: House, heard: list[Said]) -> None:
    await listen(house, heard)
    await house.hire("zhang")
    house.wecom.files["p1"] = SHOP
    await house.says(channel="wecom", sender="ZHANG", media=Media("p1"))
    await house.app.drain()
    assert [said.blob is not None for said in heard] == [True]


class TestChild:
    async def test_it_has_no_secrets(self) -> None:
        assert environment({"PATH": "/bin", "PAOJIE_TELEGRAM_TOKEN": "secret"}) == {"PATH": "/bin"}

    async def test_one_that_hangs_is_replaced(self, tmp_path: Path) -> None:
        shop = tmp_path / "shop.jpg"
        shop.write_bytes(SHOP)
        child = Pictures()
        assert not (await child.look(shop)).broken
        child.child._seconds = 0
        assert (await child.look(shop)).broken == UNOPENED
        child.child._seconds = 10
        assert not (await child.look(shop)).broken
        await child.close()

    async def test_one_that_dies_is_replaced(self, tmp_path: Path) -> None:
        shop = tmp_path / "shop.jpg"
        shop.write_bytes(SHOP)
        child = Pictures()
        await child.look(shop)
        assert child.child.pid is not None
        os.kill(child.child.pid, signal.SIGKILL)
        assert not (await child.look(shop)).broken
        await child.close()

    @pytest.mark.skipif(sys.platform == "win32", reason="no limit to set there")
    async def test_memory_is_limited(self, tmp_path: Path) -> None:
        big = tmp_path / "big"
        with big.open("wb") as file:
            os.truncate(file.fileno(), 300 << 20)
        child = Pictures(memory=250 << 20)
        assert (await child.look(big)).broken
        await child.close()


class Glancing(Noted):
    """Eyes that remember what they were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.png = b""

    async def first_look(self, path: Path) -> Seen:
        self.asked.append("first")
        seen = await super().first_look(path)
        return Seen({**(seen.verdict or {}), "advice": "手抖了，请拿稳再拍一张。"})

    async def signature(self, path: Path) -> Signed:
        self.asked.append("signature")
        return Signed(self.png, "" if self.png else "还没看到签名。")


class TestLookedAtAtOnce:
    async def test_only_what_is_likely_to_show_a_stamp(self, house: House, wang: int, heard: list[Said]) -> None:
        await listen(house, heard)
        eyes = house.app._fetcher._eyes = Glancing()
        house.telegram.files["p1"] = SHOP
        await sends(house, text="门头")
        await sends(house, text="合同盖章了")
        await house.app.drain()
        assert eyes.asked == ["first"]
        assert [said.blob.advice for said in heard if said.blob] == ["", "手抖了，请拿稳再拍一张。"]

    @pytest.mark.parametrize("png", [b"\x89PNG", b""])
    async def test_a_signature_where_one_is_awaited(
        self, house: House, wang: int, heard: list[Said], png: bytes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        await listen(house, heard)
        eyes = house.app._fetcher._eyes = Glancing()
        eyes.png = png
        monkeypatch.setattr(customer, "awaits_signature", lambda conn, person: True)
        house.telegram.files["p1"] = SHOP
        await sends(house, text="签好了")
        await house.app.drain()
        assert heard[0].blob is not None
        sha = heard[0].blob.sha256
        noted = await house.database.read(lambda conn: blobs.noted(conn, sha))
        assert noted is not None
        assert noted.facts["signature_why"] == ("" if png else "还没看到签名。")
        assert bool(noted.facts["signature"]) == bool(png)
        if png:
            assert house.app.blobs.read(noted.facts["signature"]) == png
        assert house.app.blobs.read(sha) == SHOP
