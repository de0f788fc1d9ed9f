"""Provinces, cities, districts and counties, new and old, by which single signs are set right; the table comes inside python-stdnum."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

LAST = "区县市旗省"
LENGTHS = range(3, 8)


@cache
def places() -> frozenset[str]:
    """About 4,000, each as it stands in a name: 江岸区, 湛河区, 栖霞县. Read once, in the reader's process."""
    table = (resources.files("stdnum") / "cn" / "loc.dat").read_text(encoding="utf8")
    told = (name for names in re.findall(r'(?:county|province)="([^"]+)"', table) for name in names.split(","))
    named = {re.sub(r"\[.*?\]", "", name) for name in told} - {"市辖区"}
    return frozenset(name for name in named if len(name) in LENGTHS and name[-1] in LAST)
