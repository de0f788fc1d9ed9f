"""Role × action × ownership, generated; nobody is their own second person; deputies; who left can do nothing."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import people
from rules.errors import RuleBroken
from rules.people import POLICY, ROLES, SECOND_PERSON, Deputyship, Grant, Held, Standing, Subject

ME, MATE, STRANGER, MY_TEAM, OTHER_TEAM = 1, 2, 3, 10, 20
WHOSE = {
    "own": Subject(owner=ME, unit=MY_TEAM),
    "the team's": Subject(owner=MATE, unit=MY_TEAM),
    "another team's": Subject(owner=STRANGER, unit=OTHER_TEAM),
}
DAY = date(2026, 11, 24)
# The table people agreed on, written by hand: who may do what to whose, as a member of one team.
TABLE = {
    "rep": {
        "own": "file_paper correct_paper see_paper see_customer add_customer visit_customer hand_log",
        "the team's": "",
        "another team's": "",
    },
    "supervisor": {
        "own": "file_paper correct_paper see_paper see_customer add_customer visit_customer give_customer chase pass_request see_digest invite"
        " stand_in",
        "the team's": "see_paper see_customer visit_customer give_customer receive_log countersign_call chase excuse pass_request see_digest invite"
        " stand_in",
        "another team's": "",
    },
    "manager": {
        "own": "file_paper correct_paper see_paper see_customer add_customer visit_customer give_customer chase pass_request see_digest invite"
        " stand_in",
        "the team's": "see_paper see_customer visit_customer give_customer receive_log countersign_call chase excuse answer_request pass_request"
        " see_digest invite stand_in",
        "another team's": "",
    },
    "admin": {"own": "invite stand_in dismiss set_rules"}
    | dict.fromkeys(("the team's", "another team's"), "excuse invite stand_in dismiss set_rules"),
}


@pytest.mark.parametrize(("role", "action", "whose"), list(product(ROLES, POLICY, WHOSE)))
def test_the_policy_is_the_table(role: str, action: people.Action, whose: str) -> None:
    scope = Grant(role) if role == "admin" else Grant(role, "team", MY_TEAM)
    allowed = TABLE.get(role, {}).get(whose, "").split()
    assert people.may(Standing(ME, frozenset({scope})), action, WHOSE[whose]) is (action in allowed)


@pytest.mark.parametrize("action", POLICY)
def test_the_whole_firm_s_manager_reaches_every_team(action: people.Action) -> None:
    who = Standing(ME, frozenset({Grant("manager")}))
    team = people.may(who, action, WHOSE["the team's"])
    assert people.may(who, action, WHOSE["another team's"]) is team


@given(st.sets(st.sampled_from(sorted(ROLES))), st.sampled_from(sorted(SECOND_PERSON)), st.sampled_from(["firm", "team"]))
def test_nobody_is_their_own_second_person(roles: set[str], action: people.Action, scope: str) -> None:
    """Separation of duties is person by person, whatever roles one holds (A-3.3.6b)."""
    who = Standing(ME, frozenset(Grant(role, scope, MY_TEAM) for role in roles))
    assert not people.may(who, action, Subject(owner=ME, unit=MY_TEAM))
    assert not people.may(who, action, Subject(owner=MATE, unit=MY_TEAM, makers=frozenset({ME})))
    with pytest.raises(RuleBroken):
        people.require(who, action, Subject(owner=ME, unit=MY_TEAM))


def test_a_small_firm_s_boss_hears_that_another_has_to() -> None:
    boss = Standing(ME, frozenset({Grant("rep"), Grant("supervisor"), Grant("manager")}))
    people.require(boss, "receive_log", WHOSE["the team's"])
    with pytest.raises(RuleBroken, match="别人签收") as broken:
        people.require(boss, "receive_log", WHOSE["own"])
    assert broken.value.clause == "A-3.3.6b"
    with pytest.raises(RuleBroken, match="不归您办"):
        people.require(Standing(ME, frozenset({Grant("rep")})), "receive_log", WHOSE["the team's"])


def held(person: int, role: str, since: date = date(2026, 1, 1), until: date | None = None, team: int = MY_TEAM) -> Held:
    return Held(person, role, "team", team, since, until)


def test_roles_from_and_until() -> None:
    roles = [held(ME, "rep"), held(ME, "supervisor", date(2026, 12, 1)), held(ME, "finance", until=date(2026, 11, 23)), held(MATE, "manager")]
    assert people.standing(ME, DAY, roles).roles == {"rep"}
    assert people.standing(ME, date(2026, 12, 1), roles).roles == {"rep", "supervisor"}
    assert people.standing(ME, date(2026, 11, 23), roles).roles == {"rep", "finance"}


def test_who_left_can_do_nothing() -> None:
    assert people.standing(ME, DAY, [held(ME, "rep")], left_on=DAY).grants == frozenset()
    assert people.standing(ME, DAY, [held(ME, "rep")], left_on=date(2026, 11, 25)).roles == {"rep"}


class TestDeputy:
    ROLES = (held(ME, "rep"), held(MATE, "supervisor"), held(MATE, "admin"), held(STRANGER, "manager"))
    WEEK = (Deputyship(ME, MATE, date(2026, 11, 23), date(2026, 11, 27)), Deputyship(MATE, STRANGER, date(2026, 11, 23), date(2026, 11, 27)))

    def test_stands_in_for_those_days(self) -> None:
        assert people.standing(ME, DAY, self.ROLES, self.WEEK).roles == {"rep", "supervisor"}
        assert people.standing(ME, date(2026, 11, 28), self.ROLES, self.WEEK).roles == {"rep"}

    def test_does_not_get_what_the_absent_only_borrowed(self) -> None:
        assert "manager" in people.standing(MATE, DAY, self.ROLES, self.WEEK).roles
        assert "manager" not in people.standing(ME, DAY, self.ROLES, self.WEEK).roles

    def test_receives_the_team_s_logs_but_not_the_absent_one_s(self) -> None:
        me = people.standing(ME, DAY, self.ROLES, self.WEEK)
        assert people.may(me, "receive_log", Subject(owner=4, unit=MY_TEAM))
        assert not people.may(me, "receive_log", Subject(owner=MATE, unit=MY_TEAM))
        assert not people.may(me, "receive_log", Subject(owner=ME, unit=MY_TEAM))

    def test_of_a_rep_sees_that_rep_s_customers(self) -> None:
        standing = people.standing(ME, DAY, [held(MATE, "rep")], self.WEEK)
        assert people.may(standing, "see_customer", Subject(owner=MATE, unit=MY_TEAM))
        assert not people.may(standing, "see_customer", Subject(owner=4, unit=MY_TEAM))


@pytest.mark.parametrize(
    ("role", "to", "unit", "roles", "may"),
    [
        ("admin", "admin", 0, (), True),
        ("admin", "manager", OTHER_TEAM, ("manager", "admin"), True),
        ("supervisor", "rep", MY_TEAM, (), True),
        ("supervisor", "rep", MY_TEAM, ("rep",), True),
        ("supervisor", "rep", MY_TEAM, ("rep", "admin"), False),
        ("supervisor", "supervisor", MY_TEAM, (), False),
        ("supervisor", "rep", OTHER_TEAM, (), False),
        ("supervisor", "rep", 0, (), False),
        ("rep", "rep", MY_TEAM, (), False),
        ("finance", "rep", MY_TEAM, (), False),
    ],
)
def test_who_invites_whom(role: str, to: str, unit: int, roles: tuple[str, ...], may: bool) -> None:
    """A link opens the person's account: a supervisor has none for who can do more than a rep."""
    who = Standing(ME, frozenset({Grant(role) if role == "admin" else Grant(role, "team", MY_TEAM)}))
    assert people.may_invite(who, to, unit, MATE if roles else 0, roles) is may


def test_titles() -> None:
    assert people.titles({"manager", "rep"}) == "市场员、经理"
    assert people.titles(()) == ""
