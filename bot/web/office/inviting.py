"""Ways in for colleagues: one on the screen, or many on paper (A-1.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import segno
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from bot.web.office.frame import ALL_ROLES, Office, Page, number, said, text, texts
from conversations.desk import NotAllowed
from conversations.types import Prompt
from rules.errors import RuleBroken
from storage.world import World

AT_MOST = 60


@dataclass(frozen=True, slots=True)
class Slip:
    """One colleague's way in; `code` is the QR of the first link."""

    id: int
    name: str
    digits: str
    links: Sequence[tuple[str, str]]
    code: Markup


async def invite(office: Office, request: Request) -> Response:
    """The page is the invitation: it is shown once and kept nowhere."""
    form = await office.form(request)
    ids = [id for one in texts(form, "id") if (id := number(one))][:AT_MOST]
    if not ids:
        return office.back("/office/people", "还没有选人：请先在名单里打勾。")
    slips, refused = await office.write(request, lambda world: _all(world, ids))
    return office.page(request, "office/invitations.html", slips=slips, refused=refused)


async def invite_rep(office: Office, request: Request) -> Response:
    """A superior: a rep into one's team, by name, as in the chat."""
    errors: dict[str, str] = {}
    name = team = ""
    teams = await office.read(request, lambda world: [one.label for one in world.teams() if world.may_invite("rep", one.label)])
    if request.method == "POST":
        form = await office.form(request)
        name, team = text(form, "name"), text(form, "team")
        if not name or len(name) > 20:
            errors["name"] = "请写姓名，最多 20 个字。"
        if team not in teams:
            errors["team"] = "请选一个您负责的部门。"
        if not errors:
            try:
                slip = await office.write(request, lambda world: _by_name(world, name, team))
                return office.page(request, "office/invitations.html", slips=[slip], refused=())
            except (NotAllowed, RuleBroken) as refused:
                errors[""] = said(refused)
    return office.page(
        request, "office/invite.html", status=422 if errors else 200, teams=[(one, one) for one in teams], name=name, team=team, errors=errors
    )


def _all(world: World, ids: Sequence[int]) -> tuple[list[Slip], list[str]]:
    slips, refused = [], []
    for id in ids:
        try:
            slips.append(_one(world, id))
        except NotAllowed as error:
            who = world.person(id)
            refused.append(f"{who.name if who is not None else '一位同事'}：{error}")
    return slips, refused


def _one(world: World, id: int) -> Slip:
    who = world.person(id)
    made = world.invite_person(id)
    if who is not None and who.greeted:
        world.tell(id, Prompt(f"{world.me.name}给您发了一个新的邀请，可以在另一个手机或电脑上用。不是您要的，请马上告诉管理员。"))
    return _slip(id, who.name if who is not None else "", made.code, made.links)


def _by_name(world: World, name: str, team: str) -> Slip:
    made = world.invite(name, "rep", team, world.now)
    return _slip(made.person, name, made.code, made.links)


def _slip(id: int, name: str, digits: str, links: Sequence[tuple[str, str]]) -> Slip:
    picture = segno.make(links[0][1], error="m", micro=False).svg_inline(scale=5, border=2, svgclass=None, lineclass=None, omitsize=True)
    return Slip(id, name, digits, links, Markup(picture))  # drawn here from the link: lines, no text


PAGES = (
    Page("/office/people/invite", "邀请", invite, ALL_ROLES, ("POST",)),
    Page("/office/people/invite-rep", "邀请市场员", invite_rep, ALL_ROLES, ("GET", "POST")),
)
