"""Who may do what to whose: one policy over role, action and ownership; nobody confirms their own paper (A-1.3, A-3.3.6b, A-4.1d)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from rules.errors import RuleBroken

ROLES: Mapping[str, str] = {
    "rep": "市场员",
    "supervisor": "部门主管",
    "manager": "经理",
    "operations": "运营管理中心",
    "finance": "财务部",
    "custodian": "合同管理员",
    "production": "制作人员",
    "distribution": "发行部",
    "station_master": "站长",
    "property_manager": "物业经理",
    "area_manager": "片区经理",
    "service_desk": "客服专员",
    "technician": "维修人员",
    "asset_management": "资产管理部",
    "admin": "系统管理员",
}

Action = Literal[
    "file_paper",
    "correct_paper",
    "see_paper",
    "see_customer",
    "add_customer",
    "visit_customer",
    "give_customer",  # to another rep
    "hand_log",
    "receive_log",  # or return it with a remark
    "countersign_call",
    "chase",
    "excuse",
    "answer_request",
    "pass_request",
    "see_digest",
    "invite",
    "stand_in",  # who does it while somebody is on leave
    "dismiss",  # somebody left the firm
    "set_rules",  # settings, calendar, roles
    "see_staff",  # cards, leave and rota in the office
    "hand_over",  # customers and open matters to a colleague, by name alone
    "back_up",
    "see_units",  # flats and their tenants
    "see_prices",
    "see_media",  # with positions and issues
    "see_contracts",  # the running ones
    "import_lists",  # and undo it
    "export_lists",  # people, customers, flats, prices …
    "export_records",  # papers, day logs, visits, cases
    "export_rules",  # settings with their history, the audit log
    "export_jobs",  # the repair register, as far as one sees it (C-5.1)
    "name_prospect",  # a customer for a rep to go after; also its date, another rep, or never mind
    "see_prospects",
    "complain",  # note down what a customer complains of, about anybody's work
    "see_complaints",
    "close_complaint",
    "see_figures",
    "object_figures",  # 忘了算
    "answer_figures",  # to such an objection
    "approve_figures",
    "see_job",  # repairs: one's own, the area's or station's, all
    "take_call",  # and dispatch (C-4.5.1a)
    "set_duty",  # the rota (C-3.3)
    "set_stations",  # and their areas
    "hand_out_codes",  # to report by, on paper (C-4.5.1)
    "keep_prices",  # the next version of 《有偿维修服务收费价格一览表》 (C-3.3)
    "keep_house_rules",  # 《办公环境及员工行为管理制度》 (C-6.1)
    "see_house_rules_read",
    "hear_tenant",  # a complaint at the desk (B-8)
    "close_tenant",
    "receive_papers",  # for the desk (C-4.6b)
    "keep_cards",  # introduction cards, issues and exhibitions are the firm's: who puts up the next version (A-3.4.1, A-3.3.3)
    "see_cards",
    "see_card_reads",
    "plan_delivery",  # (A-3.2.1)
    "drop_delivery",
]
Reach = Literal["own", "unit", "firm"]  # one's own; one's team or station (the grant's scope); everybody's
ALL: Reach = "firm"

_AT_STATIONS = ("station_master", "property_manager", "area_manager", "service_desk", "technician", "asset_management", "admin")
_IN_SALES = ("rep", "supervisor", "manager", "operations", "finance", "custodian", "production", "distribution", "admin")
POLICY: Mapping[Action, Mapping[str, Reach]] = {
    "file_paper": dict.fromkeys(ROLES, "own"),  # which papers, the forms say
    "correct_paper": dict.fromkeys(ROLES, "own"),
    "see_paper": {**dict.fromkeys(ROLES, "own"), "supervisor": "unit", "manager": "unit"},
    "see_customer": {"rep": "own", "supervisor": "unit", "manager": "unit"},
    "add_customer": {"rep": "own", "supervisor": "own", "manager": "own"},
    "visit_customer": {"rep": "own", "supervisor": "unit", "manager": "unit"},
    "give_customer": {"supervisor": "unit", "manager": "unit"},
    "hand_log": {"rep": "own"},
    "receive_log": {"supervisor": "unit", "manager": "unit"},
    "countersign_call": {"supervisor": "unit", "manager": "unit"},
    "chase": {"supervisor": "unit", "manager": "unit"},
    "excuse": {"admin": "firm", "supervisor": "unit", "manager": "unit"},  # the admin: of who has nobody above
    "answer_request": {"manager": "unit"},
    "pass_request": {"supervisor": "unit", "manager": "unit"},
    "see_digest": {"supervisor": "unit", "manager": "unit"},
    "invite": {"admin": "firm", "supervisor": "unit", "manager": "unit"},
    "stand_in": {"admin": "firm", "supervisor": "unit", "manager": "unit"},
    "dismiss": {"admin": "firm"},
    "set_rules": {"admin": "firm"},
    "see_staff": {"admin": "firm", "supervisor": "unit", "manager": "unit"},
    "hand_over": {"admin": "firm", "supervisor": "unit", "manager": "unit"},
    "back_up": {"admin": "firm"},
    "name_prospect": {"supervisor": "unit", "manager": "unit"},
    "see_prospects": {"rep": "own", "supervisor": "unit", "manager": "unit", "admin": "firm"},
    "complain": dict.fromkeys(ROLES, "firm"),
    "see_complaints": {"rep": "own", "supervisor": "unit", "manager": "unit", "admin": "firm"},
    "close_complaint": {"supervisor": "unit", "manager": "unit"},
    "see_figures": {"rep": "own", "supervisor": "unit", "manager": "unit"},
    "object_figures": {"rep": "own", "supervisor": "own", "manager": "own"},
    "answer_figures": {"supervisor": "unit", "manager": "unit"},
    "approve_figures": {"manager": "unit"},
    "see_job": {
        "technician": "own",
        "service_desk": "unit",
        "area_manager": "unit",
        "station_master": "unit",
        "property_manager": "unit",
        "asset_management": "firm",
        "admin": "firm",
    },
    "take_call": {"service_desk": "unit", "area_manager": "unit"},
    "set_duty": {"admin": "firm", "asset_management": "firm", "area_manager": "unit"},
    "set_stations": {"admin": "firm"},
    "hand_out_codes": {role: "firm" for role in _AT_STATIONS if role != "technician"},
    "keep_prices": {"admin": "firm", "asset_management": "firm"},
    "keep_house_rules": {"admin": "firm", "station_master": "firm", "area_manager": "firm"},
    "see_house_rules_read": dict.fromkeys(("admin", "station_master", "area_manager", "asset_management"), "firm"),
    "hear_tenant": dict.fromkeys(("service_desk", "area_manager", "station_master", "property_manager"), "firm"),
    "close_tenant": dict.fromkeys(("area_manager", "station_master"), "firm"),
    "receive_papers": {"service_desk": "unit"},
    "see_units": dict.fromkeys(_AT_STATIONS, ALL),
    "see_prices": dict.fromkeys(_AT_STATIONS, ALL),
    "see_media": dict.fromkeys(_IN_SALES, ALL),
    "see_contracts": {"rep": "own", "supervisor": "unit", "manager": "unit", **dict.fromkeys(("finance", "custodian", "operations", "admin"), ALL)},
    "import_lists": {"admin": "firm"},
    "export_lists": {"admin": "firm", "supervisor": "unit", "manager": "unit"},
    "export_records": {"supervisor": "unit", "manager": "unit"},
    "export_rules": {"admin": "firm"},
    "export_jobs": {
        **dict.fromkeys(("service_desk", "area_manager", "station_master", "property_manager"), "unit"),
        **dict.fromkeys(("asset_management", "admin"), "firm"),
    },
    "keep_cards": {"admin": "firm", "manager": "firm", "supervisor": "firm"},
    "see_cards": dict.fromkeys(_IN_SALES, ALL),
    "see_card_reads": {"admin": "firm", "supervisor": "unit", "manager": "unit"},
    "plan_delivery": {"rep": "own", "supervisor": "unit", "manager": "unit"},
    "drop_delivery": {"supervisor": "unit", "manager": "unit"},
}
# What a second person is there for: never on one's own paper, whatever roles one holds.
SECOND_PERSON: frozenset[Action] = frozenset(
    {"receive_log", "countersign_call", "excuse", "answer_request", "close_complaint", "answer_figures", "approve_figures"}
)
_WHY: Mapping[Action, tuple[str, str]] = {
    "receive_log": ("A-3.3.6b", "自己的日志要请别人签收。"),
    "countersign_call": ("A-3.3.7A", "自己的电话记录要请主管确认。"),
    "excuse": ("A-3.3.6b", "自己的请假要请别人来定。"),
    "answer_request": ("A-4.4.6b", "自己提的请求要请别人答复。"),
    "close_complaint": ("A-3.1.1", "和自己有关的客户意见，要请别人来结。"),
    "answer_figures": ("A-2.1", "自己的数据单要请主管来核对。"),
    "approve_figures": ("A-3.3.6c", "自己的数据单要请别的经理来核准。"),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in force, and where: the firm (scope_id 0), a team, a station, an area. `stands_for` when held as a deputy."""

    role: str
    scope: str = "firm"
    scope_id: int = 0
    stands_for: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """A person as the policy sees them on one day."""

    id: int
    grants: frozenset[Grant] = frozenset()

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is acted on: whose it is, in which unit, and who made it. Owner 0: nobody's."""

    owner: int = 0
    unit: int = 0  # the team's or station's id
    scope: str = "team"
    makers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Held:
    """A role held from a day until a day, both included."""

    person: int
    role: str
    scope: str
    scope_id: int
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Deputyship:
    person: int
    stands_for: int
    since: date
    until: date


def standing(person: int, day: date, held: Iterable[Held], deputyships: Iterable[Deputyship] = (), left_on: date | None = None) -> Standing:
    """Roles in force on the day. A deputy gets the roles of the person stood in for, not admin's and no borrowed ones; who left has none."""
    if left_on is not None and left_on <= day:
        return Standing(person)
    roles = [one for one in held if one.since <= day and (one.until is None or day <= one.until)]
    own = {Grant(one.role, one.scope, one.scope_id) for one in roles if one.person == person}
    absent = {one.stands_for for one in deputyships if one.person == person and one.since <= day <= one.until} - {person}
    lent = {Grant(one.role, one.scope, one.scope_id, one.person) for one in roles if one.person in absent and one.role != "admin"}
    return Standing(person, frozenset(own | lent))


def may(who: Standing, action: Action, what: Subject) -> bool:
    """The one policy: does any grant reach the subject, and is the second person a second person?"""
    reaches = POLICY[action]
    makers = what.makers | {what.owner} if what.owner else what.makers
    for grant in who.grants:
        reach = reaches.get(grant.role)
        if reach is None or not _reaches(who, grant, reach, what):
            continue
        if action in SECOND_PERSON and not makers.isdisjoint({who.id, grant.stands_for} - {0}):
            continue
        return True
    return False


def require(who: Standing, action: Action, what: Subject) -> None:
    """Raise what the person should hear; somebody else's things are as good as not there."""
    if may(who, action, what):
        return
    if action in SECOND_PERSON and who.id in what.makers | {what.owner}:
        raise RuleBroken(*_WHY[action])
    raise RuleBroken("A-1.3", "这一项不归您办，请问部门主管。")


def may_invite(who: Standing, role: str, unit: int, person: int = 0, roles: Collection[str] = ()) -> bool:
    """The admin anybody. A superior only reps, and of those who are in already only who is nothing more: a link opens the person's account."""
    if may(who, "set_rules", Subject(unit=unit)):
        return True
    return role == "rep" and bool(unit) and may(who, "invite", Subject(owner=person, unit=unit)) and set(roles) <= {"rep"}


def titles(roles: Collection[str]) -> str:
    """The roles in words, in the rule book's order."""
    return "、".join(title for key, title in ROLES.items() if key in roles)


def _reaches(who: Standing, grant: Grant, reach: Reach, what: Subject) -> bool:
    mine = bool(what.owner) and what.owner in (who.id, grant.stands_for)
    if reach == "own" or mine:
        return mine
    if reach == "firm" or grant.scope == "firm":
        return True
    return (grant.scope, grant.scope_id) == (what.scope, what.unit)
