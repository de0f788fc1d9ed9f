"""A repair job from the call to its close: which step, in which state, by whom (C-4.1 to C-4.5)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from rules.errors import RuleBroken
from rules.steps import Step, step, take

Place = Literal["home", "public", "vacant"]
PLACES: dict[Place, str] = {"home": "入户", "public": "公共设施", "vacant": "空置房"}
TRADES: dict[str, str] = {"water": "水", "power": "电", "gas": "燃气", "door": "门窗锁", "lift": "电梯", "other": "其他"}
SHOUTED = ("跑水", "漏电", "燃气", "困人", "着火", "起火", "失火", "冒烟", "爆管")  # the list is the admin's; this is what it starts as
SIGNERS: dict[str, str] = {"reporter": "报修人", "service_desk": "客服", "property_manager": "物业经理"}  # of a 009
ROUNDS_TOLD = 2  # rounds of rework after which the area manager is told (C-4.5.4c)
TRIALS = 3  # on site, at least (C-4.5.4a)
BEFORE = (timedelta(minutes=60), timedelta(minutes=15))  # reminders of an appointment (C-4.5.1b)

# Parts: desk (客服专员 or 片区经理, who dispatch; second when it is not their own job), asked (whom a job is sent or offered to),
# technician (whose it is), area (片区经理), customer (through a link or a signed paper), signer (who signs where nobody lives, when that is
# staff: in their role, never as the customer). "paid" and "free" are the technician of a job of that kind, "home" of one behind a door.
STEPS = (
    step("send", "open offered sent", "sent", "desk", "C-4.5.1a"),
    step("offer", "open sent", "offered", "desk", "C-4.5.1a"),
    step("accept", "sent offered", "accepted", "asked", "C-4.5.1a"),
    step("decline", "sent", "open", "asked", "C-4.5.1a"),
    step("transfer", "accepted nobody arrived found", "sent", "technician desk", "C-4.5.1a"),
    step("book", "open sent offered accepted nobody", "", "desk technician", "C-4.5.1b"),  # another time; the state stays, or see AFTER_BOOKING
    step("arrive", "accepted nobody", "arrived", "technician", "C-4.1.2d"),  # somebody came to the door after all
    step("nobody", "accepted arrived", "nobody", "home", "C-4.1.2c"),  # also when 开门了 was tapped by mistake
    step("find", "arrived found", "found", "technician", "C-4.3.2a"),
    step("start", "found", "working", "free", "C-4.2.3"),
    step("quote", "found quoted working", "quoted", "home", "C-4.3.2b"),
    step("consent", "quoted", "working", "customer", "C-4.3.3"),
    step("not_now", "quoted", "given_up", "customer", "C-4.3.3", closes=True),
    step("stay", "quoted", "working", "customer home", "C-4.3.4a"),  # no to a change: what was agreed to before holds
    step("finish", "working", "finished", "technician", "C-4.5.3c"),
    step("tried", "finished", "tried", "technician", "C-4.5.4a"),
    step("failed", "finished", "working", "technician", "C-4.5.4a"),
    step("resume", "finished", "working", "technician", "C-4.5.3c"),  # the photograph was of something on the way
    step("content", "tried", "content", "technician customer", "C-4.5.5a"),
    step("rework", "tried content", "working", "technician customer signer", "C-4.5.4c"),
    step("unmet", "found working tried", "unmet", "technician", "C-4.3.4b"),
    step("redo", "unmet unsigned", "", "area", "C-4.3.4b"),  # back to where it stopped, see _again
    step("settle", "unmet unsigned", "closed", "area", "C-4.3.4b", closes=True),
    step("sign", "content", "signed", "customer", "C-4.5.5b"),
    step("attest", "content", "signed", "signer", "C-4.5.5a"),
    step("unsigned", "content", "unsigned", "technician", "C-4.5.5b"),
    step("pay", "signed", "closed", "paid", "C-4.5.5a", closes=True),
    step("leave", "signed", "closed", "free customer signer", "C-4.5.6", closes=True),
    step("dispute", "quoted content signed", "fee_pending", "customer technician", "C-4.5.5c"),
    step("explained", "fee_pending", "", "desk", "C-4.5.5c"),  # back to where the dispute began
    step("waive", "fee_pending", "closed", "second", "C-4.5.5c", closes=True),  # with who allowed it; before any work it is done for nothing
    step("to_area", "fee_pending", "fee_pending", "desk", "C-4.5.5c"),
    step("cancel", "open sent offered accepted nobody", "cancelled", "desk", "C-4.5.1a", closes=True),
)
AFTER_BOOKING = {"nobody": "accepted"}
STATES: dict[str, str] = {
    "open": "未派",
    "sent": "已派，等接单",
    "offered": "等人接单",
    "accepted": "已接单",
    "nobody": "没人应",
    "arrived": "已到",
    "found": "查过了",
    "quoted": "等客户同意报价",
    "working": "在修",
    "finished": "修完，等试",
    "tried": "试过了",
    "content": "等签名",
    "signed": "已签名",
    "unsigned": "没签名，等片区经理",
    "unmet": "没修好，等片区经理",
    "fee_pending": "费用待定",
    "given_up": "客户先不修",
    "closed": "完成",
    "cancelled": "取消",
}
ENDED = frozenset({"given_up", "closed", "cancelled"})
ON_SITE = frozenset({"arrived", "found", "quoted", "working", "finished", "tried", "content", "signed"})


@dataclass(frozen=True, slots=True)
class Job:
    """What the rules look at; `asked` are those it is sent or offered to."""

    state: str
    place: Place
    paid: bool | None  # None: seen on the spot; quoting makes it paid, starting without a quotation free
    technician: int = 0
    asked: frozenset[int] = frozenset()
    findings: int = 0
    before_photos: int = 0
    after_photos: int = 0
    price_shown: str = ""  # the version of the price table the customer saw (C-4.3.2c)
    trials: tuple[bool, ...] = ()
    disputed_from: str = ""
    agreed: bool = False  # some quotation, even if a newer one is open
    signer: str = "reporter"  # of SIGNERS, where nobody lives

    @property
    def attested(self) -> bool:
        """Staff sign it, in their role: no customer does."""
        return self.place != "home" and self.signer in ("service_desk", "property_manager")


@dataclass(frozen=True, slots=True)
class Mover:
    """Who wants to take the step. `customer` only for what comes through a link or a signed paper, never for a staff session;
    `attests` is the role somebody signs in on the technician's phone or on paper."""

    person: int = 0
    roles: frozenset[str] = field(default_factory=frozenset)
    customer: bool = False
    attests: str = ""


def parts(job: Job, who: Mover) -> frozenset[str]:
    """What somebody is to this job; staff is never the customer (C-4.3.3, C-4.5.5b)."""
    if who.customer:
        return frozenset({"customer"})
    if who.attests:
        return frozenset({"signer"} if job.attested and who.attests == job.signer else ())
    found: set[str] = set()
    if who.roles & {"service_desk", "area_manager"}:
        found.add("desk")
    if who.person != job.technician:
        found |= ({"second"} if "desk" in found else set()) | ({"area"} if "area_manager" in who.roles else set())
    if who.person in job.asked:
        found.add("asked")
    if job.attested and job.signer in who.roles and who.person != job.technician:
        found.add("signer")
    if who.person and who.person == job.technician:
        found |= {"technician"} | ({"paid"} if job.paid is not False else set()) | ({"free"} if not job.paid else set())
        if job.place == "home":
            found.add("home")
    return frozenset(found)


def move(job: Job, action: str, who: Mover) -> Step:
    """The step with its state after, or why not: NotNow, NotYours, RuleBroken."""
    taken = take(STEPS, job.state, action, parts(job, who))
    check = _NEEDS.get(action)
    if check is not None:
        check(job)
    after = _AFTER[action](job) if action in _AFTER else taken.after
    return Step(taken.action, taken.before, after, taken.by, taken.clause, taken.closes and after in ENDED)


def _again(job: Job) -> str:
    """Where it stopped: not signed, the signature; without anybody's consent, before the work (C-4.3.3)."""
    if job.state == "unsigned":
        return "content"
    return "working" if job.agreed or job.paid is False else "found"


# Where a step leads by what the job is: a fee waived before the work is work for nothing; a signature done without still has to be paid for.
_AFTER: Mapping[str, Callable[[Job], str]] = {
    "book": lambda job: AFTER_BOOKING.get(job.state, job.state),
    "explained": lambda job: job.disputed_from or "content",
    "redo": _again,
    "settle": lambda job: "signed" if job.state == "unsigned" and job.paid else "closed",
    "waive": lambda job: "working" if job.disputed_from == "quoted" else "closed",
}


def may(job: Job, who: Mover) -> tuple[str, ...]:
    """What can be done now, in the procedure's order."""
    mine = parts(job, who)
    return tuple(dict.fromkeys(one.action for one in STEPS if job.state in one.before and one.by & mine))


def urgent(words: str, shouted: Collection[str] = SHOUTED) -> str:
    """The word of the emergency list a report holds, "" for none; 打不着火 is no fire (C-4.5.1c)."""
    return next((one for one in shouted if one in words and not _denied(one, words)), "")


def _denied(word: str, words: str) -> bool:
    """Every time it is said, the sign before it says no."""
    before = [words[max(at - 1, 0) : at] for at in range(len(words)) if words.startswith(word, at)]
    return all(sign and sign in "不没未无" for sign in before)


def must_tell_area(rounds: int) -> bool:
    """After the second round of rework (C-4.5.4c)."""
    return rounds >= ROUNDS_TOLD


def _found(job: Job) -> None:
    if not job.findings:
        raise RuleBroken("C-4.2.3", "先写一下查到什么，再动手。")
    if not job.before_photos:
        raise RuleBroken("C-4.2.3", "动手之前请拍一张修前照片。")


def _shown(job: Job) -> None:
    _found(job)
    if not job.price_shown:
        raise RuleBroken("C-4.3.2c", "请先给客户看价目表，再报价。")


def _after(job: Job) -> None:
    if not job.after_photos:
        raise RuleBroken("C-4.5.3c", "修完请拍一张照片。")


def _three(job: Job) -> None:
    if len(job.trials) < TRIALS or not all(job.trials[-TRIALS:]):
        raise RuleBroken("C-4.5.4a", f"至少试 {TRIALS} 次都正常才算修好。有一次不行，请再修一下。")


def _free(job: Job) -> None:
    if job.paid:
        raise RuleBroken("C-4.5.5a", "先记下客户怎么付的。")


def _customers(job: Job) -> None:
    if job.attested:
        raise RuleBroken("C-4.5.5a", f"这张单由{SIGNERS[job.signer]}签字。")


def _kept(job: Job) -> None:
    if not job.agreed:
        raise RuleBroken("C-4.3.4a", "客户还没有同意过报价。")


def _nothing_begun(job: Job) -> None:
    if job.agreed:
        raise RuleBroken("C-4.3.4a", "客户已经同意过一次，这次不改就按原来的做。")


_NEEDS = {
    "sign": _customers,
    "stay": _kept,
    "not_now": _nothing_begun,
    "leave": _free,
    "start": _found,
    "quote": _shown,
    "finish": _after,
    "tried": _three,
}
