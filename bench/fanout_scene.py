"""Two workspaces with a helpdesk each, people who asked for one issue in each, and two worker processes."""

import contextlib
import dataclasses
import os
import random
import signal
import subprocess
import sysconfig
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography.fernet import Fernet
from sqlalchemy import Engine, select

from connectors import delivery
from lineage import ledger, questions
from lineage.changes import IssueSeen, Linked, PersonSeen, TicketSeen, Titled
from lineage.outcomes import notices
from lineage.terms import ItemId, Origin
from plugin.progress import progress_in_words
from sandbox.zendesk import Zendesk
from sandbox.zendesk.records import Ticket
from store import connections, inbox, migrate, tally, workspaces
from store.database import open_database, reading, transaction, utc_now
from store.secrets import Vault
from store.workspaces import Workspace

KITHSPARK = str(Path(sysconfig.get_path("scripts")) / "kithspark")
KS_1 = ItemId("10001")
OTHERS = 5
SETTLE_S = 30
WORKERS = 2
AT_A_TIME = 100


@dataclass
class Scene:
    engine: Engine
    zendesk: Zendesk
    others: Zendesk
    workspace: Workspace
    other: Workspace
    environment: dict[str, str]
    tickets: list[Ticket] = field(default_factory=list)
    workers: list["subprocess.Popen[bytes]"] = field(default_factory=list)
    shipped_elsewhere_at: datetime | None = None
    _largest_mb: float = 0.0

    def ship(self) -> None:
        """The issue is done: from now on everybody is owed the news."""
        self._done(self.workspace)

    def ship_elsewhere(self) -> bool:
        self.shipped_elsewhere_at = utc_now()
        self._done(self.other)
        return True

    def told(self) -> int:
        """How many notices of the large workspace are known to be said."""
        with reading(self.engine) as conn:
            found = questions.notices_by_state(conn, self.workspace)
        return found.get("confirmed", 0) + found.get("posted_not_emailed", 0)

    def heard(self, ticket: Ticket) -> int:
        """The vendor's own word: how often we wrote there for the customer to read."""
        ours = self.zendesk.service.id
        return sum(one["author_id"] == ours for one in self.zendesk.public_comments(ticket))

    def progress(self) -> str:
        with reading(self.engine) as conn:
            return progress_in_words(questions.progress(conn, self.workspace, now=utc_now()))

    def others_were_told_after_s(self) -> float:
        """The last of them; without end if one was not."""
        query = select(notices.c.sent_at).where(notices.c.workspace_id == self.other.id)
        with reading(self.engine) as conn:
            sent = list(conn.scalars(query))
        if self.shipped_elsewhere_at is None or len(sent) < OTHERS or None in sent:
            return float("inf")
        late: float = (max(sent) - self.shipped_elsewhere_at).total_seconds()
        return late

    def wait_for_the_others(self, most_s: float) -> None:
        until = time.monotonic() + most_s
        while self.others_were_told_after_s() == float("inf") and time.monotonic() < until:
            time.sleep(0.2)

    def calls_per_reply(self) -> float:
        self.stop_workers()
        with reading(self.engine) as conn:
            made = sum(number for _, number in tally.read(conn, delivery.TRY_CALLS))
        return made / (len(self.tickets) + OTHERS)

    def memory_mb(self) -> float:
        return self._largest_mb

    def start_workers(self) -> None:
        while len(self.workers) < WORKERS:
            self.workers.append(
                subprocess.Popen(
                    [KITHSPARK, "work"], env=self.environment, stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
            )  # fmt: skip

    def wait_for_work(self) -> None:
        """Until somebody has looked at a delivery that means nothing."""
        with transaction(self.engine) as conn:
            inbox.keep(conn, workspace_id=self.other.id, system="jira", delivery_id="warm", headers={},
                       body=b"{}", now=utc_now())  # fmt: skip
        waiting = True
        while waiting:
            time.sleep(0.1)
            with reading(self.engine) as conn:
                waiting = inbox.SHELF.counts(conn, now=utc_now()).due > 0

    def kill_one(self, rng: random.Random) -> None:
        """And start another in its place."""
        victim = self.workers.pop(rng.randrange(len(self.workers)))
        self._weigh(victim)
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        self.start_workers()

    def stop_workers(self) -> None:
        while self.workers:
            worker = self.workers.pop()
            self._weigh(worker)
            worker.terminate()
            worker.wait(40)

    def _weigh(self, worker: "subprocess.Popen[bytes]") -> None:
        with contextlib.suppress(OSError):
            status = Path(f"/proc/{worker.pid}/status").read_text()
            lines = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
            self._largest_mb = max(self._largest_mb, int(lines["VmHWM"].split()[0]) / 1024)

    def _done(self, workspace: Workspace) -> None:
        with transaction(self.engine) as conn:
            ledger.record(conn, workspace, issue("done"), cause="bench:done", now=utc_now())


@contextlib.contextmanager
def opened(
    folder: Path,
    *,
    people: int,
    updates_a_minute: int,
    url: str = "",
    quick: Mapping[str, str] | None = None,
) -> Iterator[Scene]:
    """Everybody has asked, the workers run and have nothing to do.

    `url`: of an empty database; `quick`: settings for a test that cannot wait.
    """
    url = url or f"sqlite:///{folder / 'fanout.db'}"
    key = Fernet.generate_key().decode()
    engine = open_database(url)
    migrate.upgrade(engine)
    with contextlib.ExitStack() as ending:
        desks = [Zendesk(seed=number).start() for number in (1, 2)]
        for desk in desks:
            ending.callback(desk.stop)
            desk.limits.updates_per_min = updates_a_minute
            desk.limits.account_per_min = 100 * updates_a_minute
        spaces = [
            _workspace(engine, key, slug, desk) for slug, desk in zip(("many", "few"), desks, strict=True)
        ]
        kept = {k: v for k, v in os.environ.items() if not k.startswith("KITHSPARK_")}
        settings = {
            "KITHSPARK_DATABASE_URL": url, "KITHSPARK_DATA_DIR": str(folder), "KITHSPARK_SECRET_KEYS": key,
            "KITHSPARK_SETTLE_S": str(SETTLE_S), "KITHSPARK_LOG": "json",
        }  # fmt: skip
        scene = Scene(engine, desks[0], desks[1], spaces[0], spaces[1], kept | settings | dict(quick or {}))
        scene.tickets = _asked(engine, spaces[0], desks[0], people)
        _asked(engine, spaces[1], desks[1], OTHERS)
        ending.callback(engine.dispose)
        ending.callback(scene.stop_workers)
        scene.start_workers()
        scene.wait_for_work()
        time.sleep(4)  # a ticket that changed a moment ago is not written on
        yield scene


def _workspace(engine: Engine, key: str, slug: str, desk: Zendesk) -> Workspace:
    now = utc_now()
    with transaction(engine) as conn:
        made = workspaces.add(conn, slug=slug, name=slug, now=now)
        workspaces.set_policy(conn, made.id, dataclasses.replace(made.policy, hold_s=0))
        connections.save(
            conn, Vault([key]), workspace_id=made.id, system="zendesk", url=desk.url,
            config={"client_id": desk.client_id}, secrets={"client_secret": desk.client_secret}, now=now,
        )  # fmt: skip
        return workspaces.by_id(conn, made.id)


def _asked(engine: Engine, workspace: Workspace, desk: Zendesk, people: int) -> list[Ticket]:
    """One ticket each, linked to KS-1."""
    now = utc_now()
    with transaction(engine) as conn:
        ledger.record(conn, workspace, issue("new"), cause="bench:new", now=now)
        titled = Titled(KS_1, "Export to PDF", own_part=False, by="Eve", at=now)
        ledger.record(conn, workspace, titled, cause="bench:titled", now=now)
    tickets = []
    for first in range(0, people, AT_A_TIME):
        with transaction(engine) as conn:
            for number in range(first, min(first + AT_A_TIME, people)):
                user = desk.add_user(f"Person {number}", f"p{number}@company{number}.example")
                ticket = desk.open_ticket(user, "PDF, please", "We need it")
                tickets.append(ticket)
                who = PersonSeen("zendesk", str(user.id), user.name, (user.email,) if user.email else ())
                seen = TicketSeen(
                    str(ticket.id), "open", "PDF, please", "We need it", who, created=now, updated=now
                )
                ledger.record(conn, workspace, seen, cause=f"bench:seen:{number}", now=now)
                link = Linked(Origin("zendesk:ticket", str(ticket.id)), KS_1, by="Agnes", at=now)
                ledger.record(conn, workspace, link, cause=f"bench:link:{number}", now=now)
    return tickets


def issue(category: str) -> IssueSeen:
    """KS-1 as Jira shows it now: `new` or `done`."""
    now = utc_now()
    return IssueSeen(
        item=KS_1, key="KS-1", summary="internal words", project="KS", issue_type="Story", status="x",
        category=category, resolution_id=None, resolution=None, meaning=None, created=now, updated=now,
        state_at=now,
    )  # fmt: skip
