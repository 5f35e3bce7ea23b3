"""Vectors by the given library, through our client: in order, checked, and nothing else is believed."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from connectors.errors import Unavailable
from connectors.openai.check import check
from connectors.openai.client import OpenAI
from connectors.openai.embedding import vectors
from sandbox.faults import Fault
from sandbox.openai import OpenAI as Server
from sandbox.openai.embedding import embed

SMALL = "text-embedding-3-small"


@pytest.fixture
def embedder(server: Server) -> Iterator[OpenAI]:
    client = OpenAI(url=server.url, api_key=server.api_key, model=SMALL, timeout_s=(1.0, 0.3))
    yield client
    client.close()


def test_each_text_has_its_vector_in_order(embedder: OpenAI) -> None:
    texts = [f"text number {n}" for n in range(64)]
    for text, vector in zip(texts, vectors(embedder, texts), strict=True):
        assert np.allclose(vector, embed(text, 1536))
    assert vectors(embedder, []) == []


def answer(*rows: Any) -> Fault:
    return Fault("status", status=200, body=json.dumps({"object": "list", "model": "m", "data": list(rows)}))


def row(index: Any, embedding: Any) -> dict[str, Any]:
    return {"object": "embedding", "index": index, "embedding": embedding}


def test_a_list_of_numbers_will_do_in_whatever_order(server: Server, embedder: OpenAI) -> None:
    server.faults.order(answer(row(1, [0.0, 1.0]), row(0, [1.0, 0.0])))
    assert [one.tolist() for one in vectors(embedder, ["a", "b"])] == [[1.0, 0.0], [0.0, 1.0]]


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
        answer(GOOD, row(1, "not base64")),
        answer(GOOD, row(1, "AAAA")),
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
        vectors(embedder, ["a", "b"])
    assert len(vectors(embedder, ["a", "b"])) == 2, "the next call is as if nothing had been"


def test_the_doctor_tries_it(server: Server, client: OpenAI, embedder: OpenAI) -> None:
    assert check(client, None, embedder)[-1] == (
        "embeddings",
        True,
        f"answered by {SMALL}, 1536 numbers a text",
    )
    embedder.model = "nobody"
    what, works, words = check(client, None, embedder)[-1]
    assert (what, works) == ("embeddings", False) and "words and meanings alone" in words
