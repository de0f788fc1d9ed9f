"""start, resume, drop, trial, turn, words, all, each, menu, how: what begins or goes on with a form."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from conversations import engine, howto, menu, oneline, records, turns
from conversations.actions.outdated import Outdated, number
from conversations.desk import Desk
from conversations.lexicon import Kind
from conversations.registry import BY_NAME, form_of
from conversations.types import Prompt, Said, Session

EXAMPLE = "华东精密"
TRIAL_LASTS = timedelta(minutes=10)
STARTABLE = (
    "CustomerVisit",
    "PhoneCall",
    "NewCustomer",
    "Appointment",
    "Promise",
    "ParkedRequest",
    "Complaint",
    "NextTouch",
    "BookDelivery",
    "PromotionPlan",
    "StampedPaper",
    "Certificate",
    "CardVersion",
    "ExhibitionEntry",
    "RepairRequest",
)
KINDS: tuple[Kind, ...] = ("visit", "call", "promise", "request")


def start(desk: Desk, said: Said, form: str, customer: str = "0") -> None:
    """A form from its first question; a customer on the button is answered already."""
    if form not in STARTABLE:
        raise Outdated
    answers: dict[str, Any] = {}
    if id := number(customer):
        label = desk.label("customers", id)
        if not label:
            raise Outdated("这家客户不在您名下，请问部门主管。")
        answers["customer"] = {"id": id, "label": label}
    turns.begin(desk, said, BY_NAME[form], answers=answers)


def own(desk: Desk, id: str) -> Session:
    session = desk.session(number(id))
    if session is None:
        raise Outdated("这一份已经不在了，写一句话重新记就行。")
    return session


def resume(desk: Desk, said: Said, id: str) -> None:
    session = own(desk, id)
    if session.state == "filed":
        raise Outdated(f"《{form_of(session.form).title}》已经存下了，不用再填。")
    if session.state == "cancelled" and not session.answers:
        raise Outdated("这一份已经取消了，写一句话重新记就行。")
    turns.resume(desk, said, session)


def drop(desk: Desk, said: Said, id: str) -> None:
    session = own(desk, id)
    if session.state in ("filed", "cancelled"):
        raise Outdated("这一份已经结了，不用再点。")
    form = form_of(session.form)
    opened = replace(session, state="open")
    turns.play(desk, said, engine.advance(form, opened, replace(said, text="取消", tap="", blob=None, place=None), desk))


def trial(desk: Desk, said: Said) -> None:
    """A visit as it would be noted; nothing of it is kept."""
    found = (desk.customer(one.id) for one in desk.find("customers", "", 0, 6))
    known = next((one for one in found if one is not None and one.local), None)
    customer = {"id": known.id, "label": known.short} if known else {"id": 0, "label": EXAMPLE}
    met = known.contacts[0][0] if known and known.contacts else "王经理"
    answers = {"customer": customer, "met": met, "talked": "谈续约", "need": {"struck": True}}
    lead = f"您发“拜访 {customer['label']} {met} 谈续约”，我就这样记。点「对，存下」，或自己写一句试试。"
    turns.begin(desk, said, BY_NAME["CustomerVisit"], lead=lead, answers=answers, brief=True, trial=True)


def tried(desk: Desk, said: Said, session: Session) -> bool:
    """The trial's own sentence, read as it would be. One left open long ago has ended: what is said now is meant."""
    if session.said_at is None or said.at - session.said_at > TRIAL_LASTS:
        turns.end_trial(desk)
        return False
    notes = oneline.read(said.text, said.at, desk)
    if not notes:
        return False
    answers = records.answers(notes[0])
    if "customer" not in answers and notes[0].name:
        answers["customer"] = {"id": 0, "label": notes[0].name}
    turns.begin(desk, said, form_of(records.FORMS[notes[0].kind]), lead="还是试一次，您这句会这样记。", answers=answers, brief=True, trial=True)
    return True


def turn(desk: Desk, said: Said, id: str, form: str) -> None:
    """不是拜访: the same answers in another form."""
    session = own(desk, id)
    if form not in STARTABLE or session.state == "filed":
        raise Outdated
    answers = dict(session.answers)
    if form in ("Appointment", "Promise"):
        what = answers.get("talked")
        answers = {"customer": answers.get("customer"), "about" if form == "Appointment" else "what": what}
        if form == "Promise" and isinstance(session.answers.get("reply_by"), str):
            answers["by"] = session.answers["reply_by"]
    known = {name: raw for name, raw in answers.items() if raw is not None and name in BY_NAME[form].questions}
    turns.begin(desk, said, BY_NAME[form], answers=known, brief=True, said_at=session.said_at or said.at)


def add(desk: Desk, said: Said, id: str, kept: str) -> None:
    """A sentence that was set aside, after all part of the record being noted."""
    session, text = own(desk, id), desk.kept_words(number(kept))
    form = form_of(session.form)
    name = turns.room(form)
    before = session.answers.get(name) if name else None
    if session.state not in ("open", "paused") or not name or not text:
        raise Outdated("这一条已经存下了，要补的话写「改上一条」。")
    joined = f"{before}，{text}" if isinstance(before, str) else text
    grown = replace(session, answers={**session.answers, name: joined[:2000]}, state="open", at="review")
    turns.play(desk, said, engine.resume(form, grown, desk, lead="加进来了。"))


def words(desk: Desk, said: Said, id: str, kind: str) -> None:
    """Kept words read again as what the person says they are."""
    text = desk.kept_words(number(id))
    if kind == "ask":
        _ask_supervisor(desk, text)
        return
    if kind not in KINDS:
        raise Outdated
    if not text:
        voice = desk.kept_file(number(id))
        heard = desk.blob_kind(voice) == "voice" and kind in ("visit", "call")
        answers = {"talked": {"voice": voice}} if heard else {}
        turns.begin(desk, said, BY_NAME[records.FORMS[kind]], answers=answers)
        return
    note = oneline.read_as(kind, text, said.at, desk)
    records.begin(desk, said, [note])


def _ask_supervisor(desk: Desk, text: str) -> None:
    boss = desk.supervisor_of(desk.me.id) or desk.manager_of(desk.me.id)
    if boss is None or not text:
        raise Outdated("现在没有主管可以问，这句先留着。")
    desk.tell(boss.id, Prompt(f"{desk.me.name}问您：「{text[:500]}」请直接和他联系。"))
    desk.say(Prompt(f"已转给{boss.name}，请等他联系您。"))


def every(desk: Desk, said: Said, ids: str) -> None:
    records.file_all(desk, said, _several(desk, ids))


def each(desk: Desk, said: Said, ids: str) -> None:
    waiting = [one for one in _several(desk, ids) if one.state in ("paused", "open")]
    if not waiting:
        raise Outdated("这几条都已经存下了。")
    turns.resume(desk, said, waiting[0])


def _several(desk: Desk, ids: str) -> list[Session]:
    return [own(desk, id) for id in ids.split("-")[: records.ON_ONE_CARD]]


def show_menu(desk: Desk, said: Said) -> None:
    desk.say(menu.of(desk, [*desk.paused_sessions()]))


def how(desk: Desk, said: Said, topic: str = "all") -> None:
    found = howto.BY_KEY.get(topic)
    desk.say(howto.shown(found) if found else howto.contents(desk.me.roles))
