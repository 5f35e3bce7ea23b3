"""A workspace that named an embedding model, a ticket that it understands, and a worker."""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import pytest
from flask import request
from sqlalchemy import select

from lineage.likeness import embedding as embeddings
from lineage.likeness import keeping
from plugin import connecting, embedding
from plugin.connecting import Given
from sandbox.openai import OpenAI
from store.database import reading, transaction
from tests.plugin.house import House
from tests.plugin.zendesk.conftest import agnes as agnes  # noqa: PLC0414
from tests.plugin.zendesk.conftest import house as house  # noqa: PLC0414
from tests.plugin.zendesk.conftest import sidebar as sidebar  # noqa: PLC0414

BY_MODEL = "sounds alike to the connected model"
SMALL = "text-embedding-3-small"
Meanwhile: TypeAlias = list[Callable[[], object]]


@pytest.fixture
def meanwhile() -> Meanwhile:
    """What happens while the model is asked, once each."""
    return []


@pytest.fixture
def model(meanwhile: Meanwhile) -> Iterator[OpenAI]:
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
