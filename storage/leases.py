"""One sender at a time: a row, an expiry and an epoch, by the database's clock (no advisory lock: a stopped holder keeps those)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, bindparam, case, func, literal_column, or_, select, update

from storage.prepared import Query, scalar
from storage.tables import Instant, inbox, lease, outbox
from storage.upsert import both

_clock = Query(
    {
        "sqlite": select(literal_column("strftime('%Y-%m-%d %H:%M:%f000', 'now')", Instant())),
        "postgresql": select(func.clock_timestamp(type_=Instant())),
    },
    scalar,
)
_take = both(
    lease,
    lambda into: into.on_conflict_do_update(
        index_elements=["name"],
        set_={
            "holder": into.excluded.holder,
            "until": into.excluded.until,
            "epoch": case((lease.c.holder == into.excluded.holder, lease.c.epoch), else_=lease.c.epoch + 1),
        },
        where=or_(lease.c.holder == into.excluded.holder, lease.c.until <= bindparam("at", type_=Instant())),
    ).returning(lease.c.epoch),
)
_taken: Query[int] = Query(_take, scalar)
_epoch = select(lease.c.epoch).where(lease.c.name == bindparam("which"))
_until = select(lease.c.until).where(lease.c.name == bindparam("which"))
_release = update(lease).where(lease.c.name == bindparam("which"), lease.c.holder == bindparam("who")).values(until=bindparam("at"))


def clock(conn: Connection) -> datetime:
    """The database's, the only one all replicas share."""
    now: datetime = _clock.one(conn, {})
    return now


def take(conn: Connection, name: str, holder: str, seconds: float, now: datetime | None = None) -> int | None:
    """The epoch while it is ours, None while another's. Taking over raises it; `holder` must differ for every process start."""
    at = now or clock(conn)
    row = {"name": name, "holder": holder, "epoch": 1, "until": at + timedelta(seconds=seconds), "at": at}
    return _taken.first(conn, row)


def epoch(conn: Connection, name: str) -> int:
    """Of whoever took it last, living or not; 0 when nobody ever did."""
    return int(conn.execute(_epoch, {"which": name}).scalar() or 0)


def held(conn: Connection, name: str) -> bool:
    """By anybody, just now."""
    until: datetime | None = conn.execute(_until, {"which": name}).scalar()
    return until is not None and until > clock(conn)


def release(conn: Connection, name: str, holder: str) -> None:
    """The row stays, so that its epoch never starts again."""
    conn.execute(_release, {"which": name, "who": holder, "at": datetime(1970, 1, 1, tzinfo=UTC)})


def forget(conn: Connection) -> None:
    """After a crash of the only server there can be (SQLite): what its dead process had taken is free at once."""
    conn.execute(update(lease).values(until=datetime(1970, 1, 1, tzinfo=UTC)))
    conn.execute(update(outbox).where(outbox.c.sent_at.is_(None), outbox.c.lease_until.is_not(None)).values(lease_until=None))
    conn.execute(update(inbox).where(inbox.c.state.in_(("fetch", "late"))).values(lease_until=None))
