"""What it means to have told somebody something: the rows that say so."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from lineage.outcomes import told, told_asks
from lineage.tables import asks, requests
from lineage.terms import AskId, Kind, PersonId
from lineage.votes import IN_COMMUNITY, OWN_TICKET
from store.rows import insert_row


def tell(
    conn: Connection,
    workspace_id: int,
    person: PersonId,
    facts: Sequence[Mapping[str, Any]],
    *,
    place: str,
    now: datetime,
    notice: int | None = None,
) -> None:
    """This person was told these facts there, then. `notice`: None where the backup did not know it."""
    _take_back(conn, workspace_id, facts, now)
    promised = {fact["ask"] for fact in facts if fact["promised"]}
    spoken: dict[tuple[str, bool, str], set[AskId]] = {}
    happened_at: dict[tuple[str, bool, str], datetime] = {}
    for fact in facts:
        if fact["kind"] != Kind.CORRECTION:
            what = (fact["item"], fact["own"], fact["happened"])
            spoken.setdefault(what, set()).add(AskId(fact["ask"]))
            if fact["at"]:
                happened_at[what] = datetime.fromisoformat(fact["at"])
    for (item, own, happened), of in sorted(spoken.items()):
        values = {
            "workspace_id": workspace_id, "person_id": person, "item_id": item, "own": own,
            "happened": happened, "nth": _nth(conn, workspace_id, person, item, happened), "at": now,
            "happened_at": happened_at.get((item, own, happened)), "notice_id": notice, "place": place,
        }  # fmt: skip
        made = insert_row(conn, told, values)
        rows = [
            {"workspace_id": workspace_id, "told_id": made, "ask_id": ask, "promised": ask in promised}
            for ask in sorted(of)
        ]
        conn.execute(insert(told_asks), rows)


def _take_back(
    conn: Connection, workspace_id: int, facts: Sequence[Mapping[str, Any]], now: datetime
) -> None:
    corrected = {fact["told"] for fact in facts if fact["kind"] == Kind.CORRECTION}
    conn.execute(
        update(told)
        .where(told.c.workspace_id == workspace_id, told.c.id.in_(corrected))
        .values(retracted_at=now)
    )


def _nth(conn: Connection, workspace_id: int, person: PersonId, item: str, happened: str) -> int:
    query = select(func.max(told.c.nth)).where(
        told.c.workspace_id == workspace_id, told.c.person_id == person,
        told.c.item_id == item, told.c.happened == happened,
    )  # fmt: skip
    return (conn.scalar(query) or 0) + 1


def answer_here_from_now_on(
    conn: Connection,
    workspace_id: int,
    person: PersonId,
    facts: Sequence[Mapping[str, Any]],
    *,
    place: str,
    ticket: str,
) -> None:
    """A follow-up becomes the reply address of the request whose ticket was closed; a ticket that was opened
    for a voter that of every vote in the community of which these facts told.
    """
    if ticket and place.startswith(f"{OWN_TICKET}:"):
        _votes_move(conn, workspace_id, person, {fact["ask"] for fact in facts}, ticket)
    if not ticket or not place.startswith("zendesk:followup:"):
        return
    closed = place.replace("zendesk:followup:", "zendesk:ticket:", 1)
    conn.execute(
        update(requests)
        .where(requests.c.workspace_id == workspace_id, requests.c.reply_to == closed)
        .where(requests.c.person_id == person)
        .values(reply_to=f"zendesk:ticket:{ticket}", reply_state="solved")
    )


def _votes_move(
    conn: Connection, workspace_id: int, person: PersonId, told_of: Collection[int], ticket: str
) -> None:
    behind = select(asks.c.request_id).where(asks.c.workspace_id == workspace_id, asks.c.id.in_(told_of))
    votes = requests.c.reply_to.startswith(f"{IN_COMMUNITY}:", autoescape=True)
    conn.execute(
        update(requests)
        .where(requests.c.workspace_id == workspace_id, requests.c.id.in_(behind), votes)
        .where(requests.c.person_id == person)
        .values(moved_from=requests.c.reply_to, reply_to=f"zendesk:ticket:{ticket}", reply_state="solved")
    )
