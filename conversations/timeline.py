"""客户跟踪表: what is known of a customer and everything done with it, newest first (A-3.3.7B, A-3.3.2a)."""

from __future__ import annotations

from conversations import daylog, exhibits, planlist, seals, tokens, tracking
from conversations.firm import Customer, Paper
from conversations.lookup import Lookup
from conversations.questions.pick import others_by_name
from conversations.spoken import clock_words, day_of_month
from conversations.types import Option, Prompt
from rules.money import short

PAGE = 6
FOUND = 6
FORMS = (*daylog.KINDS, *seals.FORMS)
CALLED = {"PhoneCall": "电话：", "StampedPaper": "盖章文件：", "Certificate": "营业执照："}


def page(look: Lookup, customer: Customer, before: int | None = None) -> list[Paper]:
    """Newest first, one more than is shown."""
    return [one for one in look.papers(customer=customer.id, limit=PAGE + 1, before=before, forms=FORMS) if one.state == "filed"]


def of(look: Lookup, customer: Customer, before: int | None = None) -> Prompt:
    papers = page(look, customer, before)
    lines = [] if before else _card(look, customer)
    for paper in papers[:PAGE]:
        who = look.person(paper.person_id)
        by = f"{who.name} " if who is not None and paper.person_id != look.me.id else ""
        said = daylog.line(look, paper).removeprefix(f"{customer.short}｜")
        lines.append(f"{day_of_month(paper.day)} {by}{CALLED.get(paper.form, '')}{said}")
    if not papers:
        lines.append("没有更早的记录了。" if before else "还没有拜访或电话记录。")
    form = "CustomerVisit" if customer.local else "PhoneCall"
    options = [Option("记拜访" if customer.local else "记电话", tokens.of_action("start", form, customer.id), main=True)]
    if see := exhibits.button(look, papers[:PAGE]):
        options.append(Option(see, tokens.of_action("see", "find", customer.id, before or 0)))
    if not before and (plan := planlist.latest(look, customer.id)) is not None:
        options.append(Option("看方案", tokens.of_action("plan", plan.id)))
    if len(papers) > PAGE:
        options.append(Option("更早", tokens.of_action("find", customer.id, papers[PAGE - 1].id)))
    return Prompt("\n".join(lines), tuple(options), title="客户跟踪表")


def _card(look: Lookup, customer: Customer) -> list[str]:
    owner = look.person(customer.owner_id) if customer.owner_id else None
    facts = [customer.name, "本地" if customer.local else "外地", *([f"{owner.name}负责"] if owner and owner.id != look.me.id else [])]
    lines = ["｜".join(facts)]
    if customer.address:
        lines.append(customer.address)
    if customer.contacts:
        lines.append("；".join(" ".join(part for part in contact if part) for contact in customer.contacts[:4]))
    if customer.spend_fen:
        lines.append(f"年广告费约 {short(customer.spend_fen)}")
    for case in look.cases("appointment", customer=customer.id, states=("planned",), limit=2):
        lines.append(f"约好：{clock_words(case.at, look) if case.at else ''} {case.data.get('about', '')}".rstrip())
    for case in look.cases("promise", customer=customer.id, states=("open",), limit=3):
        by = look.person(case.person_id) if case.person_id != look.me.id else None
        other = f"（{by.name}办）" if by is not None else ""
        lines.append(f"欠答复：{case.data.get('what', '')}{f'，{clock_words(case.at, look)} 前' if case.at else ''}{other}")
    for case in look.cases("request", customer=customer.id, states=("parked", "asked", "answered"), limit=3):
        where = {"parked": "先记着", "asked": "等经理答复", "answered": f"经理答复：{case.data.get('answer', '')}，还没告诉客户"}[case.state]
        lines.append(f"客户要求：{case.data.get('words', '')}（{where}）")
    return [*lines, *tracking.marks(look, customer)]


def which(look: Lookup) -> Prompt:
    """查客户 without a name: those spoken to last are a tap away."""
    recent = look.find("customers", "", 0, FOUND)
    options = tuple(Option(one.label, tokens.of_action("find", one.id)) for one in recent)
    return Prompt(
        "查哪一家？点一个，或写：查 加名称、简称、拼音首字母。" if recent else "您名下还没有客户。写：查 加客户名称，也可以查全公司。", options
    )


def search(look: Lookup, words: str) -> Prompt:
    """查 华东: one is shown, several are listed; somebody else's is named with whose it is, no more."""
    found = list(look.find("customers", words, 0, FOUND + 1))
    if others_by_name(look, words, found):
        found = []
    exact = [one for one in found if words in (one.label, one.detail)]
    if len(found) == 1 or len(exact) == 1:
        customer = look.customer((exact or found)[0].id)
        if customer is not None:
            return of(look, customer)
    if found:
        options = tuple(
            Option(f"{one.label}（{one.detail}）" if one.detail else one.label, tokens.of_action("find", one.id)) for one in found[:FOUND]
        )
        return Prompt(
            f"「{words}」有 {len(found)} 家，看哪一家？" if len(found) <= FOUND else f"「{words}」有好多家，看哪一家？写全一点更准。", options
        )
    others = look.similar_customers(words)
    if look.me.roles.isdisjoint({"rep", "supervisor", "manager"}):
        whose = "；".join(f"{one.label}由{one.detail}负责，请找{one.detail}" for one in others[:3] if one.detail)
        return Prompt(f"客户资料由负责的市场员和主管查看。{whose or f'公司里没找到「{words}」'}。")
    if others:
        whose = "；".join(f"{one.label}由{one.detail}负责" if one.detail else one.label for one in others[:3])
        return Prompt(f"您名下没有「{words}」。{whose}，记录只有负责人和主管能看。要联系请找负责人或主管。")
    new = Option("登记新客户", tokens.of_action("start", "NewCustomer"))
    return Prompt(f"没找到「{words}」。换个写法再试，名称、简称、拼音首字母都可以。", (new,) if "rep" in look.me.roles else ())
