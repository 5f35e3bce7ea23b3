"""What a serving process does besides."""

import threading
import time
from pathlib import Path

from sqlalchemy import Engine

from plugin import housekeeping
from store import tally, workspaces
from store.database import reading, transaction
from store.workspaces import Workspace


def test_what_was_committed_moves_into_the_file_and_counts_are_written_down(
    database: Engine, workspace: Workspace
) -> None:
    tally._counted.clear()
    tally.count("calls", system="jira")
    stop = threading.Event()
    housekeeping.start(database, stop)
    file = Path(database.url.database or "")
    until = time.monotonic() + 20
    found: list[object] = []
    while not found and time.monotonic() < until:
        with reading(database) as conn:
            found = list(tally.read(conn, "calls"))
        time.sleep(0.05)
    assert found
    with transaction(database) as conn:
        workspaces.add(conn, slug="marked-in-the-file", name="Other", now=workspace.created_at)
    while b"marked-in-the-file" not in file.read_bytes() and time.monotonic() < until:
        time.sleep(0.05)
    stop.set()
    assert b"marked-in-the-file" in file.read_bytes(), "it is still in the log alone"
