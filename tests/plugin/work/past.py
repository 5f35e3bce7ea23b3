"""A desk that can go back to an old backup, in the words of people."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lineage import notices as acts
from lineage import questions, restored
from lineage.changes import Titled
from lineage.outcomes import notices
from lineage.terms import ItemId
from plugin import restoring
from sandbox.jira import Jira
from sandbox.zendesk import Zendesk
from sandbox.zendesk.records import Ticket, User
from store import backup, restore
from store.database import reading, transaction
from tests.plugin.work.conftest import Desk

ROUNDS, ROUND_S = 5, 320


@dataclass
class Past:
    """A desk that can go back to an old backup."""

    desk: Desk
    zendesk: Zendesk
    jira: Jira
    folder: Path
    backups: int = 0

    def asks(self, name: str, key: str) -> Ticket:
        user = self.zendesk.add_user(name, f"{name.lower()}@acme.example")
        return self.asks_again(user, key)

    def asks_again(self, user: User, key: str) -> Ticket:
        ticket = self.zendesk.open_ticket(user, "Export", "We need PDF.")
        self.links(ticket, key)
        return ticket

    def links(self, ticket: Ticket, key: str) -> None:
        issue = self.jira.issue(key).id
        self.desk.looks_at("zendesk", "ticket", ticket.id)
        self.desk.looks_at("jira", "issue", issue)
        self.desk.links(ticket.id, issue)
        self.titled(key)

    def titled(self, key: str) -> None:
        item = ItemId(self.jira.issue(key).id)
        self.desk.record(Titled(item, f"The {key} thing", False, by="Agnes", at=self.desk.clock.now()))

    def passes(self) -> None:
        """Hours in which the worker does whatever falls due."""
        for _ in range(ROUNDS):
            self.desk.works()
            self.desk.clock.advance(ROUND_S)

    def saves(self) -> Path:
        self.backups += 1
        file = self.folder / f"{self.backups}.backup"
        app = self.desk.app
        backup.take(app.engine, app.vault, file, now=self.desk.clock.now(), tell=lambda _done, _all: None)
        self.desk.clock.advance(60)
        return file

    def goes_back_to(self, file: Path) -> None:
        self.desk.clock.advance(60)
        app, now = self.desk.app, self.desk.clock.now()
        manifest = restore.judged(file, app.vault, without_secrets=False)
        restore.restore(
            app.engine, app.vault, file, manifest, now=now, tell=lambda _done, _all: None,
            afterwards=lambda conn: restoring.begin(conn, backup_at=manifest.taken_at, now=now),
        )  # fmt: skip

    def finished(self) -> bool:
        with reading(self.desk.app.engine) as conn:
            progress = restored.progress(conn, self.desk.workspace)
        assert progress is not None
        return progress.finished_at is not None

    def replies(self, ticket: Ticket) -> list[str]:
        found = self.zendesk.public_comments(ticket)
        return [str(one["body"]) for one in found if one["author_id"] == self.zendesk.service.id]

    def approve_all(self) -> int:
        with transaction(self.desk.app.engine) as conn:
            waiting = questions.notices(conn, self.desk.workspace, state="awaiting_approval")
            for one in waiting:
                acts.approve(conn, self.desk.workspace, one.id, digest=one.digest, by="Olga",
                             now=self.desk.clock.now())  # fmt: skip
        return len(waiting)

    def notices(self, state: str) -> list[dict[str, Any]]:
        return [one for one in self.desk.rows(notices) if one["state"] == state]
