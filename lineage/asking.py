"""Requests and asks: who asked where, and about which items."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select, update

from lineage import choosing, people
from lineage.batches import batched
from lineage.changes import Linked, PartsChosen, PostSeen, TicketSeen, Unlinked, Voted, VoteWithdrawn
from lineage.errors import Unknown
from lineage.forgetting import is_erased
from lineage.item_rows import must_know
from lineage.organisations import company_of
from lineage.reply_places import bring_up_to_date
from lineage.tables import asks, placements, posts, requests
from lineage.terms import AskId, ItemId, PersonId, RequestId
from lineage.touched import UNCHANGED, Touched, Wanted
from lineage.votes import placing_of, post_of, vote_of, voted_for
from lineage.world import CHUNK
from store.database import insert_or_ignore, upsert
from store.rows import find_row, find_rows, insert_row, update_rows
from store.workspaces import Workspace


def ticket_seen(conn: Connection, workspace: Workspace, seen: TicketSeen, now: datetime) -> Touched:
    """A ticket was read: its request is kept as first seen, its place for replies as it is now."""
    origin = f"zendesk:ticket:{seen.ticket}"
    touched, known = Touched(changed=False), _request(conn, workspace.id, origin)
    asker = _requester(conn, workspace.id, seen, known, touched, now)
    if known is None and (seen.words or not seen.opened_by_us):
        company = company_of(conn, workspace.id, asker, seen.organisation)
        values = {
            "origin": origin, "person_id": asker, "company_id": company, "words": seen.words,
            "subject": seen.subject, "language": seen.requester.language, "asked_at": seen.created,
        }  # fmt: skip
        _new_request(conn, workspace.id, values, reply_to=origin)
        touched.changed = True
    touched.changed |= bring_up_to_date(conn, workspace.id, seen, asker, touched, now)
    return touched


def _requester(
    conn: Connection,
    workspace_id: int,
    seen: TicketSeen,
    known: Row[Any] | None,
    touched: Touched,
    now: datetime,
) -> PersonId:
    """Whose ticket it is. Reading one of somebody who was forgotten brings no name back."""
    if known is not None and is_erased(conn, workspace_id, PersonId(known.person_id)):
        found = people.by_address(conn, workspace_id, seen.requester.kind, seen.requester.id)
        return found or PersonId(known.person_id)
    return people.person(conn, workspace_id, seen.requester, touched, now)


def post_seen(conn: Connection, workspace: Workspace, seen: PostSeen, _now: datetime) -> Touched:
    """A forum post may be shown: from now on it can be placed and voted for."""
    key = {"workspace_id": workspace.id, "id": seen.post}
    known = find_row(conn, posts, **key)
    if known is not None and (known.title, known.created_at) == (seen.title, seen.created):
        return UNCHANGED
    upsert(conn, posts, list(key), key | {"title": seen.title, "created_at": seen.created})
    return Touched()


def voted(conn: Connection, workspace: Workspace, seen: Voted, now: datetime) -> Touched:
    """A vote is a request; where its post is placed already, it is an ask at once."""
    touched = Touched(changed=False)
    asker = people.person(conn, workspace.id, seen.voter, touched, now)
    origin = str(vote_of(seen.post, seen.voter.id))
    placed = conn.execute(_PLACED, {"workspace": workspace.id, "post": seen.post}).all()
    if not placed:
        raise Unknown(f"There is no published post {seen.post} to vote for.")
    known = _request(conn, workspace.id, origin)
    if known is not None and known.withdrawn_at is None:
        return touched
    touched.changed = True
    if known is None:
        values = {
            "origin": origin, "person_id": asker, "company_id": company_of(conn, workspace.id, asker, None),
            "words": seen.words, "subject": placed[0].title, "language": seen.voter.language,
            "asked_at": seen.at,
        }  # fmt: skip
        request = _new_request(conn, workspace.id, values, reply_to=str(placing_of(seen.post)))
    else:
        request = known.id
        _set_request(conn, workspace.id, request, {"withdrawn_at": None, "asked_at": seen.at})
        of_request = (asks.c.workspace_id == workspace.id, asks.c.request_id == request)
        again = update(asks).where(*of_request).values(linked_at=seen.at).returning(asks.c.id)
        touched.asks |= {AskId(ask) for ask in conn.scalars(again)}
    for place in placed:
        if place.item_id is None:
            continue  # published, and on no issue yet
        at = max(place.linked_at, seen.at)
        _ask(conn, workspace.id, request, ItemId(place.item_id), at, place.linked_by, touched)
    return touched


def vote_withdrawn(conn: Connection, workspace: Workspace, seen: VoteWithdrawn, _now: datetime) -> Touched:
    """The vote counts no more; nobody is told anything about it."""
    known = _request(conn, workspace.id, str(vote_of(seen.post, seen.voter.id)))
    if known is None or known.withdrawn_at is not None:
        return UNCHANGED
    _set_request(conn, workspace.id, known.id, {"withdrawn_at": seen.at})
    of_request = find_rows(conn, asks, workspace_id=workspace.id, request_id=known.id)
    return Touched(asks={AskId(row.id) for row in of_request}, persons={known.person_id})


def linked(conn: Connection, workspace: Workspace, change: Linked, _now: datetime) -> Touched:
    """A request became an ask for an item; a forum post brings all its votes, present and future."""
    must_know(conn, workspace.id, change.item)
    touched = Touched(changed=False)
    if (post := post_of(change.origin)) is not None:
        if not _place(conn, workspace.id, change, post):
            return UNCHANGED
        touched.changed = True
        found = _votes(conn, workspace.id, post)
    else:
        request = _request(conn, workspace.id, str(change.origin))
        request = request or _of_own_ticket(conn, workspace.id, change)
        if request is None:
            raise Unknown(f"Nothing is known of {change.origin}: look at it first (`kithspark look`).")
        found = [request]
        touched.asks |= _ask_anew(conn, request)
    for row in found:
        touched.persons.add(row.person_id)
        _ask(conn, workspace.id, row.id, change.item, change.at, change.by, touched)
    return touched


def unlinked(conn: Connection, workspace: Workspace, change: Unlinked, _now: datetime) -> Touched:
    """The link is taken back. Kept asks still count and are told; the others are withdrawn."""
    removed = 0
    if (post := post_of(change.origin)) is not None:
        every = _every_vote(conn, workspace.id, post)
        found = [row for row in every if row.withdrawn_at is None]
        taken_back = [row.id for row in every if row.withdrawn_at is not None]
        _withdraw(conn, workspace.id, taken_back, change)  # given again, they are for no issue any more
        here = (placements.c.workspace_id == workspace.id, placements.c.post_id == post)
        removed = conn.execute(delete(placements).where(*here, placements.c.item_id == change.item)).rowcount
    else:
        row = _request(conn, workspace.id, str(change.origin))
        found = [row] if row is not None else []
    ours = [row.id for row in found]
    if change.keep:
        ended = _end(conn, workspace.id, ours, change.item, {"detached_at": change.at})
    else:
        ended = _withdraw(conn, workspace.id, ours, change)
    if not (removed or ended):
        raise Unknown(f"{change.origin} is not linked to this issue.")
    return Touched(asks=ended, persons={PersonId(row.person_id) for row in found})


def _withdraw(conn: Connection, workspace_id: int, of: Iterable[int], change: Unlinked) -> set[AskId]:
    return _end(conn, workspace_id, of, change.item, {"withdrawn_at": change.at})


def _end(
    conn: Connection, workspace_id: int, of: Iterable[int], item: ItemId, values: dict[str, Any]
) -> set[AskId]:
    """End the asks of these requests for this item; which they were."""
    ended: set[AskId] = set()
    for chunk in batched(of, CHUNK):
        theirs = {"workspace": workspace_id, "item": item, "of_requests": chunk}
        ended |= {AskId(ask) for ask in conn.scalars(_END, theirs | values)}
    return ended


def parts_chosen(conn: Connection, workspace: Workspace, change: PartsChosen, _now: datetime) -> Touched:
    """One person wants these parts of a split item, or (None) all of them again (rule 5)."""
    must_know(conn, workspace.id, change.item)
    before = choosing.known(conn, workspace.id, change.person, change.item)
    wish = before.then(change.parts or None, change.at)
    if wish.parts == before.parts:
        return UNCHANGED
    choosing.keep(conn, workspace.id, change.person, change.item, wish, by=change.by, at=change.at)
    return Touched(asks=people.asks_of(conn, workspace.id, change.person), persons={change.person})


def _ask_anew(conn: Connection, request: Row[Any]) -> set[AskId]:
    """Linked after its person took it back: that link alone counts, what they took back stays so."""
    if request.withdrawn_at is None:
        return set()
    of_request = (asks.c.workspace_id == request.workspace_id, asks.c.request_id == request.id)
    standing = update(asks).where(*of_request, asks.c.withdrawn_at.is_(None))
    ended = conn.scalars(standing.values(withdrawn_at=request.withdrawn_at).returning(asks.c.id)).all()
    _set_request(conn, request.workspace_id, request.id, {"withdrawn_at": None})
    return {AskId(ask) for ask in ended}


def _request(conn: Connection, workspace_id: int, origin: str) -> Row[Any] | None:
    return find_row(conn, requests, workspace_id=workspace_id, origin=origin)


def _new_request(conn: Connection, workspace_id: int, values: dict[str, Any], *, reply_to: str) -> int:
    row = {"workspace_id": workspace_id, "reply_to": reply_to, **values}
    if "reply_to_person_id" not in row:
        row["reply_to_person_id"] = values["person_id"]
    return insert_row(conn, requests, row)


def _of_own_ticket(conn: Connection, workspace_id: int, change: Linked) -> Row[Any] | None:
    """The ticket that we opened for a voter is no request by itself, but somebody may say that it is one."""
    here = find_rows(conn, requests, workspace_id=workspace_id, reply_to=str(change.origin))
    vote = min((row for row in here if row.moved_from), key=lambda row: row.id, default=None)
    if vote is None:
        return None
    values = {
        "origin": str(change.origin), "person_id": vote.person_id, "company_id": vote.company_id,
        "subject": vote.subject, "language": vote.language, "asked_at": change.at,
        "reply_state": vote.reply_state, "reply_to_person_id": vote.reply_to_person_id,
    }  # fmt: skip
    _new_request(conn, workspace_id, values, reply_to=str(change.origin))
    return _request(conn, workspace_id, str(change.origin))


def _set_request(conn: Connection, workspace_id: int, request: int, values: dict[str, Any]) -> None:
    update_rows(conn, requests, values, workspace_id=workspace_id, id=request)


def _votes(conn: Connection, workspace_id: int, post: str) -> list[Row[Any]]:
    return [row for row in _every_vote(conn, workspace_id, post) if row.withdrawn_at is None]


def _every_vote(conn: Connection, workspace_id: int, post: str) -> list[Row[Any]]:
    """Those that were taken back too. Looked up by where they are answered, which is their post, or was until
    they got a ticket: a range of origins would depend on how the database sorts text.
    """
    place = str(placing_of(post))
    votes = [*find_rows(conn, requests, workspace_id=workspace_id, reply_to=place)]
    votes += find_rows(conn, requests, workspace_id=workspace_id, moved_from=place)
    return [row for row in votes if voted_for(row.origin) == post]


def _place(conn: Connection, workspace_id: int, change: Linked, post: str) -> bool:
    if not conn.scalar(select(posts.c.id).where(posts.c.workspace_id == workspace_id, posts.c.id == post)):
        raise Unknown(f"There is no published post {post}.")
    row = {"workspace_id": workspace_id, "post_id": post, "item_id": change.item}
    return insert_or_ignore(conn, placements, row | {"linked_at": change.at, "linked_by": change.by})


def _ask(
    conn: Connection, workspace_id: int, request: int, item: ItemId, at: datetime, by: str, touched: Touched
) -> None:
    row = {"workspace_id": workspace_id, "request_id": request, "item_id": item}
    known = find_row(conn, asks, **row)
    linked = {"linked_at": at, "linked_by": by}
    if known is None:
        ask = insert_row(conn, asks, row | linked)
    elif known.withdrawn_at is None and known.detached_at is None and known.imported_at is None:
        return
    else:
        ask = known.id
        now_by_hand = {"withdrawn_at": None, "detached_at": None, "imported_at": None}
        update_rows(conn, asks, linked | now_by_hand, **row)
    touched.changed = True
    touched.asks.add(AskId(ask))
    for email in people.emails_behind(conn, workspace_id, RequestId(request)):
        touched.wanted.add(Wanted("hubspot", "email", email))


_PLACED = (
    select(posts.c.title, placements.c.item_id, placements.c.linked_at, placements.c.linked_by)
    .outerjoin(
        placements, (placements.c.workspace_id == posts.c.workspace_id) & (placements.c.post_id == posts.c.id)
    )
    .where(posts.c.workspace_id == bindparam("workspace"), posts.c.id == bindparam("post"))
)
"""A published post, once for each issue on which it is placed, or once."""
_END = (
    update(asks)
    .where(asks.c.workspace_id == bindparam("workspace"), asks.c.item_id == bindparam("item"))
    .where(asks.c.request_id.in_(bindparam("of_requests", expanding=True)), asks.c.withdrawn_at.is_(None))
    .returning(asks.c.id)
)
