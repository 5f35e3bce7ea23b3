"""A trial of a connection: something was changed at the vendor, and now we listen for its call.

It is kept with the connection, and gone once that is made anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeAlias

import sqlalchemy as sa

from store.connections import Connection, connections
from store.inbox import inbox

Line: TypeAlias = tuple[str, bool, str]
"""What was tried, whether it went well, and what to do or what was found."""

TRIAL = "trial"
"""Under this name `config` holds the newest trial."""

LISTENS_FOR = timedelta(minutes=10)
MOST = 500


@dataclass(frozen=True, slots=True)
class Trial:
    """`about`: the object that was changed, by the vendor's id, and its `name` for people; empty where
    nothing could be changed. `after`: the inbox's last row before. `refused_at`: a call came meanwhile that
    was not proven. `kept`: what further steps of it must know.
    """

    at: datetime
    about: str = ""
    name: str = ""
    lines: tuple[Line, ...] = ()
    after: int = 0
    refused_at: datetime | None = None
    kept: Mapping[str, Any] = field(default_factory=dict)


def begun(conn: sa.Connection, *, now: datetime) -> Trial:
    """One that listens for whatever is heard from now on; the rest is told to `keep`."""
    newest = sa.select(inbox.c.id).where(inbox.c.id > 0).order_by(inbox.c.id.desc()).limit(1)
    return Trial(now, after=conn.scalar(newest) or 0)


def keep(conn: sa.Connection, workspace_id: int, system: str, trial: Trial) -> None:
    """In place of the one before. What came unproven since this one began is not forgotten."""
    config = _locked(conn, workspace_id, system)
    if config is None:
        return
    before: dict[str, Any] = config.get(TRIAL) or {}
    meanwhile = before.get("refused_at") if before.get("at") == trial.at.isoformat() else None
    _write(conn, workspace_id, system, {**config, TRIAL: _as_kept(trial, meanwhile)})


def go_on(conn: sa.Connection, workspace_id: int, system: str, trial: Trial) -> bool:
    """Keep what is known of it by now, unless another has begun meanwhile: then False."""
    config = _locked(conn, workspace_id, system)
    before: dict[str, Any] = (config or {}).get(TRIAL) or {}
    if before.get("at") != trial.at.isoformat():
        return False
    kept = _as_kept(trial, before.get("refused_at"))
    _write(conn, workspace_id, system, {**(config or {}), TRIAL: kept})
    return True


def of(account: Connection) -> Trial | None:
    """The newest; None where there was none since it was connected."""
    kept = account.config.get(TRIAL)
    if not kept:
        return None
    lines = tuple((str(what), bool(well), str(words)) for what, well, words in kept["lines"])
    refused = kept.get("refused_at")
    return Trial(
        datetime.fromisoformat(kept["at"]), kept["about"], kept["name"], lines, kept["after"],
        datetime.fromisoformat(refused) if refused else None, kept.get("kept") or {},
    )  # fmt: skip


def listening(account: Connection, *, now: datetime) -> bool:
    """Whether somebody wants to know of a call that is not proven: it is noted once in a trial."""
    trial = of(account)
    return trial is not None and trial.refused_at is None and now < trial.at + LISTENS_FOR


def note_refused(conn: sa.Connection, workspace_id: int, system: str, *, now: datetime) -> None:
    """A call came that was not proven."""
    config = _locked(conn, workspace_id, system)
    trial = (config or {}).get(TRIAL)
    if trial and not trial.get("refused_at"):
        noted = {**trial, "refused_at": now.isoformat()}
        _write(conn, workspace_id, system, {**(config or {}), TRIAL: noted})


def heard(
    conn: sa.Connection, workspace_id: int, system: str, trial: Trial
) -> Sequence[tuple[datetime, bytes]]:
    """The proven calls while it listened, the first ones first: when, and what they said."""
    query = sa.select(inbox.c.received_at, inbox.c.body).where(
        inbox.c.id > trial.after, inbox.c.workspace_id == workspace_id, inbox.c.system == system,
        inbox.c.received_at < trial.at + LISTENS_FOR,
    )  # fmt: skip
    return [(row.received_at, row.body) for row in conn.execute(query.order_by(inbox.c.id).limit(MOST))]


def _as_kept(trial: Trial, refused_at: str | None) -> dict[str, Any]:
    return {
        "refused_at": refused_at,
        "at": trial.at.isoformat(), "about": trial.about, "name": trial.name, "after": trial.after,
        "lines": [list(line) for line in trial.lines], "kept": dict(trial.kept),
    }  # fmt: skip


def _locked(conn: sa.Connection, workspace_id: int, system: str) -> dict[str, Any] | None:
    query = sa.select(connections.c.config).where(*_row(workspace_id, system)).with_for_update()
    found: dict[str, Any] | None = conn.scalar(query)
    return found


def _write(conn: sa.Connection, workspace_id: int, system: str, config: dict[str, Any]) -> None:
    conn.execute(sa.update(connections).where(*_row(workspace_id, system)).values(config=config))


def _row(workspace_id: int, system: str) -> tuple[sa.ColumnElement[bool], ...]:
    return connections.c.workspace_id == workspace_id, connections.c.system == system
