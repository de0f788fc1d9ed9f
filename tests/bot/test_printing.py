"""A closed job's paper from conversation to bytes: set in its own child, photographs small, failure harmless (C-5)."""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from bot.clock import StillClock
from bot.pictures import Pictures
from bot.printing import Printer
from bot.stamps import Stamps
from conversations.repairs import outside, printed
from conversations.repairs.job import Job
from rules.calendar import FIRM_ZONE
from storage import blobs
from storage.blobs import BlobFolder
from storage.database import Connection, Database
from storage.tables import agreement
from tests.conversations.repairs.test_customer import content, through
from tests.conversations.repairs.test_technician import FANG, WANG, job
from tests.conversations.talk import Talk


def a_picture(kind: str = "JPEG", size: tuple[int, int] = (1600, 1200)) -> bytes:
    image = Image.new("RGB" if kind == "JPEG" else "RGBA", size, (120, 160, 120) if kind == "JPEG" else (0, 0, 0, 0))
    ImageDraw.Draw(image).line([(30, size[1] // 2), (size[0] - 30, size[1] // 3)], fill=(0, 0, 60) if kind == "JPEG" else (0, 0, 0, 255), width=9)
    made = io.BytesIO()
    image.save(made, kind)
    return made.getvalue()


@pytest.fixture
def firm(database: Database) -> Talk:
    talk = Talk(database)
    talk.at("09:05")
    return talk


@pytest.fixture
async def stamps(firm: Talk, tmp_path: Path) -> AsyncIterator[Stamps]:
    pictures = Pictures()
    made = Stamps(firm.database, BlobFolder(tmp_path / "blobs"), pictures, StillClock(firm.now), FIRM_ZONE)
    yield made
    await made.close()
    await pictures.close()


def closed(firm: Talk, folder: BlobFolder) -> Job:
    """With photographs and a signature that are really there."""
    id = content(firm)
    through(firm, "sign", lambda desk, here: outside.signed(desk, here, "刘女士"))
    firm.taps(WANG, "现金")
    photo, drawn = folder.put(a_picture()), folder.put(a_picture("PNG", (600, 200)))

    def unit(conn: Connection) -> None:
        conn.execute(agreement.update().where(agreement.c.kind == "signature").values(picture=drawn, relation="self", name="刘女士"))
        blobs.note(conn, photo, "image/jpeg", 100, {"kind": "photo"}, firm.now)

    firm.database.write_now(unit)
    firm.desk(FANG, lambda desk: desk.note_job(id, "photo", before=[photo], after=[photo, "0" * 64]))
    return job(firm, id)


async def test_paper_and_preview_are_made_once_and_kept(firm: Talk, stamps: Stamps) -> None:
    here = await asyncio.to_thread(closed, firm, stamps._folder)
    preview, pdf = await asyncio.to_thread(firm.desk, FANG, lambda desk: printed.files(desk, here))
    sha, mime = await stamps.shown(pdf)
    assert mime == "application/pdf"
    assert stamps._folder.read(sha).startswith(b"%PDF-")
    first = await stamps.shown(preview)
    assert first[1] == "image/png"
    assert Image.open(io.BytesIO(stamps._folder.read(first[0]))).size[1] > 900
    await stamps.close()
    assert await stamps.shown(preview) == first  # kept: no child is asked
    assert stamps._printer.child.pid is None


async def test_what_cannot_be_set_harms_nobody(firm: Talk, stamps: Stamps) -> None:
    spec = {"code": "ZC-QR-009"}  # no fields
    pdf, _ = await asyncio.to_thread(firm.desk, FANG, lambda desk: desk.print_out("ZC-QR-009", spec, {}, "坏的"))
    assert await stamps.shown(pdf) == (pdf, "application/pdf")
    assert not stamps._folder.exists(pdf)


async def test_a_child_that_hangs_is_replaced() -> None:
    printer = Printer(seconds=0.001)
    assert (await printer.printed("ZC-QR-030", {}, {})).broken
    await printer.close()


async def test_the_child_goes_when_nothing_is_printed() -> None:
    printer = Printer(idle=0.0)
    data = {"firm": "阳光服务站", "phone": "021-5551", "code": "ZC-QR-030", "number": "1", "day": "今天", "lines": [], "sums": "", "printed_at": ""}
    made = await printer.printed("ZC-QR-030", data, {})
    assert made.pdf.startswith(b"%PDF-")
    assert made.pages == 1
    assert printer.child._resting is not None
    await printer.child._resting
    assert printer.child.pid is None


def test_the_typesetter_is_not_in_this_process(firm: Talk) -> None:
    code = "import sys, bot.stamps, conversations.repairs.printed; sys.exit('typst' in sys.modules or 'PIL' in sys.modules)"
    import subprocess

    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=False).returncode == 0
