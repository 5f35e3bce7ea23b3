"""Issues read whole: an epic's children are not in its own JSON, so they are asked for besides."""

from collections.abc import Iterable

from connectors.errors import NotFound, Unavailable
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


def read_around(
    jira: Jira, ids: Iterable[ItemId], *, mapping: LinkMapping, site: str, most: int
) -> list[IssueSeen]:
    """Those of these issues that Jira shows, and what links lead to, `most` issues besides."""
    wanted = list(dict.fromkeys(ids))
    seen, read, left = read_issues(jira, wanted, mapping=mapping, site=site), set(wanted), most
    while left > 0:
        ends = {end for one in seen for edge in one.edges for end in (edge.src, edge.dst)}
        if not (fresh := sorted(ends - read)[:left]):
            break
        read, left = read | set(fresh), left - len(fresh)
        seen += read_issues(jira, fresh, mapping=mapping, site=site)
    return seen


def _whole(jira: Jira, issue: IssueJson, *, mapping: LinkMapping, site: str) -> IssueSeen:
    below = _children(jira, reader.item_id(issue)) if reader.stands_above(issue) else ()
    return reader.read(issue, mapping=mapping, site=site, below=below)


def _children(jira: Jira, item: ItemId) -> list[IssueJson]:
    """Raises Unavailable where the search itself is not there: that says nothing of the issue above."""
    try:
        return jira.children(item)
    except NotFound as e:
        raise Unavailable(f"{e} Its issue is there, so it is read again later.") from e
