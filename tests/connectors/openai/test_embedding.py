"""Vectors by the given library, through our client: in order, checked, and nothing else is believed."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from connectors.errors import Refused, Unavailable
from connectors.openai.check import check
from connectors.openai.client import OpenAI
from connectors.openai.embedding import FEWER_CHARS, SENT_CHARS, Form, learn, sent, vectors
from sandbox.faults import Fault
from sandbox.openai import OpenAI as Server
from sandbox.openai import vendor
from sandbox.openai.embedding import embed

SMALL = "text-embedding-3-small"
SHORT, TWO = Form(512, shortened=True), Form(2, shortened=False)


@pytest.fixture
def embedder(server: Server) -> Iterator[OpenAI]:
    client = OpenAI(url=server.url, api_key=server.api_key, model=SMALL, timeout_s=(1.0, 0.3))
    yield client
    client.close()


def test_each_text_has_its_vector_in_order(embedder: OpenAI) -> None:
    texts = [f"text number {n}" for n in range(64)]
    for text, vector in zip(texts, vectors(embedder, texts, SHORT), strict=True):
        assert vector is not None and np.allclose(vector, embed(text, 512))
    assert vectors(embedder, [], SHORT) == []


def test_a_model_that_can_shorten_is_asked_to(server: Server, embedder: OpenAI) -> None:
    assert learn(embedder) == SHORT
    whole, few = [1.0] * 600, [1.0] * 300
    server.faults.order(answer(row(0, few)))
    assert learn(embedder) == Form(300, shortened=False), "it is short as it is"
    server.faults.order(answer(row(0, whole)))
    server.faults.order(Fault("status", status=400))
    assert learn(embedder) == Form(600, shortened=False), "it refuses to"
    server.faults.order(answer(row(0, whole)))
    server.faults.order(answer(row(0, whole)))
    assert learn(embedder) == Form(600, shortened=False), "it takes no notice"


def test_vectors_of_another_length_are_no_vectors_of_this_model(embedder: OpenAI) -> None:
    with pytest.raises(Refused, match="makes 1536 numbers of a text, and made 768 when it was connected"):
        vectors(embedder, ["a"], Form(768, shortened=False))


@pytest.mark.parametrize("status", [400, 413, 422])
def test_where_a_text_is_too_long_less_of_it_is_sent(server: Server, embedder: OpenAI, status: int) -> None:
    server.faults.order(Fault("status", status=status))
    assert len(vectors(embedder, ["x " * 600, "short"], SHORT)) == 2
    assert server.seen == [("x " * 600)[:FEWER_CHARS], "short"]
    for _ in range(2):
        server.faults.order(Fault("status", status=status))
    with pytest.raises(Refused):
        vectors(embedder, ["short"], SHORT)


@pytest.mark.parametrize("status", [400, 413, 422])
def test_a_text_that_it_does_not_take_keeps_no_other_waiting(
    server: Server, embedder: OpenAI, status: int
) -> None:
    server.refuses = lambda texts: status if "poison" in texts else None
    texts = [f"text {n}" for n in range(64)]
    texts[37] = "poison"
    found = vectors(embedder, texts, SHORT)
    assert [n for n, one in enumerate(found) if one is None] == [37]
    assert all(
        one is None or np.allclose(one, embed(text, 512)) for text, one in zip(texts, found, strict=True)
    )
    assert vectors(embedder, ["poison"], SHORT) == [None]


def test_a_server_that_takes_fewer_a_call_gets_fewer_and_all_of_each(
    server: Server, embedder: OpenAI
) -> None:
    server.refuses = lambda texts: 422 if len(texts) > 32 else None
    texts = [f"{n} " * 300 for n in range(64)]
    assert len(vectors(embedder, texts, SHORT)) == 64
    assert server.seen == texts


def test_a_server_that_refuses_everything_is_not_asked_for_each(server: Server, embedder: OpenAI) -> None:
    asked: list[int] = []

    def refuses(texts: list[str]) -> int:
        asked.append(len(texts))
        return 400

    server.refuses = refuses
    with pytest.raises(Refused):
        vectors(embedder, [f"{n} " * 300 for n in range(64)], SHORT)
    assert asked == [64, 32, 16, 16, 8, 4, 2, 1, 1]


@pytest.mark.parametrize("tries", [2, 3, 9])
def test_a_text_on_which_it_fails_is_left_out_once_all_were_tried_before(
    server: Server, embedder: OpenAI, tries: int
) -> None:
    server.refuses = lambda texts: 500 if "poison" in texts else None
    texts = [f"text {n}" for n in range(64)]
    texts[37] = "poison"
    with pytest.raises(Unavailable):
        vectors(embedder, texts, SHORT)
    assert server.seen == [], "the first time it may as well be down"
    found = vectors(embedder, texts, SHORT, tries=tries)
    assert [n for n, one in enumerate(found) if one is None] == [37]
    assert len(server.seen) < 64 + 20, "each of the others once, and the harmless one"


@pytest.mark.parametrize("number", [0.0, float("nan")])
def test_a_text_of_which_it_makes_nothing_is_left_out_likewise(
    embedder: OpenAI, monkeypatch: pytest.MonkeyPatch, number: float
) -> None:
    def made(text: str, numbers: int) -> Any:
        return np.full(numbers, number) if text == "poison" else embed(text, numbers)

    monkeypatch.setattr(vendor, "embed", made)
    with pytest.raises(Unavailable):
        vectors(embedder, ["a", "poison", "b"], SHORT)
    found = vectors(embedder, ["a", "poison", "b"], SHORT, tries=2)
    assert [one is None for one in found] == [False, True, False]


@pytest.mark.parametrize("tries", [2, 5])
def test_a_server_that_fails_on_everything_is_asked_once_more_and_no_oftener(
    server: Server, embedder: OpenAI, tries: int
) -> None:
    asked = noted(server, lambda _: 500)
    with pytest.raises(Unavailable):
        vectors(embedder, [f"text {n}" for n in range(64)], SHORT, tries=tries)
    assert asked == [64 >> (tries - 1), 1]


def test_a_server_that_is_too_slow_for_all_gets_fewer(server: Server) -> None:
    client = OpenAI(url=server.url, api_key=server.api_key, model=SMALL, timeout_s=(1.0, 1.5))
    asked = noted(server, lambda texts: time.sleep(2.5) if len(texts) > 16 else None)
    texts = [f"text {n}" for n in range(64)]
    assert all(one is not None for one in vectors(client, texts, SHORT, tries=2))
    assert asked == [32, 1, 16, 16, 32, 1, 16, 16]
    asked.clear()
    assert all(one is not None for one in vectors(client, texts, SHORT, tries=3))
    assert asked == [16, 16, 16, 16], "and is not asked in vain each time"
    client.close()


@pytest.mark.parametrize(
    ("status", "more"), [(429, {}), (429, {"Retry-After": "40"}), (503, {"Retry-After": "40"})]
)
def test_whoever_wants_a_rest_is_not_asked_for_fewer(
    server: Server, embedder: OpenAI, status: int, more: dict[str, str]
) -> None:
    server.faults.order(Fault("status", status=status, headers=more))
    with pytest.raises(Unavailable):
        vectors(embedder, ["a", "b"], SHORT, tries=2)
    assert server.seen == []


def noted(server: Server, takes: Callable[[list[str]], int | None]) -> list[int]:
    """How many texts each call has from now on."""
    asked: list[int] = []

    def notes(texts: list[str]) -> int | None:
        asked.append(len(texts))
        return takes(texts)

    server.refuses = notes
    return asked


def test_a_key_that_opens_no_door_concerns_the_whole_account(server: Server) -> None:
    client = OpenAI(url=server.url, api_key="wrong", model=SMALL)
    with pytest.raises(Refused) as refused:
        vectors(client, ["a"], SHORT)
    assert refused.value.whole_account
    client.close()


def test_the_wait_that_it_asks_for_is_known(server: Server, embedder: OpenAI) -> None:
    server.faults.order(Fault("status", status=429, headers={"Retry-After": "40"}))
    with pytest.raises(Unavailable) as later:
        vectors(embedder, ["a"], SHORT)
    assert later.value.after_s == 40


def test_of_a_text_neither_names_nor_addresses_nor_all_is_sent() -> None:
    one = sent(
        ["Ana Lima of Acme, ana@acme.example", "y" * 3000, "z" * 3000, "w" * 3000], ["Ana Lima", "Acme"]
    )
    assert one.startswith("[NAME] [NAME] of [NAME], [EMAIL_1]\n") and len(one) == SENT_CHARS


def answer(*rows: Any) -> Fault:
    return Fault("status", status=200, body=json.dumps({"object": "list", "model": "m", "data": list(rows)}))


def row(index: Any, embedding: Any) -> dict[str, Any]:
    return {"object": "embedding", "index": index, "embedding": embedding}


def test_a_list_of_numbers_will_do_in_whatever_order(server: Server, embedder: OpenAI) -> None:
    server.faults.order(answer(row(1, [0.0, 1.0]), row(0, [1.0, 0.0])))
    assert [one is not None and one.tolist() for one in vectors(embedder, ["a", "b"], TWO)] == [
        [1.0, 0.0],
        [0.0, 1.0],
    ]


GOOD = row(0, [1.0, 0.0])


@pytest.mark.parametrize(
    "fault",
    [
        answer(GOOD),
        answer(GOOD, row(1, [1.0, 0.0]), row(2, [1.0, 0.0])),
        answer(GOOD, GOOD),
        answer(GOOD, row(7, [1.0, 0.0])),
        answer(GOOD, row(-1, [1.0, 0.0])),
        answer(GOOD, row("1", [1.0, 0.0])),
        answer(GOOD, row(1, [1.0, 0.0, 0.0])),
        answer(GOOD, row(1, [float("nan"), 0.0])),
        answer(GOOD, row(1, [1e300, 0.0])),
        answer(GOOD, row(1, [0.0, 0.0])),
        answer(GOOD, row(1, [])),
        answer(GOOD, row(1, None)),
        answer(GOOD, row(1, [[1.0, 0.0]])),
        answer(GOOD, row(1, ["x", 0.0])),
        answer(GOOD, row(1, "AACAPwAAAAA=")),
        answer(GOOD, row(1, {"0": 1.0})),
        answer(GOOD, row(1, [True, None])),
        answer(GOOD, row(1, [1.0] * 9000)),
        answer(GOOD, None),
        Fault("status", status=200, body="{}"),
        Fault("status", status=200, body='{"data": {}}'),
        Fault("status", status=200, body=" " * (9 * 1024 * 1024)),
        Fault("garbage"),
        Fault("html"),
        Fault("drop_before"),
        Fault("delay", seconds=0.45),
        Fault("status", status=429),
        Fault("status", status=500),
    ],
)
def test_silence_and_nonsense_are_asked_about_later(server: Server, embedder: OpenAI, fault: Fault) -> None:
    server.faults.order(fault)
    with pytest.raises(Unavailable):
        vectors(embedder, ["a", "b"], TWO)
    assert len(vectors(embedder, ["a", "b"], SHORT)) == 2, "the next call is as if nothing had been"


def test_the_doctor_tries_it(server: Server, client: OpenAI, embedder: OpenAI) -> None:
    words = f"answered by {SMALL}, 512 numbers a text"
    assert check(client, None, (embedder, SHORT))[-1] == ("embeddings", True, words)
    embedder.model = "nobody"
    what, works, words = check(client, None, (embedder, SHORT))[-1]
    assert (what, works) == ("embeddings", False) and "words and meanings alone" in words
