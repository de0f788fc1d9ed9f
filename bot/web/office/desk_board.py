"""The open jobs beside the telephone: by technician, late ones first, each with what can be done about it (C-4.5.1, C-5.1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from bot.web.answers import as_json
from bot.web.office import desk_acts
from bot.web.office.frame import Office, Page, number, said, text
from conversations.actions.outdated import Outdated
from conversations.desk import NotAllowed, StaleCase
from conversations.repairs import intake, overview, paying
from conversations.repairs.job import Job
from conversations.types import Unclear
from rules.errors import RuleBroken
from rules.repairs import jobs as rule
from storage.world import World

DESK = frozenset({"service_desk", "area_manager"})
SEES = DESK | {"station_master", "asset_management"}
HOME = "/office/desk"
OPEN = tuple(state for state in rule.STATES if state not in rule.ENDED)
MOST = 200
MOST_AWAY = 6


@dataclass(frozen=True, slots=True)
class Row:
    """A job on the board."""

    id: int
    rev: int
    number: str
    where: str
    what: str
    caller: str
    phone: str
    state: str
    late: str
    urgent: str
    aloud: str
    to: Sequence[tuple[int, str]] = ()  # whom to send, best first
    may_offer: bool = False
    may_chase: bool = False
    may_book: bool = False
    may_cancel: bool = False
    ended: bool = False
    ring: tuple[int, str, str] | None = None  # whom to ring up next: the callout, the name, the number
    rang: str = ""
    doubted: bool = False  # the fee is for the desk to explain
    with_area: bool = False
    fee: str = ""
    allow: Sequence[tuple[int, str]] = ()  # who may let the fee go
    desks: bool = False  # what is said of it is for the desk to do, not a delay
    away: Sequence[tuple[int, str]] = ()  # with nobody at work: whom to ring up before sending


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    rows: Sequence[Row]
    note: str = ""


def board(world: World) -> list[Group]:
    """Undispatched first, then who has not accepted, then each technician's, then what waits for somebody else."""
    found = world.jobs(states=OPEN, limit=MOST)
    free = _free(world, found)
    away = _away(world) if any(job.state in ("open", "sent", "offered") and not free.get(job.area_id) for job in found) else ()
    rows = {job.id: row(world, job, free.get(job.area_id, ()), away) for job in found}

    def group(name: str, these: Sequence[Job], note: str = "") -> Group:
        ranked = sorted(these, key=lambda job: (not job.urgent, not rows[job.id].late, job.at or job.opened_at, job.id))
        return Group(name, [rows[job.id] for job in ranked], note)

    rung = {job.id for job in found if job.urgent and job.state in ("open", "sent", "offered")}
    groups = [
        group("紧急，还没人接", [job for job in found if job.id in rung]),
        group("没派的", [job for job in found if job.state == "open" and job.id not in rung]),
        group("等接单", [job for job in found if job.state in ("sent", "offered") and job.id not in rung]),
        group("要客服办的", [job for job in found if job.state in ("nobody", "fee_pending")]),
    ]
    held = [job for job in found if job.technician_id and job.state not in ("nobody", "fee_pending", "unsigned", "unmet")]
    there = {who.id for who in world.on_shift("technician", world.now)}
    for id in sorted({job.technician_id for job in held}):
        who = world.person(id)
        note = world.phone_of(id) + ("" if id in there else " 不在班")
        groups.append(group(who.name if who else "", [job for job in held if job.technician_id == id], note.strip()))
    groups.append(group("等片区经理", [job for job in found if job.state in ("unsigned", "unmet")]))
    return [one for one in groups if one.rows]


def _free(world: World, found: Sequence[Job]) -> Mapping[int | None, Sequence[tuple[int, str]]]:
    """For each area whoever is at work, the freest first."""
    load = Counter(job.technician_id or next(iter(job.asked)) for job in found if job.technician_id or (job.state == "sent" and len(job.asked) == 1))
    free: dict[int | None, Sequence[tuple[int, str]]] = {}
    for area in {job.area_id for job in found if job.state in ("open", "sent", "offered")}:
        there = sorted(world.on_shift("technician", world.now, area), key=lambda who: load[who.id])
        free[area] = [(who.id, f"{who.name}（{load[who.id]} 张）") for who in there[:3]]
    return free


def _away(world: World) -> Sequence[tuple[int, str]]:
    """Before and after hours: the technicians of other hours, with their numbers."""
    return [(who.id, f"{who.name}（不在班）{world.phone_of(who.id)}") for who in world.people("technician")[:MOST_AWAY]]


def row(world: World, job: Job, to: Sequence[tuple[int, str]] = (), away: Sequence[tuple[int, str]] = ()) -> Row:
    waits = job.state in ("open", "sent", "offered")
    mine = bool(world.me.roles & DESK)
    ring, rang = _telephone(world, job) if mine and waits and job.urgent else (None, "")
    doubted = mine and job.state == "fee_pending"
    return Row(
        job.id,
        job.rev,
        job.number,
        job.where,
        job.what,
        job.caller,
        job.phone,
        rule.STATES[job.state],
        intake.late(world, job),
        job.urgent,
        intake.aloud(world, job),
        [one for one in to if job.state != "sent" or one[0] not in job.asked] if waits and mine else (),
        waits and mine and len(to) > 1 and job.state != "offered",
        mine and job.state in ("sent", "offered", "accepted"),
        mine and job.state in ("open", "sent", "offered", "accepted", "nobody"),
        mine and job.state in ("open", "sent", "offered", "accepted", "nobody"),
        job.state in rule.ENDED,
        ring,
        rang,
        doubted,
        bool(job.data.get("with_area")),
        overview.priced(job) if doubted else "",
        _allow(world, job) if doubted else (),
        job.state in ("nobody", "fee_pending"),
        [one for one in away if one[0] not in job.asked] if waits and mine and not to and ring is None else (),
    )


def _telephone(world: World, job: Job) -> tuple[tuple[int, str, str] | None, str]:
    """The ladder's next number; or who said on the telephone that they go (C-4.5.1c)."""
    called = world.callouts(job.id)
    names = {one.person_id: who.name if (who := world.person(one.person_id)) is not None else "" for one in called}
    promised = next((one for one in called if one.answer == "reached"), None)
    if promised is not None:
        return None, f"{names[promised.person_id]}电话里答应去了，等他点接单。"
    waiting = next((one for one in called if not one.answer), None)
    if waiting is None:
        masters = "、".join(f"{who.name} {world.phone_of(who.id)}".strip() for who in world.people("station_master"))
        return None, f"名单都打过了，请打给站长{f'：{masters}' if masters else ''}。"
    return (waiting.id, names[waiting.person_id], world.phone_of(waiting.person_id)), ""


def _allow(world: World, job: Job) -> Sequence[tuple[int, str]]:
    """Who may let a fee go; nobody is asked of whoever may do it themselves."""
    if world.me.roles & paying.ALLOW:
        return ()
    there = [*world.over_area(job.area_id), *world.people("station_master")]
    return list({who.id: (who.id, who.name) for who in there}.values())


def read_aloud(world: World, job: Job) -> Row:
    """For a caller who asks: the sentence is what counts."""
    return row(world, job)


async def fragment(office: Office, request: Request) -> Response:
    """The board alone, for the page that looks again by itself."""
    groups = await office.read(request, board)
    return office.page(request, "office/desk_board.html", groups=groups, may_take=bool(office.me(request).roles & DESK))


async def act(office: Office, request: Request) -> Response:
    form = await office.form(request)
    id, rev, what = int(request.path_params["id"]), number(text(form, "rev")), text(form, "what", 10)
    given = {"to": text(form, "to", 20), "when": text(form, "when", 60), "why": text(form, "why", 200), "call": text(form, "call", 20)}
    notice = problem = ""
    try:
        notice = await office.write(request, lambda world: desk_acts.done(world, id, rev, what, given))
    except (NotAllowed, RuleBroken) as refused:
        problem = said(refused)
    except (Unclear, Outdated) as words:
        problem = str(words)
    except StaleCase:
        problem = "别人刚动过这张单，请看一下现在的情况再点。"
    if "application/json" in request.headers.get("accept", ""):
        return as_json({"notice": notice, "problem": problem}, 422 if problem else 200)
    return office.back(HOME, problem or notice)


PAGES: tuple[Page, ...] = (
    Page(f"{HOME}/board", "单子", fragment, SEES),
    Page(f"{HOME}/job/{{id:int}}", "办这张单", act, DESK, ("POST",)),
)
