"""Moves an issue to done that was closed in part: the last step, once its parts are there and linked."""

from connectors.errors import Unavailable
from connectors.jira import making
from connectors.jira.mapping import LinkMapping
from lineage import ledger
from plugin.jira.doing import Doing
from store import workspaces
from store.crash_points import reached
from store.database import transaction
from store.errors import GiveUp


def close(doing: Doing) -> None:
    """The item is moved to done. Which way is Jira's workflow: where it offers none, a person closes it."""
    if "closed" not in doing.made:
        seen = doing.read(doing.item)
        doing.made["closed"] = {"was": seen.category, "status": seen.status}
        doing.keep()
        reached("close.begun")
    seen = doing.read(doing.item)
    if seen.category != "done":
        making.take(doing.jira, doing.item, _way_to_done(doing), resolution=_delivered(doing.mapping))
        reached("close.answered")
        seen = doing.read(doing.item)
        if seen.category != "done":  # whoever answered, maybe not Jira
            raise Unavailable("Jira: the issue is moved to done, and Jira does not show it yet. Read again.")
    reached("close.read")
    with transaction(doing.app.engine) as conn:
        workspace = workspaces.hold(conn, doing.workspace.id)
        ledger.record(conn, workspace, seen, cause=f"act:{doing.claimed.id}:closed", now=doing.now)
    reached("close.recorded")
    doing.app.wake()


def _way_to_done(doing: Doing) -> making.Step:
    for step in making.steps(doing.jira, doing.item):
        if step.category == "done":
            return step
    raise GiveUp(
        "The parts are made, and Jira's workflow offers no way to done from here. Close the issue in Jira: "
        "what is out is told then."
    )


def _delivered(mapping: LinkMapping) -> str | None:
    """The resolution that means that it is out."""
    return next((one for one, meaning in sorted(mapping.resolutions.items()) if meaning == "delivered"), None)
