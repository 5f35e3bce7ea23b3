"""What an engineer decides of an issue without Jira: its own part, its children, who wants which part.

Each is shown with what follows before it is done (`preview`), and kept so that it can be undone.
"""

from collections.abc import Collection
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from lineage import questions
from lineage.changes import ChildrenAreParts, KeepsPart, PartsChosen
from lineage.decided import decisions
from lineage.questions import NewPart, Supposed
from lineage.tables import items
from lineage.terms import AskId, ItemId, PersonId
from plugin import app_state, clicks, identity
from plugin.errors import Missing
from plugin.identity import Engineer
from plugin.jira import acts, between, hiding, panel, site, undoable
from plugin.jira.hiding import Seen
from plugin.jira.undoable import Told
from plugin.phrases import all_parts
from plugin.translating import gettext as _
from store import workspaces
from store.crash_points import reached
from store.database import reading, transaction
from store.rows import find_row

routes = Blueprint("deciding", __name__)


@dataclass(frozen=True, slots=True)
class Decision:
    """`said`: in a few words, once it is done."""

    change: undoable.Decision
    supposed: Supposed
    said: str


@routes.post("/jira/<slug>/issues/<issue>/preview/<any('keeps-part', children, parts):what>")
@identity.editors_only
def preview(engineer: Engineer, what: str) -> ResponseReturnValue:
    """What would follow; nothing is done yet."""
    state, seen = app_state.current(), _parts_seen(engineer, what)
    with reading(state.engine) as conn:
        decision = DECIDE[what](conn, engineer, seen)
        found = questions.following(conn, engineer.workspace, decision.supposed, now=state.clock())
    found = hiding.in_following(engineer, found)
    sent = [(name, value) for name, value in request.form.items(multi=True) if name != "click"]
    return render_template(
        "jira/decide.html", here=panel.address(engineer), what=what, decision=decision, found=found,
        sent=sent, click=clicks.fresh(),
    )  # fmt: skip


@routes.post("/jira/<slug>/issues/<issue>/<any('keeps-part', children, parts):what>")
@identity.editors_only
def decide(engineer: Engineer, what: str) -> ResponseReturnValue:
    """Do it, unless somebody else decided something here since the form was opened."""
    state, workspace, seen = app_state.current(), engineer.workspace, request.form.get("seen", "")
    now, parts_seen = state.clock(), _parts_seen(engineer, what)
    with transaction(state.engine) as conn:
        workspaces.hold(conn, workspace.id)
        click = clicks.sent()
        if acts.by_click(conn, workspace.id, click):
            meanwhile = []
        elif not (meanwhile := between.changed_since(conn, workspace, engineer.issue, seen)):
            decision = DECIDE[what](conn, engineer, parts_seen)
            told = Told(cause=f"panel:{engineer.issue}:{click}", click=click)
            undoable.decide(conn, workspace, decision.change, told, now=now)
    reached("acts.kept")
    state.wake()
    reached("acts.rung")
    if meanwhile:
        said = _("Nothing was done: this changed while you were here. Look at it, then go on.")
        return panel.show(engineer, trouble=f"{said} {'; '.join(between.in_words(engineer, meanwhile))}")
    with reading(state.engine) as conn:
        done = DECIDE[what](conn, engineer, parts_seen).said
    return panel.show(engineer, done=done)


def _keeps_part(_conn: Connection, engineer: Engineer, _seen: Seen) -> Decision:
    keeps = request.form.get("keeps") == "yes"
    said = (
        _("It keeps a part of its own: the rest of the work.")
        if keeps
        else _("It is a container: only its parts count.")
    )
    change = KeepsPart(engineer.issue, keeps, by=engineer.name, at=app_state.current().clock())
    return Decision(change, Supposed(engineer.issue, keeps=keeps), said)


def _children(conn: Connection, engineer: Engineer, _seen: Seen) -> Decision:
    are = request.form.get("parts") == "yes"
    said = _("Its children are its parts.") if are else _("Its children only show how far it is.")
    row = find_row(conn, items, workspace_id=engineer.workspace.id, id=engineer.issue)
    if row is None:
        raise Missing
    listed = [(ItemId(child["id"]), str(child["key"])) for child in row.children]
    add = [NewPart(item, key) for item, key in listed] if are else []
    drop = [] if are else [item for item, _key in listed]
    change = ChildrenAreParts(engineer.issue, are, by=engineer.name, at=app_state.current().clock())
    return Decision(change, Supposed(engineer.issue, add=add, drop=drop), said)


def _parts(conn: Connection, engineer: Engineer, seen: Seen) -> Decision:
    """One part, or all of them, for somebody who asked for this issue. Unsure is all.

    What they want of parts that this engineer may not see stays as it was.
    """
    workspace, wanted, named = engineer.workspace, request.form.getlist("part"), request.form.get("ask", "")
    if not (named.isascii() and named.isdigit() and len(named) < 19):
        raise Missing
    item = questions.item(conn, workspace, engineer.issue)
    found = questions.ask_views(conn, workspace, [AskId(int(named))])
    if item is None or not found or not _passes(found[0].path, item.key, found[0].item.id == item.id):
        raise Missing
    ask, every_part = found[0], all_parts(item)
    who = PersonId(ask.person_id)
    before = decisions(conn, workspace.id, item.id, [who]).choices[0].parts
    ticked = [part for part in every_part if part in wanted and part in seen]
    unseen = [part for part in every_part if part not in seen and (not before or part in before)]
    chosen = tuple(part for part in every_part if part in ticked or part in unseen)
    unsure = not (ticked or (before and unseen))
    every = "all" in request.form or unsure or len(chosen) == len(every_part)
    parts = None if every else chosen
    change = PartsChosen(who, item.id, parts, by=engineer.name, at=app_state.current().clock())
    person = ask.person_name or _("They")
    said = (
        _("%(person)s: all parts.", person=person)
        if every
        else _("%(person)s: only the ticked parts.", person=person)
    )
    return Decision(change, Supposed(item.id, wants={who: parts}), said)


def _parts_seen(engineer: Engineer, what: str) -> Seen:
    """The parts that this person may see. To be asked outside of a transaction."""
    if what != "parts":
        return ()
    with reading(app_state.current().engine) as conn:
        item = questions.item(conn, engineer.workspace, engineer.issue)
    return site.seen(engineer, all_parts(item)) if item else ()


def _passes(path: Collection[questions.Step], key: str, starts: bool) -> bool:
    """Whether an ask that goes this way came by this issue."""
    return starts or any(key in (step.src_key, step.dst_key) for step in path)


DECIDE = {"keeps-part": _keeps_part, "children": _children, "parts": _parts}
"""What each form decides, by the last word of its address."""
