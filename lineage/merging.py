"""Two persons who turn out to be one: what either asked for and was told is that one's (rule 13)."""

from sqlalchemy import Connection, delete, func, select, update

from lineage import history
from lineage.outcomes import notices, told
from lineage.tables import addresses, choices, persons, requests
from lineage.terms import PersonId


def merge(conn: Connection, workspace_id: int, *, keep: PersonId, gone: PersonId) -> None:
    """Two persons are one. Their asks, their choices, and what they were told, are that one's."""
    _want_what_either_wants(conn, workspace_id, keep, gone)
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


def _want_what_either_wants(conn: Connection, workspace_id: int, keep: PersonId, gone: PersonId) -> None:
    """Parts that were chosen under both names are wanted together. Leaves room for the other choices."""
    here = choices.c.workspace_id == workspace_id
    query = select(choices).where(here, choices.c.person_id.in_((keep, gone)))
    said = {(row.person_id, row.item_id): row for row in conn.execute(query)}
    for person, item in [key for key in said if key[0] == gone and (keep, key[1]) in said]:
        one, other = said[keep, item], said[person, item]
        latest = max(one, other, key=lambda row: (row.chosen_at, row.chosen_by))
        parts = sorted({*one.parts, *other.parts})
        values = {"parts": parts, "chosen_at": latest.chosen_at, "chosen_by": latest.chosen_by}
        at_item = (here, choices.c.item_id == item)
        conn.execute(update(choices).where(*at_item, choices.c.person_id == keep).values(values))
        conn.execute(delete(choices).where(*at_item, choices.c.person_id == gone))


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
