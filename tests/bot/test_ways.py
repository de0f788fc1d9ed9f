"""How an invitation looks from outside."""

from __future__ import annotations

from pathlib import Path

from bot.ways import Ways
from storage.blobs import BlobFolder


class Named:
    def link(self, payload: str) -> str:
        return f"https://t.me/bot?start={payload}"


class Unnamed:
    def link(self, payload: str) -> str:
        return ""


def test_the_web_s_link_first_and_telegram_s_once_it_has_a_name(tmp_path: Path) -> None:
    web = ("网页", "https://paojie.test/chat#in=abc")
    folder = BlobFolder(tmp_path)
    assert Ways("https://paojie.test", {"telegram": Named()}, folder).links("abc") == [web, ("Telegram", "https://t.me/bot?start=abc")]
    assert Ways("https://paojie.test", {"telegram": Unnamed(), "wecom": object()}, folder).links("abc") == [web]


def test_the_picture_is_kept_once(tmp_path: Path) -> None:
    folder = BlobFolder(tmp_path)
    ways = Ways("https://paojie.test", {}, folder)
    first, again = ways.picture("https://paojie.test/chat#in=abc"), ways.picture("https://paojie.test/chat#in=abc")
    assert first == again
    assert folder.read(first.sha256).startswith(b"\x89PNG")
    assert (first.mime, first.size) == ("image/png", len(folder.read(first.sha256)))
