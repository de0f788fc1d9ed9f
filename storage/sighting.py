"""What was seen on pictures, and those that are still to be read: cases of their own, so that no reading is lost or told twice (A-4.4.1, A-4.4.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select

from conversations import sight
from conversations.firm import Case
from conversations.seen import READ
from storage import blobs, cases, sessions
from storage.codec import canonical
from storage.prepared import Query
from storage.tables import case
from storage.voice import Voice

OLDEST = timedelta(days=7)  # what has not been read by then is not read any more

_waiting = Query(
    select(*cases.COLUMNS)
    .where(case.c.kind == sight.KIND, case.c.day >= bindparam("since"), case.c.state == sight.WAITING)
    .order_by(case.c.id)
    .limit(bindparam("limit")),
    Case,
)
_of_pictures = Query(
    select(*cases.COLUMNS)
    .where(
        case.c.kind == sight.KIND,
        case.c.person_id == bindparam("person"),
        case.c.data["form"].as_string() == bindparam("form"),
        case.c.data["sha"].as_string().in_(bindparam("pictures", expanding=True)),
    )
    .order_by(case.c.id),
    Case,
)


class Sighting(Voice):
    """A picture is nobody's; its reading is whose photograph it was."""

    def seen(self, sha256: str) -> Mapping[str, Any]:
        noted = blobs.noted(self._conn, sha256)
        found: Mapping[str, Any] = noted.facts.get("eyes", {}) if noted is not None else {}
        return found

    def readings(self, paper: int) -> Sequence[Case]:
        """Whoever may see the record may see what its maker said of its pictures."""
        found = self.paper(paper)
        if found is None or not found.blobs:
            return ()
        return _of_pictures.all(self._conn, {"person": found.person_id, "form": found.form, "pictures": [*found.blobs]})

    def note_seen(self, case: int, seen: Mapping[str, Any]) -> None:
        reading = cases.any_one(self._conn, case)
        if reading is None or reading.person_id != self.me.id:
            raise LookupError("reading")
        self._log("see", f"case:{case}", canonical({name: seen.get(name) for name in ("stage", "presence", "advice")}))
        blobs.note_seen(self._conn, str(reading.data["sha"]), seen)


def waiting(conn: Connection, today: date, limit: int) -> list[Case]:
    """Oldest first."""
    return _waiting.all(conn, {"since": today - OLDEST, "limit": limit})


def first_look_wanted(conn: Connection, person_id: int, words: str) -> bool:
    """Whoever sent the picture is asked for one that shows a stamp, or says that it does."""
    open_one = sessions.open_one(conn, person_id)
    return sight.expects(open_one.form if open_one is not None else "", words)


def known(conn: Connection, sha: str) -> Mapping[str, Any] | None:
    """What was read before on the same picture."""
    noted = blobs.noted(conn, sha)
    found: Mapping[str, Any] = noted.facts.get("eyes", {}) if noted is not None else {}
    return found if found.get("stage") == READ else None


def drop(conn: Connection, old: Case, now: datetime) -> None:
    """Nobody is to be told: who sent it has left, or it cannot be."""
    cases.move(conn, old, "drop", old.person_id, now, {}, state=sight.DONE, closed_at=now)
