"""A small firm: two teams of two reps with a supervisor each, one manager, finance, admin; everybody has a customer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection

from rules.calendar import FIRM_ZONE
from storage import staff, websessions
from storage.database import Database
from storage.staff import Listed
from storage.world import World

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # a Tuesday, 10:00 in Shanghai
TODAY = date(2026, 11, 24)
YEAR = date(2026, 1, 1)
PEOPLE = {
    "li": ("李强", "一部", ("rep",)),
    "zhang": ("张敏", "一部", ("rep",)),
    "zhao": ("赵磊", "二部", ("rep",)),
    "qian": ("钱进", "二部", ("rep",)),
    "chen": ("陈主管", "一部", ("supervisor",)),
    "sun": ("孙主管", "二部", ("supervisor",)),
    "lin": ("林经理", "", ("manager",)),
    "zhou": ("周姐", "", ("finance",)),
    "wu": ("小吴", "", ("admin",)),
}


@dataclass
class Firm:
    """`customers` are each rep's one."""

    people: dict[str, int] = field(default_factory=dict)
    customers: dict[str, int] = field(default_factory=dict)
    teams: dict[str, int] = field(default_factory=dict)

    def desk(self, conn: Connection, account: str, now: datetime = NOW, **more: Any) -> World:
        return World(conn, person_id=self.people[account], now=now, zone=FIRM_ZONE, **more)


def found(conn: Connection) -> Firm:
    firm = Firm()
    for account, (name, team, roles) in PEOPLE.items():
        id = staff.add(conn, Listed(account, name, team))
        firm.people[account] = id
        if team:
            firm.teams[team] = staff.add_team(conn, team)
        for role in roles:
            staff.give_role(conn, id, role, YEAR, team_id=firm.teams.get(team, 0))
        websessions.settle(conn, id, account)
    for account in ("li", "zhang", "zhao", "qian"):
        made = firm.desk(conn, account).add_customer(f"{PEOPLE[account][0]}的客户有限公司", local=True, nickname=f"{account}客户")
        firm.customers[account] = made.id
    return firm


def in_firm(database: Database) -> Firm:
    return database.write_now(found)
