"""One record read word by word: its time, verb, customer, promise, who was met; what is left was talked about (A-3.3.6a)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from conversations import deliveries
from conversations.firm import Found
from conversations.lexicon import (
    ABSENT,
    AFTER,
    ARRIVED,
    BY_HAND,
    CALLED,
    CALLS,
    CONTENT,
    COUNTED,
    EMPTY,
    GOING,
    LEAD,
    MET,
    MET_SAID,
    NEED,
    PIECE,
    REPLY,
    TAGS,
    TALKED,
    VERBS,
    WITH,
    Kind,
)
from conversations.lookup import Lookup
from conversations.questions.pick import others_by_name
from conversations.timed import STOPS, TRIM, Timed
from rules.customers import core
from rules.requests import special

SOON = timedelta(minutes=10)
_DELIVERED = re.compile("送[书刊].*签收|签收.*送[书刊]")
# 送了恒达3本书, 给恒达送去两本期刊: given over. 去恒达送了3本书 is a visit that tells of it.
_GAVE = re.compile(
    r"^[^去到来访见]*?(?<![没未要想会再不让请能该得去])送(?:了|去了?|到了?|给了?|过去)?[^，,。；;送]{0,20}?"
    r"(?:(?:\d{1,3}|[一二两三四五六七八九十]{1,3})\s*[本册份期]\s*(?:新|样)?(?:书|期刊|刊物|杂志)|(?:书(?!面|法|画|信)|期刊|杂志)\s*(?:\d{1,3}|[一二两三四五六七八九十]{1,3})\s*[本册份])"
)
_FIRM = re.compile("公司|厂|店|集团|中心|院|社|行")
SHORT = 8
_SMALL = re.compile(r"^(?:了|给|在|去|到|是|的)+(?=\S)")


@dataclass(frozen=True, slots=True)
class Note:
    """What one record's words say; "" and None are what they do not say."""

    kind: Kind
    text: str
    customer: Found | None = None
    name: str = ""  # written where a customer belongs, and not found or not clear
    met: str = ""
    talked: str = ""
    need: str = ""
    at: datetime | None = None  # when it happened, or is to happen
    reply_by: datetime | None = None
    whole_day: bool = False  # of `at` only the day, or a part of it, was said
    day: str = ""  # with `whole_day`: what was said of it, 11月25日下午
    said: bool = False  # a verb said what it is
    given: Mapping[str, Any] = field(default_factory=dict)  # more answers, of the kinds that have their own reading


class Reader(Timed):
    """One record; what has been read is blanked out, what is left was talked about."""

    def __init__(self, text: str, at: datetime, look: Lookup, book: Sequence[Found], kind: Kind | None = None) -> None:
        super().__init__(text, at, look, kind)
        self.book = book
        self.tapped = kind is not None
        self.customer: Found | None = None
        self.name = ""
        self.bare_promise = False

    def note(self) -> Note:
        first = self.leading_time()
        self.verb()
        self.find_customer()
        self.promised_time(first)
        self.later_time()
        at, whole_day = self.happened()
        self.said = self.said or (self.agreed and at is not None)
        if self.customer is None and self.said and not self.tapped:
            self.unknown()
        met, need, talked = self.met(), self.needs(), self.rest()
        alone = not met and not need and not self.said and not any(sign in self.text.strip(TRIM) for sign in STOPS)
        self.bare_promise = self.owed is not None and not met and (not talked or (alone and self.customer is not None))
        kind = self._kind(at)
        if self.part and talked:
            talked = f"{self.part}{'' if TALKED.match(talked) else '，'}{talked}"
        if self.kind == "delivery" and kind == "appointment":
            talked = f"送书 {talked}".strip()
        if kind in ("promise", "request"):
            talked, need = "，".join(part for part in (talked, need, self.subject) if part), ""
        elif kind == "appointment" and self.owed is not None:
            talked = "，".join(part for part in (talked, self.owing) if part)
        elif self.owed is not None and not need:
            need = f"要{self.subject}" if self.subject else ""
        if need and not talked:
            talked = self.subject or need
        given = deliveries.read(self.text, self.look) if kind == "delivery" else {}
        day = self.whole or (f"{(local := self.look.calendar.local(at)).month}月{local.day}日" if whole_day and at else "")
        return Note(kind, self.text, self.customer, self.name, met, talked, need, at, self.owed, whole_day, f"{day}{self.part}", self.said, given)

    def _kind(self, at: datetime | None) -> Kind:
        if self.kind in ("promise", "request"):
            return self.kind
        if (at is not None and at > self.at + SOON) or (self.planned and (at is not None or self.agreed or self.going)):
            return "appointment"
        if self.kind is None and self.customer is not None and not self.planned and _GAVE.search(self.text):
            return "delivery"  # the form asks when the customer is to have books by mail
        if not self.said and self.customer is not None and not self._local(self.customer):
            return "call"  # the customer's class decides the paper
        if self.kind is None and _DELIVERED.search(self.text):
            return "delivery"
        return self.kind or ("promise" if self.bare_promise else "visit")

    def _local(self, customer: Found) -> bool:
        known = self.look.customer(customer.id)
        return known is None or known.local

    # -- verb and customer ------------------------------------------------------------------------------
    def verb(self) -> bool:
        if self.kind is not None:
            self._blank_verb(self.kind)
            return True
        called = next((found for pattern in CALLED if (found := pattern.search(self.left))), None)
        if called:
            self.kind, self.said = "call", True
            self.blank(called.end("who"), called.end())
            self.blank(called.start(), called.start("who"))
            return True
        for start in self._begins():
            for kind, pattern in VERBS:
                if (found := pattern.match(self.left, start)) and not self._in_passing(kind, found[0], self.left[:start]):
                    self.kind, self.said = kind, True
                    self.did = found[0].rstrip(":：").endswith("了") or found[0][:1] in "刚已"
                    self.blank(found.start(), found.end())
                    return True
        return False

    def _in_passing(self, kind: Kind, verb: str, before: str) -> bool:
        """答应 in the middle of a visit, 客户要求 behind who was met: part of the record, not its beginning."""
        if kind == "promise":
            return self._content(before)
        return verb.startswith("客户要求") and len([*PIECE.split(before.strip(TRIM))]) > 1

    def _blank_verb(self, kind: str) -> None:
        for start in self._begins():
            for name, pattern in VERBS:
                if name == kind and (found := pattern.match(self.left, start)):
                    self.blank(found.start(), found.end())
                    return

    def _begins(self) -> list[int]:
        lead = LEAD.match(self.left)
        return [lead.end() if lead else 0, *(found.end() for found in PIECE.finditer(self.left))]

    def find_customer(self) -> bool:
        best: tuple[int, int, Found] | None = None
        for one in self.book:
            for name in _names(one):
                start = self.left.find(name)
                if start >= 0 and (best is None or len(name) > best[1] - best[0]):
                    best = (start, start + len(name), one)
        if best is None:
            best = self._shortened() or self._searched()
        if best is None:
            return False
        self.customer = best[2]
        self.blank(best[0], best[1])
        self._beside(*best[:2])
        return True

    def _beside(self, start: int, end: int) -> None:
        """到恒达了, 恒达来电: without a verb in front, what stands around the name says what it is."""
        if (going := ARRIVED.search(self.left[:start])) is not None:
            self.blank(*going.span())
        if self.kind is not None:
            return
        after = self.left[end:]
        if (found := CALLS.match(self.left, end)) is not None:
            self.kind, self.said = "call", True
            self.blank(end, found.end())
        elif going is not None and (going[0].endswith(("了", "到")) or after.lstrip().startswith("了")):
            self.kind, self.said, self.did = "visit", True, True

    def _shortened(self) -> tuple[int, int, Found] | None:
        """天籁张总报价, 去恒达了: the beginning of one customer's name, with what one says of a customer behind it."""
        for start, whole in list(self._words())[:4]:
            word = whole[len(whole) - len(kept) :] if whole.endswith(kept := core(whole)) else whole  # 深圳声威
            inside = start + len(whole) - len(word)
            lengths = {one.id: max((_common(word, name) for name in _names(one)), default=0) for one in self.book}
            longest = max(lengths.values(), default=0)
            rest = word[longest:]
            near = [one for one in self.book if lengths[one.id] == longest]
            if longest >= 2 and len(near) == 1 and (not rest or self._goes_on(rest, near[0])):
                return start, inside + longest, near[0]
        return None

    def _goes_on(self, rest: str, customer: Found) -> bool:
        """What one says of a customer, or the name of somebody there."""
        if any(known.match(rest) for known in (MET, TALKED, AFTER)) or rest.startswith(TAGS):
            return True
        known = self.look.customer(customer.id)
        return known is not None and any(rest.startswith(name) for name, _, _ in known.contacts)

    def _searched(self) -> tuple[int, int, Found] | None:
        """By short name or pinyin initials, word by word: one hit is the customer, several are asked."""
        for start, word in list(self._words())[:4]:
            if len(word) < 2 or word.isdecimal() or MET.fullmatch(word):
                continue
            found = self.look.find("customers", word, 0, 3)
            if others_by_name(self.look, word, found):
                self.name = word  # a colleague's customer, not a slip of the finger
                return None
            likely = len(found) == 1 and self.said and len(word) <= SHORT  # a slip of the finger, not a sentence that sounds alike
            near = [one for one in found if word.isascii() or any(word in name for name in _names(one)) or likely]
            if len(near) == 1:
                return start, start + len(word), near[0]
            if near:
                self.name = word
        return None

    def _words(self) -> Iterator[tuple[int, str]]:
        for found in re.finditer(r"[^，,、。；:：\s]+", self.left):
            small = GOING.match(found[0])
            skip = small.end() if small and small.end() < len(found[0]) else 0
            yield found.start() + skip, found[0][skip:]

    def unknown(self) -> None:
        """After a verb the first word that is neither a person nor talk is the customer's name as the rep has it."""
        start, word = (self.left.find(self.name), self.name) if self.name else next(iter(self._words()), (0, ""))
        if COUNTED.match(word):
            return  # 今天去了3家
        if not self.name and (person := MET.search(word)) and person.start() > 1:
            word = word[: person.start()]
        if not self.name and (TALKED.match(word) or NEED.match(word) or MET.match(word) or WITH.match(word) or word.startswith(TAGS)):
            return
        if 2 <= len(word) <= 30:
            self.name = word
            self.blank(start, start + len(word))

    # -- who and what -----------------------------------------------------------------------------------
    def met(self) -> str:
        known = self.look.customer(self.customer.id) if self.customer else None
        for name, _, _ in known.contacts if known else ():
            start = self.left.find(name)
            if start >= 0 and not ABSENT.match(self.left, start + len(name)):
                if not BY_HAND.match(self.left, start + len(name)):
                    self._blank_met(start, start + len(name))
                return name
        found = MET.search(self.left) or MET_SAID.search(self.left)
        if found is None or ABSENT.match(self.left, found.end("who")):
            return ""
        if not BY_HAND.match(self.left, found.end("who")):
            self._blank_met(found.start("who"), found.end("who"))
        return found["who"]

    def _blank_met(self, start: int, end: int) -> None:
        before = re.search(r"(?:见了|见到了?|见的?是?|找了?|接待的?是?|和|跟|与|对方是?)$", self.left[:start])
        self.blank(before.start() if before else start, end)

    def needs(self) -> str:
        """Pieces that say what the customer wants."""
        found = []
        for piece in re.finditer(r"[^，,。；\n]+", self.left):
            words = piece[0].strip(TRIM)
            for start in [0, *(gap.end() for gap in re.finditer(r"\s+", words))]:
                if NEED.match(words[start:]):
                    found.append(words[start:])
                    at = piece.start() + piece[0].find(words[start:])
                    self.blank(at, at + len(words[start:]))
                    break
            else:
                if special(words):  # 他嫌贵想便宜10%
                    found.append(words)
                    self.blank(piece.start(), piece.end())
        return "，".join(" ".join(words.split()) for words in found)

    def rest(self) -> str:
        pieces = (_SMALL.sub("", " ".join(piece.split()).strip(TRIM)) for piece in re.split(f"[{STOPS}]+", self.left))
        said = (WITH.sub("", CONTENT.sub("", piece)).strip() for piece in pieces if piece and not REPLY.fullmatch(piece))
        return "，".join(piece for piece in said if not EMPTY.fullmatch(piece))


def _common(word: str, name: str) -> int:
    return next((n for n, (one, other) in enumerate(zip(word, name, strict=False)) if one != other), min(len(word), len(name)))


def _names(one: Found) -> Iterator[str]:
    """The ways to write the customer, longest wins; the detail counts when it is the firm's full name."""
    for name in (one.label, one.detail if _FIRM.search(one.detail) else ""):
        if len(name) >= 2:
            yield name
            if len(short := core(name)) >= 2:
                yield short
