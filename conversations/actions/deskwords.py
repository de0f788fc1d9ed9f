"""What the service desk writes when away from its page: 报修 …, 派单, 查单 138…, 单子, 租户投诉 … (C-4.5.1a)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from conversations import tokens, turns
from conversations.actions.outdated import Outdated, number
from conversations.desk import Desk
from conversations.forms.repairs.request import RepairRequest
from conversations.registry import form_of
from conversations.repairs import dispatch, grievances, intake, keys, overview, taking
from conversations.repairs.job import Job
from conversations.types import STRUCK, Option, Prompt, Said
from conversations.words import plain
from rules.repairs import jobs as rule
from rules.repairs import register

DESK = frozenset({"service_desk", "area_manager"})
SEES = DESK | {"station_master", "property_manager", "asset_management"}  # look-up; to dispatch is the desk's alone (C-3, C-4.5.1a)
LISTED = 8
A_CALL = 200  # signs
WAITING = ("open", "sent", "offered")
OPEN = tuple(state for state in rule.STATES if state not in rule.ENDED)
_REPORT = re.compile(r"(?:报修|记报修|登记报修)\s*[:：,，]?\s*(?P<rest>\S.*)", re.DOTALL)
_SEARCH = re.compile(r"(?:查单|查报修|单子)\s*[:：]?\s*(?P<rest>\S.{0,40})")
_SEND = re.compile(r"(?:派单|改派|派)\s*[:：]?\s*(?P<rest>(?:\d{1,3}-)?\d{4}-\d{1,3})(?:\s*(?:给|,|，)?\s*(?P<to>[^\d\s]{1,10}))?")
_COMPLAIN = re.compile(r"租户(?:投诉|意见)\s*[:：]?\s*(?P<rest>\S.*)", re.DOTALL)
_NUMBER = re.compile(r"(?:\d{1,3}-)?(?P<month>\d{2})(?P<day>\d{2})-(?P<nth>\d{1,3})")


def always(desk: Desk, said: Said) -> bool:
    """Searching disturbs nothing that is open."""
    if desk.me.roles.isdisjoint(SEES):
        return False
    if plain(said.text) in ("查单", "查报修"):
        desk.say(listed(desk))
        return True
    found = _SEARCH.fullmatch(said.text.strip())
    if found is None:
        return False
    desk.say(search(desk, found["rest"].strip()))
    return True


def called(desk: Desk, said: Said, *, asking: bool = False) -> bool:
    """A call without the word 报修: 阳光苑3号楼502 漏水. `asking`: a form is being filled in, only an emergency breaks in (C-4.5.1c)."""
    text = said.text.strip()
    if desk.me.roles.isdisjoint(DESK) or len(text) > A_CALL:
        return False
    shouted = bool(rule.urgent(text, desk.setting("emergency_words", rule.SHOUTED)))
    if not shouted and (asking or not _of_a_place(desk, said, text)):
        return False
    report(desk, said, text)
    return True


def _of_a_place(desk: Desk, said: Said, text: str) -> bool:
    """Something at one place of ours; or at an estate of ours, where it is plainly a repair and only the place is not clear."""
    heard = intake.read(desk, desk, text, said.at)
    if len(heard.spots) == 1:
        return bool(heard.what)
    return register.trade(text) != "other" and any(estate in text for estate in desk.estates())


def written(desk: Desk, said: Said) -> bool:
    text, word = said.text.strip(), plain(said.text)
    if desk.me.roles.isdisjoint(DESK):
        return _looked(desk, word)
    if word in ("派单", "单子", "报修单", "没派的单", "报修台"):
        desk.say(listed(desk, undispatched=word in ("派单", "没派的单")))
    elif word in ("报修", "记报修", "登记报修"):
        turns.begin(desk, said, RepairRequest)
    elif found := _SEND.fullmatch(text):
        _sent(desk, found["rest"], found["to"] or "")
    elif found := _REPORT.fullmatch(text):
        report(desk, said, found["rest"])
    elif found := _COMPLAIN.fullmatch(text):
        grievances.written(desk, found["rest"])
    else:
        return False
    return True


def _looked(desk: Desk, word: str) -> bool:
    """What the others at a station may see."""
    if desk.me.roles.isdisjoint(SEES) or word not in ("单子", "报修单", "报修台"):
        return False
    desk.say(listed(desk))
    return True


def _sent(desk: Desk, words: str, name: str) -> None:
    """派单 1124-01 王师傅: one sentence; with no name, or one that is not plain, whom to choose from."""
    found = jobs_of(desk, words)
    known = [who for who in desk.people("technician") if name and name in who.name]
    job = found[0] if len(found) == 1 else None
    if job is None or len(known) != 1 or job.state not in (*WAITING, *overview.PASSED_ON):
        desk.say(search(desk, words))
    elif job.state in WAITING:
        dispatch.send(desk, job, known[0])
        desk.say(Prompt(f"{job.title}\n已派给{known[0].name}，接了会告诉您。", keys.offer(job)))
    else:
        dispatch.transfer(desk, job, job.rev, known[0])
        desk.say(Prompt(f"{job.title}\n改派给{known[0].name}了，接了会告诉您。", keys.offer(job)))


def report(desk: Desk, said: Said, text: str) -> None:
    """报修 阳光苑3号楼502 厨房漏水 13800000502: one card, one tap."""
    heard = intake.read(desk, desk, text, said.at)
    answers: dict[str, Any] = {"at": heard.at.isoformat() if heard.at else STRUCK, "phone": heard.phone or STRUCK}
    answers |= {"what": heard.what} if heard.what else {}
    chosen = desk.find("units", heard.spots[0].label, 0, 2) if len(heard.spots) == 1 else ()
    if len(chosen) == 1:
        answers["spot"] = {"id": chosen[0].id, "label": chosen[0].label}
    lead = "" if heard.spots else "没找到是哪里，请写小区、楼号、房号，公共地方写小区、楼号和哪里。"
    if (before := desk.open_session()) is not None:
        lead = f"前一张《{form_of(before.form).title}》先放着了，写「继续」接着填。\n{lead}".rstrip()
    turns.begin(desk, said, RepairRequest, lead=lead, answers=answers, brief=True)


def search(desk: Desk, words: str) -> Prompt:
    """By number, telephone or place; each with a sentence to read aloud."""
    found = jobs_of(desk, words)
    if not found:
        how = "要登记就写：报修 房号 什么坏了 电话。" if desk.me.roles & DESK else "可以写单号、电话、房号。"
        return Prompt(f"没有「{words[:20]}」的报修。{how}")
    still = [job for job in found if job.state not in rule.ENDED]
    if len(found) == 1 or len(still) == 1:
        return overview.card(desk, (still or list(found))[0])
    lines = [f"{job.title}{job.what}\n{intake.aloud(desk, job)}" for job in found[:LISTED]]
    return Prompt("\n".join(lines), _buttons(desk, found))


def jobs_of(desk: Desk, words: str) -> Sequence[Job]:
    """Open ones first, then those of the last weeks."""
    if found := _NUMBER.fullmatch(words.strip()):
        day = _day(desk, int(found["month"]), int(found["day"]))
        here = desk.jobs(day=day, limit=200) if day else ()
        return [job for job in here if job.nth == int(found["nth"]) and job.number.endswith(words.strip()[-8:].lstrip("0") or words)]
    phone = intake.PHONE.search(words)
    if phone and (rung := desk.jobs(phone=phone[0], limit=LISTED)):
        return sorted(rung, key=lambda job: job.state in rule.ENDED)
    made: list[Job] = []
    for spot in desk.spots(words, 4):
        if spot.unit is not None:
            made += desk.jobs(unit=spot.unit.id, limit=4)
        else:
            made += [
                job for job in desk.jobs(area=spot.area_id, states=OPEN, limit=100) if job.place == "public" and job.where.startswith(spot.short)
            ]
    return sorted(made, key=lambda job: (job.state in rule.ENDED, -job.id))


def listed(desk: Desk, *, undispatched: bool = False) -> Prompt:
    found = desk.jobs(states=("open", "nobody") if undispatched else OPEN, limit=40)
    late = [(job, intake.late(desk, job)) for job in found]
    ranked = [job for job, why in sorted(late, key=lambda one: (not one[0].urgent, not one[1], one[0].id))]
    if not ranked:
        return Prompt("现在没有等着派的单。" if undispatched else "现在没有开着的单。")
    words = {job.id: why for job, why in late}
    lines = [f"{job.title}{job.what}｜{words[job.id] or rule.STATES[job.state]}" for job in ranked[:LISTED]]
    more = f"\n还有 {len(ranked) - LISTED} 张，在办公页面「报修台」看全部。" if len(ranked) > LISTED else ""
    return Prompt("\n".join(lines) + more, _buttons(desk, ranked))


def offer_job(desk: Desk, said: Said, id: str, rev: str) -> None:
    """给在班的都发: the first to accept has it."""
    found = desk.job(number(id))
    if found is None:
        raise Outdated("这张单不归您办，请问客服。")
    if desk.me.roles.isdisjoint(DESK):
        raise Outdated("派单由客服或片区经理来做。")
    if found.rev != number(rev):
        raise Outdated(f"{found.title}\n这张现在是「{rule.STATES[found.state]}」。")
    moved = taking.offer(desk, found)
    said_so = "发给在班的师傅了，先接先得。" if moved.rev != found.rev else "现在没有师傅在班，请打电话给片区经理。"
    desk.say(Prompt(f"{found.title}\n{said_so}"))


def _buttons(desk: Desk, found: Sequence[Job]) -> tuple[Option, ...]:
    """To dispatch, for who may; every other is looked at."""
    may = bool(desk.me.roles & DESK)
    options: list[Option] = []
    for job in found[:LISTED]:
        waits = may and job.state in WAITING
        token = tokens.of_action("dispatch", job.id, job.rev) if waits else tokens.of_action("job", job.id, job.rev, "card")
        options.append(Option(f"{'派 ' if waits else ''}{job.number} {job.where}"[:20], token, main=waits and not options))
    return tuple(options)


def _day(desk: Desk, month: int, day: int) -> date | None:
    """The last such day, counting today."""
    today = desk.calendar.day_of(desk.now)
    for year in (today.year, today.year - 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= today:
            return found
    return None
