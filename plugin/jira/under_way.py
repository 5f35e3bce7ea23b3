"""How far Jira is with what an engineer asked for here, and what to do where it got stuck."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from plugin import app_state, identity
from plugin.errors import Missing
from plugin.identity import Engineer
from plugin.jira import acts, hiding, panel, site
from plugin.jira.acts import SHELF, Act
from plugin.jira.site import NotAllowedThere
from plugin.phrases import and_join
from plugin.translating import gettext as _
from plugin.translating import ngettext
from store.database import reading, transaction
from store.errors import GiveUp, TryLater

routes = Blueprint("under_way", __name__)


@routes.get("/jira/<slug>/issues/<issue>/acts/<int:act>")
@identity.engineers_only
def act(engineer: Engineer, act: int) -> ResponseReturnValue:
    """A line about what is under way; the whole panel once it is over."""
    found = _act(engineer, act)
    if not (found.waits or found.parked):
        return panel.whole(panel.show(engineer, done=_over(engineer, found)))
    tries = request.args.get("tries", 0, type=int)
    here = panel.address(engineer)
    made = [one["key"] for one in found.made.get("parts", {}).values() if "key" in one]
    named = set(made) <= set(hiding.keys_of(engineer, made)) if found.reason else True
    reason = found.reason if named else _("It is about an issue you may not see.")
    return render_template(
        "jira/under_way.html", act=found, reason=reason, here=here, tries=tries, most=acts.MOST_TRIES
    )


@routes.post("/jira/<slug>/issues/<issue>/acts/<int:act>/<any(retry, leave):what>")
@identity.engineers_only
def stuck(engineer: Engineer, act: int, what: str) -> ResponseReturnValue:
    """Try again what was given up, or leave it: what is made stays in Jira.

    It is for whoever may do in Jira what it does there, as the click that began it was.
    """
    state, here, now = app_state.current(), engineer.workspace.id, app_state.current().clock()
    try:
        site.must_be_allowed(engineer, site.rights(_act(engineer, act)))
    except (NotAllowedThere, TryLater, GiveUp) as no:
        return panel.show(engineer, trouble=str(no))
    with transaction(state.engine) as conn:
        if what == "retry":
            changed = SHELF.retry(conn, act, workspace_id=here, now=now)
        elif changed := SHELF.dismiss(conn, act, workspace_id=here):
            acts.undone(conn, here, act, now=now)
    state.wake()
    left = changed and what == "leave"
    return panel.show(engineer, done=_("Left as it is: what was made stays in Jira.") if left else "")


def _act(engineer: Engineer, ident: int) -> Act:
    """Raises Missing for what was done to another issue."""
    with reading(app_state.current().engine) as conn:
        found = acts.act(conn, engineer.workspace.id, ident) if ident < 1 << 62 else None
    if found is None or found.item != engineer.issue:
        raise Missing
    return found


def _over(engineer: Engineer, act: Act) -> str:
    made = hiding.keys_of(engineer, [one["key"] for one in act.made.get("parts", {}).values()])
    if act.kind == acts.UNDO:
        if left := hiding.keys_of(engineer, act.plan.get("left") or []):
            return ngettext(
                "Undone. In Jira there still is %(keys)s: close it there if nobody needs it.",
                "Undone. In Jira there still are %(keys)s: close them there if nobody needs them.",
                len(left),
                keys=and_join(left),
            )
        return _("Undone.")
    return _("Done: the parts are %(keys)s.", keys=", ".join(made))
