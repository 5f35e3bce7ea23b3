"""The webhook bodies of Jira Cloud, and who is to be told what."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.jira import shapes
from sandbox.jira.state import Issue, Link, Project, Site, Version
from sandbox.jira.words import User

EVENTS = (
    "jira:issue_created",
    "jira:issue_updated",
    "jira:issue_deleted",
    "issuelink_created",
    "issuelink_deleted",
    "jira:version_created",
    "jira:version_updated",
    "jira:version_released",
    "jira:version_unreleased",
    "project_created",
    "project_updated",
    "issue_property_set",
)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that Jira tells: its name, the body's own keys, and how urgent Jira finds it."""

    name: str
    about: dict[str, Any]
    at_ms: int
    flow: str = "Primary"

    def body(self) -> bytes:
        return json.dumps({"timestamp": self.at_ms, "webhookEvent": self.name, **self.about}).encode()


class Teller:
    """Makes the events of one site and hands them to whoever listens."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.listeners: list[Callable[[Event], None]] = []

    def issue(
        self,
        event: str,
        issue: Issue,
        *,
        by: User,
        kind: str,
        change: tuple[str, list[dict[str, Any]]] | None = None,
    ) -> None:
        """`change` is (history id, items); `kind` is the unreliable issue_event_type_name."""
        about: dict[str, Any] = {
            "issue_event_type_name": kind,
            "user": shapes.user(self.site, by, email=False),
            "issue": shapes.issue(self.site, issue, api=2),
        }
        if change is not None:
            about["changelog"] = {"id": change[0], "items": change[1]}
        self._tell(event, about)

    def link(self, event: str, link: Link, *, flow: str = "Primary") -> None:
        """Ids are numbers here, and neither keys nor a user are told."""
        kind = {
            "id": int(link.type.id),
            "name": link.type.name,
            "outwardName": link.type.outward,
            "inwardName": link.type.inward,
            "isSubTaskLinkType": False,
            "isSystemLinkType": False,
        }
        about = {
            "issueLink": {
                "id": int(link.id),
                "sourceIssueId": int(link.source),
                "destinationIssueId": int(link.destination),
                "issueLinkType": kind,
                "systemLink": False,
            }
        }
        self._tell(event, about, flow=flow)

    def version(self, event: str, version: Version) -> None:
        self._tell(event, {"version": shapes.version(self.site, version)})

    def project(self, event: str, project: Project, *, by: User) -> None:
        shown = shapes.project(self.site, project)
        lead = shapes.user(self.site, by, email=False)
        self._tell(event, {"project": {**shown, "id": int(project.id), "projectLead": lead}})

    def property(self, issue: Issue, key: str) -> None:
        about = {"issue": {"id": issue.id, "key": issue.key}, "property": {"key": key}}
        self._tell("issue_property_set", about)

    def _tell(self, name: str, about: dict[str, Any], *, flow: str = "Primary") -> None:
        event = Event(name, about, int(self.site.clock.now().timestamp() * 1000), flow)
        for listener in self.listeners:
            listener(event)
