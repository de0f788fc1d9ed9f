"""Every state × action × part of a repair job, against a table written by hand (C-4.1 to C-4.5)."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from rules.errors import RuleBroken
from rules.people import ROLES
from rules.repairs import jobs
from rules.repairs.jobs import STATES, STEPS, Job, Mover
from rules.steps import NotNow, NotYours

WANG, LI, DESK, AREA, PROPERTY, OTHER = 1, 2, 3, 4, 5, 9
FULL = Job("open", "home", True, WANG, frozenset({WANG}), 1, 1, 1, "2026-10", (True, True, True), "content", True)
PUBLIC = replace(FULL, place="public", paid=False, agreed=False)
KINDS = {
    "paid": FULL,
    "paid, nothing agreed": replace(FULL, agreed=False),
    "free at home": replace(FULL, paid=False, agreed=False),
    "not seen yet": replace(FULL, paid=None, agreed=False),
    "public": PUBLIC,
    "public, the desk signs": replace(PUBLIC, signer="service_desk"),
    "vacant, the property manager signs": replace(PUBLIC, place="vacant", signer="property_manager"),
}
WHO = {
    "desk": Mover(DESK, frozenset({"service_desk"})),
    "area": Mover(AREA, frozenset({"area_manager"})),
    "technician": Mover(WANG, frozenset({"technician"})),
    "another": Mover(LI, frozenset({"technician"})),
    "customer": Mover(customer=True),
    "property": Mover(PROPERTY, frozenset({"property_manager"})),
    "handed to the desk": Mover(attests="service_desk"),
    "handed to the property manager": Mover(attests="property_manager"),
    "handed to a stranger": Mover(attests="technician"),
} | {role: Mover(OTHER, frozenset({role})) for role in ROLES if role not in ("service_desk", "area_manager", "technician", "property_manager")}
ACTIONS = tuple(dict.fromkeys(one.action for one in STEPS))
# What may be done in each state of a paid job at home, and by whom; nothing else may.
TABLE = {
    "open": {"desk": "send offer book cancel", "area": "send offer book cancel", "technician": "book"},
    "sent": {"desk": "send offer book cancel", "area": "send offer book cancel", "technician": "accept decline book"},
    "offered": {"desk": "send book cancel", "area": "send book cancel", "technician": "accept book"},
    "accepted": {"desk": "transfer book cancel", "area": "transfer book cancel", "technician": "transfer book arrive nobody"},
    "nobody": {"desk": "transfer book cancel", "area": "transfer book cancel", "technician": "transfer book arrive"},
    "arrived": {"desk": "transfer", "area": "transfer", "technician": "find transfer nobody"},
    "found": {"desk": "transfer", "area": "transfer", "technician": "find quote unmet transfer"},
    "quoted": {"technician": "quote stay dispute", "customer": "consent not_now stay dispute"},
    "working": {"technician": "quote finish unmet"},
    "finished": {"technician": "tried failed resume"},
    "tried": {"technician": "content rework unmet", "customer": "content rework"},
    "content": {"technician": "rework unsigned dispute", "customer": "rework sign dispute"},
    "signed": {"technician": "pay dispute", "customer": "leave dispute"},
    "unsigned": {"area": "redo settle"},
    "unmet": {"area": "redo settle"},
    "fee_pending": {"desk": "explained waive to_area", "area": "explained waive to_area"},
    "given_up": {},
    "closed": {},
    "cancelled": {},
}
_FREE = {("found", "technician"): "+start", ("signed", "technician"): "+leave -pay"}
_NO_DOOR = {
    ("accepted", "technician"): "-nobody",
    ("arrived", "technician"): "-nobody",
    ("found", "technician"): "+start -quote",
    ("quoted", "technician"): "-quote -stay",
    ("working", "technician"): "-quote",
    ("signed", "technician"): "+leave -pay",
}


def _signs(*who: str) -> dict[tuple[str, str], str]:
    return {(state, one): more for one in who for state, more in (("tried", "+rework"), ("content", "+rework +attest"), ("signed", "+leave"))}


# And how the other kinds differ.
DIFFERS: dict[str, dict[tuple[str, str], str]] = {
    "free at home": _FREE,
    "not seen yet": {("found", "technician"): "+start", ("signed", "technician"): "+leave"},
    "public": _NO_DOOR,
    "public, the desk signs": _NO_DOOR | _signs("desk", "handed to the desk"),
    "vacant, the property manager signs": _NO_DOOR | _signs("property", "handed to the property manager"),
}
# What is somebody's to do and still wants something else first.
WANTING = {
    "paid": {"not_now", "leave"},
    "paid, nothing agreed": {"stay", "leave"},
    "free at home": {"stay"},
    "not seen yet": {"stay"},
    "public": {"stay"},
    "public, the desk signs": {"stay", "sign"},
    "vacant, the property manager signs": {"stay", "sign"},
}


def allowed(kind: str, state: str, who: str) -> set[str]:
    found = set(TABLE[state].get(who, "").split())
    for change in DIFFERS.get(kind, {}).get((state, who), "").split():
        (found.add if change[0] == "+" else found.discard)(change[1:])
    return found


@pytest.mark.parametrize(("kind", "state"), list(product(KINDS, STATES)))
def test_what_may_be_done_is_the_table(kind: str, state: str) -> None:
    job = replace(KINDS[kind], state=state)
    for who, action in product(WHO, ACTIONS):
        mine = allowed(kind, state, who)
        assert set(jobs.may(job, WHO[who])) == mine, who
        if action not in mine:
            with pytest.raises((NotNow, NotYours)):
                jobs.move(job, action, WHO[who])
        elif action in WANTING[kind]:
            with pytest.raises(RuleBroken) as wanting:
                jobs.move(job, action, WHO[who])
            assert not isinstance(wanting.value, NotNow | NotYours)
        else:
            assert jobs.move(job, action, WHO[who]).after in STATES


def test_nobody_outside_the_firm_s_stations_moves_a_job() -> None:
    """Of all roles only five have a part in it: the table above says which."""
    parts = {who for kind, state, who in product(KINDS, STATES, WHO) if allowed(kind, state, who)}
    assert parts == {"desk", "area", "technician", "customer", "property", "handed to the desk", "handed to the property manager"}


def test_the_short_path_has_no_bell_quotation_or_consent() -> None:
    path = {"accepted": "arrive", "arrived": "find", "found": "start", "working": "finish", "finished": "tried", "tried": "content"}
    for state, action in path.items():
        assert action in jobs.may(replace(PUBLIC, state=state), WHO["technician"])
    for state, action in {"accepted": "nobody", "arrived": "nobody", "found": "quote", "working": "quote", "signed": "pay"}.items():
        assert action not in jobs.may(replace(PUBLIC, state=state), WHO["technician"])
    assert "leave" in jobs.may(replace(PUBLIC, state="signed"), WHO["technician"])


def test_a_signature_ends_what_costs_nothing_and_only_that() -> None:
    assert jobs.move(replace(PUBLIC, state="signed"), "leave", WHO["customer"]).after == "closed"
    with pytest.raises(RuleBroken, match="怎么付"):
        jobs.move(replace(FULL, state="signed"), "leave", WHO["customer"])


def test_whether_it_is_paid_may_be_seen_on_the_spot() -> None:
    seen = replace(FULL, state="found", paid=None)
    assert {"find", "start", "quote"} <= set(jobs.may(seen, WHO["technician"]))
    assert "start" not in jobs.may(replace(seen, paid=True), WHO["technician"])


def test_work_begun_for_nothing_may_turn_out_to_cost() -> None:
    assert "quote" in jobs.may(replace(FULL, state="working", paid=False), WHO["technician"])


def test_a_paid_repair_cannot_start_without_the_customer() -> None:
    """C-4.3.3: from what was found to the work there is no way but the customer's consent."""
    ways = {(before, one.after, by) for one in STEPS for before in one.before for by in one.by if one.after == "working"}
    assert {by for before, _, by in ways if before in ("found", "quoted")} == {"free", "customer", "home"}
    with pytest.raises(RuleBroken, match="还没有同意过"):  # the technician only goes back to what was agreed to
        jobs.move(replace(FULL, state="quoted", agreed=False), "stay", WHO["technician"])
    assert jobs.move(replace(FULL, state="unmet", agreed=False), "redo", WHO["area"]).after == "found"
    assert jobs.move(replace(FULL, state="unmet"), "redo", WHO["area"]).after == "working"


def test_a_change_refused_is_not_the_end_of_the_repair() -> None:
    """C-4.3.4a: what was agreed to before holds."""
    assert jobs.move(replace(FULL, state="quoted"), "stay", WHO["customer"]).after == "working"
    with pytest.raises(RuleBroken, match="按原来的做"):
        jobs.move(replace(FULL, state="quoted"), "not_now", WHO["customer"])
    given_up = jobs.move(replace(FULL, state="quoted", agreed=False), "not_now", WHO["customer"])
    assert (given_up.after, given_up.closes) == ("given_up", True)


def test_a_fee_waived_before_the_work_does_not_end_it() -> None:
    before = jobs.move(replace(FULL, state="fee_pending", disputed_from="quoted", agreed=False), "waive", WHO["area"])
    assert (before.after, before.closes) == ("working", False)
    after = jobs.move(replace(FULL, state="fee_pending", disputed_from="signed"), "waive", WHO["desk"])
    assert (after.after, after.closes) == ("closed", True)


def test_what_was_done_without_a_signature_still_has_to_be_paid() -> None:
    paid = jobs.move(replace(FULL, state="unsigned"), "settle", WHO["area"])
    assert (paid.after, paid.closes) == ("signed", False)
    assert jobs.move(replace(FULL, state="unsigned", paid=False), "settle", WHO["area"]).closes
    assert jobs.move(replace(FULL, state="unmet"), "settle", WHO["area"]).closes
    assert jobs.move(replace(FULL, state="unsigned"), "redo", WHO["area"]).after == "content"


@pytest.mark.parametrize("action", ["consent", "sign", "not_now"])
@pytest.mark.parametrize("who", [one for one in WHO if one != "customer"])
def test_no_staff_acts_for_the_customer(action: str, who: str) -> None:
    for kind, state in product(KINDS, STATES):
        with pytest.raises((NotNow, NotYours)):
            jobs.move(replace(KINDS[kind], state=state), action, WHO[who])


@pytest.mark.parametrize("kind", ["public, the desk signs", "vacant, the property manager signs"])
def test_where_staff_sign_no_customer_does(kind: str) -> None:
    with pytest.raises(RuleBroken, match="签字"):
        jobs.move(replace(KINDS[kind], state="content"), "sign", WHO["customer"])


@pytest.mark.parametrize(
    ("state", "action", "lacking"),
    [
        ("found", "quote", {"findings": 0}),
        ("found", "quote", {"before_photos": 0}),
        ("found", "quote", {"price_shown": ""}),
        ("working", "finish", {"after_photos": 0}),
        ("finished", "tried", {"trials": (True, True)}),
        ("finished", "tried", {"trials": (True, True, False)}),
        ("finished", "tried", {"trials": (True, False, True, True)}),
    ],
)
def test_what_has_to_be_there_first(state: str, action: str, lacking: dict[str, object]) -> None:
    with pytest.raises(RuleBroken):
        jobs.move(replace(FULL, state=state, **lacking), action, WHO["technician"])  # type: ignore[arg-type]


def test_after_a_failure_three_more_trials() -> None:
    job = replace(FULL, state="finished", trials=(True, False, True, True, True))
    assert jobs.move(job, "tried", WHO["technician"]).after == "tried"


def test_a_dispute_goes_back_where_it_began() -> None:
    job = replace(FULL, state="fee_pending", disputed_from="quoted")
    assert jobs.move(job, "explained", WHO["desk"]).after == "quoted"


def test_another_time_after_nobody_came_to_the_door() -> None:
    assert jobs.move(replace(FULL, state="nobody"), "book", WHO["desk"]).after == "accepted"
    assert jobs.move(replace(FULL, state="open"), "book", WHO["desk"]).after == "open"


def test_an_area_manager_who_did_the_work_decides_nothing_about_it() -> None:
    both = Mover(WANG, frozenset({"technician", "area_manager"}))
    assert not {"redo", "settle"} & set(jobs.may(replace(FULL, state="unmet"), both))
    assert "waive" not in jobs.may(replace(FULL, state="fee_pending"), both)
    signer = Mover(WANG, frozenset({"technician", "service_desk"}))
    assert "attest" not in jobs.may(replace(PUBLIC, state="content", signer="service_desk"), signer)


def test_every_state_is_reached_and_leads_to_an_end() -> None:
    arrows = {(before, one.after or before) for one in STEPS for before in one.before}
    reached, waiting = {"open"}, ["open"]
    while waiting:
        here = waiting.pop()
        fresh = {after for before, after in arrows if before == here} - reached
        reached |= fresh
        waiting += fresh
    assert reached == set(STATES)
    for state in set(STATES) - jobs.ENDED:
        seen, waiting = {state}, [state]
        while waiting:
            here = waiting.pop()
            fresh = {after for before, after in arrows if before == here} - seen
            seen |= fresh
            waiting += fresh
        assert seen & jobs.ENDED, state


@pytest.mark.parametrize(("words", "found"), [("厨房跑水了", "跑水"), ("电梯困人", "困人"), ("水龙头滴水", "")])
def test_words_of_an_emergency(words: str, found: str) -> None:
    assert jobs.urgent(words) == found
