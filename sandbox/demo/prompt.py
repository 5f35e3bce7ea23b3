"""A command line that is kept warm: `python -m sandbox.demo.prompt`.

It runs the installed `kithspark` command, each time in a process of its own, but forked from one that has
imported everything already: a command takes a twentieth of the time. One JSON line in, `{"words", "said"}`;
one out, `{"code", "out", "err"}`.
"""

import contextlib
import importlib
import json
import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from importlib.metadata import entry_points
from typing import IO, Any


def main() -> None:
    """Until standard input ends."""
    [script] = entry_points(group="console_scripts", name="kithspark")
    command = script.load()
    for line in sys.stdin:
        asked = json.loads(line)
        answer, imported = _run(command, asked["words"], asked["said"] or "")
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
        for name in imported:
            with contextlib.suppress(Exception):  # only a head start: a command imports what it needs
                importlib.import_module(name)


def _run(command: Callable[[], Any], words: list[str], said: str) -> tuple[dict[str, Any], list[str]]:
    """The answer, and the modules that the command had to import."""
    with contextlib.ExitStack() as files:
        typed, out, err, learnt = (files.enter_context(tempfile.TemporaryFile("w+")) for _ in range(4))
        typed.write(said)
        typed.seek(0)
        child = os.fork()
        if child == 0:
            _be_the_command(command, words, (typed, out, err), learnt)
        _, status = os.waitpid(child, 0)
        answer = {"code": os.waitstatus_to_exitcode(status), "out": _read(out), "err": _read(err)}
        return answer, _read(learnt).split()


def _be_the_command(
    command: Callable[[], Any], words: list[str], streams: tuple[IO[str], ...], learnt: IO[str]
) -> None:
    """Never returns."""
    for number, stream in enumerate(streams):
        os.dup2(stream.fileno(), number)
    sys.stdin = os.fdopen(0, closefd=False)
    sys.argv = ["kithspark", *words]
    before, code = set(sys.modules), 1
    try:
        command()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - a process of its own would print it too
        traceback.print_exc()
    learnt.write("\n".join(sorted(set(sys.modules) - before)))
    for stream in (sys.stdout, sys.stderr, learnt):
        stream.flush()
    os._exit(code)


def _read(file: IO[str]) -> str:
    file.seek(0)
    return file.read()


if __name__ == "__main__":
    main()
