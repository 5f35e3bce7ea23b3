"""Does in Jira what an engineer asked for in the panel: makes parts, links them, closes, or undoes it all.

Each step is kept before the next begins, and each may be done again: a link that is there stays alone, and an
issue of which nobody knows whether it was made is looked for by its mark before it is made anew. What follows
for those who asked is recorded in one transaction, once everything is there in Jira.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from connectors import accounts
from connectors.errors import Unavailable
from connectors.jira import making
from connectors.jira.making import Wanted
from connectors.jira.mapping import LinkMapping
from connectors.resting import Rests
from lineage import decided, ledger
from lineage.changes import Change, KeepsPart, Titled
from lineage.engineer_changes import Assigned
from lineage.errors import LineageError
from lineage.terms import EdgeKind, ItemId, PersonId
from plugin.app_state import Kithspark
from plugin.jira import acts, closing, from_ticket, once, undoing
from plugin.jira.acts import FROM_TICKET, OWN, SHELF, UNDO
from plugin.jira.doing import Doing, links_to_parts
from store import connections, workspaces
from store.crash_points import reached
from store.database import reading, transaction
from store.errors import GiveUp
from store.waiting import Claimed, Superseded


def do(app: Kithspark, claimed: Claimed) -> None:
    """One row of the shelf. Raises TryLater, GiveUp and Superseded."""
    with reading(app.engine) as conn:
        workspace = workspaces.by_id(conn, claimed.workspace_id)
        account = connections.load(conn, app.vault, workspace.id, "jira")
    row = claimed.row
    doing = Doing(app, claimed, workspace, account, accounts.jira(account), row["plan"], dict(row["made"]))
    try:
        with Rests(app.engine, app.clock).obeyed(account):
            if row["kind"] == UNDO:
                undoing.undo(doing)
            elif row["kind"] == FROM_TICKET:
                from_ticket.make(doing)
            else:
                _split(doing)
    except LineageError as refusal:
        raise GiveUp(str(refusal)) from refusal


def split_type(mapping: LinkMapping) -> str:
    """The type of link that says that one issue was split into another. Raises GiveUp where none does."""
    for type_id in sorted(mapping.links, key=lambda one: (one in mapping.backwards, one)):
        if mapping.edge(type_id) is EdgeKind.SPLIT:
            return type_id
    raise GiveUp(
        "No type of link in this Jira means a split yet. An operator maps one: "
        "`kithspark map SLUG --link-type ID=split`."
    )


def _split(doing: Doing) -> None:
    split_type(doing.mapping)
    for part in doing.plan["parts"]:
        _part(doing, part)
    _link(doing)
    _record(doing)
    if doing.plan.get("close"):
        closing.close(doing)
    with transaction(doing.app.engine) as conn:
        if not SHELF.done(conn, doing.claimed):
            raise Superseded


def _part(doing: Doing, part: Mapping[str, Any]) -> None:
    """The issue of one part: picked, made, or found again."""
    kept = doing.made.setdefault("parts", {})
    known = kept.get(part["n"], {})
    if known.get("item"):
        return
    if part.get("item"):
        kept[part["n"]] = {"item": part["item"], "key": part["key"], "ours": False}
        doing.keep()
        return
    once.made_once(doing, part, lambda: _wanted(doing, part))


def _wanted(doing: Doing, part: Mapping[str, Any]) -> Wanted:
    """The parts get the type of the whole. Raises GiveUp."""
    plan = doing.plan
    kind = making.kind_named(doing.jira, plan["project"], plan["issue_type"])
    return Wanted(
        plan["project"], kind.id, part["summary"], plan["description"], part["mark"], plan["parent"]
    )


def _link(doing: Doing) -> None:
    """Each part linked to the whole. A link that was there before is not ours to remove."""
    kept = doing.made.setdefault("links", {})
    type_id = split_type(doing.mapping)
    parts = [ItemId(one["item"]) for one in doing.made["parts"].values()]
    if not kept:
        there = links_to_parts(doing.read(doing.item))
        kept |= {part: {"ours": part not in there, "id": there.get(part, "")} for part in parts}
        doing.keep()
        reached("link.begun")
    for part in parts:
        if kept[part]["ours"] and not kept[part]["id"]:
            ends = (part, doing.item) if type_id in doing.mapping.backwards else (doing.item, part)
            making.link(doing.jira, type_id, source=ends[0], destination=ends[1])
            reached("link.answered")


def _record(doing: Doing) -> None:
    """What was made and what was decided, in one transaction: nobody is told of half of it."""
    if doing.made.get("recorded"):
        return
    whole = doing.read(doing.item)
    parts = [doing.read(ItemId(one["item"])) for one in doing.made["parts"].values()]
    there = links_to_parts(whole)
    if missing := [part.key for part in parts if part.item not in there]:
        raise Unavailable(
            f"Jira: the split into {', '.join(missing)} is made, and Jira does not show it yet. Read again."
        )
    for part in parts:
        doing.made["links"][part.item]["id"] = there[part.item]
    reached("split.read")
    now, by = doing.now, doing.claimed.row["who"]
    concerned = [PersonId(int(person)) for person in doing.plan["wants"]]
    with transaction(doing.app.engine) as conn:
        workspace = workspaces.hold(conn, doing.workspace.id)
        before = decided.decisions(conn, workspace.id, doing.item, concerned)
        for number, change in enumerate([whole, *parts, *_decisions(doing, by, now)]):
            ledger.record(conn, workspace, change, cause=f"act:{doing.claimed.id}:{number}", now=now)
        after = decided.decisions(conn, workspace.id, doing.item, concerned)
        doing.made["recorded"] = True
        acts.progress(conn, doing.claimed, doing.made)
        acts.remember(conn, doing.claimed, before=before.as_json(), after=after.as_json())
    reached("split.recorded")
    doing.app.wake()


def _decisions(doing: Doing, by: str, now: datetime) -> list[Change]:
    item, plan, parts = doing.item, doing.plan, doing.made["parts"]
    found: list[Change] = [KeepsPart(item, plan["keeps"], by, now)]
    if plan.get("own_title"):
        found.append(Titled(item, plan["own_title"], True, by, now))
    titled = [part for part in plan["parts"] if part.get("title")]
    found += [Titled(ItemId(parts[one["n"]]["item"]), one["title"], False, by, now) for one in titled]
    named = {number: ItemId(one["item"]) for number, one in parts.items()}
    wants = {
        PersonId(int(person)): None
        if chosen is None
        else tuple(_part_named(one, item, named) for one in chosen)
        for person, chosen in plan["wants"].items()
    }
    return [*found, Assigned(item, wants, by, now)] if wants else found


def _part_named(name: str, item: ItemId, made: Mapping[str, ItemId]) -> ItemId:
    """The part that a plan calls so: a number, `own`, or `item:ID` for one that was a part before."""
    if name == OWN:
        return item
    return made[name] if name in made else ItemId(name.removeprefix("item:"))
