"""The stage: the sandbox vendors, Kithspark beside them as a process of its own, and a temporary folder."""

import contextlib
import re
import socket
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from sandbox.demo.running import Kithspark, direct
from sandbox.hubspot import HubSpot
from sandbox.jira import Jira
from sandbox.openai import OpenAI
from sandbox.zendesk import Zendesk
from sandbox.zendesk.records import Mail

HOST = "127.0.0.1"
SETTLED_S = 60.0
QUICK = {"KITHSPARK_SWEEP_S": "1"}
SYNCS = 3
"""Reconciliations that wait for their time: one for each vendor with records."""


class PortTaken(Exception):
    """Somebody listens there already. The message says what to do."""


class Stage:
    """Everything that runs. Use it with `with`: whatever was started is ended, and the folder removed.

    `port` is Kithspark's, and the next four are the vendors'; 0 takes free ones.
    """

    def __init__(self, *, port: int = 0, seed: int = 1, settings: dict[str, str] | None = None) -> None:
        ports = [port + number for number in range(5)] if port else [_free_port(), 0, 0, 0, 0]
        for one in ports:
            _must_be_free(one)
        self.zendesk = Zendesk(seed=seed, port=ports[1])
        self.jira = Jira(seed=seed, port=ports[2])
        self.hubspot = HubSpot(seed=seed, port=ports[3])
        self.openai = OpenAI(seed=seed, port=ports[4])
        self.kithspark = Kithspark(port=ports[0], settings={**QUICK, **(settings or {})})
        self.kithspark.hear = self._heard

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as ending:
            self.folder = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="kithspark-demo-")))
            for vendor in (self.zendesk, self.jira, self.hubspot, self.openai):
                vendor.start()
                ending.callback(vendor.stop)
            ending.callback(self.kithspark.stop)
            self.kithspark.settings |= {
                "KITHSPARK_DATA_DIR": str(self.folder),
                "KITHSPARK_CONNECT_KEYS_URL": f"{self.jira.url}/connect-keys",
            }
            self._ending = ending.pop_all()
        return self

    def __exit__(self, *exc: object) -> None:
        self._ending.close()

    def at_the_end(self, do: Callable[[], object]) -> None:
        """To be done before the rest is ended."""
        self._ending.callback(do)

    def quiet(self, *, held: int = 0) -> None:
        """Wait until every webhook is delivered and nothing is left to do but `held` notices.

        Raises TimeoutError.
        """
        until, calm = time.monotonic() + SETTLED_S, 0
        while calm < 2:  # what we wrote may have made another webhook
            busy = self._busy(held)
            calm = 0 if busy else calm + 1
            if time.monotonic() > until:
                raise TimeoutError(f"After {SETTLED_S:g} s there still is something to do: {busy}.")
            if busy:
                time.sleep(0.03)

    def _busy(self, held: int) -> dict[str, float]:
        """What is left to do, as the vendors' senders and Kithspark's own figures say it."""
        for vendor in (self.zendesk, self.jira, self.hubspot):
            if not vendor.hooks.settled(SETTLED_S):
                return {f"webhooks of {type(vendor).__name__}": 1}
        rows = _figures(direct().get(f"{self.kithspark.url}/metrics", timeout=10).text)
        expected = {("looks", "waiting"): SYNCS, ("notices", "waiting"): held}
        return {
            f"{shelf} {state}": number
            for (shelf, state), number in rows.items()
            if state in ("due", "leased", "waiting") and number > expected.get((shelf, state), 0)
        }

    def _heard(self, event: dict[str, Any]) -> None:
        """Without a mail server, sign-in links are printed: here they come by mail to the sandbox inbox."""
        link, email = event.get("link"), event.get("email")
        if isinstance(link, str) and isinstance(email, str) and "/sign-in/" in urlsplit(link).path:
            account = self.zendesk.account
            body = f"Follow this link to sign in:\n\n{link}"
            with account.lock:
                account.mails.append(
                    Mail(email, 0, "Sign in to the forum", body, account.clock.now(), "Forum")
                )


def _must_be_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise PortTaken(
                f"Port {port} is taken: end what listens there, or choose others with --port "
                "(it takes that one and the next four)."
            ) from None


def _free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _figures(metrics: str) -> dict[tuple[str, str], float]:
    """How many rows wait: by shelf and state."""
    found = re.findall(r'^kithspark_rows\{shelf="(\w+)",state="(\w+)"\} ([\d.]+)', metrics, re.MULTILINE)
    return {(shelf, state): float(number) for shelf, state, number in found}
