"""A story in a fresh workspace, all of it in one transaction."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import Engine

from store.database import transaction
from store.workspaces import Workspace
from tests.lineage.story import Story


@pytest.fixture
def story(database: Engine, workspace: Workspace, now: datetime) -> Iterator[Story]:
    with transaction(database) as conn:
        yield Story(conn, workspace, now)


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
