"""Per talk and lane in order, to where the person can be reached, by one holder at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from conversations.types import Option, Prompt, Session
from storage import inbox, outbox, sessions, shown, webbox
from storage.codec import prompt_json
from storage.database import Database
from storage.tables import outbox as outbox_table
from storage.tables import talk
from tests.storage.world import NOW, SECOND, a_prompt, a_talk, says

Connect = Callable[[], Database]


@pytest.fixture
def put(database: Database) -> Callable[..., int]:
    def put(talk_id: int, text: str = "好的", lane: str = "reply", **rest: Any) -> int:
        return database.write_now(lambda conn: outbox.put(conn, talk_id, lane, a_prompt(text), now=NOW, **rest))

    return put


@pytest.fixture
def claim(database: Database) -> Callable[..., list[str]]:
    def claim(channel: str = "telegram", now: datetime = NOW, epoch: int = 1, **rest: Any) -> list[str]:
        rows = database.write_now(lambda conn: outbox.claim(conn, channel, now, 60, epoch, 100, **rest))
        return [row.prompt.text for row in rows]

    return claim


@pytest.fixture
def wang(database: Database) -> tuple[int, dict[str, int]]:
    return database.write_now(lambda conn: a_talk(conn, "wang", telegram=NOW, wecom=NOW - SECOND))


Wang = tuple[int, dict[str, int]]
Put = Callable[..., int]
Claim = Callable[..., list[str]]


def test_in_order_one_at_a_time(database: Database, wang: Wang, put: Put, claim: Claim) -> None:
    ids = [put(wang[0], text) for text in ("one", "two")]
    assert claim() == ["one"]
    assert claim() == []
    assert database.write_now(lambda conn: outbox.sent(conn, ids[0], 1, "m1", wang[1]["telegram"], NOW))
    assert claim() == ["two"]


def test_a_card_shown_while_a_form_is_open_has_a_number(database: Database, wang: Wang, put: Put) -> None:
    def shown(prompt: Prompt) -> tuple[int, int]:
        id = database.write_now(lambda conn: outbox.put(conn, wang[0], "reply", prompt_json(prompt), now=NOW))
        (row,) = database.write_now(lambda conn: outbox.claim(conn, "telegram", NOW, 60, 1, 10))
        database.write_now(lambda conn: outbox.sent(conn, id, 1, "m", wang[1]["telegram"], NOW))
        return id, row.prompt.number

    card = Prompt("张敏交了日志。", (Option("签收", "a.receive.1.1"),))
    assert shown(card)[1] == 0
    who = database.read_now(lambda conn: conn.execute(select(talk.c.person_id).where(talk.c.id == wang[0])).scalar_one())
    open_ = database.write_now(lambda conn: sessions.save(conn, who, Session("CustomerVisit", 1), None, NOW))[0]
    id, number = shown(card)
    assert number == id
    assert shown(Prompt("谈了什么？", (Option("续约", "s1.2.x"),), ref="s1.2"))[1] == 0
    assert shown(Prompt("好。"))[1] == 0
    database.write_now(lambda conn: sessions.save(conn, who, replace(open_, state="paused"), None, NOW))
    assert shown(card)[1] == 0


def test_what_a_claimed_row_carries(database: Database, wang: Wang, put: Put) -> None:
    id = put(wang[0], ref="s1.2", pushed=True)
    (row,) = database.write_now(lambda conn: outbox.claim(conn, "telegram", NOW, 60, 3, 10))
    assert (row.id, row.external_id, row.address_id) == (id, "wang@telegram", wang[1]["telegram"])
    assert (row.ref, row.pushed, row.attempts, row.cards, row.epoch, row.created_at) == ("s1.2", True, 1, "cards", 3, NOW)


def test_a_replica_whose_clock_is_ahead_does_not_turn_answers_around(database: Database, wang: Wang, claim: Claim) -> None:
    database.write_now(lambda conn: outbox.put(conn, wang[0], "reply", a_prompt("one"), now=NOW + 2 * SECOND))
    database.write_now(lambda conn: outbox.put(conn, wang[0], "reply", a_prompt("two"), now=NOW))
    assert claim(now=NOW + SECOND) == []
    assert claim(now=NOW + 2 * SECOND) == ["one"]


def test_every_lane_has_its_own_order_and_emergencies_come_first(wang: Wang, put: Put, claim: Claim) -> None:
    put(wang[0], "digest", "digest")
    put(wang[0], "reply")
    put(wang[0], "fire", "emergency")
    assert claim() == ["fire", "reply", "digest"]


def test_the_confirmation_of_an_album_waits_for_the_pictures_that_still_come(database: Database, wang: Wang, put: Put, claim: Claim) -> None:
    coming = database.write_now(lambda conn: says(conn, "2", "wang@telegram", fetch_by=NOW + 60 * SECOND))
    put(wang[0], "已收 1 张", coalesce_key="album")
    put(wang[0], "跑水", "emergency")
    assert claim() == ["跑水"]
    put(wang[0], "已收 2 张", coalesce_key="album")
    database.write_now(lambda conn: inbox.handled(conn, coming.id, NOW))
    assert claim() == ["已收 2 张"]


def test_but_not_for_one_that_does_not_come(database: Database, wang: Wang, put: Put, claim: Claim) -> None:
    database.write_now(lambda conn: says(conn, "2", "wang@telegram", fetch_by=NOW + 60 * SECOND))
    put(wang[0], "已收 1 张", coalesce_key="album")
    assert claim() == []
    assert claim(now=NOW + 60 * SECOND) == ["已收 1 张"]


def test_only_the_lanes_asked_for(wang: Wang, put: Put, claim: Claim) -> None:
    put(wang[0], "reply")
    put(wang[0], "fire", "emergency")
    assert claim(lanes=["emergency"]) == ["fire"]
    assert claim() == ["reply"]


def test_a_row_being_retried_holds_its_lane_up_but_no_other(database: Database, wang: Wang, put: Put, claim: Claim) -> None:
    first = put(wang[0], "one")
    put(wang[0], "two")
    assert claim() == ["one"]
    assert database.write_now(lambda conn: outbox.retry(conn, first, NOW + 5 * SECOND, "429"))
    put(wang[0], "fire", "emergency")
    assert claim(now=NOW + 4 * SECOND) == ["fire"]
    assert claim(now=NOW + 5 * SECOND) == ["one"]


def test_a_row_for_later_holds_nothing_up(wang: Wang, put: Put, claim: Claim) -> None:
    put(wang[0], "tomorrow", "reminder", not_before=NOW + timedelta(days=1))
    put(wang[0], "today", "reminder")
    assert claim() == ["today"]


def test_a_dedupe_key_is_said_once(database: Database, wang: Wang, put: Put, claim: Claim) -> None:
    assert put(wang[0], "one", dedupe_key="k") > 0
    assert put(wang[0], "two", dedupe_key="k") == 0
    assert put(wang[0], "two", dedupe_key="k", coalesce_key="c") == 0
    assert claim() == ["one"]


def test_coalescing_replaces_until_it_is_on_its_way(database: Database, wang: Wang, put: Put, claim: Claim) -> None:
    first = put(wang[0], "已收 1 张", coalesce_key="album")
    assert put(wang[0], "已收 2 张", coalesce_key="album") == first
    assert put(wang[0], "else", coalesce_key="other") != first
    assert claim() == ["已收 2 张"]
    assert put(wang[0], "已收 3 张", coalesce_key="album") != first


def test_the_newest_heard_living_address_of_any_channel(database: Database, wang: Wang, put: Put, claim: Claim) -> None:
    put(wang[0], "push")
    assert claim("wecom") == []
    assert claim("telegram") == ["push"]
    database.write_now(lambda conn: outbox.address_dead(conn, wang[1]["telegram"], "blocked", NOW))
    assert claim("telegram", NOW + 61 * SECOND) == []
    assert claim("wecom", NOW + 61 * SECOND) == ["push"]


def test_the_address_named_wins_while_it_lives(database: Database, wang: Wang, put: Put, claim: Claim) -> None:
    put(wang[0], "here", address_id=wang[1]["wecom"])
    assert claim("telegram") == []
    assert database.write_now(lambda conn: outbox.address_dead(conn, wang[1]["wecom"], "left", NOW)) == 0
    assert claim("telegram") == ["here"]


def test_an_address_that_went_to_somebody_else_gets_nothing(database: Database, wang: Wang, put: Put, claim: Claim) -> None:
    put(wang[0], "secret", lane="reminder")
    put(wang[0], "said there", address_id=wang[1]["telegram"])
    li, _ = database.write_now(lambda conn: a_talk(conn, "li", web=None))
    database.write_now(lambda conn: inbox.rebind(conn, wang[1]["telegram"], li))
    rows = database.write_now(lambda conn: outbox.claim(conn, "telegram", NOW, 60, 1, 10))
    assert [(row.prompt.text, row.talk_id) for row in rows] == [("said there", li)]
    assert claim("wecom") == ["secret"]


def test_without_any_address_it_is_parked_and_can_be_taken_up(database: Database, put: Put, claim: Claim) -> None:
    talk_id, ids = database.write_now(lambda conn: a_talk(conn, "li", telegram=NOW))
    id = put(talk_id)
    assert database.write_now(lambda conn: outbox.address_dead(conn, ids["telegram"], "blocked", NOW)) == 1
    (row,) = database.read_now(shown.parked)
    assert (row.id, row.error) == (id, "no address")
    assert database.write_now(lambda conn: outbox.unpark(conn, id))
    assert database.read_now(shown.parked) == []


def test_a_parked_row_lets_the_next_one_go(database: Database, wang: Wang, put: Put, claim: Claim) -> None:
    first = put(wang[0], "too long")
    put(wang[0], "next")
    assert claim() == ["too long"]
    assert database.write_now(lambda conn: outbox.park(conn, first, "400", NOW))
    assert claim() == ["next"]


def test_a_stale_holder_is_refused(database: Database, wang: Wang, put: Put, claim: Claim) -> None:
    id = put(wang[0])
    assert claim(epoch=1) == ["好的"]
    late = NOW + 61 * SECOND
    assert claim(epoch=2, now=late) == ["好的"]
    to = wang[1]["telegram"]
    assert not database.write_now(lambda conn: outbox.sent(conn, id, 1, "old", to, late))
    assert not database.write_now(lambda conn: outbox.retry(conn, id, late, "old", epoch=1))
    assert database.write_now(lambda conn: outbox.sent(conn, id, 2, "new", to, late))
    assert database.read_now(lambda conn: conn.execute(select(outbox_table.c.remote_id, outbox_table.c.attempts)).one()) == ("new", 2)


def test_a_holder_that_was_overtaken_claims_nothing_of_the_newer_one(wang: Wang, put: Put, claim: Claim) -> None:
    put(wang[0])
    assert claim(epoch=2) == ["好的"]
    assert claim(epoch=1, now=NOW + 61 * SECOND) == []


def test_two_claimers_never_overlap(database: Database, connect: Connect) -> None:
    def fill(conn: Any) -> None:
        for n in range(30):
            talk_id, _ = a_talk(conn, f"p{n}", telegram=NOW)
            for lane in ("reply", "reminder"):
                outbox.put(conn, talk_id, lane, a_prompt(f"{n} {lane}"), now=NOW)

    database.write_now(fill)
    got: list[int] = []

    def work(replica: Database) -> None:
        while rows := replica.write_now(lambda conn: outbox.claim(conn, "telegram", NOW, 60, 1, 4)):
            got.extend(row.id for row in rows)

    threads = [threading.Thread(target=work, args=(replica,)) for replica in (database, connect(), connect())]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    rest = database.write_now(lambda conn: outbox.claim(conn, "telegram", NOW, 60, 1, 100))
    got.extend(row.id for row in rest)
    assert len(got) == len(set(got)) == 60


def test_last_prompt_with_something_to_choose(database: Database, wang: Wang) -> None:
    def say(conn: Any, *options: str) -> int:
        id = outbox.put(conn, wang[0], "reply", a_prompt("选", *options), now=NOW)
        outbox.claim(conn, "telegram", NOW, 60, 1, 1)
        outbox.sent(conn, id, 1, "m", wang[1]["telegram"], NOW)
        return id

    assert database.read_now(lambda conn: shown.last_with_options(conn, wang[0])) is None
    id = database.write_now(lambda conn: say(conn, "是", "否"))
    database.write_now(lambda conn: say(conn))
    last = database.read_now(lambda conn: shown.last_with_options(conn, wang[0]))
    assert last is not None
    assert (last.id, [o.label for o in last.prompt.options], last.sent_at) == (id, ["是", "否"], NOW)
    assert database.read_now(lambda conn: shown.shown(conn, wang[0], id)) == last
    assert database.read_now(lambda conn: shown.shown(conn, wang[0] + 1, id)) is None


def test_how_much_waits(database: Database, wang: Wang, put: Put) -> None:
    put(wang[0])
    assert database.read_now(shown.waiting) == {"reply": (1, NOW)}


class TestWeb:
    @pytest.fixture
    def li(self, database: Database) -> Wang:
        return database.write_now(lambda conn: a_talk(conn, "li", web=NOW, telegram=NOW - SECOND))

    def send(self, database: Database, li: Wang, text: str, lane: str = "reply") -> int:
        def unit(conn: Any) -> int:
            id = outbox.put(conn, li[0], lane, a_prompt(text), now=NOW)
            (row,) = outbox.claim(conn, "web", NOW, 60, 1, 1, [lane])
            assert outbox.sent(conn, row.id, 1, "", row.address_id, NOW)
            return id

        return database.write_now(unit)

    def test_the_page_pulls_what_it_does_not_have(self, database: Database, li: Wang) -> None:
        web = li[1]["web"]
        ids = [self.send(database, li, text) for text in ("one", "two")]
        rows = database.read_now(lambda conn: webbox.for_web(conn, web, 0, 10))
        assert [row.prompt.text for row in rows] == ["one", "two"]
        assert database.write_now(lambda conn: webbox.web_fetched(conn, web, ids, NOW)) == 2
        assert database.read_now(lambda conn: webbox.for_web(conn, web, ids[1], 10)) == []
        assert [row.id for row in database.read_now(lambda conn: webbox.latest(conn, web, 1))] == [ids[1]]

    def test_a_row_sent_behind_the_cursor_is_not_missed(self, database: Database, li: Wang, put: Put) -> None:
        web = li[1]["web"]
        early = put(li[0], "slow", "digest")
        late = self.send(database, li, "fast")
        database.write_now(lambda conn: webbox.web_fetched(conn, web, [late], NOW))
        (row,) = database.write_now(lambda conn: outbox.claim(conn, "web", NOW, 60, 1, 1))
        database.write_now(lambda conn: outbox.sent(conn, row.id, 1, "", web, NOW))
        assert [row.id for row in database.read_now(lambda conn: webbox.for_web(conn, web, late, 10))] == [early]

    def test_what_nobody_fetched_goes_elsewhere(self, database: Database, li: Wang, claim: Claim) -> None:
        self.send(database, li, "reply")
        fire = self.send(database, li, "fire", "emergency")
        minute = timedelta(seconds=60)
        (row,) = database.read_now(lambda conn: webbox.unfetched_web(conn, NOW, minute))
        assert (row.id, row.other_address_id) == (fire, li[1]["telegram"])
        assert database.write_now(lambda conn: webbox.reroute(conn, row.id, row.other_address_id))
        assert claim("telegram") == ["fire"]
        (row,) = database.read_now(lambda conn: webbox.unfetched_web(conn, NOW + minute, minute))
        database.write_now(lambda conn: webbox.web_fetched(conn, li[1]["web"], [row.id], NOW))
        assert not database.write_now(lambda conn: webbox.reroute(conn, row.id, row.other_address_id))

    def test_who_has_only_the_page_keeps_it(self, database: Database) -> None:
        only = database.write_now(lambda conn: a_talk(conn, "zhao", web=NOW))
        self.send(database, only, "fire", "emergency")
        assert database.read_now(lambda conn: webbox.unfetched_web(conn, NOW, timedelta(0))) == []
