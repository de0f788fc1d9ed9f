"""A chart is drawn in the child when it is first shown, kept, and not drawn again."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from sqlalchemy import Connection, select

from bot.web import wire
from rules.calendar import FIRM_ZONE
from storage import webhistory
from storage.tables import person
from storage.world import World
from tests.bot.web.firm import NOW, running

SPEC = {"kind": "funnel", "title": "11 月漏斗", "rows": [["在手的客户", 4], ["谈过的客户", 2]], "note": ""}


async def test_drawn_once(tmp_path: Path, database_url: str) -> None:
    def unit(conn: Connection) -> str:
        id = conn.execute(select(person.c.id).order_by(person.c.id)).scalars().first()
        return World(conn, person_id=int(id or 0), now=NOW, zone=FIRM_ZONE).chart(SPEC, "4 家，2 家")

    async with running(tmp_path, database_url) as app:
        entry = await app.database.write(unit)
        assert entry == await app.database.write(unit)
        sha, mime = await app.stamps.shown(entry)
        with Image.open(app.blobs.path(sha)) as drawn:
            assert (mime, drawn.width) == ("image/png", 780)
        assert await app.stamps.shown(entry) == (sha, mime)
        assert await app.stamps.words(entry) == "4 家，2 家"
        shown = await app.database.read(lambda conn: wire.attached(entry, webhistory.notes(conn, [entry])))
        assert (shown.kind, shown.words) == ("photo", "4 家，2 家")
        assert await app.stamps.words("0" * 64) == ""
