"""Undo the last thing that was decided or done here, by whomever: who did what when, what undoing changes,
then do it. What somebody else did may be undone by whoever may edit the issue in Jira.
"""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from connectors.jira.permissions import CREATE, EDIT
from lineage import ledger, questions
from lineage.changes import ChildrenAreParts
from lineage.decided import Decisions, decisions
from lineage.engineer_changes import PutBack
from lineage.questions import Supposed
from lineage.terms import ItemId
from plugin import app_state, clicks, identity
from plugin.identity import Engineer
from plugin.jira import acts, hiding, panel, site
from plugin.jira.acts import UNDO, Act, NewAct
from plugin.jira.site import NotAllowedThere
from plugin.said import said
from plugin.translating import gettext as _
from store import workspaces
from store.crash_points import reached
from store.database import reading, transaction
from store.errors import GiveUp, TryLater

routes = Blueprint("undo", __name__)


@routes.get("/jira/<slug>/issues/<issue>/undo")
@identity.engineers_only
def preview(engineer: Engineer) -> ResponseReturnValue:
    state = app_state.current()
    with reading(state.engine) as conn:
        act = acts.last_to_undo(conn, engineer.workspace.id, engineer.issue)
        if act is None:
            return panel.show(engineer, trouble=_("There is nothing left to undo here."))
    if no := _why_not(engineer, act):
        return panel.show(engineer, trouble=no)
    with reading(state.engine) as conn:
        found = questions.following(conn, engineer.workspace, _supposed(act), now=state.clock())
        changed = not _as_left(conn, engineer.workspace.id, act)
    here, found = panel.address(engineer), hiding.in_following(engineer, found)
    left = hiding.keys_of(engineer, act.left)
    return render_template(
        "jira/undo.html", act=act, left=left, found=found, here=here, changed=changed, click=clicks.fresh(),
        others=act.who != engineer.name,
    )  # fmt: skip


@routes.post("/jira/<slug>/issues/<issue>/undo")
@identity.engineers_only
def do(engineer: Engineer) -> ResponseReturnValue:
    """Undo that very act: if something else was done meanwhile, say so and leave it."""
    state, workspace, click = app_state.current(), engineer.workspace, clicks.sent()
    with reading(state.engine) as conn:
        act = acts.last_to_undo(conn, workspace.id, engineer.issue)
        known = acts.by_click(conn, workspace.id, click)
    if known is not None:
        return panel.show(engineer)
    if act is None or str(act.id) != request.form.get("act"):
        return panel.show(
            engineer,
            trouble=_("Nothing was undone: something else was done here meanwhile. Look at it first."),
        )
    if no := _why_not(engineer, act):
        return panel.show(engineer, trouble=no)
    with transaction(state.engine) as conn:
        workspaces.hold(conn, workspace.id)
        still = acts.last_to_undo(conn, workspace.id, engineer.issue)
        if still is None or still.id != act.id or not _as_left(conn, workspace.id, act):
            trouble = _("Nothing was undone: something else was decided here meanwhile. Look at it first.")
        else:
            trouble = ""
            _undo(conn, engineer, act, click)
    reached("acts.kept")
    state.wake()
    reached("acts.rung")
    if trouble:
        return panel.show(engineer, trouble=trouble)
    return panel.show(engineer, done="" if act.in_jira else _("Undone."))


def _why_not(engineer: Engineer, act: Act) -> str:
    """Why this is not for them to undo, in words; empty where it is. Jira is asked in their name."""
    rights = [right for right in site.rights(act) if right != CREATE] if act.in_jira else []
    try:
        if act.who != engineer.name and not site.allowed(engineer, [EDIT]):
            return _(
                "%(who)s did this, and Jira does not let you edit this issue: so it is not for you to undo.",
                who=act.who,
            )
        if rights:
            site.must_be_allowed(engineer, rights)
        elif not engineer.edits:
            return said(identity.READS_ALONE)
    except (NotAllowedThere, TryLater, GiveUp) as no:
        return str(no)
    return ""


def _undo(conn: Connection, engineer: Engineer, act: Act, click: str) -> None:
    """At once, or where Jira has a part in it, by the worker."""
    now, by, workspace = app_state.current().clock(), engineer.name, engineer.workspace
    plan = {"left": act.left, "close": bool(act.plan.get("close"))}
    new = NewAct(UNDO, by, plan, undoes=act.id, waits=act.in_jira)
    acts.keep(conn, workspace.id, act.item, new, click=click, now=now)
    if act.in_jira:
        return
    back = Decisions.from_json(act.before)
    change = PutBack(act.item, back.keeps, back.own_title, back.choices, by, now, act.who, act.at)
    ledger.record(conn, workspace, change, cause=f"undo:{act.id}", now=now)
    if "are" in act.plan:
        were = ChildrenAreParts(act.item, not act.plan["are"], by, now)
        ledger.record(conn, workspace, were, cause=f"undo:{act.id}:children", now=now)
    acts.undone(conn, workspace.id, act.id, now=now)


def _as_left(conn: Connection, workspace_id: int, act: Act) -> bool:
    """Whether what was decided is still as this act left it."""
    after = Decisions.from_json(act.after)
    persons = [one.person for one in after.choices]
    return decisions(conn, workspace_id, act.item, persons) == after


def _supposed(act: Act) -> Supposed:
    """What undoing comes to, for the rules."""
    back = Decisions.from_json(act.before)
    gone = [ItemId(part) for part, link in act.made.get("links", {}).items() if link["ours"]]
    wants = {one.person: one.parts or None for one in back.choices}
    return Supposed(act.item, drop=gone, keeps=back.keeps, own_title=back.own_title, wants=wants, back=True)
