"""Whether all of our work can be done at a Jira, tried in earnest on one issue that a person chose.

What is written there is what we write anyway; the test change is a label that comes and goes.
"""

import json
from typing import NamedTuple

from connectors.errors import Conflict, NotFound, Refused, Unavailable
from connectors.jira import reader
from connectors.jira.check import Line, check
from connectors.jira.client import API, Jira
from connectors.jira.demand import property_value
from connectors.jira.demand_index import KEY
from connectors.jira.mapping import LinkMapping
from lineage.terms import ItemId

LABEL = "kithspark-self-test"


class Tried(NamedTuple):
    """What was found, in order. `item` is None where the issue could not be read."""

    lines: tuple[Line, ...]
    item: ItemId | None = None
    key: str = ""


def tried(jira: Jira, named: str, known: LinkMapping) -> Tried:
    """`named` is a key or an id; `known` what this site's words mean.

    Raises nothing of a vendor's: what fails is a line that says what to do.
    """
    found = check(jira, known)
    if found[-1][0] == "reach":
        return Tried(tuple(found))
    item, key = None, ""
    try:
        item, key = _issue(jira, named)
        found.append(("issue", True, f"the issue {key} is read"))
        found.append(_property(jira, item))
        found.append(_change(jira, item))
    except NotFound:
        words = f"Jira shows our account no issue {named[:60]}. Choose another, or let the account browse it."
        found.append(("issue", False, words))
    except (Refused, Unavailable, Conflict) as trouble:
        found.append(("reach", False, str(trouble)))
    return Tried(tuple(found), item, key)


def _issue(jira: Jira, named: str) -> tuple[ItemId, str]:
    issue = jira.issue(named)
    return reader.item_id(issue), str(issue.get("key") or named)


def _property(jira: Jira, item: ItemId) -> Line:
    """What stands there is written again, else that nobody asks; a newer revision comes over either."""
    there = jira.property(item, KEY)
    nobody = property_value(rev=0, score=0.0, requesters=0, companies=0, votes=0, oldest=None)
    value = there if isinstance(there, dict) else nobody
    try:
        jira.set_property(item, KEY, value)
    except Refused as no:
        return ("demand property", False, str(no))
    if jira.property(item, KEY) == value:
        return ("demand property", True, "written and read back")
    words = "Something else was read back than was written. Does another program write kithspark.demand?"
    return ("demand property", False, words)


def _change(jira: Jira, item: ItemId) -> Line:
    """A label is not on every screen; then a person changes the issue, and all else is the same."""
    try:
        for deed in ("add", "remove"):
            body = json.dumps({"update": {"labels": [{deed: LABEL}]}})
            jira.session.put(f"{jira.url}{API}/issue/{item}", data=body)
    except Refused:
        return ("test change", True, "No label can be set there. Change the issue yourself now, in any way.")
    return ("test change", True, f"the label {LABEL} came and went")
