"""A guided visit on every channel with SIGKILL in the middle: the question asked is still open, nothing said is lost."""

from __future__ import annotations

import asyncio
import hashlib
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.tables import answer_log, paper, paper_blob, person, session
from tests.chaos.line import Sent
from tests.chaos.phones import Phone, hears
from tests.chaos.storm import SAVE, Plan, World, settled, world
from tests.pictures import jpeg, sign

TALKED = "谈了续约，留了样刊"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")


async def surely(world: World, sent: Sent) -> None:
    """As the platform and the page do, for as long as it takes."""
    while not sent.answered:
        await world.line.deliver(sent)


async def asked(world: World, phone: Phone, pattern: str, answer: str) -> None:
    await hears(phone, pattern)
    await surely(world, await phone.says(answer))


async def begun(world: World, phone: Phone) -> None:
    await surely(world, await phone.says("记拜访"))
    await asked(world, phone, "拜访了哪家客户", phone.rep.customers[0])
    await asked(world, phone, "见了谁", "王经理，广告负责人")


async def photographed(world: World, phone: Phone) -> None:
    await asked(world, phone, "谈了什么", TALKED)
    await asked(world, phone, "客户有什么需求", "没有")
    await hears(phone, "请拍现场照片")
    await surely(world, await phone.shows(picture(phone)))


async def filed(world: World, phone: Phone) -> None:
    await surely(world, await phone.taps(await hears(phone, TALKED, SAVE), SAVE))
    await hears(phone, "第 1 家")


def picture(phone: Phone) -> bytes:
    return jpeg(sign(phone.rep.customers[0], 800, 600))


async def killed(world: World) -> None:
    for n in world.replicas.names:
        world.replicas.kill(n)
    await world.replicas.start_all()


async def test_a_guided_visit_goes_on_where_it_was_killed(database_url: str, tmp_path: Path) -> None:
    plan = Plan(reps=3, visits=1, kills=2, replicas=1 if database_url.startswith("sqlite") else 2, seed=7)
    async with world(plan, database_url, tmp_path) as everybody:
        for part in (begun, photographed, filed):
            await asyncio.gather(*(part(everybody, phone) for phone in everybody.phones))
            if part is not filed:
                await killed(everybody)  # what was answered a moment ago is not handled yet, or just being handled
        await settled(everybody)
        kept = await everybody.database.read(
            lambda conn: conn.execute(
                select(person.c.account, paper.c.answers, paper_blob.c.sha256).join(person).join(paper_blob, paper_blob.c.paper_id == paper.c.id)
            ).all()
        )
        logged = await everybody.database.read(
            lambda conn: conn.execute(select(answer_log.c.session_id, answer_log.c.question, answer_log.c.value)).all()
        )
        states = await everybody.database.read(lambda conn: conn.execute(select(session.c.state)).scalars().all())
        photographs = {phone.rep.account: picture(phone) for phone in everybody.phones}
    assert everybody.replicas.kills >= 2 * plan.replicas
    assert {row.account: row.sha256 for row in kept} == {who: hashlib.sha256(data).hexdigest() for who, data in photographs.items()}
    assert len(kept) == len(states) == 3
    assert set(states) == {"filed"}
    for row in kept:
        assert row.answers["met"] == "王经理，广告负责人"
        assert row.answers["talked"] == TALKED
    once = [(row.session_id, row.question) for row in logged if row.question in ("customer", "met", "talked")]
    assert len(once) == len(set(once)) == 9
