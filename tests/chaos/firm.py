"""The firm of the kill test: reps on three channels, each with four customers of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from storage import callers, staff, websessions
from storage.database import Connection
from storage.staff import Listed
from storage.world import World

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai, a Tuesday
CHANNELS = ("web", "wecom", "telegram")
STEMS, BRANCHES, TRADES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥", ("光电", "音响", "仪器", "灯具")


@dataclass(frozen=True, slots=True)
class Rep:
    account: str
    channel: str
    address: str  # where the channel reaches them
    customers: tuple[str, ...]

    @property
    def cookie(self) -> str:
        """What their browser holds: not random, so that the firm can be built twice."""
        return f"cookie-of-{self.account}"


def reps(count: int) -> list[Rep]:
    """At most 120."""
    found = []
    for n in range(count):
        account, channel, name = f"rep{n:03}", CHANNELS[n % len(CHANNELS)], STEMS[n // len(BRANCHES)] + BRANCHES[n % len(BRANCHES)]
        found.append(Rep(account, channel, str(70_000 + n) if channel == "telegram" else account, tuple(name + trade for trade in TRADES)))
    return found


def build(conn: Connection, people: list[Rep]) -> None:
    """On a migrated database that nobody serves; built twice it is the same, ids included."""
    team = staff.add_team(conn, "市场一部")
    for rep in people:
        id = staff.add(conn, Listed(rep.account, rep.account, "市场一部"))
        staff.give_role(conn, id, "rep", date(2026, 1, 1), team_id=team)
        desk = World(conn, person_id=id, now=START, zone=ZONE, via="chaos")
        desk.mark_greeted()
        for name in rep.customers:
            made = desk.add_customer(f"上海{name}设备有限公司", local=True, source="行业杂志", nickname=name)
            desk.add_contact(made.id, "王经理", "广告负责人")
        callers.reachable(conn, id, rep.channel, rep.address)
        if rep.channel == "web":
            websessions.begin(conn, id, rep.cookie, START, START + timedelta(days=90), START.date())
