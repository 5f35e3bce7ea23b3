"""The real processes of one installation: started, found dead, started again."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import requests

from tests.our_files import ROOT

START_S = 60.0
STOP_S = 25.0


class Warm:
    """`tests.crashes.warm`, kept for a whole run."""

    def __enter__(self) -> Self:
        words = [sys.executable, "-m", "tests.crashes.warm"]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            words, cwd=ROOT, stdin=pipe, stdout=pipe, text=True, start_new_session=True
        )  # whatever ends us is not for it: it ends in order, when its standard input does
        return self

    def __exit__(self, *exc: object) -> None:
        self._process.communicate()

    def start(self, words: list[str], environment: dict[str, str], log: Path) -> int:
        asked = {"words": words, "environment": environment, "log": str(log)}
        return int(self._ask(asked)["process"])

    def code(self, process: int) -> int | None:
        """The exit code of a process that was started; None while it runs."""
        found: int | None = self._ask({"ended": process})["code"]
        return found

    def _ask(self, asked: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


@dataclass
class Processes:
    """`commands`: what is to run, such as `[["serve"]]`, or `[["serve", "--no-worker"], ["work"]]`.

    A command that listens somewhere else than the first says so by `--listen=…` as its last word.
    """

    warm: Warm
    url: str
    environment: dict[str, str]
    log: Path
    commands: list[list[str]]
    running: dict[int, int] = field(default_factory=dict)
    """Number of the command to its process."""

    def start(self) -> None:
        """Whatever does not run. Returns when the first server can be called."""
        for number, words in enumerate(self.commands):
            if number not in self.running:
                plain = [word for word in words if not word.startswith("--listen=")]
                elsewhere = {"KITHSPARK_LISTEN": words[-1].partition("=")[2]} if plain != words else {}
                environment = {**os.environ, **self.environment, **elsewhere}
                self.running[number] = self.warm.start(plain, environment, self.log)
        self._wait_until_ready()

    def ended(self) -> list[int]:
        """The numbers of the commands whose process is no more; they may be started again."""
        gone = [number for number, process in self.running.items() if self.warm.code(process) is not None]
        for number in gone:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.running.pop(number), signal.SIGKILL)
        return gone

    def kill(self, number: int | None = None) -> None:
        """As a power cut would: this command's processes, or all."""
        for one in list(self.running) if number is None else [number]:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.running[one], signal.SIGKILL)
            self._gone(one)

    def ask_to_stop(self) -> None:
        """By SIGTERM, as an operator would. Returns at once."""
        for process in self.running.values():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGTERM)

    def stop(self) -> None:
        self.ask_to_stop()
        until = time.monotonic() + STOP_S
        while self.running and time.monotonic() < until:
            self.ended()
            time.sleep(0.01)
        self.kill()

    def _gone(self, number: int) -> None:
        until = time.monotonic() + STOP_S
        while self.warm.code(self.running[number]) is None:
            assert time.monotonic() < until, "a process that was killed is still there"
            time.sleep(0.002)
        del self.running[number]

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + START_S
        session = requests.Session()
        session.trust_env = False
        while time.monotonic() < until:
            with contextlib.suppress(requests.RequestException):
                if session.get(f"{self.url}/readyz", timeout=2).ok:
                    return
            if dead := self.ended():
                break
            time.sleep(0.02)
        words = self.log.read_text(errors="replace").splitlines()[-15:]
        raise AssertionError(f"It does not start ({dead} ended).\n" + "\n".join(words))
