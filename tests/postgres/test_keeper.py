import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests.our_files import ROOT
from tests.postgres import server
from tests.postgres.server import Server

RUN = """
import time
from tests.postgres.server import started
with started() as server:
    print(server.folder, flush=True)
    time.sleep(60)
"""


def test_a_server_is_nobody_elses_and_its_databases_go_when_they_are_not_needed(postgres: Server) -> None:
    with postgres.database() as name:
        address = postgres.url(name).replace("+psycopg", "")
        with psycopg.connect(address) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(address)
    assert not postgres.folder.stat().st_mode & 0o077


def test_a_server_ends_and_leaves_nothing_when_its_run_is_killed(postgres: Server) -> None:
    with subprocess.Popen([sys.executable, "-c", RUN], cwd=ROOT, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        folder = Path(run.stdout.readline().strip())
        pid = int((folder / "data/postmaster.pid").read_text().split()[0])
        os.kill(run.pid, signal.SIGKILL)
    end = time.monotonic() + 30
    while folder.exists():
        assert time.monotonic() < end, "its files are still there"
        time.sleep(0.02)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_without_a_server_tests_are_skipped_by_name_and_fail_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="NO POSTGRES"):
        server._do_without(server.ABSENT)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="NO POSTGRES"):
        server._do_without(server.ABSENT)
