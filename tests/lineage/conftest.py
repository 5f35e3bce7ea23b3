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
