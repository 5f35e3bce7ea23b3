import os
import signal
import subprocess
import sys
from pathlib import Path

from sqlalchemy import Engine

from store import inbox
from store.attempt import Work
from store.database import transaction, utc_now
from store.inbox import SHELF
from store.waiting import Claimed
from store.worker import Report, Worker
from store.workspaces import Workspace

HANGING_WORKER = """
import sys, threading, time
from store.attempt import Work
from store.database import open_database
from store.inbox import SHELF
from store.worker import Worker

def hang(claimed):
    print("holding", claimed.fence, flush=True)
    time.sleep(60)

work = Work(SHELF, hang)
Worker(open_database(sys.argv[1]), {"inbox": work}, lease_s=0.5).run_forever(threading.Event())
"""


def test_what_a_killed_process_held_is_taken_over_when_its_lease_has_run_out(
    database: Engine, database_url: str, workspace: Workspace
) -> None:
    with transaction(database) as conn:
        inbox.keep(
            conn,
            workspace_id=workspace.id,
            system="jira",
            delivery_id="1",
            headers={},
            body=b"",
            now=utc_now(),
        )
    fences = []

    def finish(claimed: Claimed) -> None:
        fences.append(claimed.fence)
        with transaction(database) as conn:
            assert SHELF.done(conn, claimed)

    root = Path(__file__).parent.parent.parent
    command = [sys.executable, "-c", HANGING_WORKER, database_url]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert "holding 1" in process.stdout.readline()
        os.kill(process.pid, signal.SIGKILL)
    assert Worker(database, {"inbox": Work(SHELF, finish)}, sweep_s=0.1).burst(5) == Report(done=1)
    assert fences == [2]
