"""Where random histories are played: a workspace that knows a few issues, made once for all of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import datetime
from itertools import count

from sqlalchemy import Engine

from store import workspaces
from tests.databases import number_anew
from tests.lineage.twin.base import Base
from tests.lineage.twin.hearing import Hearing, Stage

KEYS = tuple(f"KS-{number}" for number in range(1, 8))


@contextmanager
def prepared(engine: Engine, now: datetime) -> Iterator[Stage]:
    """Each history is undone at its end, and so are the issues once all were played."""
    with engine.connect() as conn:
        begun = conn.begin()
        number_anew(conn)
        first = Hearing(conn, workspaces.add(conn, slug="acme", name="Acme", now=now), now)
        Base(first).know(*KEYS)

        @contextmanager
        def stage() -> Iterator[Hearing]:
            undone = conn.begin_nested()
            try:
                tracker = deepcopy(first.tracker)
                yield Hearing(conn, first.workspace, first.now, tracker, _causes=count(1_000))
            finally:
                undone.rollback()

        try:
            yield stage
        finally:
            begun.rollback()
