"""What can be set from outside: environment variables PAOJIE_… or the same lines in .env."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PORT = 8080
WECOM = ("wecom_corp_id", "wecom_agent_id", "wecom_secret", "wecom_token", "wecom_aes_key")
_NOTHING = SecretStr("")
_POSTGRESQL = "postgresql+psycopg"


class Settings(BaseSettings):
    """Secrets are SecretStr: they show neither in repr nor in the error of a wrong value."""

    model_config = SettingsConfigDict(
        env_prefix="PAOJIE_", env_file=".env", env_file_encoding="utf8", extra="ignore", env_ignore_empty=True, hide_input_in_errors=True, frozen=True
    )

    data: Path = Path("data")
    backup: Path | None = None  # without it data/backups
    database: SecretStr = _NOTHING  # the url may hold a password
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] | None = None
    url: str = ""
    zone: str = "Asia/Shanghai"
    metrics: Literal["loopback", "open"] = "loopback"
    key: SecretStr = _NOTHING  # seals what is typed in the browser; without it data/key does

    telegram_token: SecretStr = _NOTHING
    telegram_api: str = "https://api.telegram.org"
    telegram_mode: Literal["webhook", "polling"] = "polling"
    telegram_secret: SecretStr = _NOTHING

    wecom_corp_id: str = ""
    wecom_agent_id: str = ""
    wecom_secret: SecretStr = _NOTHING
    wecom_token: SecretStr = _NOTHING
    wecom_aes_key: SecretStr = _NOTHING
    wecom_api: str = "https://qyapi.weixin.qq.com"

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError("没有这个时区，例如 Asia/Shanghai") from None
        return value

    @field_validator("database")
    @classmethod
    def _known_database(cls, value: SecretStr) -> SecretStr:
        url = value.get_secret_value().strip()
        kind, _, rest = url.partition("://")
        if kind in ("postgres", "postgresql"):  # as hosts hand it out
            kind, url = _POSTGRESQL, f"{_POSTGRESQL}://{rest}"
        if url and kind.partition("+")[0] != "sqlite" and kind != _POSTGRESQL:
            raise ValueError("只认 SQLite（不设就是）和 PostgreSQL，写成 postgresql+psycopg://用户:密码@主机/库名")
        try:
            _ = urlsplit(url).port
        except ValueError:
            raise ValueError("读不懂这个地址：端口要是数字，密码里的 @ : / 要写成 %40 %3A %2F") from None
        return SecretStr(url)

    @field_validator("url", "telegram_api", "wecom_api")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("要以 http:// 或 https:// 开头")
        return value.rstrip("/")

    @field_validator("key")
    @classmethod
    def _usable_key(cls, value: SecretStr) -> SecretStr:
        if (key := _text(value)) and not re.fullmatch("[A-Za-z0-9_-]{43}=", key):
            raise ValueError("要 44 个字符，例如 data/key 文件里那样的一行")
        return value

    @model_validator(mode="after")
    def _complete(self) -> Self:
        missing = [name for name in WECOM if not _text(getattr(self, name))]
        if missing and len(missing) < len(WECOM):
            raise ValueError("企业微信还缺：" + "、".join(f"PAOJIE_{name.upper()}" for name in missing))
        if self.has_wecom and not self.wecom_agent_id.isdecimal():
            raise ValueError("PAOJIE_WECOM_AGENT_ID 是一个数字")
        if self.has_wecom and not re.fullmatch("[A-Za-z0-9]{43}", _text(self.wecom_aes_key)):
            raise ValueError("PAOJIE_WECOM_AES_KEY 是 43 个字母和数字（企业微信后台的 EncodingAESKey）")
        if self.has_telegram and self.telegram_mode == "webhook" and not (_text(self.telegram_secret) and self.url.startswith("https://")):
            raise ValueError("webhook 方式要有 PAOJIE_TELEGRAM_SECRET，PAOJIE_URL 要以 https:// 开头")
        return self

    @property
    def has_telegram(self) -> bool:
        return bool(_text(self.telegram_token))

    @property
    def has_wecom(self) -> bool:
        return bool(self.wecom_corp_id)

    @property
    def database_url(self) -> str:
        return _text(self.database) or "sqlite://"

    @property
    def backup_folder(self) -> Path:
        return self.backup or self.data / "backups"

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def public_url(self) -> str:
        """Where people's browsers find us."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.url or f"http://{host}:{self.port or PORT}"

    def secrets(self) -> tuple[str, ...]:
        """What must not stand in any log."""
        values = (getattr(self, name) for name in type(self).model_fields)
        return tuple(value.get_secret_value() for value in values if isinstance(value, SecretStr) and value.get_secret_value())

    def for_demo(self) -> Settings:
        """Its own folder and database, this machine only, no platform: a .env full of real tokens changes nothing."""
        kept = {name: getattr(self, name) for name in ("host", "port", "url", "zone", "metrics")}
        return Settings.model_construct(**(_DEFAULTS | kept | {"data": self.data / "demo"}))


def _text(value: SecretStr | str) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else value


_DEFAULTS = {name: field.default for name, field in Settings.model_fields.items()}
