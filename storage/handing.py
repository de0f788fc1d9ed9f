"""What a person's desk does about introduction cards, books to deliver and exhibitions (A-3.4.1, A-3.2.1, A-3.3.3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, insert, or_, select, update

from conversations.desk import NotAllowed
from conversations.desks.handouts import Card, Exhibition
from conversations.firm import Case
from conversations.holdings import Issue
from rules import deliveries, exhibitions, introductions
from rules import people as policy
from rules.errors import RuleBroken
from rules.people import Action, Subject
from storage import blobs, cases, customers, people
from storage.codec import canonical
from storage.lists import issues
from storage.names import keys
from storage.reach import Reach
from storage.tables import card, card_read, case, exhibition, issue
from storage.tables import medium as media
from storage.upsert import both, on
from storage.voice import Voice

GONE = "这一项已经不在了。"
FILES, OPEN_MOST = 9, 2000
_card_columns = tuple(card.c[name] for name in ("id", "topic", "version", "name", "text", "blobs", "since", "by_id", "at"))
_fair_columns = tuple(exhibition.c[name] for name in ("id", "name", "place", "first", "last", "note", "dropped"))
_read = both(card_read, lambda into: into.on_conflict_do_nothing(index_elements=["card_id", "person_id"]))
_open_deliveries = select(*cases.COLUMNS).where(case.c.kind == "delivery", case.c.state.in_(deliveries.OPEN)).order_by(case.c.id).limit(OPEN_MOST)


class Handing(Voice):
    """Cards, issues and exhibitions are the firm's; a delivery or a meeting is the rep's who has the customer."""

    # --- introduction cards -----------------------------------------------------------------------------
    def introductions(self, topic: str = "", *, current: bool = True) -> Sequence[Card]:
        if not self._allowed("see_cards"):
            return ()
        found = select(*_card_columns).order_by(card.c.topic, card.c.since.desc(), card.c.version.desc())
        found = found.where(card.c.topic == topic) if topic else found.where(card.c.topic.in_(introductions.TOPICS))
        every = [_as_card(row) for row in self._conn.execute(found)]
        if not current:
            return every
        begun = [one for one in every if one.since <= self.today]
        newest = {one.topic: one for one in reversed(begun)}
        return [newest[one] for one in introductions.TOPICS if one in newest]

    def introduction(self, id: int) -> Card | None:
        row = (
            self._conn.execute(select(*_card_columns).where(card.c.id == id, card.c.topic.in_(introductions.TOPICS))).first()
            if self._allowed("see_cards")
            else None
        )
        return _as_card(row) if row is not None else None

    def add_introduction(self, topic: str, name: str, text: str, blobs: Sequence[str], since: date) -> Card:
        self._may("keep_cards", Subject())
        _by_rule(lambda: introductions.check(topic, name, text, len(blobs), since, self.today))
        if len(blobs) > FILES:
            raise NotAllowed(f"一版最多附 {FILES} 个文件。")
        last = self._conn.execute(select(func.max(card.c.version)).where(card.c.topic == topic)).scalar() or 0
        values: dict[str, Any] = {"topic": topic, "version": last + 1, "name": name.strip(), "text": text.strip(), "blobs": list(blobs)}
        values |= {"since": since, "by_id": self.me.id, "at": self._now}
        id = int(self._conn.execute(insert(card).values(**values).returning(card.c.id)).scalar_one())
        self._log("add", f"card:{id}", topic, name.strip(), canonical({"text": text, "blobs": list(blobs), "since": since.isoformat()}))
        self._conn.execute(on(self._conn, _read), {"card_id": id, "person_id": self.me.id, "told_at": self._now, "opened_at": None})
        made = self.introduction(id)
        if made is None:
            raise NotAllowed(GONE)
        return made

    def open_introduction(self, id: int) -> None:
        self._may("see_cards", Subject())
        known = card_read.c.card_id == id, card_read.c.person_id == self.me.id
        self._conn.execute(on(self._conn, _read), {"card_id": id, "person_id": self.me.id, "told_at": None, "opened_at": None})
        opened = self._conn.execute(update(card_read).where(*known, card_read.c.opened_at.is_(None)).values(opened_at=self._now))
        if opened.rowcount:
            self._log("open", f"card:{id}")

    def unseen_introductions(self) -> Sequence[Card]:
        seen = set(self._conn.execute(select(card_read.c.card_id).where(card_read.c.person_id == self.me.id)).scalars())
        return [one for one in self.introductions() if one.id not in seen]

    def told_introductions(self, ids: Sequence[int]) -> None:
        for id in ids:
            self._conn.execute(on(self._conn, _read), {"card_id": id, "person_id": self.me.id, "told_at": self._now, "opened_at": None})
            self._log("told", f"card:{id}")

    def introduction_reads(self, id: int) -> Mapping[int, datetime | None]:
        reach = self._reach("see_card_reads")
        reps = [who.id for who in people.everybody(self._conn, self.today) if "rep" in who.roles and reach.has(who.id)]
        found = select(card_read.c.person_id, card_read.c.opened_at).where(card_read.c.card_id == id)
        opened = {row.person_id: row.opened_at for row in self._conn.execute(found)}
        return {rep: opened.get(rep) for rep in reps}

    def note_file(self, sha256: str, mime: str, size: int, kind: str) -> None:
        """A file put up with a card, once it is in the folder."""
        self._may("keep_cards", Subject())
        blobs.note(self._conn, sha256, mime, size, {"kind": kind}, self._now)

    def card_file(self, card: int, nth: int) -> tuple[str, str]:
        """Hash and mime of what is shown of a card's file: of a picture the copy without metadata."""
        found = self.introduction(card)
        if found is None or not 0 <= nth < len(found.blobs):
            raise NotAllowed(GONE)
        return blobs.to_show(self._conn, found.blobs[nth])

    # --- issues and deliveries --------------------------------------------------------------------------
    def put_issue(
        self, medium: str, number: str, *, deliver_by: date | None, closes_on: date | None = None, publishes_on: date | None = None, id: int = 0
    ) -> int:
        self._may("keep_cards", Subject())
        name, number = medium.strip(), number.strip()
        if not 1 <= len(name) <= 120 or not 1 <= len(number) <= 40:
            raise NotAllowed("请写期刊名称和期号，例如：视听技术，2026 年第 12 期。")
        days = {"deliver_by": deliver_by, "closes_on": closes_on, "publishes_on": publishes_on}
        known = select(issue.c.id).join(media, media.c.id == issue.c.medium_id).where(media.c.name == name, issue.c.number == number)
        twin = self._conn.execute(known).scalar()
        if twin is not None and id != twin:
            raise NotAllowed(f"{name} {number}已经有了，请在那一期里改日期。")
        if id:
            self._conn.execute(update(issue).where(issue.c.id == id).values(number=number, **days))
        else:
            values = {"medium_id": self._medium(name), "number": number, **days}
            id = int(self._conn.execute(insert(issue).values(**values).returning(issue.c.id)).scalar_one())
        self._log("put", f"issue:{id}", name, number, canonical({name: day.isoformat() if day else None for name, day in days.items()}))
        self._follow(id)
        return id

    def plan_delivery(self, issue: int, customer: int, copies: int) -> Case:
        found, owned = self._issue(issue), customers.one(self._conn, customer, Reach(everybody=True), self.today)
        whose = self.person(owned.owner_id) if owned is not None and owned.owner_id else None
        if owned is None or whose is None or whose.left:
            raise NotAllowed("这家客户现在没有负责的市场员，先定好负责人再排送书。")
        subject = Subject(owner=whose.id, unit=whose.team_id or 0)
        self._may("plan_delivery", subject)
        _by_rule(lambda: deliveries.check_copies(copies))
        day = self._due(found)
        if day is None:
            raise NotAllowed("这一期还没有送到日期，先写好日期再排送书。")
        label = f"{found.medium} {found.number}"
        key, at = f"delivery:{issue}:{customer}", self.calendar.at(day, self.hours_on(whose.id, day)[1])
        row: dict[str, Any] = {"kind": "delivery", "state": "planned", "key": key, "person_id": whose.id, "customer_id": customer}
        row |= {"paper_id": None, "day": day, "at": at, "data": {"issue": issue, "label": label, "copies": copies, "by": self.me.id}}
        opened, new = cases.open_(self._conn, row, self.me.id, self._now)
        if new:
            self._log("plan", f"case:{opened.id}", label, str(copies))
            return opened
        if opened.state == "planned" and opened.data.get("copies") == copies and opened.person_id == whose.id:
            return opened
        step = _by_rule(lambda: deliveries.move(opened.state, "plan", by=self.me.id, owner=opened.person_id, superiors={self.me.id}))
        changes = {"state": step.after, "closed_at": None, "person_id": whose.id, "day": day, "at": at}
        return self._changed(opened, "plan", changes, copies=copies)

    def drop_delivery(self, case: int) -> Case:
        cases.lock(self._conn, case)
        old = self.case(case)
        whose = self.person(old.person_id) if old is not None else None
        if old is None or old.kind != "delivery" or whose is None:
            raise NotAllowed(GONE)
        self._may("drop_delivery", Subject(owner=whose.id, unit=whose.team_id or 0))
        step = _by_rule(lambda: deliveries.move(old.state, "drop", by=self.me.id, owner=0, superiors={self.me.id}))
        return self._changed(old, "drop", {"state": step.after, "closed_at": self._now})

    def _follow(self, issue_id: int) -> None:
        """Deliveries that are still to be made are due on the issue's day as it is now."""
        day = self._due(self._issue(issue_id))
        if day is None:
            return
        for one in (Case(*row) for row in self._conn.execute(_open_deliveries)):
            if one.data.get("issue") == issue_id and one.day != day:
                self._changed(one, "later", {"day": day, "at": self.calendar.at(day, self.hours_on(one.person_id, day)[1])})

    def _due(self, found: Issue) -> date | None:
        return deliveries.due_on(found.deliver_by, found.publishes_on, self.calendar, int(self.setting("delivery_days")))

    def _issue(self, id: int) -> Issue:
        found = issues(self._conn, issue.c.id == id, limit=1)
        if not found:
            raise NotAllowed(GONE)
        return found[0]

    def _medium(self, name: str) -> int:
        known = self._conn.execute(select(media.c.id).where(or_(media.c.name == name, media.c.short == name))).scalar()
        if known is not None:
            return int(known)
        spelt = keys(name, widths=(240, 60))
        id = int(self._conn.execute(insert(media).values(name=name, kind="期刊", **spelt).returning(media.c.id)).scalar_one())
        self._log("add", f"medium:{id}", name)
        return id

    def reopen(self, case: int, action: str, state: str, **data: Any) -> Case:
        cases.lock(self._conn, case)
        old = self.case(case)
        if old is None or old.person_id != self.me.id or old.kind not in ("delivery", "meeting", "appointment"):
            raise NotAllowed(GONE)
        return self._changed(old, action, {"state": state, "closed_at": None}, **data)

    # --- exhibitions ------------------------------------------------------------------------------------
    def exhibitions(self, since: date | None = None) -> Sequence[Exhibition]:
        if not self._allowed("see_cards"):
            return ()
        found = select(*_fair_columns).where(exhibition.c.last >= (since or self.today), exhibition.c.dropped.is_(False))
        return [Exhibition(*row) for row in self._conn.execute(found.order_by(exhibition.c.first, exhibition.c.id))]

    def exhibition(self, id: int) -> Exhibition | None:
        row = self._conn.execute(select(*_fair_columns).where(exhibition.c.id == id)).first() if self._allowed("see_cards") else None
        return Exhibition(*row) if row is not None else None

    def put_exhibition(self, name: str, place: str, first: date, last: date, note: str = "", id: int = 0) -> Exhibition:
        self._may("keep_cards", Subject())
        name, place = name.strip(), place.strip()[:120]
        _by_rule(lambda: exhibitions.check(name, place, first, last))
        twin = self._conn.execute(select(exhibition.c.id).where(exhibition.c.name == name, exhibition.c.first == first)).scalar()
        if twin is not None and id not in (0, twin):
            raise NotAllowed("同名同日的展会已经有了。")
        id = id or int(twin or 0)
        values = {"name": name, "place": place, "first": first, "last": last, "note": note.strip()[:200], "dropped": False}
        if id:
            self._conn.execute(update(exhibition).where(exhibition.c.id == id).values(**values))
        else:
            id = int(self._conn.execute(insert(exhibition).values(**values).returning(exhibition.c.id)).scalar_one())
        self._log("put", f"exhibition:{id}", name, place, first.isoformat(), last.isoformat())
        made = self.exhibition(id)
        if made is None:
            raise NotAllowed(GONE)
        return made

    def drop_exhibition(self, id: int) -> None:
        self._may("keep_cards", Subject())
        if self.exhibition(id) is None:
            raise NotAllowed(GONE)
        self._conn.execute(update(exhibition).where(exhibition.c.id == id).values(dropped=True))
        self._log("drop", f"exhibition:{id}")

    # --- inside -----------------------------------------------------------------------------------------
    def _allowed(self, action: Action) -> bool:
        return not self.me.left and policy.may(self.standing, action, Subject())

    def _changed(self, old: Case, action: str, changes: Mapping[str, Any], **data: Any) -> Case:
        moved = cases.move(self._conn, old, action, self.me.id, self._now, data, **changes)
        if moved is None:
            raise NotAllowed("刚才有人改过，请再看一眼。")
        self._log(action, f"case:{old.id}", moved.state, canonical(data))
        return moved


def _as_card(row: Row[Any]) -> Card:
    return Card(row.id, row.topic, row.version, row.name, row.text, tuple(row.blobs), row.since, row.by_id, row.at)


def _by_rule(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except RuleBroken as broken:
        raise NotAllowed(broken.text) from broken
