"""What the customer does through a link: their own consent, refusal, signature; never a member of staff (C-4.3.3, C-4.5.5b)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from conversations.repairs.job import Job
from rules.repairs.jobs import Mover
from storage import agreements, audit, links
from storage.links import Link
from storage.repairs import jobs
from storage.repairs.jobs import Sight
from storage.tables import price
from storage.world import World


@dataclass(frozen=True, slots=True)
class Evidence:
    """What proves it: what was shown word for word, what was drawn, from where."""

    content: str
    content_hash: str
    text_version: str
    name: str = ""
    relation: str = ""
    picture: str = ""
    picture_hash: str = ""
    strokes: Any = None
    facts: Mapping[str, Any] = field(default_factory=dict)


class Outside(World):
    """A desk that sees one job and moves it as the customer; the log names the link."""

    def __init__(self, conn: Connection, link: Link, *, now: datetime, zone: ZoneInfo, **rest: Any) -> None:
        super().__init__(conn, person_id=link.by_id or 0, now=now, zone=zone, via="link", **rest)
        self._link = link

    @property
    def link(self) -> Link:
        return self._link

    def listed_prices(self, version: str, limit: int) -> Sequence[tuple[str, str, int]]:
        """Item, per what, fen of each: the version the quotation names (C-4.3.2c)."""
        found = select(price.c.item, price.c.per, price.c.fen).where(price.c.version == version).order_by(price.c.code).limit(limit)
        return [(row[0], row[1], row[2]) for row in self._conn.execute(found)]

    def job(self, id: int) -> Job | None:
        return jobs.one(self._conn, id, Sight(0, everybody=True)) if id == self._link.case_id else None

    def use(self, submission: str) -> bool:
        """Of all who try at once, through this link or another to the same page, one."""
        job = self._link.case_id or 0
        self._locked_job(job)
        used = links.use(self._conn, self._link.id, submission, self._now)
        if used and self._link.once:
            links.end(self._conn, job, self._link.purpose, self._now)
        return used

    def begin(self, session: str, place: Mapping[str, Any] | None) -> bool:
        """Handed over: opened by this browser for itself alone."""
        self._log("handed_over", f"link:{self._link.id}")
        return links.begin(self._conn, self._link.id, session, place, self._now)

    def agree(self, kind: str, job: int, evidence: Evidence) -> int:
        """Kept for good, with its place in the log, whose digest covers every word, point and fact of it."""
        facts = {**evidence.facts, "mode": self._link.mode}
        if self._link.opened_at is not None:
            facts |= {"opened_at": self._link.opened_at.astimezone(UTC).isoformat(), "place": self._link.place}
        row = {
            "case_id": job,
            "kind": kind,
            "link_id": self._link.id,
            "content": evidence.content,
            "content_hash": evidence.content_hash,
            "text_version": evidence.text_version,
            "name": evidence.name[:80],
            "relation": evidence.relation[:12],
            "picture": evidence.picture,
            "picture_hash": evidence.picture_hash,
            "strokes": evidence.strokes,
            "facts": facts,
        }
        made = agreements.add(self._conn, row, self._now)
        self._log(kind, f"agreement:{made}", agreements.proof(row, self._now))
        return made

    def copy_link(self, token: str, until: datetime) -> None:
        """What is kept for the customer: found again by whoever holds the first link (C-4.5.5b)."""
        if links.look(self._conn, token, self._now) is None and self._link.case_id is not None:
            links.make(self._conn, "progress", "own", self._now, until, case_id=self._link.case_id, by_id=self._link.by_id, once=False, token=token)

    def signers(self) -> Sequence[str]:
        """Names of the staff who may sign this one, but for who did the work (C-4.5.5a)."""
        job = self.job(self._link.case_id or 0)
        return [who.name for who in self.people(job.signer) if who.id != job.technician_id] if job is not None and job.attested else []

    def namesake(self, name: str) -> bool:
        """A colleague is called the same: noted, never a reason to refuse (C-4.5.5b)."""
        return any(who.name == name for who in self.people())

    def drawn(self) -> tuple[str, str]:
        """Name and picture of the newest signature of this job."""
        found = [one for one in self.agreements(self._link.case_id or 0) if one["kind"] == "signature"]
        return (str(found[-1]["name"]), str(found[-1]["picture"])) if found else ("", "")

    def _mover(self) -> Mover:
        """The customer; where the firm's own people sign, whoever of them holds the technician's phone, in that role."""
        job = self.job(self._link.case_id or 0)
        if job is not None and job.attested and self._link.purpose == "sign" and self._link.mode == "handover":
            return Mover(attests=job.signer)
        return Mover(customer=True)

    def _log(self, verb: str, subject: str, *details: str | bytes) -> None:
        detail = "\n".join(part.decode() if isinstance(part, bytes) else part for part in details)
        audit.append(self._conn, [audit.Entry(f"link:{self._link.id}", self._via, verb, subject, detail)], self._now)
