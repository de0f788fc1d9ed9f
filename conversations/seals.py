"""What the eyes saw on a filed record, and what the person said to it, in one line beside the record (A-4.1c, A-4.4.1, A-4.4.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from conversations import certificates, seen
from conversations.firm import Paper
from conversations.form import Form
from conversations.lookup import Lookup
from conversations.questions import Photos, Stamped, answered
from conversations.registry import BY_NAME
from conversations.seen import Told
from conversations.spoken import day_of_month, wall
from rules.names import same

FORMS = ("StampedPaper", "Certificate")  # they are no part of the day's log, and are shown beside it
SAID: Mapping[str, str] = {"keep": "本人坚持用这张", "done": "本人坚持用这张", "same": "本人核对过，两处一致", "later": "先存下，回公司再定"}


def question_of(form: type[Form]) -> Photos | None:
    """The form's pictures of a stamped paper, a licence or a signed form."""
    return next((one for one in form.questions.values() if isinstance(one, Photos) and one.shows), None)


def line(look: Lookup, paper: Paper) -> str:
    """章：上海恒达影音设备有限公司合同专用章，和客户名一致; "" where nothing of the kind is shown, or a receipt has no stamp."""
    question = question_of(BY_NAME[paper.form])
    view = BY_NAME[paper.form](paper.answers, look, paper.said_at)
    found = _best(look, paper, view, question) if question is not None else None
    if question is None or found is None:
        return ""
    words = _words(view, question, *found)
    return "，".join(part for part in (words, _decided(look, paper, question) if found[1].state in seen.ATTENTION else "") if part)


def is_open(look: Lookup, paper: Paper) -> bool:
    """Two names that nobody has found to be one: somebody at home has to look."""
    question = question_of(BY_NAME[paper.form])
    view = BY_NAME[paper.form](paper.answers, look, paper.said_at)
    found = _best(look, paper, view, question) if isinstance(question, Stamped) else None
    if question is None or found is None or found[1].state != "doubt":
        return False
    said = _said(look, paper, question)
    return said is None or said[0] == "later"


def _best(look: Lookup, paper: Paper, view: Form, question: Photos) -> tuple[Mapping[str, Any], Told] | None:
    """The picture that speaks for all, as on the card; those that came after the record are among them."""
    again = {one["sha256"] for one in _photos(paper, question) if "again" in one}
    pictures = [sha for sha in paper.blobs if look.blob_kind(sha) == "photo"]
    chosen = [sha for sha in pictures if sha not in again] or pictures
    named = question.named(view)
    found = [(looked, seen.told(looked, named, question.shows)) for looked in (look.seen(sha) for sha in chosen) if looked]
    if question.shows == "signed":
        found = [one for one in found if one[1].state in ("match", "doubt")]
    return min(reversed(found), key=lambda one: seen.ORDER.index(one[1].state), default=None)


def _words(view: Form, question: Photos, looked: Mapping[str, Any], told: Told) -> str:
    if told.state == "pending":
        return "还在读"
    if question.shows == "licence":
        return _licence(view, question, looked, told)
    if told.state == "match":
        return _agrees(view, question, looked)
    return "章没有读出来" if told.state == "unread" else told.words.replace("印章：", "章：").rstrip("。")


def _licence(view: Form, question: Photos, looked: Mapping[str, Any], told: Told) -> str:
    """What it says stands in the record itself."""
    if told.state == "typed":
        return ""
    if told.state == "read":
        return "执照和客户名一致" if same(question.named(view), looked["licence"]["name"]) else ""
    return "执照没有读出来" if told.state == "unread" else told.words.partition("。")[2 if told.state == "doubt" else 0].rstrip("。")


def _agrees(view: Form, question: Photos, looked: Mapping[str, Any]) -> str:
    """With its purpose, as it stands on the seal."""
    named = question.named(view)
    text, kind = seen.sealed(looked, named)
    ours = any(same(named, known) for known in (certificates.customer_name(view), certificates.full_name(view)))
    return f"章：{text}{kind}，和{'客户名' if ours else '文件上的名称'}一致"


def _decided(look: Lookup, paper: Paper, question: Photos) -> str:
    said = _said(look, paper, question)
    if said is None:
        return ""
    how, by, at = said
    day = look.calendar.day_of(at)
    when = f"{wall(at, look)}" if day == paper.day else f"{day_of_month(day)} {wall(at, look)}"
    return f"{SAID[how]}（{look.label('colleagues', by)} {when}）"


def _said(look: Lookup, paper: Paper, question: Photos) -> tuple[str, int, datetime] | None:
    """What was decided, by whom and when: on the card, or after the record was filed; the last counts."""
    kept = [one["kept"] for one in _photos(paper, question) if "kept" in one]
    found = [(str(one["how"]), int(one["by"]), datetime.fromisoformat(one["at"])) for one in kept]
    for case in look.readings(paper.id):
        if "answer" in case.data:
            event = look.case_events(case.id)[-1]
            found.append((str(case.data["answer"]), event.by_id or case.person_id, event.at))
    return max(found, key=lambda one: one[2], default=None)


def _photos(paper: Paper, question: Photos) -> Sequence[Mapping[str, Any]]:
    raw = paper.answers.get(question.name)
    return raw["photos"] if raw is not None and answered(raw) else ()
