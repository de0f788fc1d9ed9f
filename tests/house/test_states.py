"""docs/state.md draws the steps the rules take, all of them and no others."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rules import complaints, daylog, deliveries, exhibitions, needs, promises, prospects, relations, requests, touches
from rules.repairs import jobs
from rules.steps import Step

PAGE = (Path(__file__).parents[2] / "docs" / "state.md").read_text("utf8")


def drawn(heading: str) -> set[tuple[str, str, str]]:
    section = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return {(before, action, after) for before, after, action in re.findall(r"^    (\w+) --> (\w+): (\w+)", section, re.MULTILINE)}


@pytest.mark.parametrize(
    ("heading", "steps"),
    [
        ("Promise", promises.STEPS),
        ("Request", requests.STEPS),
        ("Day's log", daylog.STEPS),
        ("Prospect", prospects.STEPS),
        ("Need", needs.STEPS),
        ("Complaint", complaints.STEPS),
        ("Relation", relations.STEPS),
        ("Touch", touches.STEPS),
        ("Delivery", deliveries.STEPS),
        ("Meeting", exhibitions.STEPS),
    ],
)
def test_a_case_is_drawn_as_the_rules_move_it(heading: str, steps: tuple[Step, ...]) -> None:
    assert drawn(heading) == {(before, step.action, step.after) for step in steps for before in step.before}


def test_a_repair_job_is_drawn_as_the_rules_move_it() -> None:
    disputed = next(step.before for step in jobs.STEPS if step.action == "dispute")
    steps = {(before, step.action, after) for step in jobs.STEPS for before in step.before for after in _after(step, before, disputed)}
    assert drawn("Repair job") == steps


def _after(step: Step, before: str, disputed: frozenset[str]) -> frozenset[str]:
    """Another time leaves the state, or brings it back from the door; a dispute that is settled goes back to where it began."""
    if step.action == "explained":
        return disputed
    return frozenset({step.after or jobs.AFTER_BOOKING.get(before, before)})


@pytest.mark.parametrize("heading", ["Appointment", "Custody", "Reconciliation", "Inbox row", "Outbox row"])
def test_what_else_is_drawn(heading: str) -> None:
    assert drawn(heading)


def test_every_link_of_the_pages_leads_somewhere() -> None:
    docs = Path(__file__).parents[2] / "docs"
    for page in (*docs.glob("how-to/*.md"), docs / "state.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
