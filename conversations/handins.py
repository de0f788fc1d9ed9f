"""Which of a day's records were handed in with what: the log, and supplements for what came or changed afterwards (A-3.3.6a, A-3.3.6b)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from conversations.firm import Case, Paper
from conversations.lookup import Lookup

KINDS = {"CustomerVisit": "visit", "PhoneCall": "call", "NewCustomer": "customer", "BookDelivery": "delivery"}
PARTS = 9  # the log and its supplements of one day
IN_HAND = ("handed", "received")
SHOWN = 16  # of a picture's hash: enough to tell it from the other pictures of a record


def key(person: int, day: date) -> str:
    return f"daylog:{person}:{day.isoformat()}"


def keys(person: int, day: date) -> Iterator[str]:
    """The log's own, then its supplements'."""
    yield key(person, day)
    for nth in range(2, PARTS + 1):
        yield f"{key(person, day)}:{nth}"


def papers(look: Lookup, person: int, day: date) -> Sequence[Paper]:
    """The day's records that count, newest first."""
    return [one for one in look.papers(person=person, day=day, forms=tuple(KINDS), limit=200) if one.state == "filed"]


def parts(look: Lookup, person: int, day: date) -> list[Case]:
    """The log and its supplements as far as there are any; who was only passed a supplement does not see the log."""
    found: list[Case] = []
    for nth, one in enumerate(keys(person, day)):
        case = look.case_by_key(one)
        if case is not None:
            found.append(case)
        elif nth:
            break
    return found


@dataclass(frozen=True, slots=True)
class Entry:
    """A record as it was when it was handed in."""

    rev: int
    pictures: frozenset[str]

    def is_still(self, paper: Paper) -> bool:
        return self.rev == paper.rev and self.pictures >= {sha[:SHOWN] for sha in paper.blobs}


def entries(chosen: Sequence[Paper]) -> list[list[object]]:
    """What the case keeps of the records handed in."""
    return [[one.id, one.rev, *(sha[:SHOWN] for sha in one.blobs)] for one in chosen]


def content(case: Case) -> Mapping[int, Entry]:
    """By record; nothing while it is a draft."""
    kept = case.data.get("papers", ()) if case.state in IN_HAND else ()
    return {id: Entry(rev, frozenset(pictures)) for id, rev, *pictures in kept}


def rest(look: Lookup, person: int, day: date) -> list[Paper]:
    """What nobody has in hand as it is now: new ones, and those changed since; newest first."""
    known = [content(case) for case in parts(look, person, day)]
    return [one for one in papers(look, person, day) if not any(one.id in part and part[one.id].is_still(one) for part in known)]


def included(look: Lookup, case: Case) -> list[Paper]:
    """The records of this part, those withdrawn since left out; of a draft, what it would hand in."""
    day = case.day or look.calendar.day_of(look.now)
    if case.state not in IN_HAND:
        return rest(look, case.person_id, day)
    mine = content(case)
    return [one for one in papers(look, case.person_id, day) if one.id in mine]


def holding(look: Lookup, paper: Paper) -> list[Case]:
    """The parts in hand that this record is in, as it is or as it was; the newest last."""
    return [case for case in parts(look, paper.person_id, paper.day) if paper.id in content(case)]


def signed(look: Lookup, paper: Paper) -> bool:
    """Somebody put their name to this record, whatever became of it since."""
    return any(case.state == "received" for case in holding(look, paper))


def signed_as_it_is(look: Lookup, paper: Paper) -> bool:
    """These very words; a picture that came later does not undo it."""
    return any(case.state == "received" and content(case)[paper.id].rev == paper.rev for case in holding(look, paper))


def signed_with(look: Lookup, paper: Paper, pictures: Collection[str]) -> bool:
    """One of these pictures belongs to what was signed."""
    seen = {sha[:SHOWN] for sha in pictures}
    return any(case.state == "received" and content(case)[paper.id].pictures & seen for case in holding(look, paper))


def added(case: Case) -> bool:
    """A supplement, not the log itself."""
    return int(case.data.get("part") or 1) > 1


def called(case: Case) -> str:
    return "补交的记录" if added(case) else "的日志"
