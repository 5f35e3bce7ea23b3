"""A story in a fresh workspace, of which nothing is left afterwards."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import TypeAlias

import pytest
from sqlalchemy import Engine

from store import workspaces
from store.database import open_database
from tests.databases import fresh, number_anew
from tests.lineage.story import Story

Stage: TypeAlias = Callable[[], AbstractContextManager[Story]]

BY_CHANCE = ("test_random_histories.py", "test_no_notice_is_forgotten.py", "test_mutations.py")
BY_CHANCE_TOO = ("test_whatever_happens_what_is_kept_is_what_the_record_says[postgres]",)
"""Among others that always run there."""
ALWAYS = (
    "test_every_derived_row_equals_a_full_recompute[postgres]",
    "test_whatever_happens_no_notice_and_no_push_is_forgotten[postgres-0]",
    "test_whatever_happens_no_notice_and_no_push_is_forgotten[postgres-1]",
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Many histories take long on Postgres: `make test` plays these few there, `make test-long` all."""
    for item in items:
        by_chance = item.path.name in BY_CHANCE and "[postgres" in item.name and item.name not in ALWAYS
        if by_chance or item.name in BY_CHANCE_TOO:
            item.add_marker(pytest.mark.long)


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def dbms(request: pytest.FixtureRequest) -> str:
    """What the ledger promises, it promises on both."""
    return str(request.param)


@pytest.fixture(scope="session")
def shared_database(
    dbms: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """One database for all stories: each is a transaction that is undone at its end."""
    with fresh(request, dbms, tmp_path_factory.mktemp("stories")) as url:
        engine = open_database(url)
        yield engine
        engine.dispose()


@pytest.fixture
def stage(shared_database: Engine, now: datetime) -> Stage:
    """Where stories are played: any number, one after the other."""

    @contextmanager
    def played() -> Iterator[Story]:
        with shared_database.connect() as conn:
            begun = conn.begin()
            try:
                number_anew(conn)
                yield Story(conn, workspaces.add(conn, slug="acme", name="Acme", now=now), now)
            finally:
                begun.rollback()

    return played


@pytest.fixture
def story(stage: Stage) -> Iterator[Story]:
    with stage() as played:
        yield played


@pytest.fixture
def split(story: Story) -> Story:
    """Ana (ticket 101) asks for KS-1, which is split into KS-2 and KS-3 and keeps nothing."""
    story.issue("KS-1")
    story.ask("Ana", "KS-1", org="Acme")
    story.split("KS-1", into=["KS-2", "KS-3"])
    story.keeps_part("KS-1", False)
    return story


@pytest.fixture
def narrowed(split: Story) -> Story:
    """The same, and Bo (ticket 102) asks for KS-1 too and wants only KS-3."""
    split.ask("Bo", "KS-1")
    split.narrow("Bo", "KS-1", to=["KS-3"])
    return split
