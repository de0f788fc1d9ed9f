"""docs/state.md draws the steps the rules take, all of them and no others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from rules import complaints, daylog, deliveries, exhibitions, needs, promises, prospects, relations, requests, touches
from rules.errors import RuleBroken
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
    taken = {(job.state, step.action, jobs.move(job, step.action, who).after) for job, step, who in _moves()}
    assert drawn("Repair job") == taken


def _moves() -> Iterator[tuple[jobs.Job, Step, jobs.Mover]]:
    """Every step somebody may take, of every kind of job: where some of them lead is what the job is."""
    ready = jobs.Job("open", "home", True, 1, frozenset({1}), 1, 1, 1, "2026-10", (True, True, True), "content", True)
    disputed = next(step.before for step in jobs.STEPS if step.action == "dispute")
    kinds = [
        replace(ready, paid=paid, agreed=agreed, disputed_from=origin) for paid in (True, False) for agreed in (True, False) for origin in disputed
    ]
    kinds += [replace(ready, place="public", paid=False, agreed=False, signer=signer) for signer in jobs.SIGNERS]
    movers = [jobs.Mover(1, frozenset({"technician"})), jobs.Mover(2, frozenset({"service_desk"})), jobs.Mover(3, frozenset({"area_manager"}))]
    for kind, step, who in product(kinds, jobs.STEPS, [*movers, jobs.Mover(customer=True)]):
        for before in step.before:
            job = replace(kind, state=before)
            with suppress(RuleBroken):
                jobs.move(job, step.action, who)
                yield job, step, who


@pytest.mark.parametrize("heading", ["Appointment", "Custody", "Reconciliation", "Inbox row", "Outbox row"])
def test_what_else_is_drawn(heading: str) -> None:
    assert drawn(heading)


def test_every_link_of_the_pages_leads_somewhere() -> None:
    docs = Path(__file__).parents[2] / "docs"
    for page in (*docs.glob("how-to/*.md"), docs / "state.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
