"""How an invitation or a login looks from outside: a link for each channel, and the link as a QR picture (A-1.3)."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from storage.blobs import BlobFolder
from storage.invitations import Picture

PATH = "/chat#in="
WEB = "网页"
_MIME = "image/png"


class Ways:
    """The web's link always; Telegram's once its name is known. `url` is asked for each time where it may change."""

    def __init__(self, url: str | Callable[[], str], channels: Mapping[str, Any], folder: BlobFolder) -> None:
        self._url, self._channels, self._folder = url, channels, folder

    def links(self, token: str) -> Sequence[tuple[str, str]]:
        found = [(WEB, web(self._home(), token))]
        telegram = self._channels.get("telegram")
        if telegram is not None and (link := getattr(telegram, "link", lambda _: "")(token)):
            found.append(("Telegram", link))
        return found

    def at(self, path: str) -> str:
        return f"{self._home()}{path}"

    def _home(self) -> str:
        return self._url if isinstance(self._url, str) else self._url()

    def picture(self, link: str) -> Picture:
        """The same link gives the same file."""
        data = code(link)
        return Picture(self._folder.put(data), _MIME, len(data))


def code(link: str, error: str = "m") -> bytes:
    """A picture (PNG) to scan; `error`: how much of it may be dirty, m or q."""
    import segno  # here, not above: pictures are drawn seldom

    made = io.BytesIO()
    segno.make(link, error=error, micro=False).save(made, kind="png", scale=8)
    return made.getvalue()


def web(url: str, token: str) -> str:
    return f"{url}{PATH}{token}"
