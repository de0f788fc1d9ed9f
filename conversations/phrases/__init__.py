"""Chinese dates, times and amounts as people type them: echoed for a tap when ambiguous, refused in words when impossible."""

from conversations.phrases.amounts import find_amount, read_amount
from conversations.phrases.clock import begins, part_of_day
from conversations.phrases.days import find_days, read_day
from conversations.phrases.moments import find_moment, find_moments, leading_time, read_moment
from conversations.phrases.reading import NoSuchAmount, NoSuchDay, NoSuchTime, Reading, fold

__all__ = [
    "NoSuchAmount",
    "NoSuchDay",
    "NoSuchTime",
    "Reading",
    "begins",
    "find_amount",
    "find_days",
    "find_moment",
    "find_moments",
    "fold",
    "leading_time",
    "part_of_day",
    "read_amount",
    "read_day",
    "read_moment",
]
