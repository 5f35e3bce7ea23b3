"""The part of JQL that the sandbox reads."""

import pytest

from sandbox.jira import Jira, searching
from sandbox.jira.jql import BadJql


@pytest.fixture(scope="module")
def site() -> Jira:
    """A site without a server: only its search is asked."""
    jira = Jira()
    for n, summary in enumerate(["Export to PDF", "Import from CSV", "Exporting reports"], 1):
        jira.add_issue(f"KS-{n}", summary)
    jira.add_issue("OPS-1", "Backups")
    jira.transition("KS-2", "done", resolution="Won't Do")
    jira.transition("KS-3", "indeterminate")
    jira.set_fix_version("KS-1", jira.add_version("KS", "2.0"))
    jira.move("OPS-1", "NEW")
    for key, score in (("KS-1", 3), ("KS-2", 10)):
        jira.issue(key).properties["kithspark.demand"] = {"score": score, "deep": {"er": "x"}}
    return jira


@pytest.mark.parametrize(
    ("jql", "keys"),
    [
        ("project = KS ORDER BY key", "KS-1 KS-2 KS-3"),
        ("project = ks ORDER BY key DESC", "KS-3 KS-2 KS-1"),
        ("project != KS", "NEW-1"),
        ("key = OPS-1", "NEW-1"),
        ("key in (KS-1, 'KS-3') order by id asc", "KS-1 KS-3"),
        ("id in (10001)", "KS-1"),
        ("key not in (KS-1, KS-2, KS-3)", "NEW-1"),
        ("fixVersion = 30001", "KS-1"),
        ('fixVersion = "2.0"', "KS-1"),
        ("fixVersion is EMPTY AND project = KS ORDER BY key", "KS-2 KS-3"),
        ("statusCategory = Done", "KS-2"),
        ("statusCategory = indeterminate", "KS-3"),
        ("resolution = Unresolved AND project = KS order by key", "KS-1 KS-3"),
        ("resolution is not empty", "KS-2"),
        ('text ~ "export*" ORDER BY key', "KS-1 KS-3"),
        ('summary ~ "export pdf"', "KS-1"),
        ('summary !~ "export*" ORDER BY key', "KS-2 NEW-1"),
        ("issue.property[kithspark.demand].score > 3", "KS-2"),
        ("issue.property[kithspark.demand].deep.er = x ORDER BY key", "KS-1 KS-2"),
        ("kithsparkDemand >= 3 ORDER BY kithsparkDemand DESC", "KS-2 KS-1"),
        ("NOT (project = KS OR key = NEW-1)", ""),
        ("project = KS AND (key = KS-1 OR key = KS-2) AND NOT statusCategory = Done", "KS-1"),
        ('updated >= "-5m" AND project = NEW', "NEW-1"),
        ("updated >= 4102444800000", ""),
        ('created >= "2020-01-01 10:00" AND key = KS-1', "KS-1"),
    ],
)
def test_a_query_finds_what_it_asks_for(site: Jira, jql: str, keys: str) -> None:
    assert " ".join(issue.key for issue in searching.find(site.site, jql, reconcile=set())) == keys


@pytest.mark.parametrize(
    "jql",
    [
        "",
        "ORDER BY key",
        "project",
        "project =",
        "project = KS AND",
        "(project = KS",
        "nope = 1",
        "key = NOPE-1",
        "project = KS ORDER BY key, id, created, updated, status, summary, parent, resolution",
        'updated >= "soon"',
        "kithsparkDemand > many",
        "project is KS",
        "project = KS $",
        'summary ~ "open',
    ],
)
def test_a_query_that_jira_would_refuse_is_refused(site: Jira, jql: str) -> None:
    with pytest.raises(BadJql):
        searching.find(site.site, jql, reconcile=set())
