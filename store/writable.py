"""Whether the database can be written; and what to do where a disk is full, fails, or lets nobody write.

None of that is a bug of ours, and waiting mends nothing: rows keep their tries, and a person is told.
"""

import errno
import sqlite3

from sqlalchemy import Engine, update
from sqlalchemy.exc import SQLAlchemyError

from store.database import CannotWriteThere, transaction
from store.errors import TryLater
from store.installation import installation

GOES_ON = " Nothing is lost, and work goes on by itself."
FULL = f"The disk of the database is full: free some room there.{GOES_ON}"
CLOSED = (
    "The database is read-only: let this user write its file and folder, or end what holds it so." + GOES_ON
)
FAILING = (
    "The disk of the database cannot be written: see its quota, its limits and the system's log." + GOES_ON
)
SQLITE = {"SQLITE_FULL": FULL, "SQLITE_READONLY": CLOSED, "SQLITE_IOERR": FAILING, "SQLITE_CANTOPEN": FAILING}
"""By the beginning of the error's name: each has longer ones."""

POSTGRES = {"53100": FULL, "25006": CLOSED, "58030": FAILING}
"""By the state that the server tells."""

FILES = {
    errno.ENOSPC: FULL, errno.EDQUOT: FULL, errno.EROFS: CLOSED, errno.EFBIG: FAILING, errno.EIO: FAILING,
}  # fmt: skip
"""By the system's number, where a file beside the database cannot be written: that of the keys."""

_THERE_AND_BACK = [update(installation).values(epoch=installation.c.epoch + by) for by in (1, -1)]
"""SQLite writes nothing where the new value is the old one."""


class CannotWrite(TryLater):
    """Nothing can be kept now. The message says what to do."""


def trouble(error: BaseException | None) -> str:
    """What to do about this error; empty where it is another kind of error."""
    while error is not None:
        if isinstance(error, CannotWrite):
            return str(error)
        if isinstance(error, CannotWriteThere):
            return CLOSED
        name = str(getattr(error, "sqlite_errorname", "")) if isinstance(error, sqlite3.Error) else ""
        found = next((words for known, words in SQLITE.items() if name.startswith(known)), "")
        found = found or POSTGRES.get(str(getattr(error, "sqlstate", "")), "")
        found = found or (FILES.get(error.errno or 0, "") if isinstance(error, OSError) else "")
        if found:
            return found
        error = error.__cause__
    return ""


def must_be(engine: Engine) -> None:
    """Raises CannotWrite where it cannot be written."""
    if reason := why_not(engine):
        raise CannotWrite(reason)


def why_not(engine: Engine) -> str:
    """What to do so that it can be written, found out by writing; empty where it can."""
    try:
        with transaction(engine) as conn:
            for statement in _THERE_AND_BACK:
                conn.execute(statement)
    except (SQLAlchemyError, TryLater) as failed:
        return trouble(failed)
    return ""
