"""job, dispatch: every tap on a repair job (C-4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from conversations import tokens, turns
from conversations.actions.outdated import Outdated, number
from conversations.desk import Desk
from conversations.desks.repairs import Mode
from conversations.forms.repairs import quote as quoting
from conversations.forms.repairs.quote import RepairQuote
from conversations.forms.repairs.reasons import AnotherTime, Declined, NoSignature, NotMended, PassedOn
from conversations.repairs import cards, consent, dispatch, emergency, heard, keys, outside, printed, taking, visit
from conversations.repairs.job import Job
from conversations.types import Option, Prompt, Said
from rules.repairs import jobs as rule

Step = Callable[[Desk, Job, int], Job | None]
NOTES = frozenset(("photo", "remark", "support", "rate", "late", "printed"))


def job(desk: Desk, said: Said, id: str, rev: str, what: str, arg: str = "") -> None:
    """One tap; the card that follows is the next."""
    found = desk.job(number(id))
    if found is None:
        raise Outdated("这张单不归您办，请问客服。")
    at = _as_shown(desk, found, number(rev))
    if what in _SHOWS:
        desk.say(_SHOWS[what](desk, found))
        return
    if what in _FORMS:
        form = _FORMS[what]
        if found.state not in form.in_state:
            raise Outdated(f"{found.title}\n这张现在是「{rule.STATES[found.state]}」。")
        begun: dict[str, Any] = {"answers": quoting.begun(desk, found, number(arg or "0"))} if what == "quote" else {}
        turns.begin(desk, said, form, case=found.id, case_rev=found.rev, **begun)
        return
    if what in ("ask", "sign"):
        mode: Mode = "handover" if arg == "handover" else "own"
        desk.say(consent.ask(desk, found, mode) if what == "ask" else consent.sign(desk, found, mode))
        return
    if what == "content":
        desk.say(visit.content(desk, found, at))
        return
    after = _taken(desk, found, at, what, arg)
    desk.say(_next(desk, said, after, what))


def _as_shown(desk: Desk, found: Job, rev: int) -> int:
    """A photograph, a remark or a call for support since the card was shown does not make it an old card."""
    since = desk.case_events(found.id)[rev - found.rev :] if found.rev - rev > 0 else ()
    return found.rev if all(one.action in NOTES for one in since) else rev


def _next(desk: Desk, said: Said, job: Job, what: str) -> Prompt:
    """The card that follows; where nobody lives the way to sign is on it."""
    if what == "tried" and job.state == "content":
        return visit.to_sign(desk, job)
    return printed.with_paper(desk, job, cards.card(desk, job)) if what == "pay" else cards.card(desk, job)


def _taken(desk: Desk, found: Job, rev: int, what: str, arg: str) -> Job:
    if what == "find":
        words = visit.usual_words(found, number(arg or "0"))
        if not words:
            raise Outdated
        return visit.found(desk, found, words, rev=rev)
    if what == "paper":
        return _on_paper(desk, found, arg)
    if what == "pay":
        return visit.paid(desk, found, rev, arg)
    step = _STEPS.get(what)
    if step is None:
        raise Outdated
    return step(desk, found, rev) or found


def _on_paper(desk: Desk, found: Job, head: str) -> Job:
    sha = next((one for one in found.after if head and one.startswith(head)), "")
    if not sha or found.state != "content":
        raise Outdated(f"{found.title}\n这张现在是「{rule.STATES[found.state]}」。")
    return outside.signed_on_paper(desk, found, sha)


def _start(desk: Desk, found: Job, rev: int) -> Job:
    return desk.step_job(found.id, rev, "start", columns={"paid": False})


def _explained(desk: Desk, found: Job, rev: int) -> Job:
    moved = desk.step_job(found.id, rev, "explained")
    desk.forget("fee_pending", str(found.id))
    if moved.technician_id:
        desk.tell(moved.technician_id, cards.card(desk, moved, "客服已和客户说明，客户同意。"))
    return moved


def _to_area(desk: Desk, found: Job, rev: int) -> Job:
    moved = desk.step_job(found.id, rev, "to_area")
    options = (cards.button("减免", moved, "waive", main=True), cards.button("按原价", moved, "explained"))
    dispatch.tell_area(desk, moved, Prompt("客户对收费有疑问，请定。", options))
    return moved


def _decided(action: str) -> Step:
    def decided(desk: Desk, found: Job, rev: int) -> Job:
        moved = desk.step_job(found.id, rev, action)
        if moved.state == "closed" and found.data.get("disputed_from", "content") != "quoted" and moved.technician_id:
            visit.done(desk, moved, _DECIDED[action])
        if moved.technician_id:
            desk.tell(moved.technician_id, printed.with_paper(desk, moved, cards.card(desk, moved, f"{desk.me.name}已答复。")))
        return moved

    return decided


_DECIDED = {"waive": "费用减免了，单子收好。", "settle": "片区经理认可了，没有签名。"}
_STEPS: Mapping[str, Step] = {
    "accept": lambda desk, found, rev: dispatch.accept(desk, found, rev),
    "arrive": lambda desk, found, rev: visit.arrive(desk, found, rev),
    "late": lambda desk, found, rev: visit.late(desk, found, rev),
    "nobody": lambda desk, found, rev: visit.nobody(desk, found, rev),
    "start": _start,
    "tried": lambda desk, found, rev: visit.tried(desk, found, rev),
    "failed": lambda desk, found, rev: visit.failed(desk, found, rev),
    "rework": lambda desk, found, rev: visit.rework(desk, found, rev),
    "dispute": lambda desk, found, rev: visit.dispute(desk, found, rev),
    "explained": _explained,
    "to_area": _to_area,
    "waive": _decided("waive"),
    "redo": _decided("redo"),
    "settle": _decided("settle"),
}
_SHOWS: Mapping[str, Callable[[Desk, Job], Prompt]] = {
    "show": lambda desk, found: printed.with_paper(desk, found, cards.whole(desk, found)),
    "card": lambda desk, found: cards.card(desk, found),
    "camera": lambda desk, found: cards.camera(desk, found),
    "more": lambda desk, found: cards.more(desk, found),
    "support": visit.support,
}
_FORMS = {
    "quote": RepairQuote,
    "decline": Declined,
    "transfer": PassedOn,
    "book": AnotherTime,
    "unmet": NotMended,
    "unsigned": NoSignature,
}


def ring(desk: Desk, said: Said, id: str, callout: str, word: str) -> None:
    """What the telephone call gave: reached or missed."""
    found = desk.job(number(id))
    if found is None or word not in ("reached", "missed"):
        raise Outdated
    desk.say(emergency.rung_up(desk, found, number(callout), word), coalesce=f"{emergency.KIND}:{found.id}:ring")


def chase(desk: Desk, said: Said, id: str, rev: str) -> None:
    """催办: those asked see the card again."""
    found = desk.job(number(id))
    if found is None:
        raise Outdated
    if found.state not in ("sent", "offered"):
        raise Outdated(f"{found.title}\n这张现在是「{rule.STATES[found.state]}」。")
    taking.chase(desk, found)
    desk.say(Prompt(f"{found.title}\n已催。"))


def photo(desk: Desk, said: Said, id: str, kept: str) -> None:
    """Which job a photograph, a voice message or a sentence belongs to, when several are open."""
    found, sha, words = desk.job(number(id)), desk.kept_file(number(kept)), desk.kept_words(number(kept))
    if found is None or found.technician_id != desk.me.id or not (sha or words):
        raise Outdated
    if sha and sha in (*found.before, *found.after, *found.voices):
        raise Outdated(f"{found.title}\n已经放进去了。")
    heard.put(desk, found, sha, words)


def send_to(desk: Desk, said: Said, id: str, rev: str, person: str = "0") -> None:
    """dispatch: to whom, then sent."""
    found = desk.job(number(id))
    if found is None:
        raise Outdated("这张单不归您办，请问客服。")
    if not number(person):
        desk.say(choice(desk, found))
        return
    to = desk.person(number(person))
    if to is None or to.left:
        raise Outdated("这位同事已经不在公司了，请另选一位。")
    if found.rev != number(rev):
        raise Outdated(f"{found.title}\n这张现在是「{rule.STATES[found.state]}」。")
    dispatch.send(desk, found, to)
    desk.say(Prompt(f"{found.title}\n已派给{to.name}，接了会告诉您。", keys.offer(found)))


def key(desk: Desk, said: Said, id: str, what: str) -> None:
    """The key of a vacant flat: given, received."""
    found = desk.job(number(id))
    if found is None:
        raise Outdated
    desk.say(keys.take(desk, found) if what == "take" else keys.give(desk, found))


def choice(desk: Desk, found: Job) -> Prompt:
    """Who is at work, with how much each has."""
    declined = {one.person_id for one in desk.callouts(found.id) if one.answer == "declined"}
    ranked = sorted(taking.suited(desk, found), key=lambda one: one.person.id in declined)[:6]
    options = tuple(
        Option(one.label, tokens.of_action("dispatch", found.id, found.rev, one.person.id), main=not nth) for nth, one in enumerate(ranked)
    )
    return Prompt(f"{found.title}\n派给谁？" if options else f"{found.title}\n现在没有师傅在班，请打电话给片区经理。", options)
