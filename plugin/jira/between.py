"""Two engineers at once: the second is told what the first one did since the form was opened."""

from sqlalchemy import BindParameter, Connection, bindparam, select

from lineage import questions
from lineage.tables import history, history_about
from lineage.terms import ItemId
from plugin.jira import acts
from plugin.translating import gettext as _
from store.workspaces import Workspace

TELLING = (
    "KeepsPart", "ChildrenAreParts", "Sized", "PartsChosen", "Assigned", "PutBack", "MappingChanged",
)  # fmt: skip
"""Changes after which a form that was opened before may mean something else."""
LONGEST = 40


def changed_since(conn: Connection, workspace: Workspace, item: ItemId, seen: str) -> list[str]:
    """What somebody else did to this issue since history was at row `seen`, in words; none where nobody did.

    Also what waits in Jira: two splits of one issue do not run at once.
    """
    found = []
    if waiting := acts.under_way(conn, workspace.id, item):
        found.append(_("%(who)s has something under way here, begun just before.", who=waiting.who))
    if not (seen.isascii() and seen.isdigit() and len(seen) < 19):
        return found
    here = {"workspace": workspace.id, "item": item, "seen": int(seen)}
    causes = {row.cause for row in conn.execute(_SINCE, here) if row.kind in TELLING or _moves(row.effects)}
    if causes:
        entries = questions.history_of(conn, workspace, item_id=item, limit=LONGEST)
        found += [f"{one.who}: {one.what}" for one in entries if one.cause in causes]
    return found


def _moves(effects: object) -> bool:
    """Whether a link came or went."""
    return isinstance(effects, list) and any(effect[1] in ("merged", "split") for effect in effects)


_here: BindParameter[int] = bindparam("workspace")
_SINCE = (
    select(history.c.cause, history.c.kind, history.c.effects)
    .distinct()
    .join(history_about, history_about.c.history_id == history.c.id)
    .where(history_about.c.workspace_id == _here, history.c.workspace_id == _here)
    .where(history_about.c.role.in_(("item", "asked")), history_about.c.ref == bindparam("item"))
    .where(history_about.c.history_id > bindparam("seen"))
)
