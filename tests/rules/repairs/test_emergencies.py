"""The ladder goes out at 0, 1, 3 and 5 minutes until somebody is on the way (C-4.5.1c)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from rules.repairs import emergencies

SENT = datetime(2026, 11, 24, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "called", "due"),
    [
        (0, (), ("shift",)),
        (59, ("shift",), ()),
        (60, ("shift",), ("backup",)),
        (180, ("shift", "backup"), ("area_manager",)),
        (300, ("shift", "backup", "area_manager"), ("station_master",)),
        (600, ("shift",), ("backup", "area_manager", "station_master")),
        (600, ("shift", "backup", "area_manager", "station_master"), ()),
    ],
)
def test_the_rungs(seconds: int, called: tuple[emergencies.Rung, ...], due: tuple[str, ...]) -> None:
    assert emergencies.rungs_due(SENT, SENT + timedelta(seconds=seconds), called, accepted=False) == due
    assert emergencies.rungs_due(SENT, SENT + timedelta(seconds=seconds), called, accepted=True) == ()


def test_when_the_next_one_is() -> None:
    assert emergencies.next_at(SENT, SENT) == SENT + timedelta(minutes=1)
    assert emergencies.next_at(SENT, SENT + timedelta(minutes=1)) == SENT + timedelta(minutes=3)
    assert emergencies.next_at(SENT, SENT + timedelta(minutes=5)) is None


def test_a_person_s_own_time_runs_from_the_first_notice() -> None:
    told = SENT + timedelta(minutes=2)
    assert emergencies.late_by(told, told + timedelta(minutes=5), told) == timedelta(0)
    assert emergencies.late_by(told, None, told + timedelta(minutes=7)) == timedelta(minutes=2)
