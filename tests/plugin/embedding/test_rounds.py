"""The worker goes on where it stopped; what a server cannot do, or does wrong, is said."""

import json

import pytest
from sqlalchemy import update

from connectors import accounts
from connectors.errors import Refused, Unavailable
from lineage.likeness import embedding as embeddings
from lineage.likeness.embedding_tables import embedding_rounds, request_embeddings
from lineage.likeness.embedding_tables import embeddings as kept_vectors
from lineage.tables import persons
from plugin.connecting import CannotConnect
from sandbox.faults import Fault
from sandbox.openai import OpenAI, vendor
from store import connections
from store.database import reading, transaction
from store.errors import TryLater
from store.waiting import Superseded
from tests.plugin.embedding.conftest import SMALL, Meanwhile, named, rounds, rows
from tests.plugin.house import House


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


def test_a_round_under_way_when_another_model_is_named_keeps_nothing(
    house: House, ticket: int, model: OpenAI, meanwhile: Meanwhile
) -> None:
    named(house, model)
    meanwhile.append(lambda: named(house, model, "text-embedding-3-large"))
    with pytest.raises(Superseded):
        rounds(house)
    assert not meanwhile and rows(house, kept_vectors) == []
    rounds(house)
    [row] = rows(house, embedding_rounds)
    assert row.model.startswith("text-embedding-3-large 512 ")


def test_what_got_another_name_while_the_model_is_asked_is_asked_about_again(
    house: House, ticket: int, model: OpenAI, meanwhile: Meanwhile
) -> None:
    """A name is no word of an issue: nothing else would bring it back."""

    def named_anew() -> None:
        with transaction(house.state.engine) as conn:
            conn.execute(update(persons).values(name="Wallpaper"))

    house.links(ticket, "KS-1")
    named(house, model)
    meanwhile.append(named_anew)
    rounds(house)
    assert not meanwhile
    assert all(one.vector for one in rows(house, kept_vectors)) and len(rows(house, kept_vectors)) == 3
    assert len(rows(house, request_embeddings)) == 1
    assert "wallpaper" not in model.seen[-1].lower() and "[NAME]" in model.seen[-1]


def test_a_text_that_the_server_does_not_take_is_left_out_and_all_others_go_on(
    house: House, ticket: int, model: OpenAI
) -> None:
    named(house, model)
    model.refuses = lambda texts: (
        400 if any(text.startswith(("Passkeys", "Poison")) for text in texts) else None
    )
    di = house.zendesk.add_user("Di", "di@acme.example")
    house.reads_ticket(house.zendesk.open_ticket(di, "Poison", "in a text").id)
    rounds(house)
    texts = {one.item_id: bool(one.vector) for one in rows(house, kept_vectors)}
    assert texts == {house.item_id(key): key != "KS-2" for key in ("KS-1", "KS-2", "KS-3")}
    assert len(rows(house, request_embeddings)) == 1
    model.seen.clear()
    rounds(house)
    assert model.seen == []


def test_a_text_on_which_the_server_fails_is_left_out_from_the_second_try_on(
    house: House, ticket: int, model: OpenAI
) -> None:
    named(house, model)
    model.refuses = lambda texts: 500 if any(text.startswith("Passkeys") for text in texts) else None
    with pytest.raises(Unavailable):
        rounds(house)
    house.clock.advance(60)
    rounds(house)
    texts = {one.item_id: bool(one.vector) for one in rows(house, kept_vectors)}
    assert texts == {house.item_id(key): key != "KS-2" for key in ("KS-1", "KS-2", "KS-3")}
    assert len(rows(house, request_embeddings)) == 1


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
