"""A firm in memory behind conversations.desk.Desk: what forms, talk and reminders are tested with, without a database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from conversations.desk import Desk, NotAllowed, StaleCase
from conversations.desks.figures import Line, Logs, Source
from conversations.desks.handouts import Card, Exhibition
from conversations.firm import Case, CaseEvent, Customer, Found, Paper, Person, Touch
from conversations.types import Prompt, Session
from rules.calendar import Calendar
from rules.customers import may_be_same
from rules.figures import BY_KEY, MEASURES, Papers, Stage, Tally, proven
from rules.settings import default as default_of
from rules.statements import bounds


@dataclass
class Told:
    person: int
    prompt: Prompt
    lane: str
    key: str
    pushed: bool
    coalesce: str = ""


@dataclass
class Reminder:
    kind: str
    key: str
    at: datetime
    person: int
    case: int
    args: Mapping[str, Any]


@dataclass
class Firm:
    """Everything, shared by the desks of all persons."""

    now: datetime = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    calendar: Calendar = field(default_factory=Calendar)
    persons: dict[int, Person] = field(default_factory=dict)
    supervisors: dict[int | None, int] = field(default_factory=dict)  # team → person
    managers: dict[int | None, int] = field(default_factory=dict)
    deputies: dict[int, int] = field(default_factory=dict)  # absent → stands in
    leaves: set[tuple[int, date]] = field(default_factory=set)
    teams: dict[int, str] = field(default_factory=lambda: {1: "市场一部", 2: "市场二部"})
    customers: dict[int, Customer] = field(default_factory=dict)
    touched: dict[int, Touch] = field(default_factory=dict)
    papers: dict[int, Paper] = field(default_factory=dict)
    cases: dict[int, Case] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)
    events: dict[int, list[CaseEvent]] = field(default_factory=dict)
    sessions: dict[int, tuple[int, Session]] = field(default_factory=dict)  # id → (person, session)
    words: list[tuple[int, str, str]] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    reminders: dict[tuple[str, str], Reminder] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    log: list[tuple[int, str, str]] = field(default_factory=list)
    muted: dict[int, datetime | None] = field(default_factory=dict)
    topics: dict[int, dict[str, datetime | None]] = field(default_factory=dict)  # muted, by person
    charts: list[str] = field(default_factory=list)  # what was drawn, in words
    kinds: dict[str, str] = field(default_factory=dict)  # sha256 → photo, voice …
    looked: dict[str, Mapping[str, Any]] = field(default_factory=dict)  # sha256 → what the eyes saw
    cards: list[Card] = field(default_factory=list)
    seen: set[tuple[int, int]] = field(default_factory=set)  # card and person
    fairs: list[Exhibition] = field(default_factory=list)

    def person(self, name: str, *roles: str, team: int | None = 1, opens: str = "09:00", closes: str = "18:00", greeted: bool = True) -> Person:
        id = len(self.persons) + 1
        self.persons[id] = Person(id, f"p{id}", name, frozenset(roles), team, opens, closes, greeted)
        if "supervisor" in roles:
            self.supervisors.setdefault(team, id)
        if "manager" in roles:
            self.managers.setdefault(None, id)
        return self.persons[id]

    def customer(
        self, name: str, owner: Person, *, local: bool = True, nickname: str = "", last: date | None = None, coming: date | None = None
    ) -> Customer:
        id = len(self.customers) + 1
        self.customers[id] = Customer(id, name, nickname, local, "", "", "其他", None, owner.id)
        if last is not None:
            self.touched[id] = Touch(id, nickname or name, last, coming)
        return self.customers[id]

    def desk(self, person: Person) -> FakeDesk:
        return FakeDesk(self, person.id)


class FakeDesk:
    """The desk of one person; everybody may do everything, except see a customer of somebody else's team."""

    def __init__(self, firm: Firm, me: int) -> None:
        self.firm, self._me = firm, me

    # --- reading ----------------------------------------------------------------------------------------------
    @property
    def now(self) -> datetime:
        return self.firm.now

    @property
    def calendar(self) -> Calendar:
        return self.firm.calendar

    @property
    def me(self) -> Person:
        return self.firm.persons[self._me]

    def find(self, source: str, query: str, offset: int = 0, limit: int = 6) -> Sequence[Found]:
        kind, _, of = source.partition(":")
        if kind == "customers":
            lines = [Found(one.id, one.short, one.name) for one in self.firm.customers.values() if self.customer(one.id)]
        elif kind == "colleagues":
            lines = [Found(who.id, who.name) for who in self.firm.persons.values() if who.id != self._me]
        else:
            of_customer = self.firm.customers.get(int(of)) if of.isdecimal() else None
            lines = [Found(n, name, post) for n, (name, post, _) in enumerate(of_customer.contacts, 1)] if of_customer else []
        return [one for one in lines if query in one.label or query in one.detail][offset : offset + limit]

    def label(self, source: str, id: int) -> str:
        if source == "customers":
            found = self.customer(id)
            return found.short if found else ""
        if source == "colleagues":
            return self.firm.persons[id].name if id in self.firm.persons else ""
        return next((one.label for one in self.find(source, "", limit=99) if one.id == id), "")

    def similar_customers(self, name: str) -> Sequence[Found]:
        return [
            Found(one.id, one.name, self.label("colleagues", one.owner_id or 0))
            for one in self.firm.customers.values()
            if may_be_same(name, one.name)
        ]

    def customer(self, id: int) -> Customer | None:
        found = self.firm.customers.get(id)
        owner = self.firm.persons.get(found.owner_id or 0) if found else None
        if found is None or owner is None or "manager" in self.me.roles or owner.id == self._me:
            return found
        return found if "supervisor" in self.me.roles and owner.team_id == self.me.team_id else None

    def touches(self, person: int) -> Sequence[Touch]:
        return [touch for id, touch in self.firm.touched.items() if self.firm.customers[id].owner_id == person]

    def teams(self) -> Sequence[Found]:
        return [Found(id, name) for id, name in sorted(self.firm.teams.items())]

    def setting(self, name: str, default: Any = None) -> Any:
        return self.firm.settings.get(name, default_of(name) if default is None else default)

    def papers(
        self,
        *,
        person: int | None = None,
        day: date | None = None,
        customer: int | None = None,
        forms: Sequence[str] = (),
        limit: int = 50,
        before: int | None = None,
    ) -> Sequence[Paper]:
        return [
            one
            for one in sorted(self.firm.papers.values(), key=lambda paper: -paper.id)
            if one.state == "filed"
            and person in (None, one.person_id)
            and day in (None, one.day)
            and customer in (None, one.customer_id)
            and (not forms or one.form in forms)
            and (before is None or one.id < before)
        ][:limit]

    def paper(self, id: int) -> Paper | None:
        return self.firm.papers.get(id)

    def cases(
        self,
        kind: str,
        *,
        person: int | None = None,
        customer: int | None = None,
        states: Sequence[str] = (),
        day: date | None = None,
        until: datetime | None = None,
        limit: int = 50,
    ) -> Sequence[Case]:
        far = datetime.max.replace(tzinfo=UTC)
        return [
            one
            for one in sorted(self.firm.cases.values(), key=lambda case: (case.at or far, case.id))
            if one.kind == kind
            and person in (None, one.person_id)
            and customer in (None, one.customer_id)
            and (not states or one.state in states)
            and day in (None, one.day)
            and (until is None or (one.at is not None and one.at <= until))
        ][:limit]

    def case(self, id: int) -> Case | None:
        return self.firm.cases.get(id)

    def case_by_key(self, key: str) -> Case | None:
        return self.firm.cases.get(self.firm.keys.get(key, 0))

    def case_events(self, id: int) -> Sequence[CaseEvent]:
        return self.firm.events.get(id, [])

    def person(self, id: int) -> Person | None:
        return self.firm.persons.get(id)

    def people(self, role: str = "", team: int | None = None) -> Sequence[Person]:
        everybody = self.firm.persons.values()
        return [who for who in everybody if not who.left and (not role or role in who.roles) and team in (None, who.team_id)]

    def supervisor_of(self, person: int) -> Person | None:
        return self._above(self.firm.supervisors, person)

    def manager_of(self, person: int) -> Person | None:
        return self._above(self.firm.managers, person)

    def _above(self, chiefs: Mapping[int | None, int], person: int) -> Person | None:
        id = chiefs.get(self.firm.persons[person].team_id, chiefs.get(None, 0))
        if (id, self.calendar.day_of(self.now)) in self.firm.leaves:
            id = self.firm.deputies.get(id, id)
        return None if id == person else self.firm.persons.get(id)

    def on_leave(self, person: int, day: date) -> bool:
        return not self.calendar.is_working_day(day) or (person, day) in self.firm.leaves

    def introductions(self, topic: str = "", *, current: bool = True) -> Sequence[Card]:
        return [one for one in self.firm.cards if topic in ("", one.topic)]

    def introduction(self, id: int) -> Card | None:
        return next((one for one in self.firm.cards if one.id == id), None)

    def unseen_introductions(self) -> Sequence[Card]:
        return [one for one in self.firm.cards if (one.id, self.me.id) not in self.firm.seen]

    def told_introductions(self, ids: Sequence[int]) -> None:
        self.firm.seen |= {(id, self.me.id) for id in ids}

    def open_introduction(self, id: int) -> None:
        self.firm.seen.add((id, self.me.id))

    def exhibitions(self, since: date | None = None) -> Sequence[Exhibition]:
        return [one for one in self.firm.fairs if one.last >= (since or self.calendar.day_of(self.now))]

    def exhibition(self, id: int) -> Exhibition | None:
        return next((one for one in self.firm.fairs if one.id == id), None)

    def seen(self, sha256: str) -> Mapping[str, Any]:
        return self.firm.looked.get(sha256, {})

    def readings(self, paper: int) -> Sequence[Case]:
        blobs = self.firm.papers[paper].blobs if paper in self.firm.papers else ()
        return [one for one in self.firm.cases.values() if one.kind == "reading" and one.data["sha"] in blobs]

    def note_seen(self, case: int, seen: Mapping[str, Any]) -> None:
        self.firm.looked[str(self.firm.cases[case].data["sha"])] = seen

    def blob_kind(self, sha256: str) -> str:
        return self.firm.kinds.get(sha256, "photo")

    # --- figures ----------------------------------------------------------------------------------------------
    def tallies(self, people: Sequence[int], first: date, last: date) -> Mapping[int, Mapping[str, Tally]]:
        made = [one for one in self.firm.papers.values() if one.state == "filed" and first <= one.day <= last]
        forms = {measure.key: measure.counts.form for measure in MEASURES if isinstance(measure.counts, Papers)}
        return {
            id: {
                key: Tally(
                    sum(one.form == form and one.person_id == id and proven(one.grade) for one in made),
                    sum(one.form == form and one.person_id == id and not proven(one.grade) for one in made),
                )
                for key, form in forms.items()
            }
            for id in people
        }

    def figure_lines(self, measure: str, person: int, first: date, last: date, offset: int = 0, limit: int = 8) -> Sequence[Line]:
        counts = BY_KEY[measure].counts
        made = [one for one in self.firm.papers.values() if isinstance(counts, Papers) and one.form == counts.form and one.person_id == person]
        rows = [Line("paper", one.id, one.customer_id, one.said_at, proven(one.grade)) for one in made if first <= one.day <= last]
        return rows[::-1][offset : offset + limit]

    def daily(self, people: Sequence[int], first: date, last: date, forms: Sequence[str]) -> Mapping[tuple[int, date, str], int]:
        made = [one for one in self.firm.papers.values() if one.state == "filed" and one.person_id in people and first <= one.day <= last]
        return Counter((one.person_id, one.day, one.form) for one in made if one.form in forms)

    def logs(self, people: Sequence[int], first: date, last: date) -> Logs:
        mine = [one for one in self.firm.cases.values() if one.kind == "daylog" and one.day and "part" not in one.data]
        states = {(one.person_id, one.day): one.state for one in mine if one.day and first <= one.day <= last}
        begun: dict[int, date] = {}
        for one in mine:
            if one.day:
                begun[one.person_id] = min(one.day, begun.get(one.person_id, one.day))
        return Logs(states, frozenset(self.firm.leaves), begun)

    def funnel(self, people: Sequence[int], first: date, last: date) -> Sequence[Stage]:
        return [Stage("在手的客户", sum(one.owner_id in people for one in self.firm.customers.values()))]

    def sources(self, people: Sequence[int], first: date, last: date) -> Sequence[Source]:
        names = Counter(one.source for one in self.firm.customers.values() if one.owner_id in people)
        return [Source(name, count, 0) for name, count in names.items()]

    def issue_statement(self, person: int, month: str, **data: object) -> Case:
        return self.open_case("statement", "issued", key=f"statement:{person}:{month}", person=person, day=bounds(month)[1], month=month, **data)

    def move_statement(self, case: int, rev: int | None, action: str, **data: object) -> Case:
        after = {"object": "objected", "approve": "approved"}.get(action, "issued")
        return self.move(case, rev, action, after, closed=action == "approve", **data)

    def topics_muted(self) -> Mapping[str, datetime | None]:
        return self.firm.topics.get(self._me, {})

    def mute_topic(self, topic: str, until: datetime | None) -> None:
        self.firm.topics.setdefault(self._me, {})[topic] = until

    def unmute_topic(self, topic: str) -> Sequence[tuple[str, datetime]]:
        self.firm.topics.get(self._me, {}).pop(topic, None)
        return []

    def chart(self, spec: Mapping[str, object], words: str) -> str:
        self.firm.charts.append(words)
        return f"chart{len(self.firm.charts)}"

    # --- saying -----------------------------------------------------------------------------------------------
    def tell(self, person: int, prompt: Prompt, *, lane: str = "reply", key: str = "", pushed: bool = True, coalesce: str = "") -> int:
        if key and any(one.key == key for one in self.firm.told):
            return 0
        self.firm.told.append(Told(person, prompt, lane, key, pushed, coalesce))
        return len(self.firm.told)

    def say(self, prompt: Prompt, *, coalesce: str = "") -> int:
        return self.tell(self._me, prompt, pushed=False, coalesce=coalesce)

    def remind(self, kind: str, key: str, at: datetime, *, person: int | None = None, case: int = 0, **args: Any) -> None:
        self.firm.reminders[(kind, key)] = Reminder(kind, key, at, person or self._me, case, args)

    def forget(self, kind: str, key: str) -> None:
        self.firm.reminders.pop((kind, key), None)

    def last_prompt(self) -> tuple[Prompt, datetime] | None:
        mine = [one.prompt for one in self.firm.told if one.person == self._me and one.prompt.options]
        return (mine[-1], self.now) if mine else None

    def prompt_of(self, number: int) -> Prompt | None:
        return self.firm.told[number - 1].prompt if 0 < number <= len(self.firm.told) else None

    # --- papers and cases -------------------------------------------------------------------------------------
    def file(
        self,
        form: str,
        version: int,
        answers: Mapping[str, Any],
        *,
        customer: int | None = None,
        case: int | None = None,
        session: int | None = None,
        said_at: datetime | None = None,
        blobs: Sequence[str] = (),
        grade: str = "declared",
    ) -> Paper:
        id, said = len(self.firm.papers) + 1, said_at or self.now
        day = self.calendar.day_of(said)
        number = f"{form}-{day:%Y%m%d}-{id:03d}"
        made = Paper(id, number, form, version, self._me, customer, case, answers, day, said, self.now, grade, "filed", 1, tuple(blobs))
        self.firm.papers[id] = made
        return made

    def amend(self, paper: int, answers: Mapping[str, Any], *, customer: int | None = None) -> Paper:
        old = self.firm.papers[paper]
        return self._paper(replace(old, answers=answers, customer_id=customer or old.customer_id, rev=old.rev + 1))

    def withdraw(self, paper: int) -> Paper:
        return self._paper(replace(self.firm.papers[paper], state="withdrawn"))

    def grade(self, paper: int, grade: str) -> None:
        self._paper(replace(self.firm.papers[paper], grade=grade))

    def attach(self, paper: int, sha256: str) -> int:
        old = self.firm.papers[paper]
        return len(self._paper(replace(old, blobs=tuple(dict.fromkeys((*old.blobs, sha256))))).blobs)

    def detach(self, paper: int, sha256: str) -> None:
        old = self.firm.papers[paper]
        self._paper(replace(old, blobs=tuple(one for one in old.blobs if one != sha256)))

    def _paper(self, new: Paper) -> Paper:
        self.firm.papers[new.id] = new
        return new

    def open_case(
        self,
        kind: str,
        state: str,
        *,
        key: str = "",
        person: int | None = None,
        customer: int | None = None,
        paper: int | None = None,
        day: date | None = None,
        at: datetime | None = None,
        **data: Any,
    ) -> Case:
        if key and key in self.firm.keys:
            return self.firm.cases[self.firm.keys[key]]
        id = len(self.firm.cases) + 1
        day = day or (self.calendar.day_of(at) if at else None)
        self.firm.cases[id] = Case(id, kind, state, 1, person or self._me, customer, paper, day, at, data, self.now)
        self.firm.events[id] = [CaseEvent("open", state, self._me, self.now, data)]
        if key:
            self.firm.keys[key] = id
        return self.firm.cases[id]

    def move(self, case: int, rev: int | None, action: str, state: str, *, at: datetime | None = None, closed: bool = False, **data: Any) -> Case:
        old = self.firm.cases[case]
        if rev not in (None, old.rev):
            raise StaleCase(self.firm.events[case][-1])
        new = replace(old, state=state, rev=old.rev + 1, at=at or old.at, data={**old.data, **data}, closed_at=self.now if closed else old.closed_at)
        self.firm.cases[case] = new
        self.firm.events[case].append(CaseEvent(action, state, self._me, self.now, data))
        return new

    def hand_case(self, case: int, person: int) -> Case:
        if person not in self.firm.persons:
            raise NotAllowed("这一项已经不在了。")
        moved = self.move(case, None, "hand", self.firm.cases[case].state)
        self.firm.cases[case] = replace(moved, person_id=person)
        return self.firm.cases[case]

    # --- customers --------------------------------------------------------------------------------------------
    def add_customer(
        self,
        name: str,
        *,
        local: bool,
        source: str = "",
        nickname: str = "",
        address: str = "",
        spend_fen: int | None = None,
        district: str = "",
    ) -> Customer:
        id = len(self.firm.customers) + 1
        self.firm.customers[id] = Customer(id, name, nickname, local, address, district, source, spend_fen, self._me)
        return self.firm.customers[id]

    def add_contact(self, customer: int, name: str, post: str = "", phone: str = "") -> None:
        old = self.firm.customers[customer]
        self.firm.customers[customer] = replace(old, contacts=(*old.contacts, (name, post, phone)))

    # --- sessions and oneself ---------------------------------------------------------------------------------
    def open_session(self) -> Session | None:
        return next((one for who, one in self.firm.sessions.values() if who == self._me and one.state == "open"), None)

    def session(self, id: int) -> Session | None:
        who, found = self.firm.sessions.get(id, (0, None))
        return found if who == self._me else None

    def paused_sessions(self) -> Sequence[Session]:
        return [one for who, one in self.firm.sessions.values() if who == self._me and one.state == "paused"]

    def save(self, session: Session) -> Session:
        if session.state == "open":
            for id, (who, one) in self.firm.sessions.items():
                if who == self._me and one.state == "open" and id != session.id:
                    self.firm.sessions[id] = (who, replace(one, state="paused"))
        saved = replace(session, id=session.id or len(self.firm.sessions) + 1, rev=session.rev + 1)
        self.firm.sessions[saved.id] = (self._me, saved)
        return saved

    def keep_words(self, text: str, blob: str = "") -> int:
        self.firm.words.append((self._me, text, blob))
        return len(self.firm.words)

    def kept_words(self, id: int) -> str:
        who, text, _ = self.firm.words[id - 1] if 0 < id <= len(self.firm.words) else (0, "", "")
        return text if who == self._me else ""

    def kept_file(self, id: int) -> str:
        who, _, blob = self.firm.words[id - 1] if 0 < id <= len(self.firm.words) else (0, "", "")
        return blob if who == self._me else ""

    def audit(self, verb: str, subject: str, detail: str = "") -> None:
        self.firm.log.append((self._me, verb, subject))

    def mark_greeted(self) -> None:
        self.firm.persons[self._me] = replace(self.me, greeted=True)

    def mute(self, until: datetime | None) -> None:
        self.firm.muted[self._me] = until

    def take_leave(self, person: int, since: date, until: date, kind: str = "leave") -> None:
        self.firm.leaves |= {(person, date.fromordinal(n)) for n in range(since.toordinal(), until.toordinal() + 1)}


if TYPE_CHECKING:
    _: type[Desk] = FakeDesk
