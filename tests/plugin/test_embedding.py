"""An embedding model takes part in suggestions: what is sent, what is kept, and what is without it."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from connectors.errors import Unavailable
from lineage.changes import Erased
from lineage.likeness import embedding as embeddings
from lineage.likeness import keeping
from lineage.likeness.embedding_tables import embedding_rounds, request_embeddings
from lineage.likeness.embedding_tables import embeddings as kept_vectors
from lineage.tables import requests
from plugin import embedding
from sandbox.faults import Fault
from sandbox.openai import OpenAI
from store import connections
from store.database import reading, transaction
from tests.plugin.house import House
from tests.plugin.zendesk.conftest import Sidebar
from tests.plugin.zendesk.conftest import agnes as agnes  # noqa: PLC0414
from tests.plugin.zendesk.conftest import house as house  # noqa: PLC0414
from tests.plugin.zendesk.conftest import sidebar as sidebar  # noqa: PLC0414

BY_MODEL = "sounds alike to the connected model"
SMALL = "text-embedding-3-small"


@pytest.fixture
def model() -> Iterator[OpenAI]:
    server = OpenAI().start()
    yield server
    server.stop()


@pytest.fixture
def ticket(house: House) -> int:
    """Cleo's, who says wallpaper where the issue says backdrop. Nothing but a model knows that."""
    house.jira.add_issue("KS-1", "Backdrop")
    house.jira.add_issue("KS-2", "Passkeys")
    house.jira.add_issue("KS-3", "Semaphore")
    house.reads("KS-1", "KS-2", "KS-3")
    cleo = house.zendesk.add_user("Cleo Marchetti", "cleo@acme.example")
    made = house.zendesk.open_ticket(cleo, "Wallpaper", "Wallpaper! Cleo, cleo@acme.example, Marchetti")
    house.reads_ticket(made.id)
    return made.id


def named(house: House, model: OpenAI, name: str = SMALL) -> None:
    with transaction(house.state.engine) as conn:
        connections.save(
            conn, house.state.vault, workspace_id=house.workspace.id, system="openai", url=model.url,
            config={"embedding_model": name} if name else {}, secrets={"api_key": model.api_key},
            now=house.clock.now(),
        )  # fmt: skip
        embeddings.wanted(conn, house.workspace.id, now=house.clock.now())


def rounds(house: House, shelf: Any = embeddings.SHELF) -> int:
    """What the worker does until nothing is due."""
    done = 0
    while True:
        with transaction(house.state.engine) as conn:
            for claimed in keeping.SHELF.claim(conn, now=house.clock.now(), lease_s=20, limit=100):
                keeping.work(conn, house.workspace, claimed)
            claims = shelf.claim(conn, now=house.clock.now(), lease_s=20, limit=1)
        if not claims:
            return done
        embedding.ask(house.state, claims[0])
        done += 1


def rows(house: House, table: Any) -> list[Any]:
    with reading(house.state.engine) as conn:
        return list(conn.execute(select(table)).all())


def test_the_ranking_is_another_with_the_model_and_the_same_without(
    house: House, sidebar: Sidebar, ticket: int, model: OpenAI
) -> None:
    rounds(house)
    before = sidebar.get(f"/tickets/{ticket}").text
    assert "Not this: KS-1" not in before
    named(house, model)
    assert rounds(house) == 2, "one with everything, one that finds nothing more"
    page = sidebar.get(f"/tickets/{ticket}").text
    assert "Not this: KS-1" in page and BY_MODEL in page
    assert "Not this: KS-2" not in page
    model.stop()
    assert BY_MODEL in sidebar.get(f"/tickets/{ticket}").text, "the page asks nobody"
    named(house, model, "")
    rounds(house)
    assert "Not this: KS-1" not in sidebar.get(f"/tickets/{ticket}").text


def test_no_name_and_no_address_is_sent(house: House, ticket: int, model: OpenAI) -> None:
    house.links(ticket, "KS-1")
    named(house, model)
    rounds(house)
    assert any("Wallpaper" in text for text in model.seen)
    every = "\n".join(model.seen)
    assert "cleo" not in every.lower() and "marchetti" not in every.lower()
    assert "[EMAIL_1]" in every and "[NAME]" in every


def test_a_silent_server_keeps_nothing_and_the_round_is_made_again(
    house: House, sidebar: Sidebar, ticket: int, model: OpenAI
) -> None:
    named(house, model)
    model.faults.order(Fault("status", status=503))
    with pytest.raises(Unavailable):
        rounds(house)
    assert rows(house, kept_vectors) == []
    assert "Not this: KS-1" not in sidebar.get(f"/tickets/{ticket}").text
    house.clock.advance(30)
    rounds(house)
    assert BY_MODEL in sidebar.get(f"/tickets/{ticket}").text


def test_who_is_forgotten_leaves_no_vector(house: House, ticket: int, model: OpenAI) -> None:
    house.links(ticket, "KS-1")
    named(house, model)
    rounds(house)
    item = house.item_id("KS-1")
    assert rows(house, request_embeddings)
    [person] = [one.person_id for one in rows(house, requests)]
    assert house.record(Erased(person, "operator", house.clock.now()), "operator")
    assert rows(house, request_embeddings) == []
    [row] = [one for one in rows(house, kept_vectors) if one.item_id == item]
    assert row.vector == "", "before any worker ran"
    model.seen.clear()
    rounds(house)
    assert model.seen == ["Backdrop"], "asked anew, without their words"


def test_who_is_forgotten_while_the_model_is_asked_leaves_no_vector(
    house: House, ticket: int, model: OpenAI
) -> None:
    house.links(ticket, "KS-1")
    named(house, model)
    [person] = [one.person_id for one in rows(house, requests)]

    def forget() -> None:
        if not model.seen:
            house.record(Erased(person, "operator", house.clock.now()), "operator")

    model.app.before_request(forget)
    rounds(house)
    assert rows(house, request_embeddings) == []
    assert model.seen[-1] == "Backdrop"
    [row] = [one for one in rows(house, kept_vectors) if one.item_id == house.item_id("KS-1")]
    assert row.vector


def test_another_model_begins_anew_and_the_same_words_are_not_sent_twice(
    house: House, ticket: int, model: OpenAI
) -> None:
    named(house, model)
    rounds(house)
    sent = sorted(model.seen)
    model.seen.clear()
    named(house, model)
    rounds(house)
    assert model.seen == [], "nothing changed"
    house.links(ticket, "KS-1")
    rounds(house)
    assert [text.partition("\n")[0] for text in model.seen] == ["Backdrop"], "its text is another now"
    model.seen.clear()
    named(house, model, "text-embedding-3-large")
    rounds(house)
    assert len(model.seen) == len(sent)
    assert {one.model for one in rows(house, kept_vectors)} == {"text-embedding-3-large"}
    assert {one.model for one in rows(house, request_embeddings)} == {"text-embedding-3-large"}


def test_it_goes_on_where_it_stopped(
    house: House, ticket: int, model: OpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embeddings, "AT_ONCE", 2)
    named(house, model)
    assert rounds(house) == 3, "a ticket and an issue, two issues, nothing"
    assert len(model.seen) == 4 and len(set(model.seen)) == 4
    [row] = rows(house, embedding_rounds)
    assert row.due_at is None and row.serial > 0 and row.request_id > 0
