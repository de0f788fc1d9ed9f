"""What is explained to customers, as it is now: shown, passed on as text, told once when it changes; who has read it (A-3.4.1)."""

from __future__ import annotations

from conversations import tokens
from conversations.desk import Desk
from conversations.desks.handouts import Card
from conversations.lookup import Lookup
from conversations.spoken import day_of_month, day_words
from conversations.types import Option, Prompt
from rules.introductions import TOPICS

NONE = "还没有介绍内容。主管或经理写「新版介绍」就能放一份上来。"
GONE = "这一版已经不在了，写「介绍」看现在有哪些。"
SHOWN, EARLIER = 3, 4
KEEPERS = frozenset({"admin", "manager", "supervisor"})


def contents(desk: Desk) -> Prompt:
    current = desk.introductions()
    if not current:
        return Prompt(NONE, _new(desk))
    rows = [f"{TOPICS[one.topic]}：{one.name}" for one in current]
    options = tuple(Option(TOPICS[one.topic], tokens.of_action("intro", one.topic)) for one in current)
    return Prompt("\n".join(["向客户介绍的，现在是这些。点一项看内容：", *rows]), (*options, *_new(desk)))


def _new(look: Lookup) -> tuple[Option, ...]:
    return (Option("放新版", tokens.of_action("start", "CardVersion")),) if look.me.roles & KEEPERS else ()


def shown(desk: Desk, topic: str) -> Prompt:
    """The current version; having it on the screen counts as opened."""
    found = desk.introductions(topic)
    if not found:
        return Prompt(f"「{TOPICS.get(topic, topic)}」还没有内容，请先问部门主管。", (Option("别的介绍", tokens.of_action("intro")),))
    return _page(desk, found[0])


def edition(desk: Desk, id: int) -> Prompt:
    found = desk.introduction(id)
    return _page(desk, found) if found is not None else Prompt(GONE)


def _page(desk: Desk, one: Card) -> Prompt:
    desk.open_introduction(one.id)
    now = {each.id for each in desk.introductions(one.topic)}
    today = desk.calendar.day_of(desk.now)
    state = "" if one.id in now else "（还没启用）\n" if one.since > today else "（旧版，已换新）\n"
    head = f"{TOPICS[one.topic]}，{one.name}，{day_of_month(one.since)}起。\n{state}"
    earlier = [each for each in desk.introductions(one.topic, current=False) if each.id != one.id and each.version < one.version]
    options = [Option("转给客户", tokens.of_action("forward", one.id), main=True)]
    options += [Option(f"看{each.name}", tokens.of_action("edition", each.id)) for each in earlier[:1]]
    if desk.me.roles & KEEPERS:
        options.append(Option("谁看了", tokens.of_action("readers", one.id)))
    options.append(Option("别的介绍", tokens.of_action("intro")))
    return Prompt(f"{head}{one.text or '见附件。'}", tuple(options), attach=one.blobs)


def forwardable(desk: Desk, id: int) -> Prompt:
    """Only what the customer should read, ready to be passed on."""
    found = desk.introduction(id)
    return Prompt(found.text or f"{TOPICS[found.topic]}，请看附件。", attach=found.blobs) if found is not None else Prompt(GONE)


def changed(desk: Desk) -> list[str]:
    """For the morning card, once a person and version; what was opened already is not news."""
    news = desk.unseen_introductions()
    if not news:
        return []
    desk.told_introductions([one.id for one in news])
    named = "、".join(f"{TOPICS[one.topic]}（{one.name}）" for one in news[:SHOWN])
    more = f"等 {len(news)} 项" if len(news) > SHOWN else ""
    return [f"介绍内容有新版：{named}{more}。写「介绍 {TOPICS[news[0].topic]}」看。"]


def readers(desk: Desk, id: int) -> Prompt:
    """Who has opened which version and who has not; of all current ones when none is named."""
    if not desk.me.roles & KEEPERS:
        return Prompt("谁看过由主管看，您写「介绍」就能看内容。")
    chosen = [found] if id and (found := desk.introduction(id)) else list(desk.introductions())
    rows = []
    for one in chosen:
        reads = desk.introduction_reads(one.id)
        names = {person: desk.label("colleagues", person) for person in reads}
        missing = [names[person] for person, at in reads.items() if at is None]
        told = f"没看的：{'、'.join(missing)}" if missing else "都看过了"
        rows.append(f"{TOPICS[one.topic]}，{one.name}：{len(reads) - len(missing)}/{len(reads)} 人看过，{told}。")
        if id:
            rows += [f"{names[person]} {day_words(desk.calendar.day_of(at), desk)}看过" for person, at in reads.items() if at is not None]
    return Prompt("\n".join(rows) or NONE)
