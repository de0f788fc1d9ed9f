"""What a technician writes, speaks or photographs while no question is open: "1", 好, 完, a finding, a picture (C-4)."""

from __future__ import annotations

from collections.abc import Sequence

from conversations import tokens
from conversations.desk import Desk
from conversations.repairs import cards, visit
from conversations.repairs.job import Job
from conversations.types import Option, Prompt, Said
from conversations.words import plain
from rules.repairs import jobs as rule

DONE = ("好", "好的", "完", "完了", "修完了", "修好了", "行", "可以", "到了", "ok", "嗯", "是")
MINE = ("我的单", "单子", "今天", "今天的单", "还有什么", "活", "有什么活")
LONGEST = 200  # of a finding
OFFERED = 6
OFF_SITE = ("accepted", "nobody", "unsigned", "unmet", "fee_pending")
LOOKS = ("arrived", "found")


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
    if sha and not voice and after.state == "content" and after.place == "home":
        desk.say(cards.perhaps_signed(after, sha, advice), coalesce=f"job:{job.id}:photo")
        return
    lead = f"{what}收到了。" if sha else "记下了。"
    desk.say(cards.card(desk, after, f"{advice}\n{lead}" if advice else lead), coalesce=f"job:{job.id}:photo")


def words(desk: Desk, said: Said) -> bool:
    """我的单."""
    if "technician" not in desk.me.roles or plain(said.text) not in MINE:
        return False
    desk.say(listed(desk))
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
        return next((one.token for one in prompt.options if one.main), "")
    jobs = visit.mine(desk)
    here = _on_site(jobs)
    if word in DONE:
        options = cards.card(desk, here[0]).options if len(here) == 1 else ()
        return next((one.token for one in options if one.main), "")
    found = [one.token for job in jobs for one in cards.card(desk, job).options if plain(one.label) == word and word != "其他"]
    return found[0] if len(found) == 1 else ""


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
    """The job the newest card was about."""
    last = desk.last_prompt()
    if last is None:
        return None
    for option in last[0].options:
        tap = tokens.read(option.token)
        if isinstance(tap, tokens.ActionTap) and tap.verb == "job" and tap.args[:1]:
            return next((job for job in among if str(job.id) == tap.args[0]), None)
    return None
