"""The customer's part of a job: links, printed papers, what was agreed to and signed (C-4.5.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from conversations.desk import NotAllowed, StaleCase
from conversations.desks.repairs import Mode, Purpose
from conversations.repairs.job import Job
from rules.repairs import jobs as job_rule
from rules.repairs.jobs import Mover
from storage import agreements, blobs, cases, jobs, links
from storage.codec import canonical, digest
from storage.repairs.register import NOT_YOURS, Register
from storage.tables import agreement

PRINTED = ("application/pdf", "image/png")  # a paper and its first page
LINKS = {"consent": "c", "sign": "s", "progress": "p"}
_agreements = select(agreement).order_by(agreement.c.id)


class CustomersPart(Register):
    """Nobody of the staff agrees or signs here: they only make the way, or photograph the signed paper."""

    def make_link(self, job: int, purpose: Purpose, mode: Mode, content_hash: str, until: datetime) -> tuple[str, str]:
        self._job(job)
        links.end(self._conn, job, purpose, self._now)
        once = purpose != "progress"
        token = links.make(self._conn, purpose, mode, self._now, until, case_id=job, by_id=self.me.id, content_hash=content_hash, once=once)
        self._log("link", f"case:{job}", purpose, mode, content_hash)
        return self._outside(f"/{LINKS[purpose]}/{token}")

    def code_of(self, job: int) -> str:
        self._job(job)
        return self._outside(f"/office/jobs/{job}")[1]

    def print_out(self, layout: str, data: Mapping[str, Any], pictures: Mapping[str, str], words: str) -> tuple[str, str]:
        spec = {"layout": layout, "data": dict(data), "pictures": dict(pictures)}
        entries = {mime: digest(mime, canonical(spec)) for mime in PRINTED}
        for mime, sha in entries.items():
            kind = "photo" if mime.startswith("image/") else "file"
            blobs.note(self._conn, sha, mime, 0, {"kind": kind, "sheet": {**spec, "entries": entries}, "alt": words}, self._now)
        return entries["application/pdf"], entries["image/png"]

    def end_links(self, job: int, purpose: Purpose) -> None:
        self._job(job)
        links.end(self._conn, job, purpose, self._now)

    def sign_on_paper(self, job: int, photo: str, content: str, content_hash: str, version: str) -> Job:
        old = self._locked_job(job)
        if old.technician_id != self.me.id or photo not in old.after:
            raise NotAllowed(NOT_YOURS)
        step = job_rule.move(old.for_rules(), "sign", Mover(customer=True))
        signed = {"signed_by": old.caller, "signed_at": self._now.isoformat(), "signed_on": "paper"}
        if not jobs.move(self._conn, old, "sign", step.after, self.me.id, self._now, signed, {}):
            raise StaleCase(cases.last_event(self._conn, job))
        row = {"case_id": job, "kind": "signature", "link_id": None, "content": content, "content_hash": content_hash, "text_version": version}
        row |= {"name": old.caller[:80], "relation": "", "picture": photo, "picture_hash": photo, "strokes": None}
        row |= {"facts": {"mode": "paper", "photographed_by": self.me.account}}
        made = agreements.add(self._conn, row, self._now)
        self._log("signature", f"agreement:{made}", agreements.proof(row, self._now))
        return self._job(job)

    def agreements(self, job: int) -> Sequence[Mapping[str, Any]]:
        if self.job(job) is None:
            return ()
        return [dict(row) for row in self._conn.execute(_agreements.where(agreement.c.case_id == job)).mappings()]

    def _outside(self, path: str) -> tuple[str, str]:
        """The whole address, and a picture of it to scan."""
        address = self._ways.at(path) if self._ways is not None else path
        return address, self._picture(address)
