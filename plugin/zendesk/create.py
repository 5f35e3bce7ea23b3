"""An issue made in Jira from a ticket: the form, what became of it, and the way back to the ticket.

The worker makes it and links it (`plugin/jira/from_ticket.py`); this page only asks and tells.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, select

from connectors.jira import making, needed
from connectors.jira.answers import Project
from connectors.jira.making import Kind
from connectors.jira.needed import Needed
from connectors.known import ticket_page
from lineage.tables import items
from lineage.terms import ItemId
from plugin import app_state, clicks, issues
from plugin.errors import Missing
from plugin.identity import Agent
from plugin.jira import acts
from plugin.jira.acts import FROM_TICKET, REFUSED, SHELF, Act, NewAct
from plugin.translating import gettext as _
from plugin.zendesk import creating
from plugin.zendesk import ticket as screen
from plugin.zendesk.asked import asked
from plugin.zendesk.creating import Typed
from plugin.zendesk.shown import shown_only
from plugin.zendesk.suggestions import suggestions
from plugin.zendesk.ticket import Done
from store import connections, workspaces
from store.database import reading, transaction
from store.workspaces import Workspace

routes = Blueprint("create", __name__)


@dataclass(frozen=True, slots=True)
class Form:
    """What the form shows. `after`: the last act on this ticket that its reader knew of; `errors`: by field,
    `notes`: the rest of what is wrong; `fresh`: it was not shown before.
    """

    here: str
    typed: Typed
    projects: Sequence[Project]
    kinds: Sequence[Kind]
    fields: Sequence[Needed]
    after: int
    errors: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[str] = ()
    fresh: bool = True
    public: bool = False
    """The project can be read by anybody, without signing in."""

    @property
    def beyond(self) -> list[str]:
        return creating.beyond(self.fields)


@routes.get("/<slug>/tickets/<int:ticket>/create")
@shown_only
def begin(agent: Agent, ticket: int) -> ResponseReturnValue:
    with reading(app_state.current().engine) as conn:
        typed = _prefilled(conn, agent.workspace, ticket)
        place = _likely(conn, agent.workspace, ticket)
    return _show(_form(agent, ticket, replace(typed, project=place[0], kind=place[1])))


@routes.post("/<slug>/tickets/<int:ticket>/create/form")
@shown_only
def change(agent: Agent, ticket: int) -> ResponseReturnValue:
    """Another project or type: other fields. All that the agent typed stays."""
    return _show(replace(_form(agent, ticket, creating.read(request.form)), fresh=False))


@routes.post("/<slug>/tickets/<int:ticket>/create")
@shown_only
def create(agent: Agent, ticket: int) -> ResponseReturnValue:
    """Keep what is to be made, once for this click; the worker makes it in Jira."""
    typed = creating.read(request.form)
    form = _form(agent, ticket, typed)
    wrong = creating.mistakes(form.typed, form.fields)
    if (form.typed.project, form.typed.kind) != (typed.project, typed.kind):
        wrong["kind"] = _("This is not offered there any more. Look at what is chosen now.")
    if wrong or form.beyond or form.typed != typed:
        return _show(replace(form, errors=wrong))
    state, click, origin = app_state.current(), clicks.sent(), _origin(ticket)
    trailer = _trailer(agent, ticket, public=form.public)
    plan = creating.plan(typed, form.fields, mark=secrets.token_hex(12), trailer=trailer)
    with transaction(state.engine) as conn:
        workspaces.hold(conn, agent.workspace.id)
        same = acts.by_click(conn, agent.workspace.id, click)
        others = acts.from_tickets(conn, agent.workspace.id, origin)
        busy = any(one.waits for one in others)
        if not same and not busy and _newest(others) == request.form.get("after", 0, type=int):
            new = NewAct(FROM_TICKET, agent.name, plan, waits=True)
            acts.keep(conn, agent.workspace.id, origin, new, click=click, now=state.clock())
            same = acts.by_click(conn, agent.workspace.id, click)
            _put_away(conn, agent, [one for one in others if one.made.get(REFUSED)])
    if same is None:
        return _show(replace(form, notes=[_meanwhile(others)]))
    state.wake()
    return _way(agent, ticket, same)


@routes.get("/<slug>/tickets/<int:ticket>/create/<int:act>")
@shown_only
def way(agent: Agent, ticket: int, act: int) -> ResponseReturnValue:
    """A line about what is under way; the ticket, or the form again, once it is over."""
    with reading(app_state.current().engine) as conn:
        found = _act(conn, agent, ticket, act)
    if found.waits or found.parked:
        return _way(agent, ticket, found)
    if found.made.get(REFUSED):
        return _whole(_show(_given_back(agent, ticket, found)))
    return _whole(screen.show(agent, ticket, done=_over(found)))


@routes.post("/<slug>/tickets/<int:ticket>/create/<int:act>/<any(retry, leave):what>")
@shown_only
def stuck(agent: Agent, ticket: int, act: int, what: str) -> ResponseReturnValue:
    """Try again what was given up, or leave it: an issue that is made stays in Jira."""
    state, here = app_state.current(), agent.workspace.id
    with transaction(state.engine) as conn:
        workspaces.hold(conn, here)
        found = _act(conn, agent, ticket, act)
        if what == "retry":
            SHELF.retry(conn, found.id, workspace_id=here, now=state.clock())
        elif SHELF.dismiss(conn, found.id, workspace_id=here) or found.made.get(REFUSED):
            _put_away(conn, agent, [found])
    state.wake()
    return screen.show(agent, ticket)


def _form(agent: Agent, ticket: int, typed: Typed) -> Form:
    """The form on what Jira offers now. Raises Missing, and what the client raises."""
    screen.must_be_known(agent, ticket)
    state = app_state.current()
    with reading(state.engine) as conn:
        account = connections.load(conn, state.vault, agent.workspace.id, "jira")
        after = _newest(acts.from_tickets(conn, agent.workspace.id, _origin(ticket)))
        ours = _prefilled(conn, agent.workspace, ticket)
    with issues.speaking(account) as jira:
        projects = needed.open_projects(jira)
        project = _one_of([one.key for one in projects], typed.project)
        kinds = [one for one in making.kinds_in(jira, project) if not one.subtask] if project else []
        named = next((one.id for one in kinds if one.name == typed.kind), typed.kind)
        kind = _one_of([one.id for one in kinds], named)
        fields = needed.needed(jira, project, kind) if kind else []
        public = bool(project) and jira.readable_by_anyone(project)
    here = f"/zendesk/{agent.workspace.slug}/tickets/{ticket}"
    notes = (
        [] if kind else [_("Jira lets our account make issues in no project. An administrator allows it.")]
    )
    typed = replace(typed, project=project, kind=kind)
    typed = creating.without(typed, ours) if public else typed
    return Form(here, typed, projects, kinds, fields, after, notes=notes, public=public)


def _prefilled(conn: Connection, workspace: Workspace, ticket: int) -> Typed:
    """Raises Missing."""
    known = asked(conn, workspace, str(ticket))
    if known is None:
        raise Missing
    return creating.prefilled(known, with_words=workspace.policy.customers_in_jira == "everyone")


def _likely(conn: Connection, workspace: Workspace, ticket: int) -> tuple[str, str]:
    """Project and type of what sounds like this ticket; empty where nothing does."""
    for one in suggestions(conn, workspace, str(ticket), ())[:1]:
        here = (items.c.workspace_id == workspace.id, items.c.id == one.demand.item.id)
        row = conn.execute(select(items.c.project, items.c.issue_type).where(*here)).one()
        return row.project, row.issue_type
    return "", ""


def _given_back(agent: Agent, ticket: int, act: Act) -> Form:
    """The form as it was filled in, with what Jira said against it."""
    said, form = act.made[REFUSED], _form(agent, ticket, Typed(**act.plan["typed"]))
    beside, rest = creating.refused(said["fields"], form.fields)
    return replace(form, errors=beside, notes=rest if said["fields"] else [said["said"]])


def _show(form: Form) -> str:
    return render_template("zendesk/create.html", form=form, click=clicks.fresh())


def _way(agent: Agent, ticket: int, act: Act) -> str:
    here, tries = f"/zendesk/{agent.workspace.slug}/tickets/{ticket}", request.args.get("tries", 0, type=int)
    return render_template("zendesk/create_way.html", act=act, here=here, tries=tries, most=acts.MOST_TRIES)


def _whole(page: str) -> ResponseReturnValue:
    """For a line that asked about itself: the answer is the whole screen."""
    answer = make_response(page)
    answer.headers.update({"HX-Retarget": "#screen", "HX-Reswap": "innerHTML"})
    return answer


def _over(act: Act) -> Done:
    [made] = act.made["parts"].values()
    words = _(
        "%(key)s is made in Jira, and linked. Whatever becomes of it, this requester will hear.",
        key=made["key"],
    )
    return Done(words, "unlink", {"issue": made["item"], "keep": "no"})


def _meanwhile(others: Sequence[Act]) -> str:
    """Why nothing was made: somebody else did the same in the meantime."""
    if others and (made := others[0].made.get("parts", {}).get("1", {}).get("key")):
        return _(
            "%(who)s made %(key)s from this ticket meanwhile. Send it again if it takes another.",
            who=others[0].who,
            key=made,
        )
    return _("Somebody else is making an issue from this ticket. Nothing was done; look at the ticket first.")


def _act(conn: Connection, agent: Agent, ticket: int, ident: int) -> Act:
    """Raises Missing for what was done elsewhere."""
    found = acts.act(conn, agent.workspace.id, ident) if ident < 1 << 62 else None
    if (
        found is None
        or found.item != _origin(ticket)
        or found.kind != FROM_TICKET
        or found.undone
        or not found.plan
    ):
        raise Missing
    return found


def _put_away(conn: Connection, agent: Agent, old: Sequence[Act]) -> None:
    for one in old:
        acts.undone(conn, agent.workspace.id, one.id, now=app_state.current().clock())
        acts.without_words(conn, agent.workspace.id, one.id)


def _trailer(agent: Agent, ticket: int, *, public: bool) -> str:
    """Where it comes from, for whoever reads it in Jira. The customer's name is not theirs to read; what
    anybody can read says no more than that it was we.
    """
    if public:
        return "Made with Kithspark."
    with reading(app_state.current().engine) as conn:
        url = connections.url_of(conn, agent.workspace.id, "zendesk")
    where = ticket_page(str(url), ticket)
    return f"Made beside Zendesk ticket {ticket} ({where}) by {agent.name}, with Kithspark."


def _newest(of: Sequence[Act]) -> int:
    return of[0].id if of else 0


def _one_of(offered: Sequence[str], wanted: str) -> str:
    return wanted if wanted in offered else next(iter(offered), "")


def _origin(ticket: int) -> ItemId:
    """What stands in an act in the place of an issue that is not there yet."""
    return ItemId(f"zendesk:ticket:{ticket}")
