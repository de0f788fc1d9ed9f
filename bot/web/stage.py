"""The demo's own pages: one person in the path, two phones side by side, and the firm's clock to move from due to due."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.app import App
from bot.settings import Settings
from bot.web.answers import Problem, as_json, decoded
from bot.web.health import is_here
from bot.web.wire import ClockIn, ClockOut
from conversations.firm import Person
from rules.people import ROLES
from storage import due, people

if TYPE_CHECKING:
    from bot.web.chat import Chat

EVENING, MORNING = time(17), time(8, 45)
PAIR = ("rep", "supervisor")  # who stands on the stage first


class Stage:
    def __init__(self, app: App, settings: Settings, chat: Chat) -> None:
        self._app, self._settings, self._door, self._chat = app, settings, chat.door, chat

    async def phone(self, request: Request) -> Response:
        account = request.path_params["person"]
        known = await self._people()
        if account not in {one["account"] for one in known}:
            return RedirectResponse("/chat/demo")
        shown = {"base": f"/chat/as/{account}/api", "demo": True, "people": known, "who": account, "zone": self._settings.tz.key}
        return self._chat.templates.TemplateResponse(request, "chat.html", shown)

    async def both(self, request: Request) -> Response:
        known = await self._people()
        chosen = [request.query_params.get(side, "") or _first(known, role) for side, role in zip(("left", "right"), PAIR, strict=True)]
        accounts = [one["account"] for one in known]
        if not accounts or any(one not in accounts for one in chosen):
            return RedirectResponse("/chat/demo") if request.query_params else Response("演示里还没有人。", 503)
        shown = {"left": chosen[0], "right": chosen[1], "people": known, "zone": self._settings.tz.key}
        own = self._app.founding is not None and is_here(request)
        answer = self._chat.templates.TemplateResponse(request, "stage.html", shown | {"own": own})
        answer.headers["Referrer-Policy"] = "same-origin"  # under no-referrer a form's Origin is "null"
        return answer

    async def clock(self, request: Request) -> Response:
        return as_json(await self._clock())

    async def move(self, request: Request) -> Response:
        """Forward only, and everything due on the way happens on the way."""
        self._door.check_origin(request)
        asked = await decoded(request, ClockIn)
        now = self._app.clock.now()
        target = await self._app.database.read(due.next_at) if asked.to == "next" else self._at(now, asked.to)
        if target is None:
            raise Problem(409, "今天没有下一件事了。")
        await self._app.advance_to(max(target, now))
        return as_json(await self._clock())

    async def _clock(self) -> ClockOut:
        return ClockOut(self._app.clock.now(), await self._app.database.read(due.next_at))

    def _at(self, now: datetime, to: str) -> datetime:
        here = now.astimezone(self._settings.tz)
        wanted = datetime.combine(here.date(), EVENING if to == "17:00" else MORNING, here.tzinfo)
        return wanted if to == "17:00" and wanted > here else wanted + timedelta(days=1)

    async def _people(self) -> list[dict[str, str]]:
        today = self._door.today(self._app.clock.now())

        everybody = await self._app.database.read(lambda conn: people.everybody(conn, today))
        return [_shown(person) for person in everybody]


def _shown(person: Person) -> dict[str, str]:
    held = [role for role in ROLES if role in person.roles]
    return {"account": person.account, "name": person.name, "role": held[0] if held else "", "title": "、".join(ROLES[role] for role in held)}


def _first(known: list[dict[str, str]], role: str) -> str:
    return next((one["account"] for one in known if one["role"] == role), known[0]["account"] if known else "")
