"""The key of a vacant flat: from the desk to the technician by give and receive, back in the evening with the papers (C-2, C-4.6b)."""

from __future__ import annotations

from conversations import tokens
from conversations.desk import Desk
from conversations.desks.repairs import Thing
from conversations.repairs.job import Job
from conversations.types import Option, Prompt

KIND = "key"


def offer(job: Job) -> tuple[Option, ...]:
    """For the desk, beside a job in a vacant flat."""
    return (Option("钥匙给他了", tokens.of_action("key", job.id, "give")),) if job.place == "vacant" else ()


def give(desk: Desk, job: Job) -> Prompt:
    """The technician has it once they say so."""
    to = desk.person(job.technician_id or next(iter(sorted(job.asked)), 0))
    if to is None:
        return Prompt(f"{job.title}\n还没有人接这张单，钥匙先留着。")
    key = _key(desk, job) or desk.new_thing(KIND, _number(job), f"{job.where} 钥匙", 1, case=job.id)
    if key.holder != desk.me.id or key.to_id:
        holder = desk.person(key.to_id or key.holder)
        return Prompt(f"{job.title}\n这把钥匙在{holder.name if holder else '别人'}那里。")
    desk.give_thing(key.id, to.id)
    got = Option("钥匙拿到了", tokens.of_action("key", job.id, "take"), main=True)
    desk.tell(to.id, Prompt(f"{job.title}\n{desk.me.name}给您钥匙了。\n晚上和单子一起交回。", (got,)))
    return Prompt(f"{job.title}\n好，等{to.name}点一下拿到了。")


def take(desk: Desk, job: Job) -> Prompt:
    key = _key(desk, job)
    if key is None or key.to_id != desk.me.id:
        return Prompt(f"{job.title}\n{'钥匙已经在您手上。' if key and key.holder == desk.me.id else '钥匙还没给您，请问客服。'}")
    giver = key.holder
    desk.take_thing(key.id, 1)
    desk.tell(giver, Prompt(f"{job.title}\n{desk.me.name}拿到钥匙了。"))
    return Prompt(f"{job.title}\n记下了，钥匙在您手上。")


def _number(job: Job) -> str:
    return f"key-{job.unit_id or job.where}"


def _key(desk: Desk, job: Job) -> Thing | None:
    return next((one for one in desk.things(kind=KIND) if one.number == _number(job) and one.holder_kind != "closed"), None)
