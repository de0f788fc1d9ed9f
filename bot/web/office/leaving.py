"""Somebody leaves the firm: what is theirs, to whom it goes, what was done (A-1.3, A-3.3.5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from bot.web.answers import Problem
from bot.web.office.frame import ALL_ROLES, Office, Page, number, said, text
from bot.web.office.people import NOT_HERE
from conversations import tokens
from conversations.desk import NotAllowed
from conversations.types import Option, Prompt
from rules.errors import RuleBroken
from storage.matters import Matter
from storage.passing import Owned, heirs
from storage.roster import Card
from storage.world import World

MOST = 2000
NAMED = 12
TO_CHOOSE = "请选接手的人。"


@dataclass(frozen=True, slots=True)
class Left:
    """What a leaver leaves."""

    card: Card
    customers: Sequence[Owned]
    matters: Sequence[Matter]
    heirs: Sequence[tuple[int, str]]

    @property
    def counts(self) -> Sequence[tuple[str, int]]:
        return list(Counter(one.words for one in self.matters).items())

    @property
    def loose(self) -> Sequence[Matter]:
        """Those that belong to no customer of theirs."""
        own = {one.id for one in self.customers}
        return [one for one in self.matters if one.customer_id not in own]


@dataclass
class Choice:
    """As it was chosen on the page: everything to one, or each to somebody."""

    how: str = "all"
    to: int = 0
    each: dict[int, int] = field(default_factory=dict)
    rest: int = 0

    def plan(self, left: Left) -> tuple[dict[int, int], dict[int, int], dict[str, str]]:
        """Customers and matters by heir, and what is wrong."""
        known = {id for id, _ in left.heirs}
        errors: dict[str, str] = {}
        if self.how == "all":
            if (left.customers or left.matters) and self.to not in known:
                errors["to"] = TO_CHOOSE
            return {one.id: self.to for one in left.customers}, {one.id: self.to for one in left.matters}, errors
        customers = {one.id: self.each.get(one.id, 0) for one in left.customers}
        errors |= {f"to-{id}": f"{_name(left, id)}还没有选接手的人。" for id, to in customers.items() if to not in known}
        if left.loose and self.rest not in known:
            errors["rest"] = "别的事还没有选接手的人。"
        matters = {one.id: customers.get(one.customer_id or 0, self.rest) for one in left.matters}
        return customers, matters, errors


async def gone(office: Office, request: Request) -> Response:
    id, errors, choice = request.path_params["id"], {}, Choice()
    if request.method == "POST":
        choice = _chosen(await office.form(request))
        try:
            done = await office.write(request, lambda world: _done(world, id, choice))
            if isinstance(done, Mapping):
                errors = dict(done)
            else:
                return office.back(f"/office/people/{id}", done)
        except (NotAllowed, RuleBroken) as refused:
            errors[""] = said(refused)
    left = await office.read(request, lambda world: _left(world, id))
    if left is None:
        raise Problem(404, NOT_HERE)
    return office.page(request, "office/leaving.html", status=422 if errors else 200, left=left, choice=choice, errors=errors)


def _left(world: World, id: int) -> Left | None:
    card = world.staff_card(id)
    return None if card is None else Left(card, world.owned(id, limit=MOST), world.matters(id), heirs(world, id))


def _done(world: World, id: int, choice: Choice) -> str | Mapping[str, str]:
    """In one go: gone, everything handed over, the new owners told. What is wrong leaves everything as it was."""
    left = _left(world, id)
    if left is None:
        raise NotAllowed(NOT_HERE)
    customers, matters, errors = choice.plan(left)
    if errors:
        return errors
    was_here = left.card.left_on is None
    handed = world.leaves_firm(id, customers, matters)
    names = {one.id: one.name for one in world.people()}
    for to, (_, count) in handed.items():
        mine = [_name(left, one) for one, heir in customers.items() if heir == to]
        if to != world.me.id:
            world.tell(to, _told(world, left.card.name, mine, count, was_here=was_here))
    lines = [f"{names[to]}：客户 {count} 家，没办完的事 {open_} 件" for to, (count, open_) in handed.items()]
    head = f"{left.card.name}已离职，不能再登录和操作。" if was_here else f"{left.card.name}的交接办好了。"
    return "\n".join([head, *lines]) if lines else f"{head}没有要交接的。"


def _told(world: World, who: str, customers: Sequence[str], matters: int, *, was_here: bool) -> Prompt:
    names = "、".join(customers[:NAMED]) + (f"等 {len(customers)} 家" if len(customers) > NAMED else "")
    what = f"{names or '客户的事'}{f'，连同没办完的事 {matters} 件' if matters else ''}"
    see = Option("今天", tokens.of_action("today"), main=True)
    return Prompt(f"{who}离职，{world.me.name}请您接手：{what}。写「查 客户名」看往来。", (see,))


def _name(left: Left, customer: int) -> str:
    return next((one.name for one in left.customers if one.id == customer), "")


def _chosen(form: FormData) -> Choice:
    each: dict[int, int] = {}
    for key in form:
        if key.startswith("to-"):
            each[number(key.removeprefix("to-"))] = number(text(form, key))
    return Choice("each" if text(form, "how") == "each" else "all", number(text(form, "to")), each, number(text(form, "rest")))


PAGES = (Page("/office/people/{id:int}/gone", "离职和交接", gone, ALL_ROLES, ("GET", "POST")),)
