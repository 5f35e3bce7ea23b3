"""What is sent to a model, and that nothing is left of whoever is forgotten."""

import pytest

from connectors.zendesk import gone
from lineage.changes import Erased
from lineage.likeness import embedding_texts
from lineage.likeness.embedding_tables import embedding_rounds, request_embeddings
from lineage.likeness.embedding_tables import embeddings as kept_vectors
from lineage.tables import requests
from sandbox.openai import OpenAI
from store import workspaces
from store.database import reading, transaction
from tests.plugin.embedding.conftest import Meanwhile, named, rounds, rows
from tests.plugin.house import House


def test_no_name_and_no_address_is_sent(house: House, ticket: int, model: OpenAI) -> None:
    house.links(ticket, "KS-1")
    named(house, model)
    rounds(house)
    assert any("Wallpaper" in text for text in model.seen)
    every = "\n".join(model.seen)
    assert "cleo" not in every.lower() and "marchetti" not in every.lower()
    assert "[EMAIL_1]" in every and "[NAME]" in every


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


def test_an_issue_is_asked_about_anew_though_whoever_is_forgotten_said_nothing_that_it_is_found_by(
    house: House, ticket: int, model: OpenAI
) -> None:
    di = house.zendesk.add_user("Di", "di@acme.example")
    asked = house.zendesk.open_ticket(di, "??", "!!").id
    house.reads_ticket(asked)
    house.links(asked, "KS-2")
    named(house, model)
    rounds(house)
    [person] = [one.person_id for one in rows(house, requests) if one.subject == "??"]
    assert house.record(Erased(person, "operator", house.clock.now()), "operator")
    rounds(house)
    [row] = [one for one in rows(house, kept_vectors) if one.item_id == house.item_id("KS-2")]
    assert row.vector


def test_who_is_forgotten_while_the_model_is_asked_leaves_no_vector(
    house: House, ticket: int, model: OpenAI, meanwhile: Meanwhile
) -> None:
    house.links(ticket, "KS-1")
    named(house, model)
    [person] = [one.person_id for one in rows(house, requests)]
    meanwhile.append(lambda: house.record(Erased(person, "operator", house.clock.now()), "operator"))
    rounds(house)
    assert not meanwhile
    assert rows(house, request_embeddings) == []
    assert model.seen[-1] == "Backdrop"
    [row] = [one for one in rows(house, kept_vectors) if one.item_id == house.item_id("KS-1")]
    assert row.vector


def test_a_ticket_that_is_deleted_leaves_no_vector_and_is_not_sent(
    house: House, ticket: int, model: OpenAI
) -> None:
    named(house, model)
    rounds(house)
    assert len(rows(house, request_embeddings)) == 1
    with reading(house.state.engine) as conn:
        last = gone.deleted(conn, house.workspace.id, str(ticket), now=house.clock.now())
    assert last and house.record(last, "deleted")
    assert rows(house, request_embeddings) == []
    named(house, model, "text-embedding-3-large")
    rounds(house)
    assert rows(house, request_embeddings) == [] and not any("Wallpaper" in text for text in model.seen)


def test_a_workspace_that_is_removed_takes_all_of_it_along(house: House, ticket: int, model: OpenAI) -> None:
    named(house, model)
    rounds(house)
    with transaction(house.state.engine) as conn:
        workspaces.remove(conn, house.workspace.id)
    for table in (kept_vectors, request_embeddings, embedding_rounds):
        assert rows(house, table) == []


def test_a_name_on_an_issue_is_not_sent_whoever_of_many_it_is(
    house: House, ticket: int, model: OpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding_texts, "FIRST", 0)
    house.jira.add_issue("KS-4", "Wallpaper as Marchetti wants it")
    house.reads("KS-4")
    house.links(ticket, "KS-4")
    named(house, model)
    rounds(house)
    assert "Wallpaper as [NAME] wants it" in model.seen
