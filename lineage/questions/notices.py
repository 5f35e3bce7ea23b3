"""The send plan: who will be told what, where, and why now or why not."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Connection, Row, Select, Text, select, text, type_coerce

from lineage.batches import batched
from lineage.outcomes import LIVE, NOT_OVER, UNDER_WAY
from lineage.outcomes import notices as kept
from lineage.questions.items import views
from lineage.questions.persons import emails_of
from lineage.questions.told import items_in
from lineage.questions.views import NoticeView
from lineage.tables import persons
from lineage.terms import ItemId, PersonId
from lineage.world import CHUNK
from store.workspaces import Workspace


def notices(
    conn: Connection,
    workspace: Workspace,
    *,
    state: str | None = None,
    person_id: PersonId | None = None,
    item_id: ItemId | None = None,
    ids: Collection[int] | None = None,
) -> list[NoticeView]:
    """The messages to customers that fit, in the order in which they were planned."""
    rows = _rows(conn, workspace, state, person_id, item_id, ids)
    items = views(conn, workspace, sorted(items_in(rows)))
    emails = emails_of(conn, workspace, {row.person_id for row in rows})
    return [
        NoticeView(
            id=row.id,
            digest=row.digest,
            kind=row.kind,
            person_id=row.person_id,
            person_name=row.name,
            person_email=emails.get(row.person_id),
            issues=tuple(items[item] for item in _told_of(row) if item in items),
            where=row.place,
            state=row.state,
            reason=row.reason,
            due_at=row.due_at,
            sent_at=row.sent_at,
            text=row.text,
            approved_by=row.approved_by,
            lane=row.lane,
            language=row.language,
            not_before=row.not_before,
            edited_by=row.edited_by,
            drafted_text=row.drafted_text,
            words_before=row.words_before,
            entry=row.entry,
        )
        for row in rows
    ]


def _rows(
    conn: Connection,
    workspace: Workspace,
    state: str | None,
    person_id: PersonId | None,
    item_id: ItemId | None,
    ids: Collection[int] | None,
) -> list[Row[Any]]:
    query = (
        select(kept, persons.c.name)
        .join(persons, persons.c.id == kept.c.person_id)
        .where(kept.c.workspace_id == workspace.id, kept.c.lane != "note")
        .order_by(kept.c.id)
    )
    if state is not None:
        query = query.where(kept.c.state == state)
        if state in (*LIVE, *UNDER_WAY):  # then a small index has them
            query = query.where(text(NOT_OVER))
    if person_id is not None:
        query = query.where(kept.c.person_id == person_id)
    if item_id is not None:
        query = _about(query, item_id)
    if ids is None:
        return list(conn.execute(query).all())
    chunks = batched(sorted(set(ids)), CHUNK)
    return [row for chunk in chunks for row in conn.execute(query.where(kept.c.id.in_(chunk)))]


def _about(query: Select[Any], item_id: ItemId) -> Select[Any]:
    """Facts are kept as compact JSON with sorted keys, so an item is named in exactly one way."""
    named = f'"item":"{item_id}"'
    return query.where(type_coerce(kept.c.facts, Text).contains(named, autoescape=True))


def _told_of(row: Row[Any]) -> Iterable[ItemId]:
    return dict.fromkeys(ItemId(fact["item"]) for fact in row.facts)
