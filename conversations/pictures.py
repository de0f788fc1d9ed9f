"""A photograph, a voice message or a place that answers no question: it belongs to the visit just made, or is asked about (A-3.3.6a)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from conversations import daylog, deliveries, filing, sight, tokens
from conversations.desk import Desk
from conversations.firm import Case, Paper
from conversations.registry import form_of
from conversations.types import Option, Prompt, Said, Session

BELONGS = timedelta(minutes=10)
RECENT = ("CustomerVisit", "PhoneCall", "BookDelivery", "StampedPaper")
OFFERED = 4
AT_MOST = 9
TOGETHER = timedelta(minutes=1)


def heard(desk: Desk, said: Said) -> None:
    """The bytes are stored already; here they find their record."""
    blob = said.blob
    if blob is None:
        return
    if blob.broken:
        desk.keep_words(said.text, blob.sha256)
        desk.say(Prompt(blob.broken))
    elif blob.kind == "photo":
        _photo(desk, said)
    elif blob.kind == "voice":
        kept = desk.keep_words(said.text, blob.sha256)
        text = "语音已留存。想让文字也在，请按键盘上的话筒说一遍。这段是："
        desk.say(Prompt(text, (Option("拜访", tokens.of_action("words", kept, "visit")), Option("电话", tokens.of_action("words", kept, "call")))))
    else:
        desk.keep_words(said.text, blob.sha256)
        desk.say(Prompt("文件已留着。要放进哪条记录，请发照片或写一句话。"))


def just_made(desk: Desk, said: Said) -> Paper | None:
    """The visit of the last ten minutes, by what the two say of their time or by when they came; not one just refused."""
    day, refused = desk.calendar.day_of(said.at), _refused(desk)
    for paper in desk.papers(person=desk.me.id, day=day, forms=RECENT, limit=20):
        if paper.state != "filed" or paper.id in refused:
            continue
        apart = min(abs(said.at - paper.said_at), abs(said.received - paper.filed_at))
        if apart <= BELONGS:
            return paper
    return None


def _photo(desk: Desk, said: Said) -> None:
    sha = said.blob.sha256 if said.blob else ""
    paper = _following(desk) or just_made(desk, said)
    if paper is not None and (sha in paper.blobs or _room(desk, paper)):
        put(desk, said, paper, sha)
        return
    if said.text.strip():
        desk.keep_words(said.text, sha)
    ask_whose(desk, _batch(desk, "waiting", 0, said))


def _room(desk: Desk, paper: Paper) -> int:
    return AT_MOST - sum(desk.blob_kind(sha) == "photo" for sha in paper.blobs)


def put(desk: Desk, said: Said, paper: Paper, sha: str) -> None:
    """Into the record, and say where it went."""
    count = _attached(desk, paper, [sha])
    batch = _batch(desk, "placed", paper.id, said)
    words = f"「{said.text.strip()}」也留着。" if said.text.strip() else ""
    if words:
        desk.keep_words(said.text, sha)
    done, more = deliveries.by_picture(desk, paper)
    text = f"照片放进{daylog.customer_of(desk, paper)}的{_title(paper)}了，共 {count} 张。{done}{words}{_poor(desk, batch)}"
    wrong = Option("不是这家", tokens.of_action("photo", batch.id, "not", paper.id))
    desk.say(Prompt(text, (*more, wrong)), coalesce=f"photos:{paper.id}")


def _attached(desk: Desk, paper: Paper, shas: Sequence[str]) -> int:
    """How many photographs it has now."""
    for sha in shas:
        desk.attach(paper.id, sha)
    sight.want_for(desk, paper, shas)
    filing.lift(desk, paper, 1)
    now = desk.paper(paper.id) or paper
    if shas and paper.form == "BookDelivery":
        _proven(desk, now)
    return AT_MOST - _room(desk, now)


def _proven(desk: Desk, paper: Paper) -> None:
    """A picture of the receipt that came later is the receipt (A-3.2.1)."""
    view = form_of(paper.form)(paper.answers, desk, paper.said_at)
    view.record = paper
    view.filed(desk)


def _batch(desk: Desk, state: str, paper: int, said: Said) -> Case:
    """Photographs that came together go together: an album is several messages."""
    sha, advice = (said.blob.sha256, said.blob.advice) if said.blob else ("", "")
    near = _near(desk, state, paper)
    poor = {**(near.data.get("poor", {}) if near else {}), **({sha: [advice, desk.now.isoformat()]} if advice else {})}
    if near is None:
        return desk.open_case("photos", state, day=desk.calendar.day_of(desk.now), blobs=[sha], paper_id=paper, poor=poor)
    blobs = list(near.data["blobs"])
    return desk.move(near.id, None, "add", state, blobs=[*blobs, sha] if sha not in blobs else blobs, poor=poor)


def _near(desk: Desk, state: str, paper: int) -> Case | None:
    near = [one for one in _recent(desk, state) if one.data["paper_id"] == paper]
    return near[-1] if near else None


def _recent(desk: Desk, *states: str) -> list[Case]:
    """Batches of the last ten minutes: since they came, or since they were free again."""
    mine = desk.cases("photos", person=desk.me.id, states=states, day=desk.calendar.day_of(desk.now), limit=200)
    since = [(datetime.fromisoformat(one.data["since"]) if "since" in one.data else one.opened_at or desk.now, one) for one in mine]
    return [one for at, one in since if desk.now - at <= BELONGS]


def _refused(desk: Desk) -> set[int]:
    """Records the person has just said no to: 不是这家."""
    return {id for one in _recent(desk, "waiting", "placed") for id in one.data.get("refused", ())}


def _following(desk: Desk) -> Paper | None:
    """The record the person has just chosen for the pictures before this one."""
    chosen = [one for one in _recent(desk, "placed") if one.data.get("chosen") and one.data["paper_id"]]
    paper = desk.paper(chosen[-1].data["paper_id"]) if chosen else None
    return paper if paper is not None and paper.state == "filed" else None


def into(desk: Desk, batch: Case, paper: Paper) -> tuple[int, Case | None]:
    """The batch into a record that was chosen for it: how many pictures that has now, and what found no room."""
    blobs, room = [*batch.data["blobs"]], _room(desk, paper)
    fits = [sha for sha in blobs if sha in paper.blobs]
    fits += [sha for sha in blobs if sha not in fits][:room]
    count = _attached(desk, paper, fits)
    desk.move(batch.id, batch.rev, "place", "placed", paper_id=paper.id, blobs=fits, chosen=True, since=desk.now.isoformat())
    return count, _left(desk, [sha for sha in blobs if sha not in fits], refused=[paper.id])


def out(desk: Desk, batch: Case, paper: Paper) -> Case:
    """Not this customer's: taken out again, kept, and not offered there again."""
    for sha in batch.data["blobs"]:
        desk.detach(paper.id, sha)
    filing.weigh(desk, desk.paper(paper.id) or paper)
    refused = [*batch.data.get("refused", ()), paper.id]
    return desk.move(batch.id, batch.rev, "take_out", "waiting", paper_id=0, refused=refused, chosen=False, since=desk.now.isoformat())


def take(desk: Desk, batch: Case) -> list[str]:
    """As many as one record holds, for a visit that begins with them; the rest waits on."""
    blobs = [*batch.data["blobs"]]
    desk.move(batch.id, None, "place", "placed", paper_id=0, blobs=blobs[:AT_MOST])
    _left(desk, blobs[AT_MOST:])
    return blobs[:AT_MOST]


def free(desk: Desk, session: Session) -> str:
    """A record that was not filed gives its pictures back: the next one gets them. What to say of it."""
    if session.trial or session.paper:
        return ""
    view = form_of(session.form)(session.answers, desk)
    shas = [sha for sha in view.blobs() if desk.blob_kind(sha) == "photo"]
    for case in desk.cases("photos", person=desk.me.id, states=("placed",), day=desk.calendar.day_of(desk.now), limit=200):
        if not case.data["paper_id"] and set(case.data["blobs"]) & set(shas):
            desk.move(case.id, None, "drop", "dropped", closed=True)
    batch = _left(desk, shas)
    return f"{len(shas)} 张照片留着，下一条拜访会带上。" if batch else ""


def claim(desk: Desk, session: Session) -> None:
    """Pictures in the answers of a record that is being made wait for no other."""
    if session.trial or not (shas := set(form_of(session.form)(session.answers, desk).blobs())):
        return
    for case in desk.cases("photos", person=desk.me.id, states=("waiting",), day=desk.calendar.day_of(desk.now), limit=200):
        left = [sha for sha in case.data["blobs"] if sha not in shas]
        if len(left) < len(case.data["blobs"]):
            desk.move(case.id, None, "place", "waiting" if left else "placed", blobs=left or case.data["blobs"])


def spare(desk: Desk, said: Said) -> None:
    """A picture that found no room in the answers: kept for the next record."""
    if said.blob is not None and said.blob.kind == "photo" and not said.blob.broken:
        _batch(desk, "waiting", 0, said)


def _left(desk: Desk, shas: Sequence[str], refused: Sequence[int] = ()) -> Case | None:
    if not shas:
        return None
    now = desk.now.isoformat()
    day = desk.calendar.day_of(desk.now)
    return desk.open_case("photos", "waiting", day=day, blobs=list(shas), paper_id=0, poor={}, refused=list(refused), since=now)


def _poor(desk: Desk, batch: Case) -> str:
    """Every poor picture of those that came just now, by its place among them."""
    blobs, poor = list(batch.data["blobs"]), batch.data.get("poor", {})
    now = [(blobs.index(sha) + 1, words) for sha, (words, at) in poor.items() if sha in blobs and desk.now - datetime.fromisoformat(at) <= TOGETHER]
    lines = [f"第 {nth} 张{words}" if len(blobs) > 1 else words for nth, words in sorted(now)]
    return "\n" + "".join(lines) + f"不方便重拍就用这{'张' if len(now) == 1 else '几张'}。" if now else ""


def _title(paper: Paper) -> str:
    return {"CustomerVisit": "走访表", "PhoneCall": "电话记录", "StampedPaper": "盖章文件"}.get(paper.form, "记录")


def for_visit(desk: Desk, said: Said) -> tuple[dict[str, Any], str]:
    """The pictures a visit begins with: the one sent with the words, and those sent just before that belong to nobody."""
    waiting = _near(desk, "waiting", 0) is not None
    with_words = said.blob is not None and said.blob.kind == "photo"
    batch = _batch(desk, "waiting", 0, said) if with_words else _near(desk, "waiting", 0)
    if batch is None:
        return {}, ""
    more = len(batch.data["blobs"]) - AT_MOST
    photos = {"photos": [{"sha256": sha} for sha in take(desk, batch)], "done": True}
    rest = f"一条最多 {AT_MOST} 张，还有 {more} 张留着。" if more > 0 else ""
    advice = said.blob.advice if said.blob else ""
    return {"photos": photos}, f"{'刚发的照片一起放进来了。' if waiting else ''}{rest}{advice}"


def ask_whose(desk: Desk, batch: Case) -> None:
    """Photo first: which visit, of those made today and those to come, but for those refused."""
    day, refused = desk.calendar.day_of(desk.now), batch.data.get("refused", ())
    today = [one for one in desk.papers(person=desk.me.id, day=day, forms=RECENT, limit=20) if one.state == "filed"]
    made = [one for one in today if one.id not in refused and _room(desk, one)]
    options = [Option(daylog.customer_of(desk, one), tokens.of_action("photo", batch.id, "into", one.id)) for one in made[:OFFERED]]
    known = {one.customer_id for one in today}
    for case in desk.cases("appointment", person=desk.me.id, states=("planned",), day=day, limit=20):
        if case.customer_id and case.customer_id not in known and len(options) < OFFERED:
            label = desk.label("customers", case.customer_id)
            options.append(Option(f"{label}（记拜访）", tokens.of_action("photo", batch.id, "visit", case.customer_id)))
    options.append(Option("别家，记拜访", tokens.of_action("photo", batch.id, "visit", 0)))
    options.append(Option("是盖章的文件", tokens.of_action("photo", batch.id, "stamped", 0)))
    count = len(batch.data["blobs"])
    desk.say(Prompt(f"{count} 张照片已留着。是哪一家的？{_poor(desk, batch)}", tuple(options)), coalesce=f"whose:{batch.id}")


def placed(desk: Desk, said: Said) -> None:
    """A place within ten minutes of a visit is its proof; otherwise it is kept and the next visits are offered."""
    place = said.place
    if place is None:
        return
    paper = just_made(desk, said)
    if paper is None or paper.form != "CustomerVisit":
        where = f"（{place.label}）" if place.label else ""
        start = Option("记拜访", tokens.of_action("start", "CustomerVisit"), main=True)
        desk.say(Prompt(f"位置收到了{where}。要记拜访吗？", (start, Option("今天", tokens.of_action("today")))))
        return
    raw = {"lat": place.lat, "lon": place.lon, "label": place.label}
    desk.amend(paper.id, {**paper.answers, "place": raw})
    filing.lift(desk, paper, 1)
    desk.say(Prompt(f"位置记在{daylog.customer_of(desk, paper)}的走访表上了。"))
