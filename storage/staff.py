"""The firm's people as they are written: added from the list, given roles and deputies, on leave, gone (A-1.3)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, and_, bindparam, insert, or_, select, update

from storage import audit, callers, inbox, websessions
from storage.names import keys, syllables
from storage.outbox import WEB
from storage.people import FIRM, TEAM
from storage.tables import address, deputy, invitation, leave, outbox, person, role, talk, team
from storage.upsert import both, on

WIDTHS = (160, 40)
ACCOUNT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")  # as WeCom allows them
NO_ACCOUNT = "账号只能有字母、数字和 . _ - @，和企业微信通讯录里的“账号”一样，不是姓名。"
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the imported list. Without an account one is made up; without hours the firm's hold."""

    account: str
    name: str
    team: str = ""
    opens: str = ""
    closes: str = ""


_team = both(team, lambda into: into.on_conflict_do_nothing(index_elements=["name"]))
_team_of = select(team.c.id).where(team.c.name == bindparam("name"))
_person = both(
    person,
    lambda into: into.on_conflict_do_update(
        index_elements=["account"],
        set_={name: into.excluded[name] for name in ("name", "pinyin", "initials", "team_id", "opens", "closes", "account_made")} | {"left_on": None},
    ).returning(person.c.id),
)
_same_role = select(role.c.id).where(
    role.c.person_id == bindparam("person_id"),
    role.c.role == bindparam("role"),
    role.c.scope == bindparam("scope"),
    role.c.scope_id == bindparam("scope_id"),
    role.c.since <= bindparam("since"),
    or_(role.c.until.is_(None), role.c.until >= bindparam("since")),
)
_greeted = update(person).where(person.c.id == bindparam("row"), person.c.greeted_at.is_(None)).values(greeted_at=bindparam("now"))
_mute = update(talk).where(talk.c.id == bindparam("row")).values(muted_until=bindparam("quiet"))
_cards = update(person).where(person.c.id == bindparam("row")).values(cards=bindparam("shown"))
_leaves = update(person).where(person.c.id == bindparam("row")).values(left_on=bindparam("day"))
_same_leave = select(leave.c.id).where(
    leave.c.person_id == bindparam("person_id"), leave.c.since <= bindparam("since"), leave.c.until >= bindparam("until")
)


def add_team(conn: Connection, name: str) -> int:
    """The same name once."""
    conn.execute(on(conn, _team), {"name": name})
    return int(conn.execute(_team_of, {"name": name}).scalar_one())


def add(conn: Connection, listed: Listed) -> int:
    """A new colleague, or the one of this account as the list has them now. The account is the platform's user id."""
    account, name = listed.account.strip().lower(), listed.name.strip()
    values = {"account": account or free_account(conn, name), "name": name, "opens": listed.opens, "closes": listed.closes}
    team_id = add_team(conn, listed.team) if listed.team else None
    spelt = keys(values["name"], _given(values["name"]), surname=True, widths=WIDTHS)
    id = int(conn.execute(on(conn, _person), {**values, **spelt, "team_id": team_id, "account_made": not account}).scalar_one())
    callers.talk_of(conn, id)
    return id


def give_role(conn: Connection, person_id: int, name: str, since: date, until: date | None = None, *, team_id: int = 0) -> None:
    """For one team, or for the firm when none is named; nothing happens when it is held already."""
    row = {"person_id": person_id, "role": name, "scope": TEAM if team_id else FIRM, "scope_id": team_id, "since": since}
    if conn.execute(_same_role, row).first() is None:
        conn.execute(insert(role), row | {"until": until})


def end_role(conn: Connection, person_id: int, name: str, last: date, *, team_id: int | None = None) -> int:
    """Not in force after `last`; how many were ended."""
    which = and_(role.c.person_id == person_id, role.c.role == name, or_(role.c.until.is_(None), role.c.until > last))
    if team_id is not None:
        which = and_(which, role.c.scope_id == team_id)
    return int(conn.execute(update(role).where(which).values(until=last)).rowcount)


def no_stand_in(conn: Connection, for_id: int, since: date, until: date) -> None:
    """Who stood in on those days does so no more."""
    overlapping = and_(deputy.c.for_id == for_id, deputy.c.since <= until, deputy.c.until >= since)
    conn.execute(update(deputy).where(overlapping).values(until=since - _ONE_DAY))


def stand_in(conn: Connection, person_id: int, for_id: int, since: date, until: date) -> None:
    conn.execute(insert(deputy), {"person_id": person_id, "for_id": for_id, "since": since, "until": until})


def take_leave(conn: Connection, person_id: int, since: date, until: date, kind: str = "leave") -> None:
    row = {"person_id": person_id, "since": since, "until": until}
    if conn.execute(_same_leave, row).first() is None:
        conn.execute(insert(leave), row | {"kind": kind})


def leaves(conn: Connection, person_id: int, by: str, now: datetime, today: date) -> None:
    """From this moment no role, no stand-in, no browser, no invitation is good; papers and customers stay."""
    conn.execute(_leaves, {"row": person_id, "day": today})
    last = today - _ONE_DAY
    for table, who in ((role, role.c.person_id == person_id), (deputy, deputy.c.person_id == person_id)):
        conn.execute(update(table).where(who, or_(table.c.until.is_(None), table.c.until > last)).values(until=last))
    conn.execute(update(invitation).where(invitation.c.person_id == person_id, invitation.c.used_at.is_(None)).values(used_at=now))
    websessions.revoke_all(conn, person_id, now)
    audit.append(conn, [audit.Entry(by, "staff", "leave firm", f"person:{person_id}")], now)


def cut_off(conn: Connection, person_id: int, now: datetime) -> None:
    """Browsers are logged out, phones speak for nobody; what waits for them waits for the person. WeCom is asked anew who it is."""
    websessions.revoke_all(conn, person_id, now)
    mine = select(address.c.id).join(talk, talk.c.id == address.c.talk_id).where(talk.c.person_id == person_id, address.c.channel != WEB)
    for id in conn.execute(mine.order_by(address.c.id)).scalars().all():
        conn.execute(update(outbox).where(outbox.c.address_id == id, outbox.c.sent_at.is_(None), outbox.c.dead_at.is_(None)).values(address_id=None))
        inbox.rebind(conn, id, int(conn.execute(insert(talk).values(person_id=None).returning(talk.c.id)).scalar_one()))
    conn.execute(update(person).where(person.c.id == person_id).values(greeted_at=None))


def mark_greeted(conn: Connection, person_id: int, now: datetime) -> None:
    conn.execute(_greeted, {"row": person_id, "now": now})


def show_as(conn: Connection, person_id: int, cards: str) -> None:
    """cards | text"""
    conn.execute(_cards, {"row": person_id, "shown": cards})


def mute(conn: Connection, talk_id: int, until: datetime | None) -> None:
    conn.execute(_mute, {"row": talk_id, "quiet": until})


def free_account(conn: Connection, name: str) -> str:
    """From the pinyin, as most firms do; a number where that is taken."""
    base = spelt(name)[:40]
    taken = set(conn.execute(select(person.c.account).where(person.c.account.startswith(base, autoescape=True))).scalars())
    return next(one for one in (base, *(f"{base}{n}" for n in range(2, len(taken) + 3))) if one not in taken)


def spelt(name: str) -> str:
    """The name in letters: an account for who has none."""
    return "".join(syllables(name.strip(), surname=True)) or "tongshi"


def _given(name: str) -> str:
    """李小强 is also asked for as 小强."""
    return name[1:] if len(name) > 2 else ""
