"""The customer's part of a job: links, printed papers, what was agreed to and signed (C-4.5.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from conversations.desk import NotAllowed, StaleCase
from conversations.desks.repairs import Mode, Purpose
from conversations.repairs.job import ATTESTED_AS, Job
from rules.repairs import jobs as job_rule
from rules.repairs.jobs import Mover
from storage import agreements, blobs, cases, links
from storage.codec import canonical, digest
from storage.repairs import jobs
from storage.repairs.register import NOT_YOURS, Register
from storage.tables import agreement, case
from storage.tables import job as job_table

PRINTED = ("application/pdf", "image/png")  # a paper and its first page
LINKS = {"consent": "c", "sign": "s", "progress": "p"}
_agreements = select(agreement).order_by(agreement.c.id)
_awaiting = (
    select(job_table.c.case_id)
    .join(case, case.c.id == job_table.c.case_id)
    .where(job_table.c.technician_id == bindparam("person"), case.c.state == "content")
    .limit(1)
)


class CustomersPart(Register):
    """Nobody of the staff agrees or signs here: they only make the way, or photograph the signed paper."""

    def make_link(self, job: int, purpose: Purpose, mode: Mode, content_hash: str, until: datetime) -> tuple[str, str]:
        """What showed something else ends; one to the same page stays, the customer may have it open. The first used ends the others."""
        self._job(job)
        links.end(self._conn, job, purpose, self._now, besides=content_hash)
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
        """The picture is the signature cut out of the photograph when it was found there, else the photograph."""
        old = self._locked_job(job)
        if old.technician_id != self.me.id or photo not in old.data.get("forms", ()):
            raise NotAllowed(NOT_YOURS)
        action, mover = ("attest", Mover(attests=old.signer)) if old.attested else ("sign", Mover(customer=True))
        step = job_rule.move(old.for_rules(), action, mover)
        name = "" if old.attested else old.caller
        signed = {"signed_by": name, "signed_at": self._now.isoformat(), "signed_on": "paper", "original": photo}
        if not jobs.move(self._conn, old, action, step.after, self.me.id, self._now, signed, {}):
            raise StaleCase(cases.last_event(self._conn, job))
        picture = self.signature_in(photo)[0] or photo
        facts = {"mode": "paper", "photographed_by": self.me.account, "original": photo}
        self._keep_signature(job, content, content_hash, version, name, ATTESTED_AS[old.signer] if old.attested else "", picture, facts)
        return self._job(job)

    def attest_job(self, job: int, rev: int | None, content: str, content_hash: str, version: str) -> Job:
        old = self._locked_job(job)
        if rev is not None and rev != old.rev:
            raise StaleCase(cases.last_event(self._conn, job))
        step = job_rule.move(old.for_rules(), "attest", self._mover())
        signed = {"signed_by": self.me.name, "signed_at": self._now.isoformat(), "signed_on": "chat"}
        if not jobs.move(self._conn, old, "attest", step.after, self.me.id, self._now, signed, {}):
            raise StaleCase(cases.last_event(self._conn, job))
        self._keep_signature(
            job, content, content_hash, version, self.me.name, ATTESTED_AS[old.signer], "", {"mode": "chat", "account": self.me.account}
        )
        return self._job(job)

    def signature_in(self, photo: str) -> tuple[str, str]:
        found = blobs.noted(self._conn, photo)
        facts = found.facts if found is not None else {}
        return str(facts.get("signature") or ""), str(facts.get("signature_why") or "")

    def _keep_signature(
        self, job: int, content: str, content_hash: str, version: str, name: str, relation: str, picture: str, facts: Mapping[str, Any]
    ) -> None:
        row = {"case_id": job, "kind": "signature", "link_id": None, "content": content, "content_hash": content_hash, "text_version": version}
        row |= {"name": name[:80], "relation": relation, "picture": picture, "picture_hash": picture, "strokes": None, "facts": dict(facts)}
        made = agreements.add(self._conn, row, self._now)
        self._log("signature", f"agreement:{made}", agreements.proof(row, self._now))

    def agreements(self, job: int) -> Sequence[Mapping[str, Any]]:
        if self.job(job) is None:
            return ()
        return [dict(row) for row in self._conn.execute(_agreements.where(agreement.c.case_id == job)).mappings()]

    def _outside(self, path: str) -> tuple[str, str]:
        """The whole address, and a picture of it to scan."""
        address = self._ways.at(path) if self._ways is not None else path
        return address, self._picture(address)


def awaits_signature(conn: Connection, person: int) -> bool:
    """A job of theirs is done but for the signature: a photograph may be of the signed form."""
    return conn.execute(_awaiting, {"person": person}).first() is not None
