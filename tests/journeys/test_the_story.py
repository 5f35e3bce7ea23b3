"""`kithspark demo`, as somebody runs it who has just cloned the repository."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.demo.cast import AS_WRITTEN, cast_for
from sandbox.demo.running import direct

KITHSPARK = str(Path(sysconfig.get_path("scripts")) / "kithspark")
PLAYED_S, ENDED_S = 150, 15

THE_SAME_CUSTOMER_AGAIN = next(seed for seed in range(2, 50) if cast_for(seed).again == cast_for(seed).both)


def demo(folder: Path, *words: str) -> subprocess.Popen[str]:
    """The command, with a folder of its own for what is temporary."""
    return subprocess.Popen(
        [KITHSPARK, "demo", *words],
        env={**os.environ, "TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Whoever still runs with it afterwards was forgotten, and is ended."""
    yield tmp_path
    for process in left_running(tmp_path):
        os.kill(process, signal.SIGKILL)


def left_running(folder: Path) -> list[int]:
    """The processes whose environment names this folder."""
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        try:
            if str(folder).encode() in environ.read_bytes() and environ.parent.name != str(os.getpid()):
                found.append(int(environ.parent.name))
        except OSError:  # it ended while we looked, or is somebody else's
            continue
    return found


def test_the_story_comes_out_as_told_and_its_pages_are_served_until_it_is_told_to_end(folder: Path) -> None:
    running = demo(folder, "--port", str(five_free_ports()), "--seed", str(THE_SAME_CUSTOMER_AGAIN))
    told = told_until(running, "Ctrl-C ends it all")
    assert "All 12 steps came out as they should" in told
    for words in ("1 of 2 parts is ready now", "1 von 2 Teilen ist jetzt fertig", "Internal note on ticket"):
        assert words in " ".join(told.replace("│", " ").split())
    pages = re.findall(r"http://\S+", told[told.index("Kithspark is running") :])
    assert len(pages) == 8
    for page in pages:
        assert direct().get(page, timeout=10).ok, page
    ended_by(running, signal.SIGTERM, status=0)
    nothing_is_left(folder)


def test_played_once_it_ends_by_itself(folder: Path) -> None:
    running = demo(folder, "--once", "--seed", str(AS_WRITTEN))
    told, _ = running.communicate(timeout=PLAYED_S)
    assert running.returncode == 0, told
    assert "All 12 steps came out as they should" in told
    nothing_is_left(folder)


def test_ctrl_c_in_the_middle_leaves_nothing_behind(folder: Path) -> None:
    running = demo(folder, "--once")
    told_until(running, "writes ticket")
    ended_by(running, signal.SIGINT, status=1)
    nothing_is_left(folder)


def told_until(running: subprocess.Popen[str], words: str) -> str:
    told = ""
    assert running.stdout is not None
    for line in running.stdout:
        told += line
        if words in line:
            return told
    raise AssertionError(f"It ended before it said “{words}”:\n{told}")


def ended_by(running: subprocess.Popen[str], word: signal.Signals, *, status: int) -> None:
    running.send_signal(word)
    told, _ = running.communicate(timeout=ENDED_S)
    assert told.endswith("\nEnded.\n")
    assert running.returncode == status


def nothing_is_left(folder: Path) -> None:
    assert left_running(folder) == []
    assert list(folder.iterdir()) == []


def five_free_ports() -> int:
    """The first of five in a row that nobody listens on."""
    while True:
        with contextlib.ExitStack() as held:
            first = held.enter_context(socket.socket())
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            with contextlib.suppress(OSError, OverflowError):
                for number in range(1, 5):
                    held.enter_context(socket.socket()).bind(("127.0.0.1", port + number))
                return port


def test_a_taken_port_is_one_sentence_with_the_way_out(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        running = demo(folder, "--port", str(min(port, 65531)))
        told, _ = running.communicate(timeout=30)
    assert running.returncode == 1
    [line] = told.splitlines()
    assert line.startswith(f"Port {port} is taken:")
    assert "--port" in line
    nothing_is_left(folder)


def test_the_same_seed_gives_the_same_people_and_another_gives_others() -> None:
    assert cast_for(7) == cast_for(7)
    assert cast_for(7) != cast_for(8)
    assert cast_for(AS_WRITTEN).whole == "KS-1"


@pytest.mark.parametrize("seed", range(60))
def test_every_cast_is_four_of_three_companies_and_one_of_them_writes_german(seed: int) -> None:
    cast = cast_for(seed)
    four = (cast.narrowed, cast.closed, cast.voter, cast.both)
    assert len({one.email for one in four}) == 4
    assert len({one.company.name for one in four}) == 3
    assert cast.closed.language == "de"
    assert len({cast.whole, *cast.parts, cast.twin, cast.side}) == 5
