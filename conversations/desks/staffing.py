"""Who works here, as what, and who stands in (A-1.3)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from conversations.firm import Invited


class Staffing(Protocol):
    """Every write is checked by the policy and stands in the audit log."""

    def take_leave(self, person: int, since: date, until: date, kind: str = "leave") -> None: ...
    def stand_in(self, person: int, for_: int, since: date, until: date) -> None:
        """For those days nobody else stands in for them."""
        ...

    def invite(self, name: str, role: str, team: str, asked: datetime) -> Invited:
        """Somebody new, or the colleague of that name. NotAllowed also when it was done since the card of `asked`."""
        ...

    def give_role(self, person: int, role: str, team: str, since: date, until: date | None = None) -> None: ...
    def end_role(self, person: int, role: str, last: date) -> None: ...
    def dismiss(self, person: int) -> tuple[int, int]:
        """Left the firm: every action ends at once. How many customers and open matters are theirs still."""
        ...

    def cut_off(self, person: int) -> None:
        """Every phone and browser of the person is a stranger's again; they need a new invitation."""
        ...

    def hours_on(self, id: int, day: date) -> tuple[str, str]:
        """When work begins and ends for them on that day, by the hours of that day: 09:00, 18:00."""
        ...
