"""The history (§6): every change is one row, unique by cause, and says what it is about.

It is kept for ever, and people can ask to be forgotten: so it names people by number alone and keeps none
of their words. `history_about` finds the rows of an issue, a person, a request or a post without a search.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from lineage import agent_changes, changes, engineer_changes, kept, operator_changes, requester_changes
from lineage.batches import batched
from lineage.tables import asks, history, history_about, requests
from lineage.terms import AskId, PersonId
from lineage.touched import Touched
from lineage.votes import post_of, vote_of
from store.database import insert_or_ignore
from store.rows import insert_row
from store.workspaces import Workspace

CHUNK = 500


class About(NamedTuple):
    """`role` and id: something happened to an `item`, or somebody `asked` for one or was told of it; a
    `person`, a `request`, a `post`.
    """

    role: str
    ref: str


def knows(conn: Connection, workspace_id: int, cause: str) -> bool:
    """Whether anything was recorded because of this."""
    return conn.scalar(_KNOWN, {"workspace": workspace_id, "cause": cause}) is not None


def write(
    conn: Connection,
    workspace: Workspace,
    change: changes.Change,
    touched: Touched,
    *,
    cause: str,
    now: datetime,
) -> None:
    """Keep a change that was applied; `touched` says what it came to."""
    told = kept.plain(change)
    if isinstance(change, changes.PolicyChanged):
        told |= {"policy": kept.plain(workspace.policy)}
    at = getattr(change, "at", None) or getattr(change, "updated", None) or now
    row = {
        "workspace_id": workspace.id, "cause": cause, "kind": type(change).__name__, "change": told,
        "happened_at": at, "heard_at": now, "who": getattr(change, "by", ""),
        "effects": [list(effect) for effect in touched.effects],
    }  # fmt: skip
    made = insert_row(conn, history, row)
    about = {About("item", ref) for effect in touched.effects for ref in _ends(effect)}
    _link(conn, workspace.id, made, about | _about(conn, workspace.id, change))


def note(
    conn: Connection,
    workspace_id: int,
    kind: str,
    told: Mapping[str, Any],
    *,
    cause: str,
    who: str,
    now: datetime,
    about: Iterable[About] = (),
) -> None:
    """Keep what somebody did to other rows than the facts: to a message, a post, the mapping."""
    row = {
        "workspace_id": workspace_id, "cause": cause, "kind": kind, "change": dict(told),
        "happened_at": now, "heard_at": now, "who": who, "effects": [],
    }  # fmt: skip
    if insert_or_ignore(conn, history, row):
        made = conn.execute(_KNOWN, {"workspace": workspace_id, "cause": cause}).scalar_one()
        _link(conn, workspace_id, made, about)


def note_on(
    conn: Connection,
    notice: Row[Any],
    kind: str,
    told: Mapping[str, Any],
    *,
    who: str,
    now: datetime,
    facts: Iterable[Mapping[str, Any]] | None = None,
) -> None:
    """Keep what became of a message: about its person, what it speaks of, and the requests it speaks for.

    `facts`: those that were told, where not all of them were.
    """
    facts = list(notice.facts if facts is None else facts) if notice.lane != "note" else []
    about = {About("person", str(notice.person_id))}
    about |= {About("asked", fact["item"]) for fact in facts}
    about |= _requests_of(conn, notice.workspace_id, {AskId(fact["ask"]) for fact in facts})
    named = {
        "notice": notice.id, "person": notice.person_id, "message": notice.kind, "digest": notice.digest,
        "facts": [{name: fact[name] for name in ("item", "happened", "kind")} for fact in facts],
    }  # fmt: skip
    cause = f"notice:{notice.id}:{kind}:{now.isoformat()}"
    note(conn, notice.workspace_id, kind, named | dict(told), cause=cause, who=who, now=now, about=about)


def same_person(conn: Connection, workspace_id: int, *, keep: PersonId, gone: PersonId) -> None:
    """Two persons are one: what was about either is about that one."""
    table = history_about
    of = (table.c.workspace_id == workspace_id, table.c.role == "person")
    both = select(table.c.history_id).where(*of, table.c.ref == str(keep))
    conn.execute(delete(table).where(*of, table.c.ref == str(gone), table.c.history_id.in_(both)))
    conn.execute(update(table).where(*of, table.c.ref == str(gone)).values(ref=str(keep)))


def _ends(effect: tuple[str, str, str, str]) -> list[str]:
    item, what, was, now = effect
    return [ref for ref in (item, was, now) if ref] if what in {"merged", "split"} else [item]


def _about(conn: Connection, workspace_id: int, change: changes.Change) -> set[About]:
    """What the change itself names."""
    match change:
        case changes.IssueSeen() | changes.IssueDeleted() | changes.IssueUnreadable():
            return {About("item", change.item)}
        case changes.KeepsPart() | changes.Sized() | changes.Titled() | changes.ChildrenAreParts():
            return {About("item", change.item)}
        case changes.PartsChosen() | engineer_changes.Assigned() | engineer_changes.PutBack():
            persons = {change.person} if isinstance(change, changes.PartsChosen) else change.persons
            return {About("asked", change.item)} | {About("person", str(one)) for one in persons}
        case changes.OptedOut() | requester_changes.OptedIn() | changes.Erased():
            return {About("person", str(change.person))}
        case changes.PostSeen():
            return {About("post", change.post)}
        case (
            changes.Linked()
            | changes.Unlinked()
            | agent_changes.NotThis()
            | agent_changes.MaybeThis()
            | operator_changes.LinkImported()
            | operator_changes.FindingImported()
        ):
            post = post_of(change.origin)
            asker = {About("post", post)} if post else _asker(conn, workspace_id, str(change.origin))
            return {About("asked", change.item)} | asker
        case (
            requester_changes.RequestWithdrawn()
            | requester_changes.RequestResumed()
            | requester_changes.NotMeant()
            | requester_changes.RemarksSettled()
            | requester_changes.LinkRevoked()
        ):
            return _asker(conn, workspace_id, str(change.origin))
        case changes.TicketSeen():
            return _asker(conn, workspace_id, f"zendesk:ticket:{change.ticket}")
        case changes.Voted() | changes.VoteWithdrawn():
            return _voter(conn, workspace_id, str(vote_of(change.post, change.voter.id)))
        case _:
            return set()


def _asker(conn: Connection, workspace_id: int, origin: str) -> set[About]:
    row = conn.execute(_ASKER, {"workspace": workspace_id, "origin": origin}).first()
    return {About("request", str(row.id)), About("person", str(row.person_id))} if row else set()


def _voter(conn: Connection, workspace_id: int, origin: str) -> set[About]:
    """The voter, and what the post of this vote is placed on."""
    rows = conn.execute(_VOTER, {"workspace": workspace_id, "origin": origin}).all()
    asked = {About("asked", row.item_id) for row in rows if row.item_id is not None}
    return asked | {
        about
        for row in rows
        for about in (About("request", str(row.id)), About("person", str(row.person_id)))
    }


def _requests_of(conn: Connection, workspace_id: int, wanted: Iterable[AskId]) -> set[About]:
    query = select(asks.c.request_id).where(asks.c.workspace_id == workspace_id)
    return {
        About("request", str(request))
        for chunk in batched(wanted, CHUNK)
        for request in conn.scalars(query.where(asks.c.id.in_(chunk)))
    }


def _link(conn: Connection, workspace_id: int, made: int, about: Iterable[About]) -> None:
    rows = [
        {"workspace_id": workspace_id, "role": role, "ref": ref, "history_id": made}
        for role, ref in sorted(set(about))
    ]
    if rows:
        conn.execute(_LINK, rows)


_KNOWN = select(history.c.id).where(
    history.c.workspace_id == bindparam("workspace"), history.c.cause == bindparam("cause")
)
_ASKER = select(requests.c.id, requests.c.person_id).where(
    requests.c.workspace_id == bindparam("workspace"), requests.c.origin == bindparam("origin")
)
_VOTER = _ASKER.add_columns(asks.c.item_id).outerjoin(
    asks, (asks.c.workspace_id == requests.c.workspace_id) & (asks.c.request_id == requests.c.id)
)
_LINK = insert(history_about)
