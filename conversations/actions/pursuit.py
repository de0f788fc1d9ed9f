"""survey, surveyed, ask_survey, need, complaint, complaints: customers to win, needs to answer, complaints to settle (A-3.3.7, A-3.3.7A, A-3.1.1)."""

from __future__ import annotations

from conversations import complaining, proposals, surveys, tokens, turns
from conversations.actions.logs import fresh, the_case
from conversations.actions.outdated import Outdated, number
from conversations.desk import Desk
from conversations.firm import Case
from conversations.forms.sales.complaint import ComplaintNote, ComplaintOutcome
from conversations.forms.sales.proposal import NeedProposal
from conversations.forms.sales.prospect import NameProspect
from conversations.forms.sales.reaction import NeedReaction
from conversations.forms.sales.survey import ProspectSurvey
from conversations.questions.facts import begun
from conversations.types import Option, Prompt, Said
from rules import complaints, needs

BOSSES = frozenset({"supervisor", "manager"})


def survey(desk: Desk, said: Said, id: str) -> None:
    """The rest of it, from the first fact that is open."""
    case = the_case(desk, id, "prospect")
    if case.state != "open" or case.person_id != desk.me.id:
        desk.say(surveys.card(desk, case))
        return
    facts = begun(surveys.missing(case), surveys.offers(desk, case), case.customer_id or 0, surveys.name(desk, case))
    lead = f"{surveys.standing(desk, case)}。"
    turns.begin(desk, said, ProspectSurvey, lead=lead, case=case.id, case_rev=case.rev, answers={"facts": facts})


def surveyed(desk: Desk, said: Said, id: str) -> None:
    """What is known, for whoever may see it."""
    case = the_case(desk, id, "prospect")
    card = surveys.card(desk, case)
    if case.state == "open" and case.person_id != desk.me.id and desk.me.roles & BOSSES:
        whose = desk.person(case.person_id)
        ask = Option(f"问{whose.name if whose else '市场员'}", tokens.of_action("ask_survey", case.id), main=True)
        card = Prompt(card.text, (*card.options, ask), title=card.title)
    desk.say(card)


def ask_survey(desk: Desk, said: Said, id: str) -> None:
    """A polite word to the rep, once an hour."""
    case = the_case(desk, id, "prospect")
    if not desk.me.roles & BOSSES or case.person_id == desk.me.id:
        raise Outdated("这一项不归您办，请问部门主管。")
    if case.state != "open":
        raise Outdated("这份调查已经做完了，不用问了。")
    fill = Option("填调查表", tokens.of_action("survey", case.id), main=True)
    text = f"{desk.me.name}问：{surveys.standing(desk, case)}，方便时请填一下，问不到的写明原因就行。"
    told = desk.tell(case.person_id, Prompt(text, (fill,)), key=f"ask_survey:{desk.me.id}:{case.id}:{desk.now:%Y%m%d%H}")
    whose = desk.person(case.person_id)
    name = whose.name if whose else "市场员"
    desk.say(Prompt(f"已问{name}。" if told else f"刚问过{name}，等等再问。"))


def prospects(desk: Desk, said: Said, page: str = "0") -> None:
    """潜在客户, 调查表: one's own, or how far everybody is."""
    boss = bool(desk.me.roles & BOSSES)
    cases = [one for one in desk.prospects() if not boss or one.person_id != desk.me.id or "rep" in desk.me.roles]
    listed = surveys.listed(desk, cases, boss=boss, page=number(page))
    more = (Option("指派", tokens.of_action("name_prospect"), main=True),) if boss else ()
    desk.say(Prompt(listed.text, (*listed.options, *more), title=listed.title))


def name_prospect(desk: Desk, said: Said) -> None:
    turns.begin(desk, said, NameProspect)


def need(desk: Desk, said: Said, id: str, rev: str, what: str) -> None:
    """write and show are the manager's; told and drop the rep's."""
    case = the_case(desk, id, "need")
    if what == "show":
        desk.say(proposals.to_answer(desk, case) if case.state == "proposed" else proposals.asked(desk, case))
        return
    now = fresh(desk, case, rev)
    managers = {who.id for who in desk.people("manager")}
    if what == "write":
        needs.move(case.state, "propose", by=desk.me.id, owner=case.person_id, managers=managers)
        turns.begin(desk, said, NeedProposal, case=case.id, case_rev=now)
    elif what == "told":
        needs.move(case.state, "answer", by=desk.me.id, owner=case.person_id)
        turns.begin(desk, said, NeedReaction, case=case.id, case_rev=now)
    elif what == "drop":
        proposals.dropped(desk, case)
        desk.say(Prompt("好，不用出方案了，记录还留着。"))
    else:
        raise Outdated


def complaint(desk: Desk, said: Said, id: str, what: str) -> None:
    """show, note, close."""
    case = _complaint(desk, id)
    if what == "show":
        desk.say(complaining.card(desk, case))
        return
    if case.state != "open":
        raise Outdated(f"{complaining.customer(case)}的意见{complaints.STATES[case.state]}，不用再办了。")
    if what == "note":
        turns.begin(desk, said, ComplaintNote, case=case.id, case_rev=case.rev)
    elif what == "close":
        complaints.move(case.state, "solve", by=desk.me.id, owner=case.person_id, superiors={desk.me.id} if desk.me.roles & BOSSES else ())
        turns.begin(desk, said, ComplaintOutcome, case=case.id, case_rev=case.rev)
    else:
        raise Outdated


def _complaint(desk: Desk, id: str) -> Case:
    found = next((one for one in desk.complaints() if one.id == number(id)), None)
    return found or the_case(desk, id, "complaint")


def listed(desk: Desk, said: Said, page: str = "0") -> None:
    """投诉: those one may see, with how many each rep has this month."""
    cases = desk.complaints(limit=200)
    today = desk.calendar.day_of(desk.now)
    month = desk.complaint_counts(today.replace(day=1), today) if desk.me.roles & BOSSES else {}
    counted = [f"{desk.label('colleagues', person) or desk.me.name} {made} 条" for person, (made, _) in month.items()]
    desk.say(complaining.listed(desk, cases, f"本月关于市场员的：{'、'.join(counted)}。" if counted else "", number(page)))
