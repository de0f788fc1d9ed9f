"""The judgement: answered events are there once, unanswered ones at most once, and everything they led to likewise."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from storage import audit
from storage.tables import audit as log
from storage.tables import counter, due, inbox, outbox, paper, person, session, talk
from tests.chaos import control
from tests.chaos.phones import Phone
from tests.chaos.storm import NTH, World

_MARK = re.compile(r"编号\d{5}")


@dataclass(slots=True)
class Verdict:
    """`lost` and `double` name events; `wrong` is everything else that is not as it must be."""

    events: int
    answered: int
    deliveries: int
    broken: int
    kills: int
    kept_unanswered: int = 0
    papers: int = 0
    prompts: int = 0
    repeated: int = 0  # prompts that went over the wire more than once
    lost: list[str] = field(default_factory=list)
    double: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not (self.lost or self.double or self.wrong)

    def __str__(self) -> str:
        counts = {
            "events": f"{self.events} ({self.answered} acknowledged, {self.events - self.answered} not, of which {self.kept_unanswered} were kept)",
            "deliveries": f"{self.deliveries} ({self.broken} met a dead server)",
            "kills": self.kills,
            "lost": len(self.lost),
            "double": len(self.double),
            "papers": f"{self.papers}, numbered without a gap",
            "prompts": f"{self.prompts}, in order ({self.repeated} more than once on the wire)",
            "wrong": len(self.wrong),
        }
        faults = [*self.lost[:9], *self.double[:9], *self.wrong[:9]]
        return "\n".join([*(f"{name:>10}  {value}" for name, value in counts.items()), *(f"  ! {fault}" for fault in faults)])


@dataclass(frozen=True, slots=True)
class Facts:
    """The database when all is over."""

    heard: Counter[tuple[str, str]]  # who, words
    states: Counter[str]
    sessions: Counter[str]  # by mark
    papers: Counter[str]
    numbers: list[int]
    counted: list[int]
    said: dict[str, dict[str, list[str]]]  # who, lane: what was to be said
    unsent: int
    dues: Counter[str]
    filed: int
    broken: audit.Broken | None


async def judge(world: World, folder: Path) -> Verdict:
    ledger = world.line.ledger
    facts = await world.database.read(_facts)
    verdict = Verdict(
        len(ledger), len(world.line.answered), sum(sent.deliveries for sent in ledger), sum(sent.broken for sent in ledger), world.replicas.kills
    )
    verdict.papers, verdict.prompts = len(facts.numbers), sum(len(texts) for lanes in facts.said.values() for texts in lanes.values())
    verdict.lost += world.silent
    _judge_events(world, facts, verdict)
    _judge_visits(world, facts, verdict)
    verdict.wrong += _counts(world, facts)
    for phone in world.phones:
        verdict.repeated += _judge_wire(phone, facts.said.get(phone.rep.account, {}), verdict.wrong)
    events, happened = await world.database.read(lambda conn: (control.kept(conn), control.story(conn)))
    people = [phone.rep for phone in world.phones]
    verdict.wrong += _differences(happened, await control.replayed(events, people, folder))
    return verdict


def _judge_events(world: World, facts: Facts, verdict: Verdict) -> None:
    sent = Counter((one.who, one.words) for one in world.line.ledger)
    answered = Counter((one.who, one.words) for one in world.line.answered)
    for event in sent.keys() | facts.heard.keys():
        kept = facts.heard[event]
        verdict.lost += [" ".join(event)] * max(0, answered[event] - kept)
        verdict.double += [" ".join(event)] * max(0, kept - sent[event])
        verdict.kept_unanswered += max(0, kept - answered[event])


def _judge_visits(world: World, facts: Facts, verdict: Verdict) -> None:
    """What an event leads to, counted without asking the inbox."""
    for visit in world.visits:
        least = int(visit.owed)
        for what, found in (("sessions", facts.sessions[visit.mark]), ("papers", facts.papers[visit.mark])):
            fault = f"{visit.who} {visit.mark}: {found} {what}"
            verdict.lost += [fault] * (found < least)
            verdict.double += [fault] * (found > 1)


def _counts(world: World, facts: Facts) -> Iterator[str]:
    if facts.states.keys() - {"handled"}:
        yield f"inbox: {dict(facts.states)}"
    if facts.unsent:
        yield f"outbox: {facts.unsent} unsent or parked"
    if facts.numbers != list(range(1, len(facts.numbers) + 1)) or facts.counted != [len(facts.numbers)]:
        yield f"numbers: {facts.numbers}, counted to {facts.counted}"
    if facts.filed != len(facts.numbers):
        yield f"{facts.filed} filings in the log, {len(facts.numbers)} papers"
    if facts.broken is not None:
        yield f"the log is broken at {facts.broken}"
    if facts.dues != {"morning": len(world.phones)}:
        yield f"reminders: {dict(facts.dues)}"
    for who, lanes in facts.said.items():
        nth = [int(found[1]) for text in lanes.get("reply", ()) if (found := NTH.search(text))]
        if nth != list(range(1, len(nth) + 1)):
            yield f"{who} was told of visits {nth}"
        if len(lanes.get("reminder", ())) != 1:
            yield f"{who} had {len(lanes.get('reminder', ()))} reminders"


def _judge_wire(phone: Phone, said: dict[str, list[str]], wrong: list[str]) -> int:
    """Each lane arrived whole and in order; how many arrived again."""
    came = [(card, _gist(card.text)) for card in phone.heard()]
    repeated = 0
    for texts in said.values():
        owed = [_gist(text) for text in texts]
        reached = 0
        for _, gist in (one for one in came if one[1] in owed):
            if reached < len(owed) and gist == owed[reached]:
                reached += 1
            elif gist in owed[:reached]:
                repeated += 1
            else:
                wrong.append(f"{phone.rep.account} on {phone.rep.channel} heard {gist} before {owed[reached]}; heard {[each for _, each in came]}")
                break
        if reached < len(owed):
            wrong.append(f"{phone.rep.account} never heard {owed[reached]}")
    known = {_gist(text) for texts in said.values() for text in texts}
    wrong += [f"{phone.rep.account} heard {card.text!r} from nowhere" for card, gist in came if gist not in known]
    return repeated


def _gist(text: str) -> str:
    """What tells one message from the others, however a channel sets it."""
    found = NTH.search(text) or _MARK.search(text)
    return found[0] if found else text[:12]


def _differences(happened: dict[int, list[control.Line]], should: dict[int, list[control.Line]]) -> Iterator[str]:
    for who in sorted(happened.keys() | should.keys()):
        ours, theirs = happened.get(who, []), should.get(who, [])
        for one, other in zip(ours, theirs, strict=False):
            if one != other:
                yield f"person {who}: {one} instead of {other}"
                break
        else:
            if len(ours) != len(theirs):
                yield f"person {who}: {len(ours)} things happened instead of {len(theirs)}"


def _facts(conn: Connection) -> Facts:
    heard = (
        select(person.c.account, inbox.c.body, inbox.c.state).join(talk, talk.c.id == inbox.c.talk_id).join(person, person.c.id == talk.c.person_id)
    )
    events = conn.execute(heard).all()
    to_say = (
        select(person.c.account, outbox.c.lane, outbox.c.body)
        .join(talk, talk.c.id == outbox.c.talk_id)
        .join(person, person.c.id == talk.c.person_id)
        .order_by(outbox.c.id)
    )
    said: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for account, lane, body in conn.execute(to_say):
        said[account][lane].append(body["text"])
    return Facts(
        heard=Counter((account, body["text"] or body["tap"]) for account, body, _ in events),
        states=Counter(state for _, _, state in events),
        sessions=_marks(conn.execute(select(session.c.body)).scalars().all()),
        papers=_marks(conn.execute(select(paper.c.answers)).scalars().all()),
        numbers=sorted(int(number.rpartition("-")[2]) for number in conn.execute(select(paper.c.number)).scalars()),
        counted=list(conn.execute(select(counter.c.last)).scalars()),
        said=said,
        unsent=conn.execute(select(func.count()).where(outbox.c.sent_at.is_(None))).scalar_one(),
        dues=Counter(conn.execute(select(due.c.kind).where(due.c.outcome == "said")).scalars()),
        filed=conn.execute(select(func.count()).where(log.c.verb == "file")).scalar_one(),
        broken=audit.verify(conn),
    )


def _marks(bodies: Sequence[Any]) -> Counter[str]:
    """In how many of them each mark stands."""
    return Counter(mark for body in bodies for mark in set(_MARK.findall(str(body))))
