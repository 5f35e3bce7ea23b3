"""For how long nothing is asked of an account, whoever would ask: kept in the database, for all processes.

They stand among the paces, under names of their own: `CALLS` where the account asked for a rest, for all that
is read from it and written to it but for messages, which have a pace and a rest of their own; `SHUT` where it
takes our credentials no more or is at its address no more, for everything.
"""

from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, select

from store.database import Instant, insert_or_ignore
from store.pace import paces
from store.rows import update_rows

CALLS, SHUT = "calls", "shut"

_UNTIL = select(func.max(paces.c.hold_until, type_=Instant)).where(
    paces.c.workspace_id == bindparam("workspace_id"), paces.c.system.in_(bindparam("names", expanding=True))
)


def until(conn: Connection, workspace_id: int, system: str, *whys: str) -> datetime | None:
    """Until when an account of a workspace rests for one of these reasons, maybe past; None: it never did."""
    names = [f"{system}:{why}" for why in whys]
    found: datetime | None = conn.scalar(_UNTIL, {"workspace_id": workspace_id, "names": names})
    return found


def begin(
    conn: Connection, workspace_id: int, system: str, why: str, *, now: datetime, end: datetime
) -> None:
    """It rests until `end`, or for longer where it was to already."""
    key = {"workspace_id": workspace_id, "system": f"{system}:{why}"}
    if insert_or_ignore(conn, paces, key | {"ceiling": 0.0, "free_at": now, "hold_until": end}):
        return
    before = until(conn, workspace_id, system, why)
    update_rows(conn, paces, {"hold_until": max(before, end) if before else end}, **key)


def end(conn: Connection, workspace_id: int, system: str, why: str) -> None:
    """It rests no more."""
    here = (paces.c.workspace_id == workspace_id, paces.c.system == f"{system}:{why}")
    conn.execute(delete(paces).where(*here))
