"""Role × page over every page there is; nothing without a login, a token, our own origin; strict headers everywhere."""

from __future__ import annotations

import re

import pytest

from bot.web.office.frame import Page
from bot.web.office.pages import PAGES
from rules.people import ROLES
from storage import staff
from storage.database import Connection
from tests.bot.web.office.house import BASE, House
from tests.storage.firm import YEAR, Firm

OPEN = ("/office/in/{token}",)
INSIDE = [page for page in PAGES if page.path not in OPEN and page.roles]


def at(page: Page, firm: Firm) -> str:
    """An address that leads somewhere, as far as one can tell from the page alone."""
    known = {"id:int": str(firm.people["li"]), "grant:int": "1", "name": "quiet_hours", "channel": "telegram", "how": "on"}
    return re.sub(r"\{([^}]+)\}", lambda found: known.get(found.group(1), "1"), page.path)


def test_every_page_says_who_may_open_it() -> None:
    assert len({page.path for page in PAGES}) == len(PAGES)
    for page in PAGES:
        assert page.title
        assert page.roles <= ROLES.keys()
        assert page.path.startswith("/office")
        if page.group:
            assert "GET" in page.methods
            assert "{" not in page.path


async def test_role_by_page(house: House) -> None:
    """Everybody knocks at every page: in for its roles, words for the others."""

    def hire(conn: Connection) -> None:
        for role in ROLES:
            id = house.firm.people[f"as_{role}"] = staff.add(conn, staff.Listed(f"as_{role}", f"某{ROLES[role]}", "一部"))
            staff.give_role(conn, id, role, YEAR, team_id=house.firm.teams["一部"] if role in ("rep", "supervisor") else 0)

    await house.app.database.write(hire)
    for role in ROLES:
        async with house.browser(f"as_{role}") as browser:
            for page in INSIDE:
                if "GET" not in page.methods:
                    continue
                answered = await browser.get(at(page, house.firm))
                if role in page.roles:
                    assert answered.status_code not in (401, 500), (role, page.path)
                    continue
                assert answered.status_code == 403, (role, page.path)
                assert "不归您管，是给" in answered.text
                assert ("请找系统管理员" in answered.text) == (role != "admin")


async def test_a_post_of_another_role_is_refused(house: House) -> None:
    async with house.browser("li") as browser:
        for page in INSIDE:
            if "POST" in page.methods and "rep" not in page.roles:
                assert (await browser.post(at(page, house.firm))).status_code == 403, page.path


async def test_nobody_gets_in_without_a_login(house: House) -> None:
    async with house.browser() as browser:
        for page in INSIDE:
            for method in page.methods:
                answered = await browser.client.request(method, at(page, house.firm))
                assert answered.status_code == 401, page.path
                assert "办公" in answered.text


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://elsewhere.test"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}],
)
async def test_nothing_is_changed_from_elsewhere(house: House, headers: dict[str, str]) -> None:
    async with house.browser("wu") as browser:
        csrf = await browser.csrf()
        for page in INSIDE:
            if "POST" in page.methods and "admin" in page.roles:
                answered = await browser.client.post(at(page, house.firm), data={"csrf": csrf}, headers=headers)
                assert answered.status_code in (403, 404), page.path  # 404: nothing is there to be changed


async def test_nothing_is_changed_without_the_token(house: House) -> None:
    async with house.browser("wu") as browser, house.browser("lin") as other:
        wrong = await other.csrf()
        for page in INSIDE:
            if "POST" in page.methods and "admin" in page.roles:
                for data in ({}, {"csrf": ""}, {"csrf": wrong}, {"csrf": "é"}):
                    answered = await browser.client.post(at(page, house.firm), data=data, headers={"Origin": BASE})
                    assert answered.status_code in (403, 404), page.path


async def test_headers_are_strict_on_every_page(house: House) -> None:
    async with house.browser("wu") as browser:
        for page in INSIDE:
            if "GET" not in page.methods or "admin" not in page.roles:
                continue
            answered = await browser.get(at(page, house.firm))
            policy = answered.headers["content-security-policy"]
            assert "unsafe" not in policy
            assert "default-src 'none'" in policy
            assert answered.headers["cache-control"] == "no-store" or "attachment" in answered.headers.get("content-disposition", "")
            assert answered.headers["referrer-policy"] == "same-origin"
            if "text/html" in answered.headers["content-type"]:
                assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:", answered.text), page.path
                assert not re.search(r"<script(?![^>]*\bsrc=)", answered.text), page.path
                assert not re.findall(r'(?:src|action)="(?:https?:)?//|<link[^>]+href="(?:https?:)?//', answered.text), page.path


async def test_too_much_is_refused_in_words(house: House) -> None:
    async with house.browser("wu") as browser:
        answered = await browser.post("/office/teams", {"what": "team", "name": "大" * 600_000})
        assert answered.status_code == 413
        assert "太大" in answered.text


async def test_the_link_opens_once_and_by_the_button_alone(house: House) -> None:
    link = await house.link("wu")
    async with house.browser() as browser:
        for _ in range(2):  # a chat looks at links by itself
            seen = await browser.get(link)
            assert seen.status_code == 200
            assert "小吴" in seen.text
        assert (await browser.client.post(link, headers={"Origin": "https://elsewhere.test"})).status_code == 403
        assert (await browser.client.post(link)).status_code == 303
        assert (await browser.get("/office")).status_code == 200
    async with house.browser() as other:
        assert (await other.get(link)).status_code == 401
        again = await other.client.post(link)
        assert again.status_code == 401
        assert "再写一次「办公」" in again.text


async def test_out_is_out(house: House) -> None:
    async with house.browser("wu") as browser:
        await browser.post("/office/out", follow=False)
        assert (await browser.get("/office")).status_code == 401


async def test_who_has_left_is_out(house: House) -> None:
    async with house.browser("lin") as browser:
        await house.app.database.write(lambda conn: house.firm.desk(conn, "wu").dismiss(house.firm.people["lin"]))
        assert (await browser.get("/office")).status_code == 401
