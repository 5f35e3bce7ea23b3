"""What a model takes for the same is suggested, as long as it is asked; without it all is as it was."""

import pytest
from sqlalchemy import update

from connectors.errors import Unavailable
from lineage.likeness import embedding as embeddings
from lineage.likeness import finder
from lineage.likeness.embedding_tables import embedding_rounds, request_embeddings
from lineage.likeness.embedding_tables import embeddings as kept_vectors
from sandbox.faults import Fault
from sandbox.openai import OpenAI
from store.database import transaction
from tests.plugin.embedding.conftest import BY_MODEL, named, rounds, rows
from tests.plugin.house import House
from tests.plugin.zendesk.conftest import Sidebar


def test_the_ranking_is_another_with_the_model_and_the_same_without(
    house: House, sidebar: Sidebar, ticket: int, model: OpenAI
) -> None:
    rounds(house)
    before = sidebar.get(f"/tickets/{ticket}").text
    assert "Not this: KS-1" not in before
    named(house, model)
    assert rounds(house) == 3, "one begins, one has everything, one finds nothing more"
    page = sidebar.get(f"/tickets/{ticket}").text
    assert "Not this: KS-1" in page and BY_MODEL in page
    assert "Not this: KS-2" not in page
    named(house, model, "")
    rounds(house)
    assert "Not this: KS-1" not in sidebar.get(f"/tickets/{ticket}").text
    assert rows(house, kept_vectors) == rows(house, request_embeddings) == []


def test_the_page_asks_nobody(house: House, sidebar: Sidebar, ticket: int, model: OpenAI) -> None:
    named(house, model)
    rounds(house)
    model.stop()
    assert BY_MODEL in sidebar.get(f"/tickets/{ticket}").text


def test_one_question_reads_so_many_vectors_and_the_next_ones_the_rest(
    house: House, sidebar: Sidebar, ticket: int, model: OpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finder, "PAGE", 1)
    monkeypatch.setattr(finder, "PAGES", 1)
    named(house, model)
    rounds(house)
    found = [BY_MODEL in sidebar.get(f"/tickets/{ticket}").text for _ in range(4)]
    assert found == sorted(found) and found[-1] and not found[0]


def test_a_ticket_that_another_model_read_is_compared_with_nothing(
    house: House, sidebar: Sidebar, ticket: int, model: OpenAI
) -> None:
    named(house, model)
    rounds(house)
    with transaction(house.state.engine) as conn:
        conn.execute(update(embedding_rounds).values(run=embedding_rounds.c.run + 1))
    assert "Not this: KS-1" not in sidebar.get(f"/tickets/{ticket}").text


def test_what_was_made_goes_a_few_at_a_time_before_another_model_begins(
    house: House, sidebar: Sidebar, ticket: int, model: OpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    named(house, model)
    rounds(house)
    monkeypatch.setattr(embeddings, "DROPPED_AT_ONCE", 2)
    named(house, model, "text-embedding-3-large")
    model.faults.order(Fault("status", status=503))
    with pytest.raises(Unavailable):
        rounds(house)
    assert rows(house, kept_vectors) == rows(house, request_embeddings) == []
    assert "Not this: KS-1" not in sidebar.get(f"/tickets/{ticket}").text, "in memory nothing stays, either"
    house.clock.advance(60)
    rounds(house)
    assert BY_MODEL in sidebar.get(f"/tickets/{ticket}").text


def test_a_silent_server_keeps_nothing_and_the_round_is_made_again(
    house: House, sidebar: Sidebar, ticket: int, model: OpenAI
) -> None:
    named(house, model)
    model.faults.order(Fault("status", status=503))
    with pytest.raises(Unavailable):
        rounds(house)
    assert rows(house, kept_vectors) == []
    assert "Not this: KS-1" not in sidebar.get(f"/tickets/{ticket}").text
    house.clock.advance(60)
    rounds(house)
    assert BY_MODEL in sidebar.get(f"/tickets/{ticket}").text
