"""An embedding model takes part in suggestions: what is sent, what is kept, and what is without it."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import request
from sqlalchemy import select, update

from connectors import accounts
from connectors.errors import Refused, Unavailable
from connectors.zendesk import gone
from lineage.changes import Erased
from lineage.likeness import embedding as embeddings
from lineage.likeness import embedding_texts, keeping
from lineage.likeness.embedding_tables import embedding_rounds, request_embeddings
from lineage.likeness.embedding_tables import embeddings as kept_vectors
from lineage.tables import requests
from plugin import connecting, embedding
from plugin.connecting import CannotConnect, Given
from sandbox.faults import Fault
from sandbox.openai import OpenAI, vendor
from store import connections, workspaces
from store.database import reading, transaction
from store.errors import TryLater
from store.waiting import Superseded
from tests.plugin.house import House
from tests.plugin.zendesk.conftest import Sidebar
from tests.plugin.zendesk.conftest import agnes as agnes  # noqa: PLC0414
from tests.plugin.zendesk.conftest import house as house  # noqa: PLC0414
from tests.plugin.zendesk.conftest import sidebar as sidebar  # noqa: PLC0414

BY_MODEL = "sounds alike to the connected model"
SMALL = "text-embedding-3-small"


@pytest.fixture
def meanwhile() -> list[Callable[[], object]]:
    """What happens while the model is asked, once each."""
    return []


@pytest.fixture
def model(meanwhile: list[Callable[[], object]]) -> Iterator[OpenAI]:
    server = OpenAI()

    def happens() -> None:
        if request.path == "/v1/embeddings" and meanwhile:
            meanwhile.pop()()

    server.app.before_request(happens)
    server.start()
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


def named(house: House, model: OpenAI, name: str = SMALL, moderation: str = "") -> None:
    """What `kithspark connect openai` does."""
    config = {"embedding_model": name, "model": moderation}
    given = Given("acme", "openai", model.url, config, {"api_key": model.api_key})
    connecting.openai(house.state, given)
    model.seen.clear()


def rounds(house: House, *, most: int = 100) -> int:
    """What the worker does until nothing is due."""
    done = 0
    while done < most:
        with transaction(house.state.engine) as conn:
            for claimed in keeping.SHELF.claim(conn, now=house.clock.now(), lease_s=20, limit=100):
                keeping.work(conn, house.workspace, claimed)
            claims = embeddings.SHELF.claim(conn, now=house.clock.now(), lease_s=20, limit=1)
        if not claims:
            return done
        embedding.ask(house.state, claims[0])
        done += 1
    return done


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
    house.clock.advance(60)
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
    house: House, ticket: int, model: OpenAI, meanwhile: list[Callable[[], object]]
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
    assert {one.run for one in [*rows(house, kept_vectors), *rows(house, request_embeddings)]} == {2}


def test_it_goes_on_where_it_stopped(
    house: House, ticket: int, model: OpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embeddings, "AT_ONCE", 2)
    named(house, model)
    assert rounds(house) == 4, "it begins; a ticket and an issue; two issues; nothing"
    assert len(model.seen) == 4 and len(set(model.seen)) == 4
    [row] = rows(house, embedding_rounds)
    assert row.due_at is None and row.serial > 0 and row.request_id > 0


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


def test_a_ticket_that_another_model_read_is_compared_with_nothing(
    house: House, sidebar: Sidebar, ticket: int, model: OpenAI
) -> None:
    named(house, model)
    rounds(house)
    with transaction(house.state.engine) as conn:
        conn.execute(update(embedding_rounds).values(run=embedding_rounds.c.run + 1))
    assert "Not this: KS-1" not in sidebar.get(f"/tickets/{ticket}").text


def test_a_round_under_way_when_another_model_is_named_keeps_nothing(
    house: House, ticket: int, model: OpenAI, meanwhile: list[Callable[[], object]]
) -> None:
    named(house, model)
    meanwhile.append(lambda: named(house, model, "text-embedding-3-large"))
    with pytest.raises(Superseded):
        rounds(house)
    assert not meanwhile and rows(house, kept_vectors) == []
    rounds(house)
    [row] = rows(house, embedding_rounds)
    assert row.model.startswith("text-embedding-3-large 512 ")


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


def test_vectors_of_another_length_are_given_up_and_said(house: House, ticket: int, model: OpenAI) -> None:
    named(house, model)
    vector = {"object": "embedding", "index": 0, "embedding": [1.0] * 100}
    answer = {"data": [{**vector, "index": n} for n in range(4)]}
    model.faults.order(Fault("status", status=200, body=json.dumps(answer)))
    with pytest.raises(Refused, match="Connect it again"):
        rounds(house)
    assert rows(house, kept_vectors) == []


def test_a_shut_account_rests_and_a_wait_is_obeyed(house: House, ticket: int, model: OpenAI) -> None:
    named(house, model)
    model.faults.order(Fault("status", status=429, headers={"Retry-After": "40"}))
    with pytest.raises(Unavailable):
        rounds(house)
    house.clock.advance(30)
    with pytest.raises(TryLater) as rests:
        rounds(house)
    assert rests.value.after_s == pytest.approx(10, abs=1) and model.seen == []
    house.clock.advance(30)
    model.api_key = "another"
    with pytest.raises(TryLater, match="Nothing more is asked of this account"):
        rounds(house)
    house.clock.advance(30)
    with pytest.raises(TryLater, match="the key does not do"):
        rounds(house)
    assert model.seen == [] and rows(house, kept_vectors) == []


def test_how_far_it_is_can_be_read(
    house: House, ticket: int, model: OpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    def progress() -> tuple[int, int, int]:
        with reading(house.state.engine) as conn:
            far = embeddings.progress(conn, house.workspace.id)
        return far.read, far.all, far.tickets

    assert progress() == (0, 3, 0)
    named(house, model)
    assert progress() == (0, 3, 1)
    monkeypatch.setattr(embeddings, "AT_ONCE", 2)
    rounds(house, most=2)
    assert progress() == (1, 3, 0)
    rounds(house)
    assert progress() == (3, 3, 0)


def test_a_server_that_moderates_nothing_leaves_every_post_to_a_person(
    house: House, model: OpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vendor, "MODERATION_MODELS", {})
    with pytest.raises(CannotConnect, match="every post waits for a person"):
        named(house, model, "")
    with pytest.raises(CannotConnect, match="every post waits for a person"):
        named(house, model, SMALL, "omni-moderation-latest")
    named(house, model)
    with reading(house.state.engine) as conn:
        account = connections.load(conn, house.state.vault, house.workspace.id, "openai")
    assert not accounts.moderates(account)
