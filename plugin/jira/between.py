"""Two engineers at once: the second is told what the first one did since the form was opened."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import BindParameter, Connection, bindparam, select

from lineage import questions
from lineage.tables import history, history_about
from lineage.terms import ItemId
from plugin.identity import Engineer
from plugin.jira import acts, site
from plugin.translating import gettext as _
from store.workspaces import Workspace

TELLING = (
    "KeepsPart", "ChildrenAreParts", "Sized", "PartsChosen", "Assigned", "PutBack", "MappingChanged",
)  # fmt: skip
"""Changes after which a form that was opened before may mean something else."""
LONGEST = 40


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What somebody did, in words that name these issues."""

    who: str
    what: str
    issues: frozenset[ItemId] = frozenset()


def in_words(engineer: Engineer, meanwhile: Collection[Meanwhile]) -> list[str]:
    """For this reader. To be asked outside of a transaction: Jira says what they may see."""
    seen = site.seen(engineer, {item for one in meanwhile for item in one.issues})
    hidden = _("something with an issue you may not see")
    told = [(one.who, one.what if one.issues <= seen else hidden) for one in meanwhile]
    return [f"{who}: {what}" if who else what for who, what in told]


def changed_since(conn: Connection, workspace: Workspace, item: ItemId, seen: str) -> list[Meanwhile]:
    """What somebody else did to this issue since history was at row `seen`; none where nobody did.

    Also what waits in Jira: two splits of one issue do not run at once.
    """
    found: list[Meanwhile] = []
    if waiting := acts.under_way(conn, workspace.id, item):
        said = _("%(who)s has something under way here, begun just before.", who=waiting.who)
        found.append(Meanwhile("", said))
    if not (seen.isascii() and seen.isdigit() and len(seen) < 19):
        return found
    here = {"workspace": workspace.id, "item": item, "seen": int(seen)}
    causes = {row.cause for row in conn.execute(_SINCE, here) if row.kind in TELLING or _moves(row.effects)}
    if causes:
        entries = questions.history_of(conn, workspace, item_id=item, limit=LONGEST)
        found += [
            Meanwhile(one.who, one.what, frozenset(map(ItemId, one.issues)))
            for one in entries
            if one.cause in causes
        ]
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
