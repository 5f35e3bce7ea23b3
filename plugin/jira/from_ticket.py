"""Makes the issue that an agent asked for beside a ticket, and links the ticket to it: each once."""

from connectors.errors import Refused
from connectors.jira.making import Wanted
from lineage import ledger
from lineage.changes import Linked
from lineage.terms import ItemId, Origin
from plugin.jira import acts, once
from plugin.jira.acts import SHELF
from plugin.jira.doing import Doing
from store import workspaces
from store.database import transaction
from store.waiting import Superseded


def make(doing: Doing) -> None:
    """Raises TryLater, GiveUp and Superseded; but what Jira does not like about the form ends this act, and
    waits for whoever filled it in.
    """
    [part] = doing.plan["parts"]
    if not doing.made.get("parts", {}).get(part["n"], {}).get("item"):
        try:
            once.made_once(doing, part, lambda: _wanted(doing))
        except Refused as no:
            if no.status != 400:
                raise
            _give_back(doing, no)
            return
    _link(doing, ItemId(doing.made["parts"][part["n"]]["item"]))


def _wanted(doing: Doing) -> Wanted:
    plan, [part] = doing.plan, doing.plan["parts"]
    return Wanted(
        plan["project"], plan["kind"], part["summary"], plan["description"], part["mark"],
        fields=plan["fields"],
    )  # fmt: skip


def _give_back(doing: Doing, no: Refused) -> None:
    doing.made[acts.REFUSED] = {"said": str(no), "fields": no.fields}
    with transaction(doing.app.engine) as conn:
        acts.progress(conn, doing.claimed, doing.made)
        if not SHELF.done(conn, doing.claimed):
            raise Superseded


def _link(doing: Doing, item: ItemId) -> None:
    """The words of the form go: from now on they are in Jira, and nowhere else."""
    seen, now, row = doing.read(item), doing.now, doing.claimed.row
    linked = Linked(Origin.parse(row["item_id"]), item, by=row["who"], at=now)
    with transaction(doing.app.engine) as conn:
        workspace = workspaces.hold(conn, doing.workspace.id)
        ledger.record(conn, workspace, seen, cause=f"act:{doing.claimed.id}:seen", now=now)
        ledger.record(conn, workspace, linked, cause=f"act:{doing.claimed.id}:linked", now=now)
        acts.without_words(conn, workspace.id, doing.claimed.id)
        if not SHELF.done(conn, doing.claimed):
            raise Superseded
    doing.app.wake()
