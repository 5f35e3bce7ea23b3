"""Takes back what was done from the panel: our links, a step to done, and what was decided, exactly.

Issues that we made stay in Jira, unlinked: somebody may have written there, and a deletion is for good. Links
that were there before stay, too.
"""

from connectors.errors import Unavailable
from connectors.jira import making
from lineage import ledger
from lineage.changes import IssueSeen
from lineage.decided import Decisions
from lineage.engineer_changes import PutBack
from lineage.terms import ItemId
from plugin.jira import acts
from plugin.jira.acts import SHELF, Act
from plugin.jira.doing import Doing, links_to_parts
from store import workspaces
from store.crash_points import reached
from store.database import reading, transaction
from store.errors import GiveUp
from store.waiting import Superseded


def undo(doing: Doing) -> None:
    """Undo the act that this one names. Raises TryLater, GiveUp and Superseded."""
    with reading(doing.app.engine) as conn:
        done = acts.act(conn, doing.workspace.id, int(doing.claimed.row["undoes"]))
    if done is None:
        raise GiveUp("What was to be undone is not there any more.")
    for link in done.made.get("links", {}).values():
        if link["ours"] and link["id"]:
            making.unlink(doing.jira, link["id"])
            reached("unlink.answered")
    if "closed" in done.made:
        _open_again(doing, done.made["closed"])
    whole = doing.read(doing.item)
    _must_be_gone(whole, done)
    seen = [whole, *(doing.read(ItemId(part)) for part in done.made.get("links", {}))]
    reached("undo.read")
    back, now, by = Decisions.from_json(done.before), doing.now, doing.claimed.row["who"]
    with transaction(doing.app.engine) as conn:
        workspace = workspaces.hold(conn, doing.workspace.id)
        cause = f"act:{doing.claimed.id}"
        for number, issue in enumerate(seen):
            ledger.record(conn, workspace, issue, cause=f"{cause}:{number}", now=now)
        change = PutBack(doing.item, back.keeps, back.own_title, back.choices, by, now, done.who, done.at)
        ledger.record(conn, workspace, change, cause=f"{cause}:back", now=now)
        acts.undone(conn, workspace.id, done.id, now=now)
        if not SHELF.done(conn, doing.claimed):
            raise Superseded
    doing.app.wake()


def _must_be_gone(whole: IssueSeen, done: Act) -> None:
    """What was answered to our writes is one thing, and maybe not Jira's; what is read afterwards counts."""
    left = links_to_parts(whole).items()
    links = done.made.get("links", {})
    if any(links.get(part, {}).get("ours") and links[part]["id"] == ident for part, ident in left):
        raise Unavailable("Jira: the links are removed, and Jira still shows them. Read again.")
    if done.made.get("closed", {"was": "done"})["was"] != "done" and whole.category == "done":
        raise Unavailable("Jira: the issue is opened again, and Jira does not show it yet. Read again.")


def _open_again(doing: Doing, closed: dict[str, str]) -> None:
    """Back into a status of the category that it was in, where the workflow has a way."""
    if closed["was"] == "done" or doing.read(doing.item).category != "done":
        return
    for step in making.steps(doing.jira, doing.item):
        if step.category == closed["was"]:
            making.take(doing.jira, doing.item, step)
            reached("reopen.answered")
            return
    raise GiveUp(
        f"The links are removed, and Jira's workflow has no way back to “{closed['status']}”. Reopen the "
        "issue in Jira, then try again here."
    )
