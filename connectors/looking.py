"""One look: an object of a vendor's is read now, with nothing open meanwhile, and the difference recorded."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine

from lineage import ledger
from lineage.changes import Change
from store import looks, workspaces
from store.connections import Connection as Account
from store.connections import touch_sync
from store.crash_points import reached
from store.database import transaction
from store.waiting import Claimed
from store.workspaces import Workspace

NOTHING: Mapping[str, Any] = {}
SYNC, EVERYTHING = "sync", "all"
"""Kind and id of the look that is a reconciliation with the whole account."""


class Object(NamedTuple):
    """Something of the same vendor's to look at. `at` and `hint` as in `store.looks.ask`."""

    kind: str
    id: str
    hint: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Looking:
    """A claimed look, the workspace that it is for, and the account to read from."""

    engine: Engine
    claimed: Claimed
    workspace: Workspace
    account: Account
    clock: Callable[[], datetime]

    @property
    def id(self) -> str:
        """The object's."""
        return str(self.claimed.row["object_id"])

    @property
    def hint(self) -> Mapping[str, Any]:
        hint: Mapping[str, Any] = self.claimed.row["hint"]
        return hint

    @property
    def event_at(self) -> datetime | None:
        at: datetime | None = self.claimed.row["event_at"]
        return at

    def finish(
        self,
        seen: Sequence[Change] = (),
        *,
        wanted: Iterable[Object] = (),
        again_in_s: float | None = None,
        again_hint: Mapping[str, Any] = NOTHING,
        watermark: Mapping[str, str] | None = None,
    ) -> None:
        """Records what was seen, asks for further looks, and marks this one as taken: all, or nothing.

        `again_in_s`: this look itself is due again then, with `again_hint`. `watermark`: how far a sync
        came. Raises Superseded where another worker holds the look by now, and LineageError.
        """
        now = self.clock()
        reached("looks.read" if watermark is None else "sync.read")
        with transaction(self.engine) as conn:
            workspace = workspaces.hold(conn, self.workspace.id)  # with the policy as it is now
            looks.finish(conn, self.claimed, self.claimed.row["asked"])
            cause = f"look:{self.claimed.id}:{self.claimed.row['serial'] + 1}"
            for number, change in enumerate(seen):
                ledger.record(conn, workspace, change, cause=f"{cause}:{number}", now=now)
            for one in wanted:
                self._ask(conn, one, now)
            if watermark is not None:
                touch_sync(conn, self.workspace.id, self.account.system, now=now, watermark=watermark)
            if again_in_s is not None:
                again = Object(self.claimed.row["kind"], self.id, again_hint)
                self._ask(conn, again, now, due_in_s=again_in_s)
        if watermark is not None:
            reached("sync.kept")

    def _ask(self, conn: Connection, one: Object, now: datetime, *, due_in_s: float = 0) -> None:
        looks.ask(
            conn,
            workspace_id=self.workspace.id,
            system=self.account.system,
            kind=one.kind,
            object_id=one.id,
            now=now,
            hint=one.hint,
            due_in_s=due_in_s,
        )
