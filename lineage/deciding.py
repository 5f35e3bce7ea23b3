"""What people decide about items and persons: parts kept, sizes, public titles, opting out, the policy."""

from datetime import datetime

from sqlalchemy import Connection, select, text, update

from lineage import demand_days
from lineage.changes import KeepsPart, OptedOut, PolicyChanged, Sized, Titled
from lineage.counting.pushing import push_all
from lineage.counting.sums import hundredths, weights_of
from lineage.errors import LineageError, Unknown
from lineage.issues import restate
from lineage.item_rows import must_know, set_item
from lineage.outcomes import LIVE, NOT_OVER, demands, notices
from lineage.requester_changes import OptedIn
from lineage.tables import items, persons
from lineage.terms import ItemId, PersonId, Worth
from lineage.touched import UNCHANGED, Touched
from store.workspaces import Workspace

TITLE_LENGTH = 200


def keeps_part(conn: Connection, workspace: Workspace, change: KeepsPart, _now: datetime) -> Touched:
    """Whether a split item is one of its own parts or a mere container (rule 3)."""
    if must_know(conn, workspace.id, change.item).keeps_part == change.keeps:
        return UNCHANGED
    set_item(conn, workspace.id, change.item, {"keeps_part": change.keeps})
    return Touched(items={change.item})


def sized(conn: Connection, workspace: Workspace, change: Sized, _now: datetime) -> Touched:
    """Sizes of the parts; one without a size counts as 1 (rule 4)."""
    known = must_know(conn, workspace.id, change.item)
    wrong = [f"{part}={size}" for part, size in change.sizes.items() if not 1 <= size <= 1_000_000]
    if wrong:
        raise LineageError(f"A size is a whole number from 1 to 1,000,000, not {', '.join(wrong)}.")
    if known.sizes == dict(change.sizes):
        return UNCHANGED
    set_item(conn, workspace.id, change.item, {"sizes": dict(change.sizes)})
    return Touched(items={change.item})


def titled(conn: Connection, workspace: Workspace, change: Titled, _now: datetime) -> Touched:
    """What customers read of an item, or of the part that it keeps. An empty title takes it back."""
    title = " ".join(change.title.split()) or None
    if title and len(title) > TITLE_LENGTH:
        raise LineageError(
            f"A public title has at most {TITLE_LENGTH} characters; this one has {len(title)}."
        )
    column = "own_title" if change.own_part else "public_title"
    if getattr(must_know(conn, workspace.id, change.item), column) == title:
        return UNCHANGED
    set_item(conn, workspace.id, change.item, {column: title})
    return Touched(retitled={change.item})


def opted_out(conn: Connection, workspace: Workspace, change: OptedOut, _now: datetime) -> Touched:
    """This person is told nothing more; their asks still count."""
    here = (persons.c.workspace_id == workspace.id, persons.c.id == change.person)
    known = conn.execute(select(persons).where(*here)).first()
    if known is None:
        raise Unknown("Nobody is known by this address.")
    if known.opted_out_at is not None:
        return UNCHANGED
    conn.execute(update(persons).where(*here).values(opted_out_at=change.at))
    return Touched(persons={change.person})


def opted_in(conn: Connection, workspace: Workspace, change: OptedIn, _now: datetime) -> Touched:
    """This person is told again what happens from now on; what was skipped meanwhile stays skipped."""
    here = (persons.c.workspace_id == workspace.id, persons.c.id == change.person)
    back = update(persons).where(*here, persons.c.opted_out_at.is_not(None)).values(opted_out_at=None)
    return Touched(persons={change.person}) if conn.execute(back).rowcount else UNCHANGED


def policy_changed(conn: Connection, workspace: Workspace, _change: PolicyChanged, now: datetime) -> Touched:
    """Every state, every score and what waits to go out rest on the policy: they are worked out again."""
    push_all(conn, workspace.id, now=now)
    demand_days.keep_all(conn, workspace, day=demand_days.day_of(now))
    every = {
        ItemId(row.id) for row in conn.execute(select(items.c.id).where(items.c.workspace_id == workspace.id))
    }
    waiting = select(notices.c.person_id).where(
        notices.c.workspace_id == workspace.id,
        text(NOT_OVER),
        notices.c.lane != "note",
        notices.c.state.in_(LIVE),
    )
    moved = restate(conn, workspace, every)
    return Touched(
        restated=set(moved),
        rescored=_scored_otherwise(conn, workspace),
        persons={PersonId(person) for person in conn.scalars(waiting)},
        effects=list(moved.values()),
    )


def _scored_otherwise(conn: Connection, workspace: Workspace) -> set[ItemId]:
    query = select(demands).where(demands.c.workspace_id == workspace.id)
    weights = weights_of(workspace)
    return {
        ItemId(row.item_id)
        for row in conn.execute(query)
        if hundredths(row.requesters, Worth(row.customer, row.pipeline), weights) != row.score_hundredths
    }
