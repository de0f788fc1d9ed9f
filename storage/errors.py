"""What can go wrong below a transaction; the docstring is the message."""

from __future__ import annotations

import inspect


class StorageError(Exception):
    """The database did not do it."""

    def __init__(self, detail: str = "") -> None:
        message = inspect.cleandoc(type(self).__doc__ or "")
        super().__init__(f"{message} ({detail})" if detail else message)


class AlreadyServing(StorageError):
    """Another server already runs on this SQLite file; one file has one server."""


class Unavailable(StorageError):
    """The database cannot be reached or stays locked; nothing was written, try again."""


class CommitUnknown(StorageError):
    """The connection was lost while committing; whether it was written has to be looked up."""


class Closed(StorageError):
    """The database was closed; nothing more can be written."""


class NestedWrite(StorageError):
    """A unit asked the writer to write and would wait for itself; use the connection it was given."""


class BadHash(StorageError):
    """This is not a SHA-256 in lower case hexadecimal."""


class TooLarge(StorageError):
    """The file is larger than allowed; nothing of it was kept."""


class StaleSession(StorageError):
    """The form was saved by somebody else meanwhile; read it again."""
