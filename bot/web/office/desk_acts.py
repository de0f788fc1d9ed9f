"""What one tap on the desk's board does: send, ring up, answer a doubt about a fee; each says what was done (C-4.5.1, C-4.5.5c)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.web.answers import Problem
from bot.web.office.frame import number
from conversations.actions import repairs as taps
from conversations.desk import NotAllowed, StaleCase
from conversations.forms.repairs import allowing
from conversations.repairs import consent, dispatch, emergency, intake, paying, taking, visit
from conversations.repairs.job import Job
from storage.world import World

GONE = "没找到这张单，可能已经不归您看。"
Given = Mapping[str, str]  # to, when, why, call as they were typed or stood on the button


def done(world: World, id: int, rev: int, what: str, given: Given) -> str:
    """The sentence that says what was done; NotAllowed, RuleBroken, Unclear, StaleCase."""
    job = world.job(id)
    if job is None:
        raise NotAllowed(GONE)
    if what not in _ACTS:
        raise Problem(400, "没看懂要做什么，请再按一次。")
    if job.rev != rev and what not in ("reached", "missed"):  # a telephone call is what it was, whoever tapped meanwhile
        raise StaleCase(None)
    return f"{job.number} {_ACTS[what](world, job, given)}"


def _send(world: World, job: Job, given: Given) -> str:
    to = world.person(number(given["to"]))
    if to is None or to.left or "technician" not in to.roles:
        raise NotAllowed("请选一位师傅。")
    dispatch.send(world, job, to)
    return f"已派给{to.name}。"


def _offer(world: World, job: Job, given: Given) -> str:
    if taking.offer(world, job).rev == job.rev:
        raise NotAllowed("现在没有师傅在班，请打电话给片区经理。")
    return "发给在班的师傅了，先接先得。"


def _chase(world: World, job: Job, given: Given) -> str:
    names = taking.chase(world, job)
    return f"催过{'、'.join(names)}了。" if names else "一分钟内刚催过。"


def _book(world: World, job: Job, given: Given) -> str:
    at = intake.when(world, given["when"], world.now)
    if at is None:
        raise NotAllowed("请写改到什么时候，例如：明天上午十点。")
    visit.book(world, job, at)
    return "时间改好了，师傅会收到。"


def _cancel(world: World, job: Job, given: Given) -> str:
    if not given["why"]:
        raise NotAllowed("请写为什么取消。")
    taking.cancel(world, job, job.rev, given["why"])
    return "取消了。"


def _link(world: World, job: Job, given: Given) -> str:
    return f"的新进度链接（旧的不能用了）：{consent.progress(world, job)}"


def _reached(world: World, job: Job, given: Given) -> str:
    return _last(emergency.rung_up(world, job, number(given["call"]), "reached").text)


def _missed(world: World, job: Job, given: Given) -> str:
    return "记下了。" + _last(emergency.rung_up(world, job, number(given["call"]), "missed").text)


def _explained(world: World, job: Job, given: Given) -> str:
    """And the way to sign or to agree, for a customer the technician has left."""
    moved = taps.step(world, job, "explained")
    if moved.state == "quoted":
        return f"记下了，师傅会收到。请客户看报价、点同意：{_last(consent.ask(world, moved, 'own').text)}"
    if moved.state == "content":
        return f"记下了，师傅会收到。请客户在这里签名：{_last(consent.sign(world, moved, 'own').text)}"
    return "记下了，师傅会收到。"


def _last(text: str) -> str:
    return text.rpartition("\n")[2]


def _to_area(world: World, job: Job, given: Given) -> str:
    taps.step(world, job, "to_area")
    return "已请片区经理来定。"


def _waive(world: World, job: Job, given: Given) -> str:
    """With who allowed it, who hears that it was said of them."""
    allowed = world.me if world.me.roles & paying.ALLOW else world.person(number(given["to"]))
    if allowed is None or allowed.left or allowed.roles.isdisjoint(paying.ALLOW):
        raise NotAllowed("请选是谁同意减免的。")
    moved = paying.waive(world, job, job.rev, allowed)
    if allowed.id != world.me.id:
        world.tell(allowed.id, allowing.told(world, moved))
    return f"减免了，{allowed.name}同意的。已告诉师傅。"


_ACTS: Mapping[str, Callable[[World, Job, Given], str]] = {
    "send": _send,
    "offer": _offer,
    "chase": _chase,
    "book": _book,
    "cancel": _cancel,
    "link": _link,
    "reached": _reached,
    "missed": _missed,
    "explained": _explained,
    "to_area": _to_area,
    "waive": _waive,
}
