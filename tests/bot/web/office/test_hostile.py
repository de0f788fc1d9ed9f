"""Hostile words in every field of every form of every page: kept or refused in words, never run, never half of the page (generic walk)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest

from bot.web.office.pages import PAGES
from tests.bot.web.office.house import BASE, House
from tests.bot.web.office.test_access import INSIDE, at

HOSTILE = (
    '"><script>alert(1)</script>',
    "'\"><img src=x onerror=alert(2)>",
    "</textarea></select></title><svg/onload=alert(3)>",
    "{{ 7*7 }}{% raw %}",
    "javascript:alert(4)",
    "\u202e\x00\x1b[31m<b>",
)
_MADE = re.compile(r"<script>alert|<img src=x|<svg/onload|(?:href|src|action)=\"javascript:|onerror=alert\(2\)>")


@dataclass
class Form:
    action: str
    method: str = "get"
    fields: dict[str, str] = field(default_factory=dict)
    free: set[str] = field(default_factory=set)  # what a person types into
    files: bool = False


class Forms(HTMLParser):
    """The forms of a page, filled in as they came."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self.path, self.found = path, list[Form]()
        self._inside = False
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        had = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(had.get("action") or self.path, had.get("method", "get"), files=had.get("enctype", "").startswith("multipart")))
            self._inside = True
        if not self._inside or not self.found:
            return
        form, name = self.found[-1], had.get("name", "")
        if tag in ("input", "textarea", "select", "button") and name:
            kind = had.get("type", "text")
            form.fields.setdefault(name, had.get("value", ""))
            if tag == "textarea" or (tag == "input" and kind not in ("hidden", "checkbox", "radio", "submit", "file")):
                form.free.add(name)
        if tag == "select":
            self._select = name
        if tag == "option" and self._select and (had.get("value") and ("selected" in had or not form.fields.get(self._select))):
            form.fields[self._select] = had["value"]
        if tag == "option" and not had.get("value"):
            form.fields.setdefault(self._select, "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        if tag == "select":
            self._select = ""


def forms(path: str, html: str) -> list[Form]:
    parser = Forms(path)
    parser.feed(html)
    return parser.found


@pytest.mark.parametrize("words", HOSTILE)
async def test_hostile_words_in_every_field_of_every_form(house: House, words: str) -> None:
    tried = 0
    async with house.browser("wu") as browser:
        for page in INSIDE:
            if "GET" not in page.methods or "admin" not in page.roles:
                continue
            path = at(page, house.firm)
            shown = await browser.get(path)
            if "text/html" not in shown.headers["content-type"]:
                continue
            for form in forms(path, shown.text):
                if not form.free or form.files or form.action.endswith(("/out", "/cut", "/gone")):
                    continue
                values: dict[str, Any] = {**form.fields, **dict.fromkeys(form.free, words)}
                if form.method == "get":
                    answered = await browser.client.get(form.action, params=values)
                else:
                    answered = await browser.client.post(form.action, data=values, headers={"Origin": BASE})
                tried += 1
                assert answered.status_code < 500, (path, form.action, answered.text)
                after = answered if answered.status_code != 303 else await browser.get(answered.headers["location"])
                assert not _MADE.search(after.text), (path, form.action)
                assert after.text.rstrip().endswith("</html>") or "text/html" not in after.headers["content-type"]
        for page in PAGES:  # and on every page afterwards, whatever of it was kept
            if page.group and "admin" in page.roles:
                later = await browser.get(page.path)
                assert later.status_code == 200, page.path
                assert not _MADE.search(later.text), page.path
    assert tried > 15


@pytest.mark.parametrize("words", HOSTILE)
async def test_hostile_words_in_every_question(house: House, words: str) -> None:
    """What stands behind the question mark of an address."""
    names = ("q", "team", "left", "page", "who", "kind", "from", "month", "year", "day", "rep", "state", "id")
    async with house.browser("wu") as browser:
        for page in INSIDE:
            if "GET" in page.methods and "admin" in page.roles:
                answered = await browser.client.get(at(page, house.firm), params=dict.fromkeys(names, words))
                assert answered.status_code < 500, page.path
                assert not _MADE.search(answered.text), page.path


async def test_a_name_with_signs_stands_on_the_page_as_typed(house: House) -> None:
    async with house.browser("wu") as browser:
        fields = {"name": "<b>王&芳</b>", "role": "finance", "team": "0", "opens": "09:00", "closes": "18:00"}
        shown = await browser.post("/office/people/new", fields)
        assert "&lt;b&gt;王&amp;芳&lt;/b&gt;" in shown.text
        assert "<b>王" not in shown.text
