"""Every state × action × part of a repair job, against a table written by hand (C-4.1 to C-4.5)."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from rules.errors import RuleBroken
from rules.repairs import jobs
from rules.repairs.jobs import STATES, STEPS, Job, Mover
from rules.steps import NotNow, NotYours

WANG, LI, DESK, AREA, REP = 1, 2, 3, 4, 9
FULL = Job("open", "home", True, WANG, frozenset({WANG}), 1, 1, 1, "2026-10", (True, True, True), "content")
PUBLIC = replace(FULL, place="public", paid=False)
WHO = {
    "desk": Mover(DESK, frozenset({"service_desk"})),
    "area": Mover(AREA, frozenset({"area_manager"})),
    "technician": Mover(WANG, frozenset({"technician"})),
    "another": Mover(LI, frozenset({"technician"})),
    "customer": Mover(customer=True),
    "rep": Mover(REP, frozenset({"rep"})),
}
ACTIONS = tuple(dict.fromkeys(one.action for one in STEPS))
# What may be done in each state of a paid job at home, and by whom; nothing else may.
TABLE = {
    "open": {"desk": "send offer book cancel", "area": "send offer book cancel", "technician": "book"},
    "sent": {"desk": "send offer book cancel", "area": "send offer book cancel", "technician": "accept decline book"},
    "offered": {"desk": "send book cancel", "area": "send book cancel", "technician": "accept book"},
    "accepted": {"desk": "transfer book cancel", "area": "transfer book cancel", "technician": "transfer book arrive nobody"},
    "nobody": {"desk": "book cancel", "area": "book cancel", "technician": "book arrive"},
    "arrived": {"technician": "find"},
    "found": {"technician": "find quote"},
    "quoted": {"technician": "quote dispute", "customer": "consent not_now dispute"},
    "working": {"technician": "quote finish unmet"},
    "finished": {"technician": "tried failed"},
    "tried": {"technician": "content rework unmet", "customer": "content rework"},
    "content": {"technician": "rework unsigned dispute", "customer": "rework sign dispute"},
    "signed": {"technician": "pay dispute", "customer": "leave dispute"},
    "unsigned": {"area": "redo settle"},
    "unmet": {"area": "redo settle"},
    "fee_pending": {"desk": "explained to_area", "area": "explained waive to_area"},
    "given_up": {},
    "closed": {},
    "cancelled": {},
}


@pytest.mark.parametrize(("state", "who"), list(product(STATES, WHO)))
def test_what_may_be_done_is_the_table(state: str, who: str) -> None:
    job = replace(FULL, state=state)
    allowed = TABLE[state].get(who, "").split()
    assert set(jobs.may(job, WHO[who])) == set(allowed)
    for action in ACTIONS:
        if (state, action) == ("signed", "leave"):
            continue  # asked for below
        if action in allowed:
            assert jobs.move(job, action, WHO[who]).after in STATES
        else:
            with pytest.raises((NotNow, NotYours)):
                jobs.move(job, action, WHO[who])


def test_the_short_path_has_no_bell_quotation_or_consent() -> None:
    path = {"accepted": "arrive", "arrived": "find", "found": "start", "working": "finish", "finished": "tried", "tried": "content"}
    for state, action in path.items():
        assert action in jobs.may(replace(PUBLIC, state=state), WHO["technician"])
    for state, action in {"accepted": "nobody", "found": "quote", "working": "quote", "signed": "pay"}.items():
        assert action not in jobs.may(replace(PUBLIC, state=state), WHO["technician"])
    assert "leave" in jobs.may(replace(PUBLIC, state="signed"), WHO["technician"])


def test_a_signature_ends_what_costs_nothing_and_only_that() -> None:
    assert jobs.move(replace(PUBLIC, state="signed"), "leave", WHO["customer"]).after == "closed"
    with pytest.raises(RuleBroken, match="怎么付"):
        jobs.move(replace(FULL, state="signed"), "leave", WHO["customer"])


def test_whether_it_is_paid_may_be_seen_on_the_spot() -> None:
    seen = replace(FULL, state="found", paid=None)
    assert set(jobs.may(seen, WHO["technician"])) == {"find", "start", "quote"}
    assert "start" not in jobs.may(replace(seen, paid=True), WHO["technician"])


def test_work_begun_for_nothing_may_turn_out_to_cost() -> None:
    assert "quote" in jobs.may(replace(FULL, state="working", paid=False), WHO["technician"])


def test_a_paid_repair_cannot_start_without_the_customer() -> None:
    """C-4.3.3: from what was found to the work there is no way but the customer's consent."""
    ways = {(before, one.after, by) for one in STEPS for before in one.before for by in one.by if one.after == "working"}
    assert {by for before, _, by in ways if before in ("found", "quoted")} == {"free", "customer"}


@pytest.mark.parametrize("action", ["consent", "sign", "not_now"])
@pytest.mark.parametrize("who", [one for one in WHO if one != "customer"])
def test_no_staff_acts_for_the_customer(action: str, who: str) -> None:
    for state in STATES:
        with pytest.raises((NotNow, NotYours)):
            jobs.move(replace(FULL, state=state), action, WHO[who])


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
