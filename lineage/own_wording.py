"""Setting an operator's own template for a kind and a language: tried before it is kept.

Other words have another digest: what waits with the words of before is planned anew, and approved anew.
"""

from datetime import datetime

from sqlalchemy import Connection, delete, select, text

from lineage.errors import LineageError
from lineage.operator_changes import WordingSet
from lineage.outcomes import LIVE, NOT_OVER, notices, wordings
from lineage.terms import Kind, PersonId
from lineage.touched import UNCHANGED, Touched
from lineage.wording import LANGUAGES, trouble_with
from store.database import upsert
from store.rows import find_row
from store.workspaces import Workspace


def wording_set(conn: Connection, workspace: Workspace, change: WordingSet, now: datetime) -> Touched:
    """Keep it, or (where it is empty) use ours again. Raises LineageError where it cannot be used."""
    if change.language not in LANGUAGES:
        raise LineageError(
            f"We write in {', '.join(LANGUAGES)}, not in {change.language!r}: choose one of these."
        )
    key = {"workspace_id": workspace.id, "kind": change.kind.value, "language": change.language}
    template = _tidy(change.template)
    before = find_row(conn, wordings, **key)
    if (before.template if before else "") == template:
        return UNCHANGED
    if not template:
        here = (getattr(wordings.c, name) == value for name, value in key.items())
        conn.execute(delete(wordings).where(*here))
    elif trouble := trouble_with(change.kind, change.language, template):
        raise LineageError(trouble)
    else:
        set_by = {"template": template, "changed_by": change.by[:200], "changed_at": now}
        upsert(conn, wordings, ("workspace_id", "kind", "language"), key | set_by)
    return Touched(persons=_waiting(conn, workspace, change.kind))


def _waiting(conn: Connection, workspace: Workspace, kind: Kind) -> set[PersonId]:
    query = select(notices.c.person_id).where(
        notices.c.workspace_id == workspace.id, text(NOT_OVER), notices.c.state.in_(LIVE),
        notices.c.kind == kind.value,
    )  # fmt: skip
    return {PersonId(person) for person in conn.scalars(query)}


def _tidy(template: str) -> str:
    return "\n".join(line.rstrip() for line in template.splitlines()).strip()
