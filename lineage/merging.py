"""Two persons who turn out to be one: what either asked for and was told is that one's (rule 13)."""

from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update

from lineage import choosing, history
from lineage.choosing import wish_of
from lineage.outcomes import notices, passes, told
from lineage.tables import addresses, choices, persons, requests
from lineage.terms import ItemId, PersonId
from lineage.wishes import EVERYTHING, Wish


def merge(conn: Connection, workspace_id: int, *, keep: PersonId, gone: PersonId, now: datetime) -> None:
    """Two persons are one. Their asks, their choices, and what they were told, are that one's."""
    _want_what_either_wants(conn, workspace_id, keep, gone, now)
    _number_on(conn, workspace_id, keep, gone)
    _keep_the_refusal(conn, workspace_id, keep, gone)
    for table in (addresses, requests, choices, told, notices):
        conn.execute(
            update(table)
            .where(table.c.workspace_id == workspace_id, table.c.person_id == gone)
            .values(person_id=keep)
        )
    for whose in (requests.c.person_id == keep, requests.c.reply_to_person_id != requests.c.person_id):
        answered = (requests.c.workspace_id == workspace_id, requests.c.reply_to_person_id == gone)
        conn.execute(update(requests).where(*answered, whose).values(reply_to_person_id=keep))
    history.same_person(conn, workspace_id, keep=keep, gone=gone)
    conn.execute(delete(persons).where(persons.c.workspace_id == workspace_id, persons.c.id == gone))


def _keep_the_refusal(conn: Connection, workspace_id: int, keep: PersonId, gone: PersonId) -> None:
    """Whoever wanted no news under one name wants none under the other; who proved one, proved both."""
    query = select(persons).where(persons.c.workspace_id == workspace_id, persons.c.id.in_((keep, gone)))
    both = {row.id: row for row in conn.execute(query)}
    for name in ("opted_out_at", "company_id", "proven"):
        if not getattr(both[keep], name):
            conn.execute(
                update(persons)
                .where(persons.c.workspace_id == workspace_id, persons.c.id == keep)
                .values({name: getattr(both[gone], name)})
            )


def _want_what_either_wants(
    conn: Connection, workspace_id: int, keep: PersonId, gone: PersonId, now: datetime
) -> None:
    """Parts that were chosen under both names are wanted together. Leaves room for the other choices.

    Whoever asks for the item under the other name, and chose nothing there, wants all of it.
    """
    here = choices.c.workspace_id == workspace_id
    query = select(choices).where(here, choices.c.person_id.in_((keep, gone)))
    said = {(row.person_id, row.item_id): row for row in conn.execute(query)}
    for item in sorted({item for _, item in said}):
        rows = [said.get((person, item)) for person in (keep, gone)]
        one, other = (
            wish_of(row) if row else _all_of(conn, workspace_id, person, item)
            for person, row in zip((keep, gone), rows, strict=True)
        )
        if one is None or other is None:
            continue
        latest = max((row for row in rows if row), key=lambda row: (row.chosen_at, row.chosen_by))
        wish = one.together(other, now)
        choosing.keep(conn, workspace_id, keep, item, wish, by=latest.chosen_by, at=latest.chosen_at)
        conn.execute(delete(choices).where(here, choices.c.item_id == item, choices.c.person_id == gone))


def _all_of(conn: Connection, workspace_id: int, person: PersonId, item: ItemId) -> Wish | None:
    """What a person wants of an item of which they chose nothing: all, if any of their asks passes it."""
    query = select(passes.c.ask_id).where(passes.c.workspace_id == workspace_id, passes.c.item_id == item)
    asks = conn.execute(query.where(passes.c.person_id == person).limit(1)).first()
    return EVERYTHING if asks else None


def _number_on(conn: Connection, workspace_id: int, keep: PersonId, gone: PersonId) -> None:
    """What both were told of the same item is told for the second time: make room in its numbers."""
    highest = conn.scalar(
        select(func.max(told.c.nth)).where(told.c.workspace_id == workspace_id, told.c.person_id == keep)
    )
    conn.execute(
        update(told)
        .where(told.c.workspace_id == workspace_id, told.c.person_id == gone)
        .values(nth=told.c.nth + (highest or 0))
    )
