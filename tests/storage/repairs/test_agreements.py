"""A signature taken out of the database proves itself; one byte of the file changed and it does not (C-4.5.5b)."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.commands import audit as command
from conversations.repairs import consent
from papers import strokes
from rules.calendar import FIRM_ZONE
from storage import agreements, audit, links
from storage.codec import canonical, digest
from storage.database import Connection, Database
from storage.outside import Evidence, Outside
from tests.conversations.repairs.test_customer import content
from tests.conversations.talk import Talk

DRAWN = strokes.read({"w": 360, "h": 240, "lines": [[[100, 100, 0], [160.5, 140, 90]]]})
PICTURE = strokes.png(DRAWN)


def signed(firm: Talk) -> int:
    content(firm)

    def unit(conn: Connection) -> int:
        link = links.every(conn, "sign")[-1]
        desk = Outside(conn, link, now=firm.now, zone=FIRM_ZONE)
        job = desk.job(link.case_id or 0)
        shown = consent.signed_text(desk, job) if job is not None else ""
        facts = {"address": "203.0.113.7", "browser": "MicroMessenger", "language": "zh-CN"}
        sha = digest(PICTURE)
        return desk.agree(
            "signature", link.case_id or 0, Evidence(shown, consent.hashed(shown), consent.VERSION, "刘女士", "self", sha, sha, DRAWN.plain(), facts)
        )

    return firm.database.write_now(unit)


@pytest.fixture
def file(database: Database) -> bytes:
    firm = Talk(database)
    firm.at("09:05")
    number = signed(firm)
    firm.desk("小方", lambda desk: desk.keep_words("之后的事"))
    return database.read_now(lambda conn: agreements.take_out(conn, number, PICTURE))


def test_it_holds_with_everything_in_it(file: bytes) -> None:
    checked = agreements.check(file)
    assert (checked.proof["name"], checked.proof["relation"], checked.proof["facts"]["mode"]) == ("刘女士", "self", "own")
    assert checked.picture == PICTURE
    assert checked.head_seq > checked.seq
    assert datetime.fromisoformat(str(checked.proof["at"])) - datetime(2026, 11, 24, 1, 5, tzinfo=UTC) == timedelta(0)


@pytest.mark.only("sqlite")
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_one_byte_changed_anywhere_and_it_does_not(file: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(file) - 1))
    other = data.draw(st.integers(1, 255))
    broken = bytearray(file)
    broken[place] ^= other
    with pytest.raises(agreements.Tampered):
        agreements.check(bytes(broken))


def test_a_time_of_the_chain_written_otherwise_it_does_not(file: bytes) -> None:
    """2026-11-24U01:05 is the same instant to whoever reads it."""
    chain = file.index(b'"chain":')
    place = file.index(b"T", file.index(b'"at":"', chain))
    for changed in (file[:place] + b"U" + file[place + 1 :], file[:place] + b" " + file[place + 1 :]):
        with pytest.raises(agreements.Tampered):
            agreements.check(changed)


@pytest.mark.only("sqlite")
@pytest.mark.parametrize(
    "part",
    [
        '"content":"',
        '"content_hash":"',
        '"text_version":"',
        '"strokes":{',
        '"picture":"',
        '"facts":{',
        '"salt":"',
        '"prev":"',
        '"digest":"',
        '"at":"',
    ],
)
def test_the_command_names_what_was_touched_and_needs_only_the_file(
    file: bytes, part: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Strokes, picture, words, the version of the text, facts, the chain: wherever the byte was flipped (C-4.5.5b)."""
    kept = tmp_path / "agreement.json"
    kept.write_bytes(file)
    assert command.main_verify(kept) == 0
    assert "完整：签名，刘女士（本人）" in capsys.readouterr().out
    broken = bytearray(file)
    broken[file.index(part.encode()) + len(part) + 3] ^= 1
    kept.write_bytes(bytes(broken))
    assert command.main_verify(kept) == 1
    assert "不能作为凭据" in capsys.readouterr().out
    assert command.main_verify(tmp_path / "none.json") == 2


@pytest.mark.parametrize("cut", [0, 1, 100])
def test_cut_short_or_longer_it_does_not(file: bytes, cut: int) -> None:
    for changed in (file[:cut], file[:-1], file + b" ", file + b"\n"):
        with pytest.raises(agreements.Tampered):
            agreements.check(changed)


def test_written_anew_with_other_words_it_does_not(file: bytes) -> None:
    """Whoever keeps every hash inside right still has not the digest in the log."""
    taken = json.loads(file)
    taken["proof"]["content"] = "合计 1.00 元"
    taken["proof"]["content_hash"] = digest("合计 1.00 元")
    with pytest.raises(agreements.Tampered, match="和操作记录里的不一样"):
        agreements.check(canonical(msgspec.convert(taken, agreements.Taken)) + b"\n")


def test_the_file_ends_where_the_log_ended(file: bytes, database: Database) -> None:
    assert agreements.check(file).head == database.read_now(audit.head).hash


def test_what_is_not_there(database: Database) -> None:
    with pytest.raises(agreements.Missing):
        database.read_now(lambda conn: agreements.take_out(conn, 7, b""))
    assert database.read_now(agreements.newest) == []
