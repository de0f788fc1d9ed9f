"""Whose readings are still to be made, what is known of a picture, whose photograph is looked at at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from storage import blobs, sighting
from storage.database import Connection, Database
from tests.conversations.talk import DAY, Talk

SHA = "ab".ljust(64, "0")
SEEN = {"stage": "read", "presence": "有印章", "advice": "", "seals": []}


@pytest.fixture
def firm(database: Database) -> Talk:
    talk = Talk(database)
    talk.at("10:00")
    talk.says("李强", "盖章 恒达影音 合同")
    talk.sends("李强", SHA)
    return talk


def test_waiting_until_read_or_too_old(firm: Talk) -> None:
    def counts(conn: Connection) -> list[int]:
        return [len(sighting.waiting(conn, DAY + timedelta(days=days), 9)) for days in (0, 7, 8)]

    assert firm.database.write_now(counts) == [1, 1, 0]


def test_what_was_read_is_known_whoever_sends_it_again(firm: Talk) -> None:
    assert firm.database.write_now(lambda conn: sighting.known(conn, SHA)) is None
    case = firm.cases("李强", "reading")[0]
    firm.desk("李强", lambda world: world.note_seen(case.id, SEEN))
    assert firm.database.write_now(lambda conn: sighting.known(conn, SHA)) == SEEN
    assert firm.desk("张敏", lambda world: world.seen(SHA)) == SEEN
    firm.desk("李强", lambda world: blobs.note_first_look(world._conn, SHA, {"stage": "first"}))
    assert firm.desk("李强", lambda world: world.seen(SHA)) == SEEN


def test_nobody_notes_another_s_reading(firm: Talk) -> None:
    case = firm.cases("李强", "reading")[0]
    with pytest.raises(LookupError):
        firm.desk("张敏", lambda world: world.note_seen(case.id, SEEN))


def test_a_first_look_for_who_is_asked_or_says_so(firm: Talk) -> None:
    def wanted(who: str, words: str) -> bool:
        return firm.database.write_now(lambda conn: sighting.first_look_wanted(conn, firm.ids[who], words))

    assert wanted("李强", "")  # the form is open
    assert not wanted("张敏", "")
    assert wanted("张敏", "锦绣舞台的合同，公章在这")
    firm.says("张敏", "记拜访")
    assert not wanted("张敏", "门头")
