"""The register of repairs: calls taken, a job's steps, and who was told (C-3, C-4.5.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from conversations.desk import NotAllowed, StaleCase
from conversations.firm import Case, Found
from conversations.repairs.job import Call, Callout, Job
from rules.people import POLICY
from rules.repairs import jobs as job_rule
from rules.repairs.jobs import Mover
from storage import cases, people
from storage.codec import canonical
from storage.lists import Lists
from storage.prepared import Query
from storage.repairs import jobs
from storage.repairs.jobs import Sight
from storage.staffing import Staffing
from storage.tables import duty

_duty_of = Query(
    select(duty.c.area_id).where(
        duty.c.person_id == bindparam("person"),
        duty.c.role.in_(bindparam("roles", expanding=True)),
        duty.c.since <= bindparam("at"),
        duty.c.until > bindparam("at"),
    ),
    lambda area: area,
)
NOT_YOURS = "这张单不归您办，请问客服。"


class Register(Staffing, Lists):
    """Every step asks rules/repairs/jobs.py with who one is to the job; every write is in the log."""

    def case(self, id: int) -> Case | None:
        """A job is seen by whom it concerns, also before they had a hand in it."""
        found = super().case(id)
        if found is not None or self.job(id) is not None:
            return found or cases.stand(self._conn, id)
        stands = cases.stand(self._conn, id) if self._receives_papers() and id else None
        return stands if stands is not None and stands.kind == "reconciliation" else None

    def job(self, id: int) -> Job | None:
        return jobs.one(self._conn, id, self._sight())

    def jobs(
        self,
        *,
        states: Sequence[str] = (),
        technician: int | None = None,
        asked: int | None = None,
        area: int | None = None,
        unit: int | None = None,
        phone: str = "",
        day: date | None = None,
        since: datetime | None = None,
        closed_since: datetime | None = None,
        urgent: bool | None = None,
        limit: int = 50,
        before: int | None = None,
    ) -> Sequence[Job]:
        wanted = {
            "states": tuple(states),
            "technician": technician,
            "asked": asked,
            "area": area,
            "unit": unit,
            "phone": phone,
            "day": day,
            "since": since,
            "closed_since": closed_since,
            "urgent": urgent,
            "before": before,
        }
        return jobs.some(self._conn, self._sight(), limit, wanted)

    def register_job(self, call: Call) -> Job:
        self._may_take_call()
        columns = {
            "day": self.today,
            "station_id": call.station_id,
            "area_id": call.area_id,
            "unit_id": call.unit_id,
            "phone": call.phone,
            "place": call.place,
            "trade": call.trade,
            "urgent": call.urgent,
            "paid": call.paid,
        }
        data = {"what": call.what, "where": call.where, "address": call.address, "caller": call.caller, "blobs": list(call.blobs)}
        id = jobs.register(self._conn, columns, data, self.me.id, call.at, self._now)
        self._log("open", f"case:{id}", jobs.KIND, canonical(data).decode())
        return self._job(id)

    def step_job(
        self, id: int, rev: int | None, action: str, *, at: datetime | None = None, columns: Mapping[str, Any] | None = None, **data: Any
    ) -> Job:
        old = self._locked_job(id)
        if rev is not None and rev != old.rev:
            raise StaleCase(cases.last_event(self._conn, id))
        step = job_rule.move(old.for_rules(), action, self._mover())
        changes: dict[str, Any] = ({"at": at} if at else {}) | ({"closed_at": self._now} if step.closes else {})
        if not jobs.move(self._conn, old, action, step.after, self.me.id, self._now, data, columns or {}, **changes):
            raise StaleCase(cases.last_event(self._conn, id))
        self._log(action, f"case:{id}", step.after, canonical(data).decode())
        return self._job(id)

    def note_job(self, id: int, action: str, *, columns: Mapping[str, Any] | None = None, **data: Any) -> Job:
        old = self._locked_job(id)
        jobs.move(self._conn, old, action, old.state, self.me.id, self._now, data, columns or {})
        self._log(action, f"case:{id}", old.state, canonical(data).decode())
        return self._job(id)

    def find(self, source: str, query: str, offset: int = 0, limit: int = 6) -> Sequence[Found]:
        if source == "technicians":
            others = [who for who in self.people("technician") if who.id != self.me.id and query in who.name]
            return [Found(who.id, who.name) for who in others[offset : offset + limit]]
        return super().find(source, query, offset, limit)

    def label(self, source: str, id: int) -> str:
        return super().label("colleagues" if source == "technicians" else source, id)

    # --- who was told -----------------------------------------------------------------------------------
    def callouts(self, job: int) -> Sequence[Callout]:
        return jobs.callouts(self._conn, job) if self._in_sight(job) else ()

    def call_out(self, job: int, person: int, rung: str, how: str = "message", *, outbox: int = 0) -> Callout:
        self._must_see(job)
        self._log("call_out", f"case:{job}", f"{person}:{rung}:{how}")
        return jobs.call_out(self._conn, job, person, rung, how, outbox, self._now)

    def answer_callout(self, id: int, answer: str, why: str = "") -> None:
        found = jobs.callout_of(self._conn, id)
        if found is None or not self._in_sight(found[0]):
            raise NotAllowed(NOT_YOURS)
        self._log("answer", f"callout:{id}", answer, why)
        jobs.answer(self._conn, id, answer, why, self._now)

    def end_callouts(self, job: int) -> Sequence[int]:
        self._must_see(job)
        return jobs.end_callouts(self._conn, job, self._now)

    # --- inside -----------------------------------------------------------------------------------------
    def _mover(self) -> Mover:
        return Mover(self.me.id, self.me.roles)

    def _sight(self) -> Sight:
        reaches = POLICY["see_job"]
        grants = [grant for grant in self.standing.grants if reaches.get(grant.role) in ("unit", "firm")]
        if any(reaches[grant.role] == "firm" or grant.scope == people.FIRM for grant in grants):
            return Sight(self.me.id, everybody=True)
        units = {scope: frozenset(grant.scope_id for grant in grants if grant.scope == scope) for scope in ("area", "station")}
        on_duty = self._areas_on_duty() if grants else frozenset()
        if None in on_duty:
            return Sight(self.me.id, everybody=True)
        return Sight(self.me.id, False, units["area"] | {one for one in on_duty if one is not None}, units["station"])

    def _areas_on_duty(self) -> frozenset[int | None]:
        """The areas one is down for on the rota just now, None for all of them: at night whoever has the duty sees what comes in (C-4.5.1a)."""
        return frozenset(_duty_of.all(self._conn, {"person": self.me.id, "at": self._now, "roles": list(POLICY["take_call"])}))

    def _may_take_call(self) -> None:
        if self.me.left or self.me.roles.isdisjoint(POLICY["take_call"]):
            raise NotAllowed("报修由客服登记，请打服务站电话或告诉客服。")

    def _receives_papers(self) -> bool:
        return not self.me.roles.isdisjoint(POLICY["receive_papers"])

    def _in_sight(self, id: int) -> bool:
        return self._sight().everybody or self.job(id) is not None

    def _must_see(self, id: int) -> None:
        if not self._in_sight(id):
            raise NotAllowed(NOT_YOURS)

    def _job(self, id: int) -> Job:
        found = self.job(id)
        if found is None:
            raise NotAllowed(NOT_YOURS)
        return found

    def _locked_job(self, id: int) -> Job:
        cases.lock(self._conn, id)
        return self._job(id)
