"""How fast one WeCom member may be spoken to: the platform drops what passes 30 a minute or 1,000 an hour, and says ok."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PER_MINUTE, PER_HOUR = 20, 800
RESERVE = 8  # kept for emergencies, and under the platform's 30


@dataclass(slots=True)
class Pace:
    """When each member may hear the next message. Memory is enough: one sender holds the channel's lease, and is told what the last one sent."""

    per_minute: int = PER_MINUTE
    per_hour: int = PER_HOUR
    _sent: dict[str, deque[datetime]] = field(default_factory=dict)

    def not_before(self, member: str, now: datetime, *, messages: int = 1, urgent: bool = False) -> datetime:
        """The first instant at which so many more messages fit; `now` when they fit already."""
        sent = self._sent.get(member, deque())
        more = RESERVE if urgent else 0
        windows = ((self.per_minute + more, MINUTE), (self.per_hour + more, HOUR))
        return max([now, *(sent[over - 1] + window for limit, window in windows if (over := _over(sent, limit, messages)) > 0)])

    def recall(self, sent: Iterable[tuple[str, datetime]]) -> None:
        """All that is known from now on; oldest first."""
        self._sent = {}
        for member, at in sent:
            self._sent.setdefault(member, deque()).append(at)

    def note(self, member: str, now: datetime) -> None:
        """One message went out."""
        sent = self._sent.setdefault(member, deque())
        sent.append(now)
        while sent[0] <= now - HOUR:
            sent.popleft()
        if len(self._sent) > 1000:
            self._sent = {who: times for who, times in self._sent.items() if times[-1] > now - HOUR}


def _over(sent: deque[datetime], limit: int, messages: int) -> int:
    """How many of the messages sent must have left the window. More than the limit at once waits for an empty one."""
    return len(sent) + min(messages, limit) - limit
