"""Codes to report by, handed out on paper: they outlive a building's name (C-4.5.1, C-5.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from conversations.desk import NotAllowed
from rules.people import Subject
from storage.repairs import codes
from storage.repairs.places import NOT_OURS, Places

UNKNOWN = "没有发过这个码。"


class Posters(Places):
    """Once printed, a code is kept with where it leads."""

    def codes(self) -> Mapping[str, tuple[str, str]]:
        return codes.handed(self._conn) if self._opens("see_units") else {}

    def hand_out_codes(self, houses: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
        self._may("hand_out_codes", Subject())
        known = dict(codes.handed(self._conn))
        given = {}
        for house in houses:
            code = given[house] = codes.of(known, house)
            if code not in known:
                known[code] = house
                self._log("hand_out", f"code:{code}", *house)
                codes.lead(self._conn, code, house)
        return given

    def lead_code(self, code: str, estate: str, building: str) -> None:
        """The building is called otherwise now: what hangs there is its own again."""
        self._may("set_stations", Subject())
        if codes.led(self._conn, code) is None:
            raise NotAllowed(UNKNOWN)
        if self.spot(f"{estate}|{building}") is None or not building:
            raise NotAllowed(NOT_OURS)
        self._log("lead", f"code:{code}", estate, building)
        codes.lead(self._conn, code, (estate, building))
