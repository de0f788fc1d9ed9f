"""A publicity plan that fits the customer: offered when a talk asks for one, before the contract, never demanded (A-3.5.1)."""

from __future__ import annotations

import re

_WANTED = re.compile("(?:要|出|做|写|看|给|提供).{0,6}(?:方案|策划|计划书)|(?:宣传|推广|策划)(?:方案|计划)|怎么(?:宣传|推广)")


def wanted(words: str) -> bool:
    """Does what was talked about ask for a plan?"""
    return bool(_WANTED.search(words))
