"""What a technician writes, speaks or photographs while no question is open: "1", 好, 完, a finding, a picture (C-4)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from conversations import tokens
from conversations.desk import Desk
from conversations.repairs import cards, visit
from conversations.repairs.job import Job
from conversations.types import Option, Prompt, Said
from conversations.words import plain
from rules.repairs import jobs as rule

DONE = ("好", "好的", "完", "完了", "修完了", "修好了", "行", "可以", "到了", "ok", "嗯", "是")
NO_ANSWER = ("没人应", "没人", "没人在家", "没人开门", "没人应门", "家里没人", "敲门没人应", "不在家", "客户不在家", "客户不在")
HELP = ("需要支援", "支援", "求助", "帮忙", "不会修", "搞不定", "修不了")
MINE = ("我的单", "单子", "查单", "今天", "今天的单", "还有什么", "活", "有什么活")
LONGEST = 200  # of a finding
OFFERED = 6
SHORT = 20  # of a word on the way
OFF_SITE = ("accepted", "nobody", "unsigned", "unmet", "fee_pending")
LOOKS = ("arrived", "found")
AT_THE_DOOR = ("accepted", "arrived")
_FOUND = re.compile(r"(?:查到|发现|查出来?)(?:了|是)?\s*[:：]?\s*(?P<what>\S.{1,100})")
PLACE = re.compile(r"位置 (?P<lat>-?\d+\.\d+),(?P<lon>-?\d+\.\d+) ?(?P<label>.*)")
_LATE = re.compile(r"堵车|塞车|路上堵|[要会得]晚|晚[到点一半两\d]|迟到|[要会]迟|来不及|赶不")
_BY = re.compile(r"(?P<minutes>\d{1,3})\s*分|(?P<half>半)个?(?:小时|钟头)|(?P<hours>[一1两2])\s*个?(?:小时|钟头)")


def sent(desk: Desk, said: Said) -> bool:
    """A photograph or a voice message goes to its job; when that is not plain, the person is asked and nothing is lost."""
    blob = said.blob
    if "technician" not in desk.me.roles or blob is None or blob.broken or blob.kind not in ("photo", "voice"):
        return False
    job, others = _whose(desk, said)
    if job is not None:
        put(desk, job, blob.sha256, said.text, advice=blob.advice)
        return True
    what = "照片" if blob.kind == "photo" else "语音"
    kept = desk.keep_words(said.text, blob.sha256)
    if others:
        desk.say(Prompt(f"{what}收到了。\n是哪一单的？", _choices(others, kept)))
        return True
    if "rep" in desk.me.roles:
        return False
    desk.say(Prompt(f"{what}收到了，先留着。\n现在没有您的单。\n要放进哪一单，\n请告诉客服单号。"))
    return True


def put(desk: Desk, job: Job, sha: str, text: str = "", *, advice: str = "") -> None:
    """Into the job, and the card that follows."""
    voice, closed = desk.blob_kind(sha) == "voice", job.state in rule.ENDED
    after = visit.spoken(desk, job, text.strip()[:LONGEST], sha) if voice or not sha else visit.photographed(desk, job, sha)
    what = "语音" if voice else "照片" if sha else "这句"
    if closed:
        ended = "完成" if job.state == "closed" else "结束"
        desk.say(Prompt(f"{job.title}\n这单已经{ended}，\n{what}也放进去了。"))
        return
    if sha and not voice and after.state == "content":
        desk.say(cards.perhaps_signed(after, sha, advice, *desk.signature_in(sha)), coalesce=f"job:{job.id}:photo")
        return
    lead = f"{what}收到了。" if sha else "记下了。"
    desk.say(cards.card(desk, after, f"{lead}\n{advice}\n不方便就用这张。" if advice else lead), coalesce=f"job:{job.id}:photo")


def placed(desk: Desk, said: Said) -> bool:
    """Where the phone is: at the door of the job one goes to, that is the arrival; on site it is kept with it (C-4.5.1b)."""
    if "technician" not in desk.me.roles or said.place is None:
        return False
    open_jobs = visit.mine(desk)
    going, here = [job for job in open_jobs if job.state == "accepted"], _on_site(open_jobs)
    if len(going) == 1 and not here:
        desk.say(cards.card(desk, visit.arrive(desk, going[0], None, said.place), "位置记下了，您到了。"))
        return True
    if not going and len(here) == 1:
        desk.say(cards.card(desk, visit.stood(desk, here[0], said.place), "位置记下了。"))
        return True
    if not going and not here:
        if "rep" in desk.me.roles:
            return False
        desk.say(Prompt("现在没有您要去的单，\n位置没有记。"))
        return True
    kept = desk.keep_words(f"位置 {said.place.lat:.6f},{said.place.lon:.6f} {said.place.label}".strip())
    arrive = [Option(f"{job.number} {job.where}"[:20], tokens.of_action("job", job.id, job.rev, "arrive", kept)) for job in going[:OFFERED]]
    desk.say(
        Prompt(
            "位置收到了。\n到了哪一家？",
            (*arrive, *([Option("还在原来那家", tokens.of_action("job", here[0].id, here[0].rev, "card"))] if here else [])),
        )
    )
    return True


def words(desk: Desk, said: Said) -> bool:
    """我的单; 求助; 堵车，晚二十分钟."""
    word = plain(said.text)
    if "technician" not in desk.me.roles:
        return False
    if word in MINE:
        desk.say(listed(desk))
        return True
    return _asks_help(desk, word) or _no_answer(desk, word) or _late(desk, said.text.strip()) or _finds(desk, said)


def _finds(desk: Desk, said: Said) -> bool:
    """查到阀门坏了, on site: what was found, and no search (C-4.3.2a)."""
    found = _FOUND.fullmatch(said.text.strip())
    looking = [job for job in visit.mine(desk) if job.state in LOOKS] if found else []
    return bool(found and looking) and told(desk, replace(said, text=found["what"] if found else ""))


def _asks_help(desk: Desk, word: str) -> bool:
    """求助 stands for the button, on whichever job it is (C-4.2.2)."""
    if word not in HELP:
        return False
    jobs = [job for job in visit.mine(desk) if job.state in cards.HELPED] or [*desk.jobs(asked=desk.me.id, states=tuple(cards.ASKED), limit=OFFERED)]
    if not jobs:
        desk.say(Prompt("您手上现在没有单。\n有单时写「求助」，\n片区经理会联系您。"))
        return True
    newest = _newest(desk, jobs)
    if len(jobs) == 1 or newest is not None:
        desk.say(visit.support(desk, newest or jobs[0]))
        return True
    options = tuple(Option(f"{job.number} {job.where}"[:20], tokens.of_action("job", job.id, job.rev, "support")) for job in jobs[:OFFERED])
    desk.say(Prompt("哪一单要支援？", options))
    return True


def _no_answer(desk: Desk, word: str) -> bool:
    """没人应 at the door, also where 开门了 was tapped: never a finding (C-4.1.2c)."""
    jobs = [job for job in visit.mine(desk) if job.state in AT_THE_DOOR and job.place == "home"] if word in NO_ANSWER else []
    if not jobs:
        return False
    there = [job for job in jobs if job.state == "arrived"] or jobs
    newest = there[0] if len(there) == 1 else _newest(desk, there)
    if newest is not None:
        desk.say(cards.card(desk, visit.nobody(desk, newest, None)))
        return True
    options = tuple(Option(f"{job.number} {job.where}"[:20], tokens.of_action("job", job.id, job.rev, "nobody")) for job in there[:OFFERED])
    desk.say(Prompt("哪一家没人应？", options))
    return True


def _late(desk: Desk, text: str) -> bool:
    """On the way and not in time: nobody has to look for a button while driving."""
    if len(text) > SHORT or not _LATE.search(text):
        return False
    open_jobs = visit.mine(desk)
    going = [job for job in open_jobs if job.state == "accepted"]
    if not going or _on_site(open_jobs):
        return False
    if len(going) == 1:
        by = _BY.search(text)
        hours = {"一": 60, "1": 60, "两": 120, "2": 120}.get(by["hours"] or "", 0) if by else 0
        minutes = (int(by["minutes"] or 0) if by else 0) or hours or 30
        here = visit.late(desk, going[0], None, timedelta(minutes=min(minutes, 240)))
        desk.say(cards.card(desk, here, visit.until_words(desk, here)))
        return True
    options = tuple(Option(f"{job.number} {job.where}"[:20], tokens.of_action("job", job.id, job.rev, "late")) for job in going[:OFFERED])
    desk.say(Prompt("哪一单要晚到？", options))
    return True


def told(desk: Desk, said: Said) -> bool:
    """What is no command is about the job on site: what was found, or a remark on it."""
    text = said.text.strip()
    if "technician" not in desk.me.roles or not 1 < len(text) <= LONGEST or text.isdecimal():
        return False
    here = _on_site(visit.mine(desk))
    newest = _newest(desk, here)
    if here and plain(text) in DONE:
        desk.say(cards.card(desk, newest or here[0]) if newest or len(here) == 1 else listed(desk))
    elif len(here) == 1 or newest is not None:
        put(desk, newest or here[0], "", text)
    elif here:
        desk.say(Prompt("记下了。\n说的是哪一单？", _choices(here, desk.keep_words(text))))
    return bool(here)


def meant(desk: Desk, prompt: Prompt | None, text: str) -> str:
    """The token a word stands for: 好 or 完 the newest job card's main button, else the one job's on site; a button's own words."""
    if "technician" not in desk.me.roles:
        return ""
    word = plain(text)
    on_card = prompt is not None and any(one.token.startswith("a.job.") for one in prompt.options)
    if word in DONE and prompt is not None and on_card:
        shown = next((one.token for one in prompt.options if one.main), "")
        return shown or next((_card_of(one.token) for one in prompt.options if one.token.startswith("a.job.")), "")
    jobs = visit.mine(desk)
    here = _on_site(jobs)
    if word in DONE:
        options = cards.card(desk, here[0]).options if len(here) == 1 else ()
        return next((one.token for one in options if one.main), "")
    if word in NO_ANSWER:
        return ""  # at which door is seen to by words()
    found = [one.token for job in jobs for one in cards.card(desk, job).options if plain(one.label) == word and word != "其他"]
    return found[0] if len(found) == 1 else ""


def _card_of(token: str) -> str:
    """What is seldom needed has no main button: 好 goes back to the job."""
    tap = tokens.read(token)
    return tokens.of_action("job", *tap.args[:2], "card") if isinstance(tap, tokens.ActionTap) else ""


def listed(desk: Desk) -> Prompt:
    """The technician's jobs, each with its button."""
    jobs = visit.mine(desk)
    asked = [job for job in desk.jobs(asked=desk.me.id, states=("sent", "offered"), limit=10) if job.id not in {one.id for one in jobs}]
    if not jobs and not asked:
        return Prompt("现在没有您的单。\n有了会马上发给您。")
    lines = [f"{job.title}{rule.STATES[job.state]}" for job in (*asked, *jobs)[:8]]
    options = tuple(
        Option(f"{job.number} {job.where}"[:20], tokens.of_action("job", job.id, job.rev, "card"), main=not nth)
        for nth, job in enumerate((*asked, *jobs)[:OFFERED])
    )
    return Prompt(f"您手上 {len(jobs)} 张单{f'，等您接 {len(asked)} 张' if asked else ''}：\n" + "\n".join(lines), options)


def _whose(desk: Desk, said: Said) -> tuple[Job | None, Sequence[Job]]:
    """The job it belongs to, or those it may belong to: by when it was taken, else by which card waits for it."""
    if said.late and len(then := visit.on_site_at(desk, said.at)) == 1:
        return then[0], then
    open_jobs, closed = visit.mine(desk), visit.just_closed(desk)
    here = _on_site(open_jobs)
    if here:
        newest = _newest(desk, here)
        if len(here) == 1:
            return here[0], here
        # a photograph after the work is a step that is not taken back: with two on site it is asked for
        sure = newest is not None and newest.state in LOOKS and cards.waits_for_picture(newest)
        return (newest, here) if sure else (None, here)
    waiting = [job for job in open_jobs if job.state in OFF_SITE]
    if closed is not None and closed.id not in {job.id for job in waiting}:
        waiting.append(closed)
    return (waiting[0] if len(waiting) == 1 else None), waiting


def _on_site(jobs: Sequence[Job]) -> list[Job]:
    return [job for job in jobs if job.state in rule.ON_SITE]


def _choices(jobs: Sequence[Job], kept: int) -> tuple[Option, ...]:
    return tuple(Option(f"{job.number} {job.where}"[:20], tokens.of_action("job_photo", job.id, kept)) for job in jobs[:OFFERED])


def _newest(desk: Desk, among: Sequence[Job]) -> Job | None:
    """The job the newest card was about; a list is about none of them."""
    last = desk.last_prompt()
    taps = [tokens.read(option.token) for option in last[0].options] if last is not None else []
    about = {tap.args[0] for tap in taps if isinstance(tap, tokens.ActionTap) and tap.verb == "job" and tap.args[:1]}
    return next((job for job in among if about == {str(job.id)}), None)
