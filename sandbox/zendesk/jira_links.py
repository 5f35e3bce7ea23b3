"""The links of Zendesk's own Jira app: which ticket belongs to which issue."""

from dataclasses import dataclass
from datetime import datetime

from sandbox.zendesk.account import Account
from sandbox.zendesk.records import Json
from sandbox.zendesk.shapes import iso


@dataclass
class JiraLink:
    """`key` is the issue's as it was when the link was made: a move makes it stale."""

    id: int
    ticket: int
    issue: str
    key: str
    created: datetime


def add(account: Account, ticket: int, issue: str, key: str, *, made: datetime | None) -> JiraLink:
    links = account.jira_links
    number = links[-1].id + 1 if links else 60_477_700 + account.rng.randrange(100)
    links.append(JiraLink(number, ticket, issue, key, made or account.stamp()))
    return links[-1]


def first_json(link: JiraLink, base: str) -> Json:
    """As the first API has it: the ids of ticket and issue are strings, its own is a number."""
    return {
        "id": link.id,
        "ticket_id": str(link.ticket),
        "issue_id": link.issue,
        "issue_key": link.key,
        "url": f"{base}/api/v2/jira/links/{link.id}.json",
        "created_at": iso(link.created),
        "updated_at": iso(link.created),
    }


def second_json(link: JiraLink, external_id: str) -> Json:
    """As the second API has it: neither an id nor a time."""
    return {
        "ticket_id": str(link.ticket),
        "issue_id": link.issue,
        "issue_key": link.key,
        "external_id": external_id,
    }
