"""What was said to persons, and what is about to be."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Row, select

from lineage.batches import batched
from lineage.news import kind_of_notice
from lineage.outcomes import LIVE, UNDER_WAY, notices
from lineage.questions.views import ItemView, ToldView
from lineage.terms import AskId, ItemId, Kind, PersonId
from lineage.world import CHUNK
from store.workspaces import Workspace

SAID = ("sent", "confirmed", "posted_not_emailed")


def messages_to(
    conn: Connection, workspace: Workspace, persons: Collection[PersonId]
) -> dict[PersonId, list[Row[Any]]]:
    """The messages that were said to these persons or are under way, oldest first."""
    query = select(notices).where(
        notices.c.workspace_id == workspace.id,
        notices.c.lane != "note",
        notices.c.state.in_((*SAID, *LIVE, *UNDER_WAY)),
    )
    found: dict[PersonId, list[Row[Any]]] = defaultdict(list)
    for chunk in batched(persons, CHUNK):
        for row in conn.execute(query.where(notices.c.person_id.in_(chunk)).order_by(notices.c.id)):
            found[PersonId(row.person_id)].append(row)
    return found


def facts_for(message: Row[Any], ask: AskId) -> list[Mapping[str, Any]]:
    """What this message tells for this ask."""
    return [fact for fact in message.facts if fact["ask"] == ask]


def items_in(messages: Iterable[Row[Any]]) -> set[ItemId]:
    """The items that these messages speak of."""
    return {ItemId(fact["item"]) for message in messages for fact in message.facts}


def told_views(
    messages: Iterable[Row[Any]], ask: AskId, items: Mapping[ItemId, ItemView]
) -> tuple[ToldView, ...]:
    """The messages that spoke for this ask, oldest first."""
    said = (message for message in messages if message.state in SAID)
    return tuple(_view(message, facts, items) for message in said if (facts := facts_for(message, ask)))


def _view(
    message: Row[Any], facts: Iterable[Mapping[str, Any]], items: Mapping[ItemId, ItemView]
) -> ToldView:
    of = tuple(items[item] for item in dict.fromkeys(fact["item"] for fact in facts) if item in items)
    kind = kind_of_notice({Kind(fact["kind"]) for fact in facts})
    where = (message.receipt or {}).get("place") or message.place
    return ToldView(
        kind.value, tuple(item.key for item in of), message.sent_at, where, message.text, items=of
    )
