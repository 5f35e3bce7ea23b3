"""Jira's events as Forge tells them, put into the words of Jira's webhooks: `events` reads both alike."""

import json
from typing import Any

NAMES = {
    "avi:jira:created:issue": "jira:issue_created",
    "avi:jira:updated:issue": "jira:issue_updated",
    "avi:jira:deleted:issue": "jira:issue_deleted",
    "avi:jira:created:issuelink": "issuelink_created",
    "avi:jira:deleted:issuelink": "issuelink_deleted",
    "avi:jira:created:version": "jira:version_created",
    "avi:jira:updated:version": "jira:version_updated",
    "avi:jira:released:version": "jira:version_released",
    "avi:jira:unreleased:version": "jira:version_unreleased",
    "avi:jira:moved:version": "jira:version_moved",
    "avi:jira:merged:version": "jira:version_merged",
    "avi:jira:deleted:version": "jira:version_deleted",
    "avi:jira:updated:project": "project_updated",
    "avi:jira:archived:project": "project_archived",
    "avi:jira:unarchived:project": "project_restored_archived",
    "avi:jira:softdeleted:project": "project_soft_deleted",
    "avi:jira:restored:project": "project_restored_deleted",
    "avi:jira:deleted:project": "project_deleted",
}
"""Listed and never put together: the words are as irregular here as there. The manifest asks for these."""

LINK = ("id", "sourceIssueId", "destinationIssueId", "issueLinkType")


def event(body: bytes) -> tuple[str, dict[str, Any]]:
    """The name of what Forge tells, and all that it says of it. Raises ValueError for what no Forge sends.

    On a second try the event may lie under `payload`, beside what Forge says of the try.
    """
    try:
        said = json.loads(body)
    except RecursionError as e:
        raise ValueError("The body is nested too deeply.") from e
    if isinstance(said, dict) and isinstance(said.get("payload"), dict):
        said = said["payload"]
    name = said.get("eventType") if isinstance(said, dict) else None
    if not name or not isinstance(name, str):
        raise ValueError("The body is no event of Forge: it has no eventType.")
    return name, said


def as_webhook(body: bytes) -> bytes:
    """The same event as Jira's webhook would tell it. Raises ValueError for what no Forge sends."""
    name, said = event(body)
    told: dict[str, Any] = {"webhookEvent": NAMES.get(name, name)}
    told |= {one: said[one] for one in ("issue", "changelog", "version", "project") if one in said}
    if name.endswith(":issuelink"):
        told["issueLink"] = {one: said.get(one) for one in LINK}
    return json.dumps(told).encode()
