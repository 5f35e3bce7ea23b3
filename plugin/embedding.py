"""Asks the model that a workspace named what it makes of issues and tickets, a few at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection as Database

from connectors import accounts
from connectors.resting import Rests
from lineage.likeness import embedding, embedding_texts
from lineage.likeness.embedding import SHELF, Next
from lineage.likeness.embedding_texts import Words
from lineage.likeness.vectors import pack
from lineage.terms import ItemId
from plugin.app_state import Kithspark
from store import workspaces
from store.connections import Connection
from store.database import reading, transaction
from store.waiting import Claimed, Superseded


@dataclass(frozen=True, slots=True)
class _Read:
    """What a round is about: the words as they are now, and what is known of them by their fingerprints."""

    upcoming: Next
    items: Mapping[ItemId, Words]
    tickets: Mapping[int, Words]
    known: Mapping[ItemId, str]


@dataclass(frozen=True, slots=True)
class _Made:
    """The texts of items and tickets, and the vectors of those that were asked about, as rows keep them: none
    of a text that the server does not take.
    """

    items: Mapping[ItemId, str]
    tickets: Mapping[int, str]
    vectors: Mapping[str, str]


def ask(app: Kithspark, claimed: Claimed) -> None:
    """One round of a workspace. Raises Superseded, and what the model's connector raises."""
    with reading(app.engine) as conn:
        account = accounts.connection_or_none(conn, app.vault, claimed.workspace_id, "openai")
    space = accounts.embedding_space(account) if account else ""
    if claimed.row["model"] != space or account is None or not space:
        _begin(app, claimed, space)
        return
    with reading(app.engine) as conn:
        read = _read(conn, claimed)
    made = _ask(app, account, read, tries=claimed.attempts)
    with transaction(app.engine) as conn:
        workspaces.hold(conn, claimed.workspace_id)
        more = bool(read.upcoming.items or read.upcoming.requests)
        _mark(conn, claimed, more=more, now=app.clock())
        _keep(conn, claimed, read, made)


def _begin(app: Kithspark, claimed: Claimed, space: str) -> None:
    """Another model is named, or none any more: what was made goes first."""
    with transaction(app.engine) as conn:
        workspaces.hold(conn, claimed.workspace_id)
        begun = embedding.begin(conn, claimed.workspace_id, space)
        _mark(conn, claimed, more=bool(space) or not begun, now=app.clock())


def _read(conn: Database, claimed: Claimed) -> _Read:
    upcoming = embedding.upcoming(conn, claimed)
    workspace_id = claimed.workspace_id
    return _Read(
        upcoming,
        embedding_texts.of_items(conn, workspace_id, upcoming.items),
        embedding_texts.of_tickets(conn, workspace_id, upcoming.requests),
        embedding.known(conn, workspace_id, upcoming.items),
    )


def _ask(app: Kithspark, account: Connection, read: _Read, *, tries: int) -> _Made:
    """Each text once. `tries`: of this round. Raises what the model's connector raises."""
    from connectors.openai.embedding import sent, vectors

    items = {one: sent([words.own, *words.said], words.names) for one, words in read.items.items()}
    tickets = {one: sent(words.said, words.names) for one, words in read.tickets.items()}
    unknown = [text for one, text in items.items() if read.known.get(one) != _fingerprint(text)]
    texts = list(dict.fromkeys(text for text in [*unknown, *tickets.values()] if text))
    if not texts:
        return _Made(items, tickets, {})
    client = accounts.embedder(account)
    assert client is not None
    try:
        with Rests(app.engine, app.clock).obeyed(account):
            found = vectors(client, texts, accounts.embedding_form(account), tries=tries)
    finally:
        client.close()
    made = {text: "" if one is None else pack(one) for text, one in zip(texts, found, strict=True)}
    return _Made(items, tickets, made)


def _keep(conn: Database, claimed: Claimed, read: _Read, made: _Made) -> None:
    """What was forgotten or changed meanwhile is not kept, and is read once more."""
    again = _read(conn, claimed)
    items = {
        one: (_fingerprint(text), made.vectors.get(text, ""))
        for one, text in made.items.items()
        if again.items.get(one) == read.items[one] and read.known.get(one) != _fingerprint(text)
    }
    tickets = {
        one: vector for one, text in made.tickets.items()
        if (vector := made.vectors.get(text)) and again.tickets.get(one) == read.tickets[one]
    }  # fmt: skip
    as_read = again.items == read.items and again.tickets == read.tickets
    embedding.keep(conn, claimed, read.upcoming if as_read else None, items, tickets)


def _mark(conn: Database, claimed: Claimed, *, more: bool, now: datetime) -> None:
    """Due again at once, as long as a round finds something."""
    done = SHELF.later(conn, claimed, at=now, reason="", counts=False) if more else SHELF.done(conn, claimed)
    if not done:
        raise Superseded


def _fingerprint(text: str) -> str:
    return sha256(text.encode()).hexdigest()
