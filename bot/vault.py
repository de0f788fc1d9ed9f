"""Secrets typed in the browser, sealed before they reach the database; the key is PAOJIE_KEY or data/key, never in the database."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

NAME = "key"


class VaultError(Exception):
    """The text says what to do."""


class NoKey(VaultError):
    def __init__(self, path: Path) -> None:
        super().__init__(
            f"打不开存着的密码：钥匙文件 {path} 不在了。请从备份的钥匙放回原处，或设 PAOJIE_KEY；找不到了，就在「接入」里把密码重新填一遍。"
        )


class WrongKey(VaultError):
    def __init__(self) -> None:
        super().__init__("打不开存着的密码：钥匙（PAOJIE_KEY 或 data/key）不是当时那一把。请换回原来的；找不到了，就在「接入」里把密码重新填一遍。")


class BadKey(VaultError):
    def __init__(self) -> None:
        super().__init__("钥匙（PAOJIE_KEY 或 data/key）写法不对：要 44 个字符，例如 data/key 文件里那样的一行。")


class Vault:
    """Fernet: AES-128-CBC with HMAC-SHA256. The key file is made at the first need, readable by its owner only."""

    def __init__(self, folder: Path, key: str = "") -> None:
        self.path = folder / NAME
        self._given = key

    def __repr__(self) -> str:
        return "Vault()"

    def seal(self, secrets: Mapping[str, str]) -> str:
        """Raises BadKey."""
        return self._fernet(make=True).encrypt(msgspec.json.encode(dict(secrets))).decode()

    def open(self, sealed: str) -> dict[str, str]:
        """Raises VaultError."""
        if not sealed:
            return {}
        from cryptography.fernet import InvalidToken

        try:
            return msgspec.json.decode(self._fernet(make=False).decrypt(sealed.encode()), type=dict[str, str])
        except InvalidToken:
            raise WrongKey from None

    def _fernet(self, *, make: bool) -> Fernet:
        from cryptography.fernet import Fernet  # here, not above: without a platform there is nothing to seal

        try:
            return Fernet(self._given or self._kept(make=make))
        except ValueError:
            raise BadKey from None

    def _kept(self, *, make: bool) -> str:
        try:
            return self.path.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            if not make:
                raise NoKey(self.path.absolute()) from None
        except UnicodeDecodeError:
            raise BadKey from None
        return self._made()

    def _made(self) -> str:
        """Whole or not at all: another process making one at the same time wins or loses, and both read the same."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_name(f"{NAME}.{os.getpid()}")
        draft.unlink(missing_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            from cryptography.fernet import Fernet

            os.write(handle, Fernet.generate_key())
            os.fsync(handle)
        finally:
            os.close(handle)
        try:
            os.link(draft, self.path)
        except FileExistsError:
            pass
        finally:
            draft.unlink(missing_ok=True)
        return self.path.read_text(encoding="ascii").strip()


def tail(secret: str) -> str:
    """What is shown of it: the last four, of one long enough to be none the weaker."""
    return f"…{secret[-4:]}" if len(secret) >= 12 else "…"
