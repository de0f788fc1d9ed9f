"""A person's desk over repairs: the register, a job's steps, links for the customer, and things that change hands (C-3 to C-4.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, insert, or_, select

from conversations.desk import NotAllowed, StaleCase
from conversations.desks.repairs import Mode, PriceList, Purpose, Station, Thing
from conversations.firm import Case, Found, Person
from conversations.repairs.job import Call, Callout, Job
from rules import custody as custody_rule
from rules import money
from rules.custody import Holder
from rules.people import POLICY, Subject
from rules.repairs import jobs as job_rule
from rules.repairs.jobs import Mover
from rules.repairs.quotations import Price
from storage import agreements, blobs, cases, custody, jobs, links, people
from storage.codec import canonical, digest
from storage.jobs import Sight
from storage.lists import Lists
from storage.staffing import Staffing
from storage.tables import agreement, area, duty, station
from storage.tables import person as person_table

NOT_YOURS = "这张单不归您办，请问客服。"
NO_THING = "这一件已经不在了。"
_agreements = select(agreement).order_by(agreement.c.id)
MOST_PRICES = 2000
PRINTED = ("application/pdf", "image/png")  # a paper and its first page
LINKS = {"consent": "c", "sign": "s", "progress": "p"}


class Repairing(Staffing, Lists):
    """Every step asks rules/repairs/jobs.py with who one is to the job; every write is in the log."""

    def case(self, id: int) -> Case | None:
        """A job is seen by whom it concerns, also before they had a hand in it."""
        found = super().case(id)
        if found is not None or self.job(id) is not None:
            return found or cases.stand(self._conn, id)
        stands = cases.stand(self._conn, id) if self._receives_papers() and id else None
        return stands if stands is not None and stands.kind == "reconciliation" else None

    # --- the register -----------------------------------------------------------------------------------
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

    # --- lists to choose from ---------------------------------------------------------------------------
    def price_list(self) -> PriceList:
        found = self.prices(limit=MOST_PRICES)
        lines = {one.id: Price(one.code, one.item, one.per, one.fen) for one in found}
        return PriceList(found[0].version if found else "", lines)

    def find(self, source: str, query: str, offset: int = 0, limit: int = 6) -> Sequence[Found]:
        if source == "prices":
            lines = self.prices(query, offset + limit)[offset:]
            return [Found(one.id, one.item, f"{money.exact(one.fen)}/{one.per or '次'}") for one in lines]
        if source == "offered":
            return [Found(one.id, one.number, one.what) for one in self.things(offered_to=self.me.id) if query in one.number][offset : offset + limit]
        if source == "technicians":
            others = [who for who in self.people("technician") if who.id != self.me.id and query in who.name]
            return [Found(who.id, who.name) for who in others[offset : offset + limit]]
        return super().find(source, query, offset, limit)

    def label(self, source: str, id: int) -> str:
        if source == "prices":
            line = self.price_list().lines.get(id)
            return line.name if line is not None else ""
        if source == "offered":
            return next((one.number for one in self.things(offered_to=self.me.id) if one.id == id), "")
        if source == "technicians":
            return super().label("colleagues", id)
        return super().label(source, id)

    # --- who was told -----------------------------------------------------------------------------------
    def callouts(self, job: int) -> Sequence[Callout]:
        return jobs.callouts(self._conn, job) if self.job(job) is not None else ()

    def call_out(self, job: int, person: int, rung: str, how: str = "message", *, outbox: int = 0) -> Callout:
        self._job(job)
        self._log("call_out", f"case:{job}", f"{person}:{rung}:{how}")
        return jobs.call_out(self._conn, job, person, rung, how, outbox, self._now)

    def answer_callout(self, id: int, answer: str, why: str = "") -> None:
        found = jobs.callout_of(self._conn, id)
        if found is None or self.job(found[0]) is None:
            raise NotAllowed(NOT_YOURS)
        self._log("answer", f"callout:{id}", answer, why)
        jobs.answer(self._conn, id, answer, why, self._now)

    def end_callouts(self, job: int) -> Sequence[int]:
        self._job(job)
        return jobs.end_callouts(self._conn, job, self._now)

    # --- stations, areas, rota --------------------------------------------------------------------------
    def stations(self) -> Sequence[Station]:
        return [Station(*row) for row in self._conn.execute(select(station.c.id, station.c.name, station.c.phone).order_by(station.c.id))]

    def station(self, id: int) -> Station | None:
        known = self.stations()
        return next((one for one in known if one.id == id), known[0] if not id and len(known) == 1 else None)

    def areas(self) -> Sequence[Found]:
        return [Found(*row) for row in self._conn.execute(select(area.c.id, area.c.name).order_by(area.c.name))]

    def on_shift(self, role: str, at: datetime, area: int | None = None) -> Sequence[Person]:
        on_call = dict(self._on_duty(role, at))
        day = self.calendar.day_of(at)
        here: list[tuple[bool, Person]] = []
        scopes = people.scopes(self._conn, role, day)
        for who in people.everybody(self._conn, day):
            mine = {id for scope, id in scopes.get(who.id, ()) if scope == "area"}
            reaches = area is None or not mine or area in mine
            if who.id in on_call:
                here.append((on_call[who.id] != area, who))
            elif role in who.roles and reaches and self._at_work(who, at, day):
                here.append((area not in mine, who))
        return [who for _, who in sorted(here, key=lambda one: (one[0], one[1].id))]

    def phone_of(self, person: int) -> str:
        return str(self._conn.execute(select(person_table.c.phone).where(person_table.c.id == person)).scalar() or "")

    def _at_work(self, who: Person, at: datetime, day: date) -> bool:
        return self.calendar.at(day, who.opens) <= at < self.calendar.at(day, who.closes) and not self.on_leave(who.id, day)

    def put_duty(self, person: int, role: str, since: datetime, until: datetime, area: int | None = None) -> None:
        self._may("set_duty", Subject(owner=person, unit=area or 0, scope="area"))
        if until <= since or until - since > timedelta(days=31):
            raise NotAllowed("值班要从早到晚写清楚，一次不超过 31 天。")
        self._log("duty", f"person:{person}", f"{role}:{since.isoformat()}–{until.isoformat()}:{area or ''}")
        self._conn.execute(insert(duty), {"person_id": person, "role": role, "area_id": area, "since": since, "until": until})

    def _on_duty(self, role: str, at: datetime) -> list[tuple[int, int | None]]:
        found = select(duty.c.person_id, duty.c.area_id).where(duty.c.role == role, duty.c.since <= at, duty.c.until > at)
        return [(row[0], row[1]) for row in self._conn.execute(found)]

    # --- the customer's way in --------------------------------------------------------------------------
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

    # --- things -----------------------------------------------------------------------------------------
    def things(self, *, holder: int | None = None, offered_to: int | None = None, kind: str = "", case: int | None = None) -> Sequence[Thing]:
        asked: list[ColumnElement[bool]] = []
        if holder is not None:
            asked.append(custody.held_by(holder))
        if offered_to is not None:
            asked.append(custody.offered_to(offered_to))
        if kind:
            asked.append(custody.of_kind(kind))
        if case is not None:
            asked.append(custody.of_case(case))
        if not self._sight().everybody and not self._receives_papers():
            asked.append(or_(custody.held_by(self.me.id), custody.offered_to(self.me.id)))
        return custody.some(self._conn, and_(*asked)) if asked else custody.some(self._conn)

    def new_thing(self, kind: str, number: str, what: str, amount: int, *, case: int | None = None, holder: int = 0) -> Thing:
        made, new = custody.add(self._conn, kind, number, what, amount, holder or self.me.id, case)
        if new:
            self._log("thing", f"thing:{made.id}", kind, number, str(amount))
        return made

    def give_thing(self, id: int, to: int, *, batch: str = "") -> Thing:
        held = self._thing(id)
        custody_rule.give(custody.rule(held), self.me.id, Holder("person", to), self._now)
        custody.offer(self._conn, held, to, batch, self._now)
        self._log("give", f"thing:{id}", str(to), batch)
        return self._thing(id)

    def take_back_thing(self, id: int) -> Thing:
        held = self._thing(id)
        custody_rule.take_back(custody.rule(held), self.me.id)
        custody.end(self._conn, held, self._now)
        self._log("take_back", f"thing:{id}")
        return self._thing(id)

    def take_thing(self, id: int, counted: int) -> Thing:
        held = self._thing(id)
        _, difference = custody_rule.take(custody.rule(held), self.me.id, self._now, counted)
        custody.taken(self._conn, held, self.me.id, counted, difference, self._now)
        self._log("take", f"thing:{id}", str(counted), str(difference))
        return self._thing(id)

    def refuse_thing(self, id: int, why: str) -> Thing:
        held = self._thing(id)
        custody_rule.refuse(custody.rule(held), self.me.id)
        custody.end(self._conn, held, self._now, why)
        self._log("refuse", f"thing:{id}", why)
        return self._thing(id)

    def archive_thing(self, id: int, number: str) -> Thing:
        held = self._thing(id)
        if held.holder_kind != "person" or held.holder != self.me.id:
            raise NotAllowed("先点收，再归档。")
        custody.archived(self._conn, held, number)
        self._log("archive", f"thing:{id}", number)
        return self._thing(id)

    def _mover(self) -> Mover:
        return Mover(self.me.id, self.me.roles)

    # --- inside -----------------------------------------------------------------------------------------
    def _sight(self) -> Sight:
        reaches = POLICY["see_job"]
        grants = [grant for grant in self.standing.grants if reaches.get(grant.role) in ("unit", "firm")]
        if any(reaches[grant.role] == "firm" or grant.scope == people.FIRM for grant in grants):
            return Sight(self.me.id, everybody=True)
        units = {scope: frozenset(grant.scope_id for grant in grants if grant.scope == scope) for scope in ("area", "station")}
        return Sight(self.me.id, False, units["area"], units["station"])

    def _may_take_call(self) -> None:
        if self.me.left or self.me.roles.isdisjoint(POLICY["take_call"]):
            raise NotAllowed("报修由客服登记，请打服务站电话或告诉客服。")

    def _receives_papers(self) -> bool:
        return not self.me.roles.isdisjoint(POLICY["receive_papers"])

    def _job(self, id: int) -> Job:
        found = self.job(id)
        if found is None:
            raise NotAllowed(NOT_YOURS)
        return found

    def _locked_job(self, id: int) -> Job:
        cases.lock(self._conn, id)
        return self._job(id)

    def _thing(self, id: int) -> Thing:
        found = custody.one(self._conn, id, lock=True)
        if found is None:
            raise NotAllowed(NO_THING)
        return found
