"""Starts our own command again and again, each time in a fresh process, without importing it again and again.

    python -m tests.crashes.warm

has everything imported and forks: a start takes a tenth of a second. One JSON line in, one out:

    {"words": […], "environment": {…}, "log": FILE}   {"process": N}, the leader of a session of its own
    {"ended": N}                                      {"code": its exit code, or null while it runs}

When standard input ends, because whoever asked has ended or was killed, all that was started is killed.
"""

import contextlib
import gc
import json
import os
import pkgutil
import signal
import sys
import traceback
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any, NoReturn

OURS = ("plugin", "connectors", "lineage", "store", "webhooks")
THEIRS = ("granian", "rq", "redis", "psycopg", "alembic.context", "jira", "zenpy", "babel.dates")


def main() -> None:
    [script] = entry_points(group="console_scripts", name="kithspark")
    command = script.load()
    for name in [*THEIRS, *_every_module()]:
        import_module(name)
    gc.freeze()
    running: set[int] = set()
    try:
        for line in sys.stdin:
            asked = json.loads(line)
            if "ended" in asked:
                answer: dict[str, int | None] = {"code": _code(asked["ended"], running)}
            else:
                process = _start(command, asked)
                answer = {"process": process}
                running.add(process)
            print(json.dumps(answer), flush=True)
    finally:
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process, signal.SIGKILL)


def _every_module() -> Iterator[str]:
    """Ours, but for the migrations, which are read as files. Part of a start is to import what it needs."""
    for name in OURS:
        package = import_module(name)
        for found in pkgutil.walk_packages(package.__path__, f"{name}."):
            if ".migrations" not in found.name and not found.name.endswith("__main__"):
                yield found.name


def _code(process: int, running: set[int]) -> int | None:
    if process not in running:
        return 0
    found, status = os.waitpid(process, os.WNOHANG)
    if not found:
        return None
    running.discard(process)
    return os.waitstatus_to_exitcode(status)


def _start(command: Any, asked: dict[str, Any]) -> int:
    child = os.fork()
    if child == 0:
        _be(command, asked)
    return child


def _be(command: Any, asked: dict[str, Any]) -> NoReturn:
    code = 1
    try:
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDONLY)
        log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for number, file in enumerate((nothing, log, log)):
            os.dup2(file, number)
        sys.stdin = os.fdopen(0, closefd=False)
        os.environ.clear()
        os.environ.update(asked["environment"])
        sys.argv = ["kithspark", *asked["words"]]
        command()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(bool(end.code))
    except BaseException:  # noqa: BLE001 - whatever it is, it is this process's end
        traceback.print_exc()
    os._exit(code)


if __name__ == "__main__":
    main()
