"""The roads of what an engineer asked for in the panel: a split, a partial close, an undo."""

from collections.abc import Callable, Mapping
from typing import Any

from lineage.terms import ItemId
from plugin.jira import acts
from plugin.jira.acts import UNDO, NewAct
from sandbox.jira.state import Issue
from store.database import transaction
from tests.connectors.faults.roads import Job, known_issue
from tests.connectors.faults.town import Town


def split(town: Town) -> Job:
    whole, plan = _whole(town)
    return _asked(
        town, whole, NewAct("split", "Eve", plan, waits=True), lambda: _is(town, whole, plan, "new")
    )


def close_in_part(town: Town) -> Job:
    whole, plan = _whole(town)
    plan |= {"close": True, "own_title": "What is out"}
    return _asked(
        town, whole, NewAct("close", "Eve", plan, waits=True), lambda: _is(town, whole, plan, "done")
    )


def undo(town: Town) -> Job:
    """Of a partial close."""
    before = close_in_part(town)
    town.step("acts")
    assert before.ended() == ""
    row = town.row(acts.acts, before.row)
    whole = town.jira.issue(row["item_id"])
    undone = NewAct(UNDO, "Eve", {"left": []}, undoes=before.row, waits=True)
    return _asked(town, whole, undone, lambda: _is(town, whole, row["plan"], "new", linked=0))


ROADS: Mapping[str, Callable[[Town], Job]] = {
    "split an issue": split,
    "close in part": close_in_part,
    "undo a close": undo,
}


def _whole(town: Town) -> tuple[Issue, dict[str, Any]]:
    n = next(town.numbers)
    whole = known_issue(town, f"Exports {n}")
    part = {"n": "1", "summary": f"By mail {n}", "title": "By mail", "mark": f"mark{n}"}
    return whole, {
        "parts": [{**part, "item": "", "key": ""}], "keeps": True, "close": False, "own_title": "",
        "wants": {}, "description": "x", "project": "KS", "issue_type": "Story", "parent": "",
    }  # fmt: skip


def _asked(town: Town, whole: Issue, new: NewAct, ended: Callable[[], str]) -> Job:
    click = f"click{next(town.numbers)}"
    with transaction(town.app.engine) as conn:
        acts.keep(conn, town.workspace.id, ItemId(whole.id), new, click=click, now=town.clock.now())
    return Job("acts", acts.acts, town.newest(acts.acts), ended)


def _is(town: Town, whole: Issue, plan: Mapping[str, Any], category: str, *, linked: int = 1) -> str:
    """What is wrong in Jira: the part is made once, linked so often, and the whole is there."""
    site = town.jira.site
    with site.lock:
        made = [one.id for one in site.issues.values() if one.summary == plan["parts"][0]["summary"]]
        ends = [one.destination for one in site.links.values() if one.source == whole.id]
        found = (len(made), len(ends), site.issues[whole.id].status.category)
    return (
        "" if found == (1, linked, category) and set(ends) <= set(made) else f"issues, links, state: {found}"
    )
