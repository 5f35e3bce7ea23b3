"""Issues read whole: an epic's children are not in its own JSON, so they are asked for besides."""

from collections.abc import Iterable

from connectors.jira import reader
from connectors.jira.answers import IssueJson
from connectors.jira.client import Jira
from connectors.jira.mapping import LinkMapping
from lineage.changes import IssueSeen
from lineage.terms import ItemId


def read_issue(jira: Jira, id_or_key: str, *, mapping: LinkMapping, site: str = "") -> IssueSeen:
    """One issue, with one more call for an epic. Raises NotFound, and whatever the client raises."""
    return _whole(jira, jira.issue(id_or_key), mapping=mapping, site=site)


def read_issues(
    jira: Jira, ids: Iterable[ItemId], *, mapping: LinkMapping, site: str = ""
) -> list[IssueSeen]:
    """Those of these issues that Jira shows."""
    return [_whole(jira, issue, mapping=mapping, site=site) for issue in jira.issues(ids).issues]


def _whole(jira: Jira, issue: IssueJson, *, mapping: LinkMapping, site: str) -> IssueSeen:
    below = jira.children(reader.item_id(issue)) if reader.stands_above(issue) else ()
    return reader.read(issue, mapping=mapping, site=site, below=below)
