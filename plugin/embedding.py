"""Asks the model that a workspace named what it makes of issues and tickets, a few at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

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


def ask(app: Kithspark, claimed: Claimed) -> None:
    """One round of a workspace. Raises Superseded, and what the model's connector raises."""
    with reading(app.engine) as conn:
        account = accounts.connection_or_none(conn, app.vault, claimed.workspace_id, "openai")
    model = str(account.config.get("embedding_model") or "") if account else ""
    if account is None or not model:
        _give_up(app, claimed)
        return
    with reading(app.engine) as conn:
        read = _read(conn, claimed, model)
    texts = _texts(read)
    made = _vectors(app, account, texts)
    with transaction(app.engine) as conn:
        workspaces.hold(conn, claimed.workspace_id)
        _mark(conn, claimed, read.upcoming, now=app.clock())
        again = _read(conn, claimed, model)  # what was forgotten or changed meanwhile is asked about anew
        items = {
            one: (_fingerprint(texts[one]), made[one])
            for one, words in read.items.items() if one in made and again.items.get(one) == words
        }  # fmt: skip
        tickets = {
            one: made[one]
            for one, words in read.tickets.items() if one in made and again.tickets.get(one) == words
        }  # fmt: skip
        embedding.keep(conn, claimed, model, read.upcoming, items, tickets)


def _give_up(app: Kithspark, claimed: Claimed) -> None:
    """No model is named any more."""
    with transaction(app.engine) as conn:
        workspaces.hold(conn, claimed.workspace_id)
        if not SHELF.done(conn, claimed):
            raise Superseded
        embedding.keep(conn, claimed, "", Next((), (), 0, 0), {}, {})


def _read(conn: Any, claimed: Claimed, model: str) -> _Read:
    upcoming = embedding.upcoming(conn, claimed, model)
    workspace_id = claimed.workspace_id
    return _Read(
        upcoming,
        embedding_texts.of_items(conn, workspace_id, upcoming.items),
        embedding_texts.of_tickets(conn, workspace_id, upcoming.requests),
        embedding.known(conn, workspace_id, model, upcoming.items),
    )


def _texts(read: _Read) -> dict[ItemId | int, str]:
    """What is to be sent: by item and request, where it says something and is not known yet."""
    from connectors.openai.embedding import sent

    items = {one: sent([words.own, *words.said], words.names) for one, words in read.items.items()}
    unknown = {one: text for one, text in items.items() if read.known.get(one) != _fingerprint(text)}
    tickets = {one: sent(words.said, words.names) for one, words in read.tickets.items()}
    return {one: text for one, text in {**unknown, **tickets}.items() if text}


def _vectors(app: Kithspark, account: Connection, texts: Mapping[ItemId | int, str]) -> dict[Any, str]:
    """As rows keep them. Raises what the model's connector raises."""
    from connectors.openai.embedding import vectors

    if not texts:
        return {}
    client = accounts.embedder(account)
    assert client is not None
    try:
        with Rests(app.engine, app.clock).obeyed(account):
            made = vectors(client, list(texts.values()))
    finally:
        client.close()
    return {one: pack(vector) for one, vector in zip(texts, made, strict=True)}


def _mark(conn: Any, claimed: Claimed, upcoming: Next, *, now: datetime) -> None:
    """Due again at once, as long as a round finds something."""
    more = bool(upcoming.items or upcoming.requests)
    done = SHELF.later(conn, claimed, at=now, reason="", counts=False) if more else SHELF.done(conn, claimed)
    if not done:
        raise Superseded


def _fingerprint(text: str) -> str:
    return sha256(text.encode()).hexdigest()
