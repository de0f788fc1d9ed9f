"""A customer's own browser in a rehearsal: opens the link, reads the page, taps, signs; over HTTP as the page does (C-4.3.3, C-4.5.5b)."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import httpx

ASGIApp = Callable[[Any, Any, Any], Coroutine[None, None, None]]  # the site; only bot/web knows the library
PAGES = {"consent": "c", "sign": "s", "progress": "p"}
RELATIONS = {"本人": "self", "家人": "family", "同住": "household", "其他": "other"}
SIGN = "签好了"
_ADDRESS = re.compile(r"(?:https?://[\w.:-]+)?/([csp])/[\w-]{20,}")
_PAD = {"w": 320, "h": 160, "lines": [[[40 + 10 * n, 60 + 7 * (n % 5), 16 * n] for n in range(24)]]}
_LINES = frozenset(("p", "h1", "h2", "li", "td", "th", "tr", "button", "label", "legend", "div", "section", "footer", "header"))
_UNREAD = frozenset(("script", "style", "title"))


class NoLink(LookupError):
    """Nobody's phone shows such a link."""


def newest(texts: Sequence[str], purpose: str) -> str:
    """The newest link of that kind among what was shown, newest first."""
    for text in texts:
        for found in _ADDRESS.finditer(text):
            if found[1] == PAGES[purpose]:
                return found[0]
    raise NoLink(purpose)


@dataclass
class _Page(HTMLParser):
    """What is read of a page, its form and its buttons."""

    words: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._label: list[str] = []
        self._inside: list[tuple[str, dict[str, str]]] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _UNREAD:
            self._silent += 1
        if tag in _LINES:
            self.words.append("\n")
        if tag == "input" and given.get("name") and given.get("type") not in ("radio", "checkbox"):
            self.fields[given["name"]] = given.get("value", "")
        if tag in ("button", "a"):
            self._inside.append((tag, given))
            self._label.clear()

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNREAD:
            self._silent -= 1
        if tag in ("button", "a") and self._inside:
            _, given = self._inside.pop()
            label = "".join(self._label).strip()
            if tag == "a":
                self.links[label] = given.get("href", "")
            else:  # without a name it only moves something on the page
                self.buttons[label] = (given.get("name", ""), given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)
            self._label.append(data)

    @property
    def text(self) -> str:
        lines = (" ".join(line.split()) for line in "".join(self.words).split("\n"))
        return "\n".join(line for line in lines if line)


class Customer:
    """One browser, with its cookies; `site` gives whatever serves now, also after a restart."""

    def __init__(self) -> None:
        self._cookies = httpx.Cookies()
        self._page = _Page()
        self._at = ""

    @property
    def buttons(self) -> tuple[str, ...]:
        return (*self._page.buttons, *self._page.links)

    async def opens(self, site: ASGIApp, address: str) -> str:
        return await self._ask(site, "GET", address)

    async def taps(self, site: ASGIApp, label: str) -> str:
        """A button of the page, or one of its links."""
        if label in self._page.buttons:
            name, value = self._page.buttons[label]
            if not name:
                return self._page.text
            return await self._ask(site, "POST", self._at, {**self._page.fields, name: value})
        return await self._ask(site, "GET", self._page.links[label])

    def writes(self, words: str) -> None:
        """Into the page's box for words."""
        self._page.fields["why"] = words

    async def signs(self, site: ASGIApp, name: str, relation: str = "本人") -> str:
        name_, value = self._page.buttons[SIGN]
        drawn = {"strokes": json.dumps(_PAD), "name": name, "relation": RELATIONS[relation], name_: value}
        return await self._ask(site, "POST", self._at, self._page.fields | drawn)

    async def _ask(self, site: ASGIApp, method: str, address: str, form: dict[str, str] | None = None) -> str:
        parts = urlsplit(address)
        base = f"{parts.scheme or 'http'}://{parts.netloc or '127.0.0.1:8000'}"
        transport = httpx.ASGITransport(app=site)
        headers = {"Origin": base, "Accept-Language": "zh-CN", "User-Agent": "Mozilla/5.0 (Linux; Android 14) MicroMessenger"}
        async with httpx.AsyncClient(transport=transport, base_url=base, headers=headers, cookies=self._cookies, follow_redirects=True) as client:
            answer = await client.request(method, address, data=form)
            self._cookies = client.cookies
        self._at, self._page = str(answer.url), _Page()
        self._page.feed(answer.text)
        if "submission" in self._page.fields and not self._page.fields["submission"]:
            self._page.fields["submission"] = secrets.token_urlsafe(32)
        return self._page.text
