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
# The table people agreed on, written by hand, a line an action: who may do it, as a member of one team.
# own: to one's own; team: to the team's too; mates: to the team's but never to one's own; others: everybody's but one's own; all.
REACHES = {
    "own": {"own"},
    "team": {"own", "the team's"},
    "mates": {"the team's"},
    "others": {"the team's", "another team's"},
    "all": set(WHOSE),
}
STATIONS = "station_master property_manager area_manager service_desk technician asset_management"
SALES = "rep supervisor manager operations finance custodian production distribution"
TABLE = {
    "file_paper": {"own": " ".join(ROLES)},
    "correct_paper": {"own": " ".join(ROLES)},
    "see_paper": {"own": " ".join(set(ROLES) - {"supervisor", "manager"}), "team": "supervisor manager"},
    "see_customer": {"own": "rep", "team": "supervisor manager"},
    "add_customer": {"own": "rep supervisor manager"},
    "visit_customer": {"own": "rep", "team": "supervisor manager"},
    "give_customer": {"team": "supervisor manager"},
    "hand_log": {"own": "rep"},
    "receive_log": {"mates": "supervisor manager"},
    "countersign_call": {"mates": "supervisor manager"},
    "chase": {"team": "supervisor manager"},
    "excuse": {"mates": "supervisor manager", "others": "admin"},
    "answer_request": {"mates": "manager"},
    "pass_request": {"team": "supervisor manager"},
    "see_digest": {"team": "supervisor manager"},
    "invite": {"team": "supervisor manager", "all": "admin"},
    "stand_in": {"team": "supervisor manager", "all": "admin"},
    "dismiss": {"all": "admin"},
    "set_rules": {"all": "admin"},
    "see_staff": {"team": "supervisor manager", "all": "admin"},
    "hand_over": {"team": "supervisor manager", "all": "admin"},
    "back_up": {"all": "admin"},
    "name_prospect": {"team": "supervisor manager"},
    "see_prospects": {"own": "rep", "team": "supervisor manager", "all": "admin"},
    "complain": {"all": " ".join(ROLES)},
    "see_complaints": {"own": "rep", "team": "supervisor manager", "all": "admin"},
    "close_complaint": {"mates": "supervisor manager"},
    "see_figures": {"own": "rep", "team": "supervisor manager"},
    "object_figures": {"own": "rep supervisor manager"},
    "answer_figures": {"mates": "supervisor manager"},
    "approve_figures": {"mates": "manager"},
    "see_job": {
        "own": "technician",
        "team": "service_desk area_manager station_master property_manager",
        "all": "asset_management admin",
    },
    "take_call": {"team": "service_desk area_manager"},
    "set_duty": {"team": "area_manager", "all": "admin asset_management"},
    "receive_papers": {"team": "service_desk"},
    "set_stations": {"all": "admin"},
    "hand_out_codes": {"all": "service_desk area_manager station_master property_manager asset_management admin"},
    "keep_prices": {"all": "admin asset_management"},
    "keep_house_rules": {"all": "admin station_master area_manager"},
    "see_house_rules_read": {"all": "admin station_master area_manager asset_management"},
    "hear_tenant": {"all": "service_desk area_manager station_master property_manager"},
    "close_tenant": {"all": "area_manager station_master"},
    "see_units": {"all": f"{STATIONS} admin"},
    "see_prices": {"all": f"{STATIONS} admin"},
    "see_media": {"all": f"{SALES} admin"},
    "see_contracts": {"own": "rep", "team": "supervisor manager", "all": "finance custodian operations admin"},
    "import_lists": {"all": "admin"},
    "export_lists": {"team": "supervisor manager", "all": "admin"},
    "export_records": {"team": "supervisor manager"},
    "export_rules": {"all": "admin"},
    "export_jobs": {"team": "service_desk area_manager station_master property_manager", "all": "asset_management admin"},
    "keep_cards": {"all": "admin manager supervisor"},
    "see_cards": {"all": f"{SALES} admin"},
    "see_card_reads": {"team": "supervisor manager", "all": "admin"},
    "plan_delivery": {"own": "rep", "team": "supervisor manager"},
    "drop_delivery": {"team": "supervisor manager"},
}
ALLOWED = {
    (role, action, whose) for action, line in TABLE.items() for reach, roles in line.items() for role in roles.split() for whose in REACHES[reach]
}


def test_the_table_has_every_action() -> None:
    assert set(TABLE) == set(POLICY)


@pytest.mark.parametrize(("role", "action", "whose"), list(product(ROLES, POLICY, WHOSE)))
def test_the_policy_is_the_table(role: str, action: people.Action, whose: str) -> None:
    scope = Grant(role) if role == "admin" else Grant(role, "team", MY_TEAM)
    assert people.may(Standing(ME, frozenset({scope})), action, WHOSE[whose]) is ((role, action, whose) in ALLOWED)


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
