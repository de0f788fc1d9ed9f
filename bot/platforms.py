"""WeCom, Telegram and our own address as they are set up: from outside (that wins) or in the browser, where they may change at any moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

import structlog

from bot import logs
from bot.channels.base import Channel
from bot.clock import Clock
from bot.settings import Settings
from bot.vault import Vault, VaultError
from storage import channels, starting
from storage.channels import Stored
from storage.database import Database

NAMES = ("wecom", "telegram")
LABELS: Mapping[str, str] = {"wecom": "企业微信", "telegram": "Telegram", "web": "网页聊天"}
Mode = Literal["webhook", "polling"]
FORMER_STAYS = timedelta(hours=1)  # callbacks sealed with the values before are still on their way

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Change:
    """A platform to be connected anew, or let go when there is no channel; without `active` it only listens."""

    name: str
    rev: int
    channel: Channel | None
    active: bool


class Platforms:
    """Compares what is stored with what runs here; whoever runs the channels does what `changes` says."""

    def __init__(self, settings: Settings, clock: Clock, database: Database, given: Mapping[str, Channel]) -> None:
        self.settings, self._clock, self._database = settings, clock, database
        self.url_given = bool(settings.url)
        self.vault = Vault(settings.data, settings.key.get_secret_value())
        self.given = given
        self.trouble = ""  # why stored secrets cannot be opened, in words
        self._running: dict[str, int] = {}

    async def changes(self) -> list[Change]:
        stored, url = await self._database.read(lambda conn: (channels.every(conn), starting.public_url(conn)))
        self.trouble = ""
        if not self.url_given and url != self.settings.url:
            self.settings = self.settings.model_copy(update={"url": url})
            self._running.pop("telegram", None)  # its messages may come another way now
        return [change for name in NAMES if name not in self.given and (change := await self._change(name, stored.get(name))) is not None]

    async def _change(self, name: str, row: Stored | None) -> Change | None:
        rev = row.rev if row is not None else 0
        if row is not None and row.sealed and row.plain.get("former") and row.verified_at and self._clock.now() - row.verified_at > FORMER_STAYS:
            await self._forget_former(row)
        if self._running.get(name, 0) == rev:
            return None
        if row is None or not row.sealed:
            self._running[name] = rev
            return Change(name, rev, None, active=False)
        try:
            secrets = self.vault.open(row.sealed)
        except VaultError as locked:
            self.trouble = str(locked)
            log.error("stored secrets cannot be opened", channel=name, why=type(locked).__name__)
            return None
        self._running[name] = rev
        logs.also_hide(secrets.values())
        return Change(name, rev, built(name, row.plain, secrets, self.settings, self._clock), row.active)

    async def _forget_former(self, row: Stored) -> None:
        try:
            kept = {name: value for name, value in self.vault.open(row.sealed).items() if not name.startswith("former_")}
        except VaultError:
            return
        plain = {name: value for name, value in row.plain.items() if name != "former"}
        sealed, now = self.vault.seal(kept), self._clock.now()

        def unit(conn: Any) -> None:
            if channels.every(conn)[row.name].rev == row.rev:
                channels.put(conn, row.name, plain, sealed, now, verified=row.verified_at, active=row.active)

        await self._database.write(unit)


def configured(settings: Settings, clock: Clock) -> dict[str, Channel]:
    """Those set up from outside; the others' libraries are not even imported."""
    found: dict[str, Channel] = {}
    if settings.has_telegram:
        secrets = {"token": settings.telegram_token.get_secret_value(), "secret": settings.telegram_secret.get_secret_value()}
        found["telegram"] = built("telegram", {"mode": settings.telegram_mode}, secrets, settings, clock)
    if settings.has_wecom:
        plain = {"corp_id": settings.wecom_corp_id, "agent_id": settings.wecom_agent_id}
        names = ("secret", "token", "aes_key")
        found["wecom"] = built("wecom", plain, {one: getattr(settings, f"wecom_{one}").get_secret_value() for one in names}, settings, clock)
    return found


def stored(settings: Settings, clock: Clock, database: Database) -> dict[str, Channel]:
    """Those set up in the browser and switched on, for a command beside the server. Raises VaultError."""
    vault = Vault(settings.data, settings.key.get_secret_value())
    rows = [row for row in database.read_now(channels.every).values() if row.sealed and row.active and not has(settings, row.name)]
    return {row.name: built(row.name, row.plain, vault.open(row.sealed), settings, clock) for row in rows}


def at_home(settings: Settings, database: Database) -> Settings:
    """With the address entered in the browser, for a command beside the server."""
    return settings if settings.url else settings.model_copy(update={"url": database.read_now(starting.public_url)})


def has(settings: Settings, name: str) -> bool:
    """Set up from outside."""
    return bool(getattr(settings, f"has_{name}"))


def built(name: str, plain: Mapping[str, Any], secrets: Mapping[str, str], settings: Settings, clock: Clock) -> Channel:
    if name == "telegram":
        from bot.channels.telegram import Telegram

        mode: Mode = plain.get("mode") or telegram_mode(settings)
        address = f"{settings.public_url}/telegram/webhook"
        return Telegram(token=secrets["token"], mode=mode, secret=secrets["secret"], address=address, api=settings.telegram_api, now=clock.now)
    from bot.channels.wecom import WeCom

    former = ((secrets["former_token"], secrets["former_aes_key"]),) if "former_token" in secrets else ()
    return WeCom(
        corp_id=plain["corp_id"],
        agent_id=int(plain["agent_id"]),
        secret=secrets["secret"],
        token=secrets["token"],
        aes_key=secrets["aes_key"],
        former=former,
        now=clock.now,
        api=settings.wecom_api,
    )


def telegram_mode(settings: Settings) -> Mode:
    """Pushed where Telegram can reach us, asked for where it cannot."""
    return "webhook" if settings.url.startswith("https://") else "polling"
