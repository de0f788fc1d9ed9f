"""What an outage does to a reminder."""

from __future__ import annotations

from typing import Literal

Late = Literal["always", "latest", "drop"]  # money, promises and legal dates always; digests the newest only; nudges not at all
