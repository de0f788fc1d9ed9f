"""维修报价 (C-4.3.2)."""

from __future__ import annotations

from typing import Any

from conversations.desk import Desk
from conversations.form import Form
from conversations.questions import Counts
from conversations.repairs import cards, consent
from conversations.repairs.job import Job
from conversations.types import Prompt
from rules import money
from rules.repairs.quotations import quote, worth


class RepairQuote(Form, title="维修报价", version=1, who="technician", on="job", in_state={"found", "quoted", "working"}, at_once=True):
    """Lines and sums out of 《有偿维修服务收费价格一览表》; a new one suspends the work until the customer agrees (C-4.3.2b, C-4.3.4a)."""

    items = Counts("修什么？按价目表选。", "prices", label="报价", worth=lambda look, counts: worth(look.price_list().lines, counts))

    def filed(self, desk: Desk) -> None:
        job = desk.job(self.record.case_id) if self.record and self.record.case_id else None
        if job is None or not self.items:
            return
        table = desk.price_list()
        by_id = {id: price for id, price in table.lines.items() if id in self.items}
        made = quote(job.number, table.version, {one.code: one for one in by_id.values()}, [(by_id[id].code, n) for id, n in self.items.items()])
        consent.offer(desk, job, made)

    def stored(self, desk: Desk) -> Prompt:
        job = desk.job(self.record.case_id) if self.record and self.record.case_id else None
        if job is None or job.quotation is None:
            return super().stored(desk)
        if job.state != "quoted":
            return cards.card(desk, job, "报价没有变，接着修。")
        way = consent.ask(desk, job, "own")
        changed = "\n".join(job.data.get("changed", ()))
        lead = f"{changed}\n" if changed else ""
        total = "" if changed else f"合计 {money.exact(job.quotation.total)} 元。\n"
        return Prompt(f"{job.title}\n{lead}{total}{way.text.partition(chr(10))[2]}", cards.card(desk, job).options, attach=way.attach)


def begun(desk: Desk, job: Job, line: int) -> dict[str, Any]:
    """What the form begins with: the quotation there is, to be changed, or the one line that was tapped."""
    lines, old = desk.price_list().lines, job.quotation
    counts = {id: (price, line.count) for id, price in lines.items() for line in (old.lines if old else ()) if line.code == price.code}
    if line in lines and not old:
        counts = {line: (lines[line], 1)}
    if not counts:
        return {}
    return {"items": {"counts": {str(id): {"label": price.name, "count": count} for id, (price, count) in counts.items()}, "done": False}}
