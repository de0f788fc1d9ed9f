"""Imports over one open transaction: looked at first, put in piece by piece, kept in a history, taken back where nobody touched it since."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from conversations.desk import NotAllowed
from conversations.desks.imports import ImportedLine, ImportRun
from conversations.handed import Passed
from papers.listfile import Found
from rules.lists import LISTS, ORDER
from rules.people import Subject
from storage import matters, recorder
from storage.codec import canonical
from storage.gather import Faults, gather
from storage.imported import Imported
from storage.intake import PLAIN, Entry, Shelf, Verdict
from storage.intake_customers import Customers, Handed, handed
from storage.intake_people import People
from storage.recorder import Recorder
from storage.tables import import_change, import_run, owner, person

SHELVES: Mapping[str, Shelf] = {"people": People(), "customers": Customers(), **PLAIN}
UNDO_DAYS = 7  # setting "import_undo_days" (a house rule)
UNUSED_STAYS = timedelta(days=30)  # a file that was looked at and not imported
LOOKED_AT = 400  # entries a query
SHOWN = 200
_TOO_LATE = "导入已经超过 {} 天，不能整个撤回了。个别的请在名单里改。"
_NOT_NOW = "这次导入已经办过了，请看记录。"
_runs = select(
    import_run.c.id,
    person.c.name.label("by"),
    *(import_run.c[name] for name in ("at", "file", "sha256", "asked", "state", "counts", "done", "total", "ended_at")),
).join(person, person.c.id == import_run.c.by_id)


@dataclass(frozen=True, slots=True)
class Checked:
    """One sheet, looked at: how many of each kind, what would change, which cells are wrong."""

    found: Found
    counts: Mapping[str, int] = field(default_factory=dict)
    faults: Faults = field(default_factory=dict)
    changed: Sequence[Verdict] = ()
    new: Sequence[str] = ()
    entries: Sequence[Entry] = ()  # what can be put in
    hands: int = 0  # customers that get another owner
    going: int = 0  # open matters that go along

    @property
    def list(self) -> str:
        return self.found.list.name if self.found.list else ""


def in_order(found: Sequence[Found]) -> list[Found]:
    """People before their customers, media before positions; sheets of no list last."""
    order = {known.name: nth for nth, known in enumerate(ORDER)}
    return sorted(found, key=lambda one: order.get(one.list.name, 99) if one.list else 99)


def check(conn: Connection, found: Sequence[Found], today: date) -> list[Checked]:
    """Nothing is written. What a sheet names may stand in a sheet before it."""
    coming: dict[str, set[str]] = {}
    checked = []
    for one in in_order(found):
        if one.list is None or one.missing:
            checked.append(Checked(one))
            continue
        looked = _checked(conn, one, today, coming)
        names = [str(entry.values[column]) for entry in looked.entries for column in ("name", "short") if entry.values.get(column)]
        coming.setdefault(one.list.name, set()).update(names)
        checked.append(looked)
    return checked


def _checked(conn: Connection, found: Found, today: date, coming: Mapping[str, set[str]]) -> Checked:
    entries, faults = gather(found)
    name = found.list.name if found.list else ""
    counts: Counter[str] = Counter({"faulty": len(faults)})
    good: list[Entry] = []
    changed: list[Verdict] = []
    new: list[str] = []
    hands = going = 0
    for start in range(0, len(entries), LOOKED_AT):
        looked = SHELVES[name].verdicts(conn, entries[start : start + LOOKED_AT], today, coming)
        passing = [one for one in map(handed, looked) if one is not None]
        hands += len(passing)
        going += _going(conn, passing)
        for verdict in looked:
            if verdict.kind == "faulty":
                faults |= {row: _placed(found, verdict) for row in verdict.entry.rows}
                counts["faulty"] += len(verdict.entry.rows)
                continue
            counts[verdict.kind] += 1
            good.append(verdict.entry)
            if verdict.kind == "changed" and len(changed) < SHOWN:
                changed.append(verdict)
            elif verdict.kind == "new" and len(new) < SHOWN:
                new.append(verdict.label)
    return Checked(found, dict(counts), faults, changed, new, good, hands, going)


def _going(conn: Connection, passing: Sequence[Handed]) -> int:
    """The open matters of the former owners."""
    of: defaultdict[int, set[int]] = defaultdict(set)
    for one in passing:
        of[one.former].add(one.customer)
    return sum(matters.count_of(conn, former, customers) for former, customers in of.items())


def _placed(found: Found, verdict: Verdict) -> dict[int, str]:
    first = min(found.columns.values())
    known = LISTS[verdict.entry.list]
    return {found.columns.get(column, first): f"{known.column(column).label}：{why}" for column, why in verdict.wrong}


def spelt(entry: Entry) -> Entry:
    """With its pinyin: the slow part, done before the writer's turn."""
    return replace(entry, spelt=SHELVES[entry.list].spell(entry.values))


class Imports(Imported):
    def import_begin(self, file: str, sha256: str, asked: Mapping[str, Any], counts: Mapping[str, Mapping[str, int]], total: int) -> int:
        """Looked at, nothing put in yet. What was only looked at weeks ago goes."""
        self._may("import_lists", Subject())
        self._conn.execute(delete(import_run).where(import_run.c.state == "checked", import_run.c.at < self._now - UNUSED_STAYS))
        row = {"by_id": self.me.id, "at": self._now, "file": file[:200], "sha256": sha256, "asked": asked, "state": "checked", "counts": counts}
        id = int(self._conn.execute(insert(import_run).values(**row, done=0, total=total).returning(import_run.c.id)).scalar_one())
        self._log("check_import", f"import:{id}", file, sha256)
        return id

    def import_start(self, run: int) -> ImportRun:
        """Also one that was broken off: what is in already is the same."""
        self._may("import_lists", Subject())
        found = self.known_import(run)
        if found.state not in ("checked", "running"):
            raise NotAllowed(_NOT_NOW)
        self._log("import", f"import:{run}", found.file, found.sha256)
        self._conn.execute(update(import_run).where(import_run.c.id == run).values(state="running", done=0))
        return found

    def import_chunk(self, run: int, entries: Sequence[Entry]) -> Mapping[str, int]:
        """Entries of one list; looked at once more, because the world moves. An entry in the log for each thing."""
        self._may("import_lists", Subject())
        counts: Counter[str] = Counter()
        shelf, to = SHELVES[entries[0].list], Recorder(self._conn)
        for verdict in shelf.verdicts(self._conn, entries, self.today, {}):
            counts[verdict.kind] += 1
            if verdict.kind in ("new", "changed"):
                shelf.put(self._conn, to, verdict, self.today)
                if (gone := handed(verdict)) is not None:
                    self.hand_matters(gone.former, gone.customer, gone.heir)
        rows = [
            {"run_id": run, "subject": subject, "label": to.labels.get(subject, "")[:200], "changes": changes, "undone": False}
            for subject, changes in to.changes.items()
        ]
        if rows:
            self._conn.execute(insert(import_change), rows)
        for row in rows:
            self._log("import", str(row["subject"]), canonical(row["changes"]))
        self._conn.execute(update(import_run).where(import_run.c.id == run).values(done=import_run.c.done + len(entries)))
        return counts

    def import_end(self, run: int, counts: Mapping[str, Mapping[str, int]], passed: Mapping[int, Passed], later: datetime | None = None) -> None:
        """`passed`: import_passed, read before the writer's turn. Who is told hears it not before `later`: nobody is woken."""
        self._may("import_lists", Subject())
        if self.known_import(run).state != "running":
            raise NotAllowed(_NOT_NOW)
        self._log("imported", f"import:{run}", canonical(counts))
        self._conn.execute(update(import_run).where(import_run.c.id == run).values(state="done", counts=counts, ended_at=self._now))
        self._tell_passed(run, passed, later)

    def import_undo(self, run: int, at_most: int = 50) -> int:
        """The newest first, so many at a time; how many are left. At the end comes import_undone."""
        self._may("import_lists", Subject())
        found, days = self.known_import(run), int(self.setting("import_undo_days", UNDO_DAYS))
        if found.state not in ("done", "running", "undoing"):
            raise NotAllowed(_NOT_NOW)
        if self._now - found.at > timedelta(days=days):
            raise NotAllowed(_TOO_LATE.format(days))
        if found.state != "undoing":
            self._log("undo_import", f"import:{run}")
        left = import_change.c.run_id == run, import_change.c.undone.is_(False), import_change.c.kept_why == ""
        rows = self._conn.execute(select(import_change).where(*left).order_by(import_change.c.id.desc()).limit(at_most)).all()
        for row in rows:
            why = recorder.undo(self._conn, row.changes)
            self._log("undo", row.subject, why)
            if not why:
                self._give_back(row.changes)
            self._conn.execute(update(import_change).where(import_change.c.id == row.id).values(undone=not why, kept_why=why))
        remaining = int(self._conn.execute(select(func.count()).select_from(import_change).where(*left)).scalar_one())
        self._conn.execute(update(import_run).where(import_run.c.id == run).values(state="undoing"))
        return remaining

    def import_undone(self, run: int, stands: Mapping[int, Passed], back: Mapping[int, Passed], later: datetime | None = None) -> None:
        """import_passed of what stayed and of what was taken back."""
        self._may("import_lists", Subject())
        found = self.known_import(run)
        if found.state != "undoing":
            raise NotAllowed(_NOT_NOW)
        self._conn.execute(update(import_run).where(import_run.c.id == run).values(state="undone", ended_at=self._now))
        self._tell_back(run, found.by, found.ended_at, stands, back, later)

    def _give_back(self, changes: Sequence[recorder.Change]) -> None:
        """With its former owner, what is open of a customer comes back too."""
        for table, _, before, added in changes:
            if table != owner.name or before is not None:
                continue
            holds = (owner.c.customer_id == added["customer_id"]) & or_(owner.c.until.is_(None), owner.c.until >= self.today)
            former = self._conn.execute(select(owner.c.person_id).where(holds, owner.c.since <= self.today)).scalar()
            if former is not None:
                self.hand_matters(int(added["person_id"]), int(added["customer_id"]), int(former))

    # --- reads --------------------------------------------------------------------------------------------
    def imports(self, limit: int = 20, before: int = 0) -> Sequence[ImportRun]:
        self._may("import_lists", Subject())
        found = _runs.where(import_run.c.state != "checked").order_by(import_run.c.id.desc()).limit(limit)
        return [ImportRun(*row) for row in self._conn.execute(found.where(import_run.c.id < before) if before else found)]

    def import_run(self, id: int) -> ImportRun | None:
        self._may("import_lists", Subject())
        row = self._conn.execute(_runs.where(import_run.c.id == id)).first()
        return ImportRun(*row) if row is not None else None

    def import_lines(self, run: int, *, kept: bool = False, limit: int = 100, after: int = 0) -> Sequence[ImportedLine]:
        self._may("import_lists", Subject())
        asked = select(import_change).where(import_change.c.run_id == run).order_by(import_change.c.id).offset(after).limit(limit)
        rows = self._conn.execute(asked.where(import_change.c.kept_why != "") if kept else asked)
        return [ImportedLine(row.subject, row.label, row.changes[0][2] is None, row.undone, row.kept_why) for row in rows]

    def imported_people(self, run: int) -> Sequence[int]:
        """Those it added who are still to be greeted."""
        self._may("import_lists", Subject())
        asked = select(import_change.c.changes).where(import_change.c.run_id == run, import_change.c.undone.is_(False))
        added = [changes[0][1] for (changes,) in self._conn.execute(asked) if changes[0][0] == "person" and changes[0][2] is None]
        waiting = select(person.c.id).where(person.c.id.in_(added), person.c.greeted_at.is_(None), person.c.left_on.is_(None))
        return [int(id) for id in self._conn.execute(waiting.order_by(person.c.id)).scalars()]

    def known_import(self, id: int) -> ImportRun:
        """NotAllowed where there is none."""
        found = self.import_run(id)
        if found is None:
            raise NotAllowed("没有这次导入。")
        return found
