"""An import from the file to the last row: read apart, looked at, then put in piece by piece so that nobody's message waits for it."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from bot import sheetreader
from bot.clock import Clock
from conversations.desks.imports import ImportedLine, ImportRun
from papers import listfile
from papers.listfile import Found
from papers.workbook import Sheet
from scheduler import quiet
from storage import blobs, imports
from storage.blobs import BlobFolder
from storage.database import Connection, Database
from storage.imports import Checked
from storage.intake import Entry
from storage.world import World

PIECE = 40  # entries a unit: some tens of milliseconds
T = TypeVar("T")
Asked = Mapping[str, Any]  # sheet → {"list": name, "columns": {place: column}}


@dataclass(frozen=True, slots=True)
class Looked:
    """The file, its sheets, and what each would do."""

    file: str
    sha256: str
    sheets: Sequence[Sheet]
    checked: Sequence[Checked]

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for one in self.checked:
            if one.list and one.found.usable:
                counts[one.list].update(one.counts)
        return {name: dict(found) for name, found in counts.items()}

    @property
    def total(self) -> int:
        return sum(len(one.entries) for one in self.checked)

    def marked(self, target: Path) -> None:
        """The whole file again, what is wrong in red."""
        faults = {one.found.sheet: one.faults for one in self.checked if one.faults}
        heads = {one.found.sheet: one.found.head for one in self.checked}
        listfile.marked(target, self.sheets, faults, heads)

    def count(self, kind: str) -> int:
        return sum(counts.get(kind, 0) for counts in self.counts.values())


class Intake:
    """`person_id` is who does it; everything passes their desk."""

    def __init__(self, database: Database, folder: BlobFolder, clock: Clock, zone: ZoneInfo, person_id: int, via: str) -> None:
        self._database, self._folder, self._clock, self._zone = database, folder, clock, zone
        self._person_id, self._via = person_id, via

    async def keep(self, data: bytes) -> str:
        """The file's hash; it is kept as it came."""
        sha = await asyncio.to_thread(self._folder.put, data)
        now = self._clock.now()
        await self._database.write(lambda conn: blobs.note(conn, sha, "application/octet-stream", len(data), {"kind": "list"}, now))
        return sha

    async def look(self, sha: str, file: str, asked: Asked) -> Looked:
        """The dry run. Raises Unreadable."""
        data = await asyncio.to_thread(self._folder.read, sha)
        sheets = await sheetreader.opened(data, file)
        found = await asyncio.to_thread(_found, sheets, asked)
        today = self._clock.now().astimezone(self._zone).date()
        checked = await self._database.read(lambda conn: imports.check(conn, found, today))
        return Looked(file, sha, sheets, checked)

    async def begin(self, looked: Looked, asked: Asked) -> int:
        return await self._write(lambda world: world.import_begin(looked.file, looked.sha256, asked, looked.counts, looked.total))

    async def carry_out(self, run_id: int, told: Callable[[int, int], None] | None = None) -> ImportRun:
        """Every row that is without fault. Broken off, it is begun again: what is in already is the same."""
        run = await self._write(lambda world: world.import_start(run_id))
        looked = await self.look(run.sha256, run.file, run.asked)
        counts = {name: Counter({"faulty": found.get("faulty", 0)}) for name, found in looked.counts.items()}
        done = 0
        for checked in looked.checked:
            for start in range(0, len(checked.entries), PIECE):
                piece = checked.entries[start : start + PIECE]
                counts[checked.list].update(await self._put(run_id, piece))
                done += len(piece)
                if told is not None:
                    told(done, looked.total)
        plain = {name: dict(found) for name, found in counts.items()}
        passed = await self._read(lambda world: world.import_passed(run_id))
        await self._write(lambda world: world.import_end(run_id, plain, passed, _by_day(world)))
        return await self._read(lambda world: world.known_import(run_id))

    async def undo(self, run_id: int) -> Sequence[ImportedLine]:
        """What stays, because somebody has touched or used it since."""
        left = 1
        while left:
            left = await self._write(lambda world: world.import_undo(run_id))
        stands = await self._read(lambda world: world.import_passed(run_id))
        back = await self._read(lambda world: world.import_passed(run_id, undone=True))
        await self._write(lambda world: world.import_undone(run_id, stands, back, _by_day(world)))
        return await self._read(lambda world: world.import_lines(run_id, kept=True))

    async def _put(self, run_id: int, piece: Sequence[Entry]) -> Mapping[str, int]:
        ready = await asyncio.to_thread(lambda: [imports.spelt(entry) for entry in piece])
        return await self._write(lambda world: world.import_chunk(run_id, ready))

    async def _write(self, do: Callable[[World], T]) -> T:
        return await self._database.write(lambda conn: do(self._world(conn)), lane="import")

    async def _read(self, ask: Callable[[World], T]) -> T:
        return await self._database.read(lambda conn: ask(self._world(conn)))

    def _world(self, conn: Connection) -> World:
        return World(conn, person_id=self._person_id, now=self._clock.now(), zone=self._zone, via=self._via)


def _by_day(world: World) -> datetime | None:
    """What was brought in late in the evening is told in the morning."""
    return quiet.until(world.now, world.calendar, str(world.setting(quiet.SETTING)), None)


def _found(sheets: Sequence[Sheet], asked: Asked) -> list[Found]:
    found = []
    for sheet in sheets:
        said = asked.get(sheet.name, {})
        columns = {int(place): str(name) for place, name in said.get("columns", {}).items()}
        found.append(listfile.found(sheet, str(said.get("list", "")), columns))
    return found
