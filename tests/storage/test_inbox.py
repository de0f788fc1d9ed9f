"""An event is one event, oldest first per talk, and nothing that was said is lost."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from storage import inbox, outbox
from storage.database import Database
from storage.tables import address, talk
from storage.tables import inbox as inbox_table
from tests.storage.world import NOW, SECOND, a_prompt, a_talk, says

Connect = Callable[[], Database]


def receive(database: Database, key: str, sender: str = "7") -> inbox.Received:
    return database.write_now(lambda conn: says(conn, key, sender))


def handle(database: Database, id: int) -> bool:
    return database.write_now(lambda conn: inbox.handled(conn, id, NOW))


def ready(database: Database, now: datetime = NOW, limit: int = 32) -> list[str]:
    return [row.key for row in database.write_now(lambda conn: inbox.next_ready(conn, now, limit))]


def test_redelivery_is_the_same_event(database: Database) -> None:
    first = database.write_now(lambda conn: says(conn, "1"))
    again = database.write_now(lambda conn: says(conn, "1", at=NOW + SECOND))
    assert (first.new, again.new) == (True, False)
    assert again == inbox.Received(first.id, False, False, first.talk_id)
    assert database.read_now(inbox.waiting) == 1


def test_another_body_under_the_same_key_is_kept_aside(database: Database) -> None:
    first = database.write_now(lambda conn: says(conn, "1"))
    other = database.write_now(lambda conn: says(conn, "1", text="forged"))
    again = database.write_now(lambda conn: says(conn, "1", text="forged"))
    assert (other.quarantined, other.new, other.id != first.id) == (True, True, True)
    assert (again.quarantined, again.new, again.id) == (True, False, other.id)
    assert [row.body["text"] for row in database.read_now(inbox.quarantined)] == ["forged"]
    (row,) = database.write_now(lambda conn: inbox.next_ready(conn, NOW))
    assert (row.id, row.body["text"], row.said_at) == (first.id, "1", NOW)


def test_a_long_key_is_hashed(database: Database) -> None:
    assert database.write_now(lambda conn: says(conn, "k" * 400)).new
    assert not database.write_now(lambda conn: says(conn, "k" * 400)).new


def test_an_unknown_address_gets_one_talk_of_its_own(database: Database) -> None:
    talks = {receive(database, key, "stranger").talk_id for key in ("1", "2")}
    assert len(talks) == 1
    assert database.read_now(lambda conn: conn.execute(select(func.count()).select_from(talk)).scalar_one()) == 1


def test_two_writers_receive_the_same_events(database: Database, connect: Connect) -> None:
    replicas = (database, connect())

    def event(n: int) -> Callable[[Connection], inbox.Received]:
        return lambda conn: says(conn, str(n), str(n % 7))

    async def run() -> list[inbox.Received]:
        jobs = [replica.write(event(n), lane="receive", sort_key=str(n)) for n in range(60) for replica in replicas]
        return await asyncio.gather(*jobs)

    received = asyncio.run(run())
    assert sum(r.new for r in received) == 60
    assert not any(r.quarantined for r in received)
    assert database.read_now(inbox.waiting) == 60
    assert database.read_now(lambda conn: conn.execute(select(func.count()).select_from(address)).scalar_one()) == 7
    assert database.read_now(lambda conn: conn.execute(select(func.count()).select_from(talk)).scalar_one()) == 7


def test_oldest_first_and_one_per_talk(database: Database) -> None:
    for key, sender in (("1", "a"), ("2", "a"), ("3", "b"), ("4", "a"), ("5", "b")):
        receive(database, key, sender)
    order = []
    while rows := database.write_now(lambda conn: inbox.next_ready(conn, NOW)):
        order.append([row.key for row in rows])
        for row in rows:
            assert handle(database, row.id)
            assert not handle(database, row.id)
    assert order == [["1", "3"], ["2", "5"], ["4"]]


def test_the_limit_takes_the_oldest(database: Database) -> None:
    for n in range(5):
        receive(database, str(n), str(n))
    assert len(ready(database, limit=2)) == 2


def test_a_picture_holds_its_talk_back_and_no_other(database: Database) -> None:
    photo = database.write_now(lambda conn: says(conn, "photo", "a", fetch_by=NOW + 60 * SECOND))
    database.write_now(lambda conn: says(conn, "after", "a"))
    database.write_now(lambda conn: says(conn, "other", "b"))
    assert ready(database) == ["other"]
    (row,) = database.write_now(lambda conn: inbox.to_fetch(conn, NOW, 10))
    assert row.id == photo.id
    assert database.write_now(lambda conn: inbox.to_fetch(conn, NOW, 10)) == []
    assert database.write_now(lambda conn: inbox.fetched(conn, photo.id, {"sha256": "ab"}))
    (row, _) = database.write_now(lambda conn: inbox.next_ready(conn, NOW))
    assert (row.key, row.blob, row.state) == ("photo", {"sha256": "ab"}, "ready")


def test_after_a_minute_it_goes_on_without_the_picture(database: Database) -> None:
    photo = database.write_now(lambda conn: says(conn, "photo", fetch_by=NOW + 60 * SECOND))
    assert ready(database, NOW + 59 * SECOND) == []
    (row,) = database.write_now(lambda conn: inbox.next_ready(conn, NOW + 60 * SECOND))
    assert (row.id, row.state, row.blob) == (photo.id, "fetch", None)
    assert database.write_now(lambda conn: inbox.handled(conn, photo.id, NOW))
    assert not database.write_now(lambda conn: inbox.fetched(conn, photo.id, {"sha256": "ab"}))
    kept = database.read_now(lambda conn: conn.execute(select(inbox_table.c.state, inbox_table.c.blob)).one())
    assert tuple(kept) == ("handled", {"sha256": "ab"})


def test_an_abandoned_fetch_is_taken_up_again(database: Database) -> None:
    database.write_now(lambda conn: says(conn, "photo", fetch_by=NOW + 60 * SECOND))
    assert database.write_now(lambda conn: inbox.to_fetch(conn, NOW, 10, timedelta(seconds=20)))
    assert not database.write_now(lambda conn: inbox.to_fetch(conn, NOW + 19 * SECOND, 10))
    assert database.write_now(lambda conn: inbox.to_fetch(conn, NOW + 20 * SECOND, 10))


def test_five_failures_park_the_row_and_the_talk_goes_on(database: Database) -> None:
    bad = database.write_now(lambda conn: says(conn, "bad"))
    database.write_now(lambda conn: says(conn, "good"))
    for attempt in range(1, 6):
        assert ready(database) == ["bad"]
        assert database.write_now(lambda conn: inbox.failed(conn, bad.id, "KeyError", NOW)) == attempt
    assert ready(database) == ["good"]
    (row,) = database.read_now(inbox.parked)
    assert (row.id, row.error, row.attempts) == (bad.id, "KeyError", 5)
    assert database.write_now(lambda conn: inbox.unpark(conn, bad.id))
    assert not database.write_now(lambda conn: inbox.unpark(conn, bad.id))
    assert ready(database) == ["bad"]


def test_two_replicas_never_hold_the_same_talk(database: Database, connect: Connect) -> None:
    for n in range(40):
        receive(database, str(n), str(n % 8))
    seen: list[str] = []

    def work(replica: Database) -> None:
        def unit(conn: Connection) -> list[str]:
            rows = inbox.next_ready(conn, NOW, 3)
            assert all(inbox.handled(conn, row.id, NOW) for row in rows)
            return [row.key for row in rows]

        while replica.read_now(inbox.waiting):
            seen.extend(replica.write_now(unit))

    threads = [threading.Thread(target=work, args=(replica,)) for replica in (database, connect(), connect())]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(seen, key=int) == [str(n) for n in range(40)]


def test_receiving_does_not_wait_for_handling(database: Database, connect: Connect) -> None:
    if database.dialect == "sqlite":
        return
    database.write_now(lambda conn: says(conn, "1"))
    holding, go = threading.Event(), threading.Event()

    def handle(conn: Connection) -> None:
        assert inbox.next_ready(conn, NOW)
        holding.set()
        assert go.wait(10)

    other = connect()
    thread = threading.Thread(target=other.write_now, args=(handle,))
    thread.start()
    assert holding.wait(10)
    assert database.write_now(lambda conn: says(conn, "2"), lane="receive").new
    assert ready(database) == []
    go.set()
    thread.join()


def test_metrics(database: Database) -> None:
    assert database.read_now(lambda conn: inbox.backlog(conn, NOW)) == timedelta(0)
    database.write_now(lambda conn: says(conn, "1"))
    assert database.read_now(lambda conn: inbox.backlog(conn, NOW + SECOND)) == SECOND


def test_an_address_that_is_bound_takes_what_waits_along(database: Database) -> None:
    talk_id, _ = database.write_now(lambda conn: a_talk(conn, web=None))
    database.write_now(lambda conn: says(conn, "1", "stranger"))
    (row,) = database.write_now(lambda conn: inbox.next_ready(conn, NOW))
    assert row.person_id is None
    queued = database.write_now(lambda conn: outbox.put(conn, row.talk_id, "reply", a_prompt(), now=NOW, address_id=row.address_id))
    database.write_now(lambda conn: inbox.rebind(conn, row.address_id, talk_id))
    database.write_now(lambda conn: inbox.heard(conn, row.address_id, NOW))
    (moved,) = database.write_now(lambda conn: inbox.next_ready(conn, NOW))
    assert (moved.talk_id, moved.person_id is None) == (talk_id, False)
    (out,) = database.write_now(lambda conn: outbox.claim(conn, "telegram", NOW, 60, 1, 10))
    assert (out.id, out.talk_id, out.external_id) == (queued, talk_id, "stranger")
