"""A small Jira Cloud: REST over HTTP, signed webhooks, hosts of Connect and Forge apps, pages for people."""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self

from flask import Flask

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.faults import blueprint as faults_blueprint
from sandbox.jira import pages, rest
from sandbox.jira.backend import Backend
from sandbox.jira.connect import Connect, Installation
from sandbox.jira.doing import Doing
from sandbox.jira.forge import Forge
from sandbox.jira.rest.errors import fault_body
from sandbox.jira.state import Alias, Issue, Link, Project, Site, Version
from sandbox.jira.telling import Teller
from sandbox.jira.webhooks import Hooks, Sender
from sandbox.jira.words import User
from sandbox.server import Server

DEMAND_ALIASES = {
    word: Alias("kithspark.demand", path, kind)
    for word, path, kind in (
        ("kithsparkDemand", "score", "number"),
        ("kithsparkRequesters", "requesters", "number"),
        ("kithsparkCompanies", "companies", "number"),
        ("kithsparkVotes", "votes", "number"),
        ("kithsparkPipeline", "pipeline.minor", "number"),
        ("kithsparkCustomer", "customer.minor", "number"),
        ("kithsparkOldest", "oldest", "date"),
        ("kithsparkLineage", "lineage", "string"),
        ("kithsparkCurrency", "currency", "string"),
    )
}
"""JQL words that a real site only knows once an app brought them; here they are there from the start."""


class Jira:
    """One Jira site, in memory. What changes here is told by webhook, whoever changed it.

    Set up and inspect it by the methods, or by `site` under `site.lock`; speak to it at `url` as
    `email` with `api_token`. `time_scale` shortens the waits between tries of a webhook.
    """

    def __init__(
        self, *, clock: Clock | None = None, seed: int = 0, port: int = 0, time_scale: float = 0.001
    ) -> None:
        first_id = 10001 + random.Random(seed).randrange(0, 5000) if seed else 10001
        self.site = Site(clock or Clock(), first_id=first_id, aliases=dict(DEMAND_ALIASES))
        self.hooks = Hooks(time_scale=time_scale)
        self.sender = Sender(self.hooks)
        teller = Teller(self.site)
        teller.listeners.append(self.sender.tell)
        self.connect = Connect(self.site, self.sender)
        self.forge = Forge(self.site, self.hooks)
        teller.listeners.append(self.forge.tell)
        self._do = Doing(self.site, teller)
        self.user = self.site.users[0]
        """Who does what the methods below do; the pages let one choose."""
        service = self.site.users[-1]
        self.email, self.api_token = service.email, f"ATATT3x-sandbox-{seed}"
        self.backend = Backend(
            self.site, self._do, self.sender, self.connect, self.forge, tokens={self.email: self.api_token}
        )
        self.faults = Faults(fault_body)
        self.app = Flask("sandbox.jira", static_folder=None)
        self.app.register_blueprint(faults_blueprint(self.faults))
        self.app.register_blueprint(rest.blueprint(self.backend))
        self.app.register_blueprint(rest.blueprint(self.backend, gateway=True))
        self.app.register_blueprint(pages.blueprint(self.backend))
        self.app.wsgi_app = self.faults.wrap(self.app.wsgi_app)  # type: ignore[method-assign,assignment]
        self.server = Server(self.app, port=port)

    @property
    def url(self) -> str:
        return self.server.url

    def start(self) -> Self:
        self.server.start()
        self.site.url = self.server.url
        return self

    def stop(self) -> None:
        self.hooks.close()
        self.server.stop()

    def webhook(self, url: str, secret: str, events: Sequence[str] | None = None) -> None:
        """What an administrator sets up. `events` None: all."""
        self.sender.subscribe(url, secret, frozenset(events) if events is not None else None)

    def install(self, app_url: str) -> Installation:
        """Install the Connect app whose descriptor is under `app_url`. Raises InstallFailed."""
        return self.connect.install(app_url)

    def uninstall(self) -> None:
        self.connect.uninstall()

    def frame_url(self, issue: str | Issue, module: str = "demand-context", user: User | None = None) -> str:
        """The signed address of the app's panel. Raises KeyError where no app, or no such panel, is there."""
        return self.connect.frame_url(self.issue(issue), user or self.user, module=module)

    def issue(self, issue: str | Issue) -> Issue:
        """By id or key. Raises sandbox.jira.state.NoSuchIssue."""
        return issue if isinstance(issue, Issue) else self.site.issue(issue)

    @contextmanager
    def _doing(self) -> Iterator[Doing]:
        with self.site.lock:
            yield self._do

    def add_project(self, key: str, name: str = "", *, public: bool = False) -> Project:
        with self._doing() as do:
            return do.add_project(key, name or key, public=public, by=self.user)

    def add_issue(
        self,
        key: str,
        summary: str,
        *,
        description: str = "",
        type: str = "Story",
        parent: str | Issue | None = None,
    ) -> Issue:
        """`key` like `KS-9`, or only `KS` for the next number; the project is made where there is none."""
        with self._doing() as do:
            project_key, _, number = key.partition("-")
            return do.create(
                self._project(project_key),
                summary,
                by=self.user,
                kind=self.site.issue_type(type),
                description=description,
                number=int(number) if number else None,
                parent=self.issue(parent) if parent is not None else None,
            )

    def edit(self, issue: str | Issue, *, summary: str) -> None:
        with self._doing() as do:
            do.edit(self.issue(issue), by=self.user, summary=summary)

    def split(self, issue: str | Issue, into: Sequence[str]) -> list[Issue]:
        """Jira's own "Split issue": new issues of these summaries, each `split from` this one."""
        with self._doing() as do:
            return do.split(self.issue(issue), into, by=self.user)

    def link(self, type: str, source: str | Issue, destination: str | Issue) -> Link:
        """The source says the outward words of this type of the destination."""
        with self._doing() as do:
            kind = self.site.link_type(type)
            return do.link(kind, self.issue(source), self.issue(destination), by=self.user)

    def unlink(self, link: str | Link) -> None:
        with self._doing() as do:
            do.unlink(self.site.links[link] if isinstance(link, str) else link, by=self.user)

    def duplicate(self, issue: str | Issue, *, of: str | Issue) -> Link:
        """Link it as a duplicate and close it as one: two deeds, as people do it."""
        link = self.link("Duplicate", issue, of)
        self.transition(issue, "done", resolution="Duplicate")
        return link

    def transition(self, issue: str | Issue, to: str, *, resolution: str | None = "Done") -> None:
        """Into a status category: new, indeterminate or done. `resolution` None: done without one."""
        with self._doing() as do:
            wanted = self.site.resolution_called(resolution) if resolution else None
            do.transition(self.issue(issue), self.site.status_of(to), wanted, by=self.user)

    def reopen(self, issue: str | Issue) -> None:
        self.transition(issue, "new")

    def move(self, issue: str | Issue, project: str) -> None:
        """To another project, which is made where there is none."""
        with self._doing() as do:
            do.move(self.issue(issue), self._project(project), by=self.user)

    def set_parent(self, issue: str | Issue, parent: str | Issue | None) -> None:
        """Make it a child of this issue, or of none."""
        with self._doing() as do:
            do.set_parent(self.issue(issue), None if parent is None else self.issue(parent), by=self.user)

    def rename_project(self, project: str, key: str) -> None:
        with self._doing() as do:
            do.rename_project(self.site.project(project), key, by=self.user)

    def add_version(self, project: str, name: str) -> Version:
        with self._doing() as do:
            return do.add_version(self._project(project), name)

    def set_fix_version(self, issue: str | Issue, *versions: Version) -> None:
        """Exactly these."""
        with self._doing() as do:
            do.fix_versions(self.issue(issue), versions, by=self.user)

    def set_components(self, issue: str | Issue, *names: str) -> None:
        """Exactly these."""
        with self._doing() as do:
            do.edit(self.issue(issue), by=self.user, components=list(names))

    def release(self, version: Version, *, released: bool = True) -> None:
        with self._doing() as do:
            do.release(version, released=released)

    def delete(self, issue: str | Issue) -> None:
        with self._doing() as do:
            do.delete(self.issue(issue), by=self.user)

    def property(self, issue: str | Issue, key: str) -> Any:
        """What an app wrote on this issue; None where it wrote nothing."""
        with self.site.lock:
            return self.issue(issue).properties.get(key)

    def _project(self, key: str) -> Project:
        try:
            return self.site.project(key)
        except KeyError:
            return self._do.add_project(key, key, public=False, by=self.user)
