"""What a technician sees of a job at each step: the job named, short lines, one main button (C-4.1 to C-4.5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from conversations import tokens
from conversations.lookup import Lookup
from conversations.repairs.findings import precaution, usual
from conversations.repairs.job import Job
from conversations.spoken import clock_words, wall
from conversations.types import Option, Prompt
from rules import money
from rules.repairs import emergencies
from rules.repairs import jobs as rule

DOOR = "按铃最多三次，\n没铃轻敲五下内。\n先问好，说来意，\n客户同意再进门。"
QUIET = "轻声，不抽烟。\n挡路的轻轻挪开，\n怕脏的先盖好。"
TIDY = "把垃圾带走，\n弄脏的擦干净，\n放回原位，再拍一张。"
LEFT = "和客户道谢再走。"
CAMERA = {"arrived": "修前", "found": "修前", "working": "修好后"}


def button(label: str, job: Job, what: str, *args: object, main: bool = False) -> Option:
    return Option(label, tokens.of_action("job", job.id, job.rev, what, *args), main=main)


def card(look: Lookup, job: Job, lead: str = "") -> Prompt:
    """The technician's card of the job as it stands."""
    text, options = _CARDS.get(job.state, _ended)(look, job)
    help = (button("需要支援", job, "support"),) if job.state in HELPED else ()
    more = (*help, button("其他", job, "more")) if job.state not in rule.ENDED else ()
    said = "\n".join(part for part in (lead, text) if part)
    wants = ("photo",) if waits_for_picture(job) else ()
    return Prompt(f"{job.title}\n{said}", (*options, *more), wants=wants)


def more(look: Lookup, job: Job) -> Prompt:
    """What is seldom needed."""
    home, state = job.place == "home", job.state
    wanted = (
        ("还没修完", "resume", state == "finished"),
        ("不改了，按原来的", "keep", state == "quoted" and job.agreed is not None),
        ("要晚到", "late", state == "accepted"),
        ("没人应", "nobody", state == "arrived" and home),
        ("改时间", "book", state in ("accepted", "nobody")),
        ("转给同事", "transfer", state in ("accepted", "nobody", "arrived", "found")),
        ("要改报价" if job.agreed else "要收费，报价", "quote", state in ("found", "working") and home),
        ("用了配件", "parts", state in ("found", "working", "finished", "tried", "content")),
        ("修不好", "unmet", state in ("found", "working", "tried")),
        ("没法签", "unsigned", state == "content" and not home),
        ("不是租户付", "payer", state == "signed"),
        ("客户对收费有疑问", "dispute", state == "quoted" or (state in ("content", "signed") and job.agreed is not None)),
        ("看全部", "show", True),
    )
    return Prompt(f"{job.title}\n求助不扣分。", tuple(button(label, job, what) for label, what, here in wanted if here))


def perhaps_signed(job: Job, sha: str, advice: str, signature: str = "", why: str = "") -> Prompt:
    """A photograph while the signature is awaited: the signed form with what was cut out of it, or just another picture (C-4.5.5b)."""
    said = "\n".join(part for part in ("照片收到了。", advice, why if not advice else "") if part)
    asked = "签名是这样，对吗？" if signature else "是签好的单吗？"
    options = (
        button("就用这张", job, "paper", sha[:12], main=True),
        button("再拍一张", job, "camera"),
        button("不是签好的单", job, "no_form", sha[:12]),
    )
    return Prompt(f"{job.title}\n{said}\n{asked}", options, attach=(signature,) if signature else ())


def facts(look: Lookup, job: Job) -> str:
    """What, who, where, when."""
    lines = [job.what, " ".join(part for part in (job.caller, job.phone) if part), job.address if job.address != job.where else ""]
    if job.at:
        lines.append(f"约 {clock_words(job.at, look)}")
    return "\n".join(line for line in lines if line)


def whole(look: Lookup, job: Job) -> Prompt:
    """Everything of a job."""
    lines = [facts(look, job), f"现在：{rule.STATES[job.state]}"]
    if job.findings:
        lines.append(f"查到：{'、'.join(job.findings)}")
    lines += [f"补充：{one}" for one in job.data.get("remarks", ())]
    if job.data.get("parts"):
        lines.append(f"配件：{job.data['parts']}")
    if job.quotation:
        lines.append(f"报价：{money.exact(job.quotation.total)} 元")
        lines += [f"　{line.name} {line.count} {line.unit} {money.exact(line.sum)}" for line in job.quotation.lines]
    if job.trials:
        lines.append(f"试了 {len(job.trials)} 次，{sum(job.trials)} 次正常")
    if job.rounds:
        why = str(job.data.get("unhappy") or "")
        lines.append(f"客户不满意 {job.rounds} 次{f'：{why}' if why else ''}")
    return Prompt(f"{job.title}\n" + "\n".join(lines), attach=(*job.before, *job.after, *job.voices))


def waits_for_picture(job: Job) -> bool:
    """The step is a photograph: before any work, or after it (C-4.2.3, C-4.5.3c)."""
    return job.state == "working" or (job.state in ("arrived", "found") and not job.before)


def camera(look: Lookup, job: Job) -> Prompt:
    """好, 完 and "1" on a card that waits for a photograph."""
    if job.state == "content":
        return Prompt(f"{job.title}\n请把签好的单拍清楚，\n签名拍大一点，\n发来就行。", wants=("photo",))
    return Prompt(f"{job.title}\n请按相机，\n拍{CAMERA.get(job.state, '')}的样子，\n发来就行。", wants=("photo",))


PRICES, NEAR = 200, 2
ASKED = frozenset({"sent", "offered"})
HELPED = rule.ON_SITE | ASKED | {"accepted", "nobody", "fee_pending", "unsigned", "unmet"}  # help is one tap away on every card (C-4.2.2)
SOON = timedelta(minutes=60)
_SAYS_NOTHING = frozenset("坏了换修漏有没查出问题见语音的一不要")
_Body = tuple[str, tuple[Option, ...]]


def _sent(look: Lookup, job: Job) -> _Body:
    label = "马上去" if job.urgent else "接单"
    return f"{_urgent(look, job)}{facts(look, job)}", (button(label, job, "accept", main=True), button("去不了", job, "decline"))


def _urgent(look: Lookup, job: Job) -> str:
    """紧急 跑水 / 9:12 派出，/ 请 9:17 前到 (C-4.5.1c)."""
    if not job.urgent:
        return ""
    sent = job.sent_at or look.now
    return f"紧急 {job.urgent}\n{wall(sent, look)} 派出，\n请 {wall(sent + emergencies.ARRIVE_WITHIN, look)} 前到。\n"


def _accepted(look: Lookup, job: Job) -> _Body:
    at_times = (button("要晚到", job, "late"),) if job.at and job.at - SOON <= look.now and not job.urgent else ()
    known = f"{_urgent(look, job)}{facts(look, job)}"
    if job.place != "home":
        key = "没钥匙先找客服。\n" if job.place == "vacant" else ""
        return f"{known}\n{key}到了点一下。", (button("到了", job, "arrive", main=True), *at_times)
    return f"{known}\n{DOOR}", (button("开门了", job, "arrive", main=True), button("没人应", job, "nobody"), *at_times)


def _nobody(look: Lookup, job: Job) -> _Body:
    door = "请拍一下门再走。\n" if not job.data.get("door") else ""
    return f"{door}已告诉客服，\n改好时间再通知您。", (button("又开门了", job, "arrive"),)


def _arrived(look: Lookup, job: Job) -> _Body:
    """Photograph and finding in any order, before any work (C-4.2.3)."""
    if not job.before:
        return "先看，别急着拆。\n请拍一张修前照片。", (button("拍照", job, "camera", main=True),)
    found = tuple(button(name, job, "find", nth) for nth, name in enumerate(usual(job.trade), 1))
    return "查到什么？\n点一个，或说一句。", found


def _found(look: Lookup, job: Job) -> _Body:
    said = f"查到：{'、'.join(job.findings)}"
    if not job.before:
        return f"{said}\n请拍一张修前照片。", (button("拍照", job, "camera", main=True),)
    near = _likely(look, job)
    if job.paid is None:
        free = button("不收费，开工", job, "start", main=not near)
        return f"{said}\n收费点一项，\n不收费就开工。" if near else f"{said}\n这次收费吗？", (*near, free, button("要收费，报价", job, "quote"))
    if not job.paid:
        return f"{said}\n这次不收费。", (button("开工", job, "start", main=True),)
    return f"{said}\n先报价，\n客户同意再动手。", (*near, button("报价", job, "quote", main=not near))


def _likely(look: Lookup, job: Job) -> tuple[Option, ...]:
    """Lines of the price list that speak of what was found: one tap begins the quotation with it."""
    signs = set("".join(job.findings)) - _SAYS_NOTHING
    found = look.find("prices", "", 0, PRICES)
    ranked = sorted(((len(signs & set(one.label)), -nth, one) for nth, one in enumerate(found)), reverse=True)
    near = [one for score, _, one in ranked if score][:NEAR]
    return tuple(button(f"{one.label} {one.detail}".strip()[:20], job, "quote", one.id, main=not nth) for nth, one in enumerate(near))


def _quoted(look: Lookup, job: Job) -> _Body:
    total = money.exact(job.quotation.total) if job.quotation else ""
    return f"报价 {total} 元，\n等客户同意。", (
        button("给客户扫码", job, "ask", "own", main=True),
        button("用我的手机", job, "ask", "handover"),
        button("改报价", job, "quote"),
    )


def _working(look: Lookup, job: Job) -> _Body:
    again = f"第 {job.rounds + 1} 次修。\n" if job.rounds else ""
    again += "没事，再修一下。\n" if job.trials and not job.trials[-1] else ""
    change = (button("要改报价", job, "quote"),) if job.agreed else ()
    return f"{again}{QUIET}\n修完{TIDY}", (button("修完了，拍照", job, "camera", main=True), *change)


def _finished(look: Lookup, job: Job) -> _Body:
    return f"请试 {rule.TRIALS} 次。", (button("三次都正常", job, "tried", main=True), button("有一次不行", job, "failed"))


def _tried(look: Lookup, job: Job) -> _Body:
    return f"告诉客户平时注意什么：\n{precaution(job.trade)}\n再请他看一看。", (
        button("客户满意", job, "content", main=True),
        button("还不满意", job, "rework"),
    )


def _content(look: Lookup, job: Job) -> _Body:
    who = rule.SIGNERS.get(job.signer, "报修人")
    if job.attested:
        return f"已请{who}签字，\n签了就办完。\n签在纸上的，\n拍一张发来。", (
            button(f"{who}在，当面签", job, "sign", "handover", main=True),
            button(f"再催{who}", job, "sign", "own"),
        )
    if job.place != "home":
        return f"请{who}签字。\n签在纸上的，\n拍一张发来。", (
            button("扫码签", job, "sign", "own", main=True),
            button("用我的手机签", job, "sign", "handover"),
        )
    return "请客户签名。\n签在纸上的，\n拍一张发来。", (
        button("给客户扫码", job, "sign", "own", main=True),
        button("用我的手机签", job, "sign", "handover"),
        button("没法签", job, "unsigned"),
    )


def _signed(look: Lookup, job: Job) -> _Body:
    total = money.exact(job.agreed.total) if job.agreed else "0.00"
    said = "片区经理认可了。" if job.data.get("unsigned") else "签好了。"
    payer = f"{job.data['payer']}付。\n" if job.data.get("payer") else ""
    return f"{said}\n{payer}应收 {total} 元，怎么付的？", (
        button("扫码付", job, "pay", "code", main=True),
        button("现金", job, "pay", "cash"),
        button("月底一起", job, "pay", "monthly"),
        button("免收", job, "free"),
    )


def _fee_pending(look: Lookup, job: Job) -> _Body:
    """The station's number and what to say: the technician need not argue (C-4.5.5c)."""
    station = look.station(job.station_id)
    phone = station.phone if station is not None else ""
    number = f"请打服务站\n{phone}，\n" if phone else "请打服务站，\n"
    return f"请对客户说：\n“收费的事{number}客服会给您说明。”\n您可以先走，\n不算您的。", ()


def _waiting(text: str) -> Callable[[Lookup, Job], _Body]:
    return lambda look, job: (text, ())


def _ended(look: Lookup, job: Job) -> _Body:
    return f"{rule.STATES[job.state]}。{LEFT if job.state == 'closed' else ''}", ()


_CARDS: Mapping[str, Callable[[Lookup, Job], _Body]] = {
    "open": _waiting("还没派出去。"),
    "sent": _sent,
    "offered": _sent,
    "accepted": _accepted,
    "nobody": _nobody,
    "arrived": _arrived,
    "found": _found,
    "quoted": _quoted,
    "working": _working,
    "finished": _finished,
    "tried": _tried,
    "content": _content,
    "signed": _signed,
    "unsigned": _waiting("已报片区经理，您可以先走。"),
    "unmet": _waiting("已报片区经理，请等答复。"),
    "fee_pending": _fee_pending,
}


def named(prompt: Prompt, job: Job) -> Prompt:
    """Whatever is said about a job names it."""
    return prompt if prompt.text.startswith("【") else replace(prompt, text=f"{job.title}\n{prompt.text}")
