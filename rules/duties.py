"""Which duties lack people: who reviews, takes cash, keeps papers; two reviewers are two and neither is the rep (A-1.3, A-4.1d, A-4.1e)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from rules.people import ROLES, Grant


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who works here, with the roles held in their own right."""

    id: int
    grants: frozenset[Grant]
    team: int = 0

    def holds(self, role: str, team: int = 0) -> bool:
        return any(one.role == role and (not team or one.scope == "firm" or (one.scope, one.scope_id) == ("team", team)) for one in self.grants)


@dataclass(frozen=True, slots=True)
class Lack:
    """`roles` are those one of which would fill it."""

    key: str
    duty: str
    missing: int
    roles: tuple[str, ...]
    why: str = ""

    @property
    def text(self) -> str:
        people = "一个人" if self.missing == 1 else f"{self.missing} 个人"
        return f"{self.duty}还缺{people}{f'：{self.why}' if self.why else '。'}"


ONE_EACH: Mapping[str, tuple[str, str]] = {  # role → the duty in words, and why somebody has to hold it
    "admin": ("系统管理", "邀请同事、改设置都要管理员。"),
    "manager": ("经理的审批", "客户要求、请假和汇总没有人答复。"),
    "finance": ("收款", "市场员收的钱没有财务来点收。"),
    "custodian": ("合同保管", "合同原件没有合同管理员来收。"),
    "operations": ("公司盖章", "审核完的合同没有人盖章。"),
    "production": ("广告制作", "收到的广告稿没有制作人员来排。"),
}
REPAIRS: Mapping[str, tuple[str, str]] = {  # once there is somebody who goes to repairs
    "service_desk": ("报修电话", "报修没有客服来接。"),
    "area_manager": ("维修调度", "派不出去的单没有片区经理来定。"),
}


def lacking(holders: Collection[Holder], teams: Mapping[int, str]) -> list[Lack]:
    """What is missing, most urgent first. A team counts once it has a rep."""
    found = [_one(role, *words, holders) for role, words in ONE_EACH.items()]
    if any(who.holds("technician") for who in holders):
        found += [_one(role, *words, holders) for role, words in REPAIRS.items()]
    for team, name in sorted(teams.items()):
        reps = [who for who in holders if who.holds("rep") and who.team == team]
        if reps:
            found += [_supervisor(holders, reps, team, name), _review(holders, reps, team, name)]
    return [one for one in found if one is not None]


def reviewers(holders: Iterable[Holder], rep: int, team: int) -> int:
    """How many of the two reviews can be done: by a supervisor and a manager, two people, neither of whom is the rep (A-4.1d)."""
    others = [who for who in holders if who.id != rep]
    first = {who.id for who in others if who.holds("supervisor", team)}
    second = {who.id for who in others if who.holds("manager", team)}
    if any(one != other for one in first for other in second):
        return 2
    return 1 if first | second else 0


def _one(role: str, duty: str, why: str, holders: Collection[Holder]) -> Lack | None:
    return None if any(who.holds(role) for who in holders) else Lack(role, duty, 1, (role,), f"{why}请给一位同事加上{ROLES[role]}。")


def _supervisor(holders: Collection[Holder], reps: Collection[Holder], team: int, name: str) -> Lack | None:
    if any(who.holds("supervisor", team) for who in holders):
        return None
    return Lack(f"supervisor:{team}", f"{name}的日志签收", 1, ("supervisor",), f"还没有{ROLES['supervisor']}。")


def _review(holders: Collection[Holder], reps: Collection[Holder], team: int, name: str) -> Lack | None:
    done = min(reviewers(holders, rep.id, team) for rep in reps)
    if done == 2:
        return None
    why = "要主管和经理两个人审，做合同的市场员不能审自己的。"
    return Lack(f"review:{team}", f"{name}的合同审核", 2 - done, ("supervisor", "manager"), why)
