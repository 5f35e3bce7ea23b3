"""A Postgres that lives as long as whoever started this program, and no moment longer.

    python -m tests.postgres.keeper FOLDER_OF_THE_PROGRAMS

prints the folder of the server's socket once it answers. When standard input ends, because the starter closed
it or was killed, the server stops and all that it wrote is deleted.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.postgres.programs import enterable, whom

USER = "kithspark"
READY_S = 60
OPTIONS = {
    "listen_addresses": "",  # only the socket, in a folder that no other user can enter
    "fsync": "off",  # nobody needs these rows after a power cut
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "jit": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
}
LOCALES = (
    ["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US"],  # sorts as people do, as most do
    ["--locale=C"],  # the wheel is built without ICU
)


class CannotServe(Exception):
    """There will be no server. The message says why."""


def main(programs: Path) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with _folder() as folder:
        reachable = programs if enterable(programs) else _copied(programs, folder)
        _make(reachable, folder)
        with _served(reachable, folder):
            print(folder, flush=True)
            sys.stdin.read()


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    """A new folder of the server's user. Its path is short: a socket's may have a hundred letters."""
    places = [Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp")]  # noqa: S108 - the folder is new
    place = next((place for place in places if place.is_dir() and enterable(place)), places[0])
    folder = Path(tempfile.mkdtemp(prefix="kithspark-", dir=place))
    try:
        os.chown(folder, whom().get("user", -1), -1)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copied(programs: Path, folder: Path) -> Path:
    """The wheel's programs where the server's user can run them, with the libraries that they look for."""
    packages = programs.parents[2]
    here = folder / "programs"
    shutil.copytree(programs.parent, here / programs.parent.relative_to(packages))
    for libraries in packages.glob(f"{programs.parents[1].name}.libs"):
        shutil.copytree(libraries, here / libraries.name)
    return here / programs.relative_to(packages)


def _make(programs: Path, folder: Path) -> None:
    said = ""
    for locale in LOCALES:
        command: list[str | Path] = [programs / "initdb", "-D", folder / "data", "-U", USER, "--auth=trust"]
        command += ["--encoding=UTF8", "--no-sync", *locale]
        done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True, **whom())
        if done.returncode == 0:
            return
        said = done.stderr
    raise CannotServe(said)


@contextlib.contextmanager
def _served(programs: Path, folder: Path) -> Iterator[None]:
    command: list[str | Path] = [programs / "postgres", "-D", folder / "data", "-k", folder]
    for name, value in OPTIONS.items():
        command += ["-c", f"{name}={value}"]
    log = folder / "log"
    with log.open("wb") as out, subprocess.Popen(command, cwd=folder, stdout=out, stderr=out, **whom()) as it:
        try:
            _wait(it, folder / "data/postmaster.pid", log)
            yield
        finally:
            it.send_signal(signal.SIGQUIT)  # at once: nothing of it is kept


def _wait(server: subprocess.Popen[bytes], pid_file: Path, log: Path) -> None:
    """Until the server says in its own file that it is ready, as pg_ctl does."""
    end = time.monotonic() + READY_S
    while not (pid_file.exists() and pid_file.read_text().split()[-1:] == ["ready"]):
        if server.poll() is not None or time.monotonic() > end:
            raise CannotServe(log.read_text(errors="replace"))
        time.sleep(0.02)


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]))
    except (CannotServe, OSError) as problem:
        sys.exit(f"Postgres does not start: {problem}")
