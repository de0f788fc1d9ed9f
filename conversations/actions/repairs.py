"""job, job_photo, my_jobs: every tap on a repair job (C-4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from conversations import turns
from conversations.actions.outdated import Outdated, number
from conversations.desk import Desk
from conversations.desks.repairs import Mode
from conversations.forms.repairs import quote as quoting
from conversations.forms.repairs.allowing import FreeOfCharge, LetGo, PartsUsed, Payer
from conversations.forms.repairs.quote import RepairQuote
from conversations.forms.repairs.reasons import AnotherTime, CalledOff, Declined, NoSignature, NotMended, PassedOn
from conversations.repairs import cards, consent, countersign, dispatch, heard, outside, overview, paying, printed, visit
from conversations.repairs.job import Job
from conversations.types import Point, Prompt, Said
from rules import money
from rules.repairs import jobs as rule

Step = Callable[[Desk, Job, int], Job | None]
NOTES = frozenset(("photo", "remark", "support", "rate", "late", "printed", "place", "parts", "payer", "allowed", "disowned", "helping"))


def job(desk: Desk, said: Said, id: str, rev: str, what: str, arg: str = "") -> None:
    """One tap; the card that follows is the next."""
    found = desk.job(number(id))
    if found is None:
        raise Outdated("这张单不归您办，请问客服。")
    at = as_shown(desk, found, number(rev))
    what = _asked_first(desk, what, arg)
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
        if found.state != ("quoted" if what == "ask" else "content"):
            raise Outdated(f"{found.title}\n这张现在是「{rule.STATES[found.state]}」。")
        way = countersign.way if found.attested else consent.sign
        desk.say(consent.ask(desk, found, mode) if what == "ask" else way(desk, found, mode))
        return
    if what == "content":
        desk.say(visit.content(desk, found, at))
        return
    after = _taken(desk, found, at, what, arg)
    desk.say(_next(desk, said, after, what))


def _asked_first(desk: Desk, what: str, arg: str) -> str:
    """免收 and the desk's 减免 ask who allowed it; whoever may allow it only says so."""
    if what == "pay" and arg == "free":
        return "free"
    return "let_go" if what == "waive" and desk.me.roles.isdisjoint(paying.ALLOW) else what


def as_shown(desk: Desk, found: Job, rev: int) -> int:
    """A photograph, a remark or a call for support since the card was shown does not make it an old card."""
    since = desk.case_events(found.id)[rev - found.rev :] if found.rev - rev > 0 else ()
    return found.rev if all(one.action in NOTES for one in since) else rev


def _next(desk: Desk, said: Said, job: Job, what: str) -> Prompt:
    """The card that follows; where nobody lives the way to sign is on it."""
    if what == "tried" and job.state == "content":
        return visit.to_sign(desk, job)
    lead = _SAID.get(what, "")
    if what == "late":
        lead = visit.until_words(desk, job)
    if what == "explained":
        lead = f"好，已告诉{_technician(desk, job)}。"
        if job.state == "content":
            lead += f"客户可以在这里签名，请把链接发给客户：\n{consent.sign(desk, job, 'own').text.rpartition(chr(10))[2]}"
    card = overview.shown(desk, job, lead)
    return printed.with_paper(desk, job, card) if what in ("pay", "attest") else card


def _technician(desk: Desk, job: Job) -> str:
    who = desk.person(job.technician_id) if job.technician_id else None
    return who.name if who is not None else "师傅"


def _taken(desk: Desk, found: Job, rev: int, what: str, arg: str) -> Job:
    if what == "find":
        words = visit.usual_words(found, number(arg or "0"))
        if not words:
            raise Outdated
        return visit.found(desk, found, words, rev=rev)
    if what == "arrive":
        return visit.arrive(desk, found, rev, _place(desk, arg))
    if what in ("paper", "no_form"):
        return _on_paper(desk, found, what, arg)
    if what == "pay":
        return paying.paid(desk, found, rev, arg)
    step = _STEPS.get(what)
    if step is None:
        raise Outdated
    return step(desk, found, rev) or found


def _on_paper(desk: Desk, found: Job, what: str, head: str) -> Job:
    sha = next((one for one in found.data.get("forms", ()) if head and one.startswith(head)), "")
    if not sha or found.state != "content":
        raise Outdated(f"{found.title}\n这张现在是「{rule.STATES[found.state]}」。")
    return outside.signed_on_paper(desk, found, sha) if what == "paper" else visit.no_form(desk, found, sha)


def _place(desk: Desk, kept: str) -> Point | None:
    """Where the phone said it was, when that came before it was plain at which job (C-4.5.1b)."""
    found = heard.PLACE.fullmatch(desk.kept_words(number(kept))) if kept else None
    return Point(float(found["lat"]), float(found["lon"]), found["label"]) if found else None


def _start(desk: Desk, found: Job, rev: int) -> Job:
    return desk.step_job(found.id, rev, "start", columns={"paid": False})


def _explained(desk: Desk, found: Job, rev: int) -> Job:
    moved = desk.step_job(found.id, rev, "explained", with_area=False)
    if moved.technician_id:
        desk.tell(moved.technician_id, cards.card(desk, moved, f"{desk.me.name}已和客户说明，\n客户同意。"))
    return moved


def _to_area(desk: Desk, found: Job, rev: int) -> Job:
    moved = desk.step_job(found.id, rev, "to_area", with_area=True)
    options = (cards.button("减免", moved, "waive", main=True), cards.button("按原价", moved, "explained"))
    total = f"，{money.exact(moved.quotation.total)} 元（{moved.quotation.version}价目表）" if moved.quotation else ""
    prompt = Prompt(f"客户对收费有疑问，请定{total}。\n{cards.facts(desk, moved)}", options, attach=(*moved.before, *moved.after))
    if not dispatch.tell_area(desk, moved, prompt):
        raise Outdated(f"{found.title}\n这个片区还没有片区经理，请客服来定。")
    return moved


def _waive(desk: Desk, found: Job, rev: int) -> Job:
    return paying.waive(desk, found, rev, desk.me)


def _decided(action: str) -> Step:
    def decided(desk: Desk, found: Job, rev: int) -> Job:
        over = action == "settle" and found.state == "unmet" and bool(found.paid)
        let_go: dict[str, Any] = {"how": "free", "allowed_by": desk.me.id} if over else {}
        moved = desk.step_job(found.id, rev, action, **let_go)
        if moved.state == "closed" and moved.technician_id:
            paying.done(desk, moved, "没修好，片区经理定了到此为止。" if found.state == "unmet" else "片区经理认可了，没有签名。")
        if moved.technician_id:
            lead = "" if moved.state == "signed" else f"{desk.me.name}：{_DECIDED[action]}"
            desk.tell(moved.technician_id, printed.with_paper(desk, moved, cards.card(desk, moved, lead)))
        return moved

    return decided


def _noted(action: str) -> Step:
    def noted(desk: Desk, found: Job, rev: int) -> Job:
        if found.data.get("allowed_by") != desk.me.id or found.state != "closed":
            raise Outdated
        if action == "disowned":
            paying.disowned(desk, found)
        else:
            desk.note_job(found.id, "allowed", allowed=True)
        return desk.job(found.id) or found

    return noted


_DECIDED = {"redo": "请再去办。", "settle": "到此为止。"}
_SAID = {"waive": "减免了，已告诉师傅和客服。", "to_area": "已请片区经理来定。", "allowed": "好，记下了。", "disowned": "好，已告诉客服和师傅。"}
_SAID |= {"helping": "好，已告诉师傅。", "attest": "签好了，谢谢。", "redo": "好，已告诉师傅。", "settle": "好，已告诉师傅。"}
_STEPS: Mapping[str, Step] = {
    "accept": lambda desk, found, rev: dispatch.accept(desk, found, rev),
    "late": lambda desk, found, rev: visit.late(desk, found, rev),
    "nobody": lambda desk, found, rev: visit.nobody(desk, found, rev),
    "start": _start,
    "tried": lambda desk, found, rev: visit.tried(desk, found, rev),
    "failed": lambda desk, found, rev: visit.failed(desk, found, rev),
    "rework": lambda desk, found, rev: visit.rework(desk, found, rev),
    "dispute": lambda desk, found, rev: visit.dispute(desk, found, rev),
    "explained": _explained,
    "to_area": _to_area,
    "waive": _waive,
    "keep": lambda desk, found, rev: consent.keep(desk, found),
    "resume": lambda desk, found, rev: desk.step_job(found.id, rev, "resume"),
    "attest": lambda desk, found, rev: outside.attested(desk, found, rev),
    "helping": lambda desk, found, rev: visit.helping(desk, found),
    "allowed": _noted("allowed"),
    "disowned": _noted("disowned"),
    "redo": _decided("redo"),
    "settle": _decided("settle"),
}
_SHOWS: Mapping[str, Callable[[Desk, Job], Prompt]] = {
    "show": lambda desk, found: printed.with_paper(desk, found, cards.whole(desk, found)),
    "card": lambda desk, found: overview.shown(desk, found),
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
    "parts": PartsUsed,
    "payer": Payer,
    "free": FreeOfCharge,
    "let_go": LetGo,
    "cancel": CalledOff,
}


def step(desk: Desk, found: Job, what: str) -> Job:
    """One of the steps above, tapped elsewhere than in the chat, on the job as it stands."""
    return _STEPS[what](desk, found, found.rev) or found


def my_jobs(desk: Desk, said: Said) -> None:
    desk.say(heard.listed(desk))


def photo(desk: Desk, said: Said, id: str, kept: str) -> None:
    """Which job a photograph, a voice message or a sentence belongs to, when several are open."""
    found, sha, words = desk.job(number(id)), desk.kept_file(number(kept)), desk.kept_words(number(kept))
    if found is None or found.technician_id != desk.me.id or not (sha or words):
        raise Outdated
    if sha and sha in (*found.before, *found.after, *found.voices):
        raise Outdated(f"{found.title}\n已经放进去了。")
    heard.put(desk, found, sha, words)
