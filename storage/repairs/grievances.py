"""What tenants are not content with: one line opened at the desk, closed with an outcome (C-3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from conversations.desk import NotAllowed
from conversations.firm import Case
from rules.people import Subject
from storage import cases
from storage.codec import canonical
from storage.repairs.places import NOT_OURS, Places
from storage.tables import case

COMPLAINT = "tenant_complaint"
_complaints = select(*cases.COLUMNS).where(case.c.kind == COMPLAINT)


class Grievances(Places):
    def case(self, id: int) -> Case | None:
        found = super().case(id)
        if found is None and id and self._opens("hear_tenant"):
            row = self._conn.execute(_complaints.where(case.c.id == id)).first()
            return Case(*row) if row is not None else None
        return found

    def tenant_complaint(self, what: str, *, spot: str = "", caller: str = "", phone: str = "", job: int = 0) -> Case:
        self._may("hear_tenant", Subject())
        said = " ".join(what.split())[:600]
        if not said:
            raise NotAllowed("请写一句租户说了什么。")
        here = self.spot(spot) if spot else None
        if spot and here is None:
            raise NotAllowed(NOT_OURS)
        flat = here.unit if here is not None else None
        data: dict[str, Any] = {"what": said, "where": here.label if here else "", "by": self.me.id, "job": job}
        data |= {"caller": caller or (flat.tenant if flat else ""), "phone": phone or (flat.phone if flat else "")}
        data |= {"area": here.area_id if here else None}
        row: dict[str, Any] = {"kind": COMPLAINT, "state": "open", "key": "", "person_id": self.me.id, "customer_id": None, "paper_id": None}
        opened, _ = cases.open_(self._conn, row | {"day": self.today, "at": self._now, "data": data}, self.me.id, self._now)
        self._log("open", f"case:{opened.id}", COMPLAINT, canonical(data))
        return opened

    def tenant_complaints(self, states: Sequence[str] = ("open",), limit: int = 100) -> Sequence[Case]:
        if not self._opens("hear_tenant"):
            return ()
        rows = self._conn.execute(_complaints.where(case.c.state.in_(states)).order_by(case.c.id.desc()).limit(limit))
        return [Case(*row) for row in rows]

    def close_tenant_complaint(self, id: int, outcome: str) -> Case:
        row = self._conn.execute(_complaints.where(case.c.id == id)).first()
        self._may("close_tenant", Subject(makers=frozenset()))
        said = " ".join(outcome.split())[:600]
        if row is None or not said:
            raise NotAllowed("请写一句怎么处理的、租户怎么说。" if row is not None else "这一条已经不在了。")
        found = Case(*row)
        if found.state != "open":
            raise NotAllowed("这一条已经结了。")
        data = {"outcome": said, "closed_by": self.me.id}
        moved = cases.move(self._conn, found, "close", self.me.id, self._now, data, state="closed", closed_at=self._now)
        if moved is None:
            raise NotAllowed("别人刚动过这一条，请再看一下。")
        self._log("close", f"case:{id}", COMPLAINT, said)
        return moved
