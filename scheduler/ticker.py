"""The wake-up: calls tick and plan every so often, keeps nothing of its own (what is due stands in the database)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped]

TICK_SECONDS, PLAN_SECONDS = 15, 300
Wake = Callable[[], Awaitable[object]]


class Ticker:
    """A wake-up that was missed or is still running is not made up for: the next one finds the same rows."""

    def __init__(self, tick: Wake, plan: Wake | None = None, *, tick_seconds: float = TICK_SECONDS, plan_seconds: float = PLAN_SECONDS) -> None:
        self._scheduler = AsyncIOScheduler(timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None})
        if plan is not None:
            self._scheduler.add_job(plan, "interval", seconds=plan_seconds, id="plan")
        self._scheduler.add_job(tick, "interval", seconds=tick_seconds, id="tick")

    @property
    def running(self) -> bool:
        return bool(self._scheduler.running)

    def start(self) -> None:
        """Within a running event loop."""
        self._scheduler.start()

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
