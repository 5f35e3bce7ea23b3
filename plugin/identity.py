"""Who may call. Every route names one kind of identity from `KINDS`, and no kind is taken for another.

A view gets the identity that was proved as its first argument; there is no ambient current user.
"""

import functools
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from flask import Flask, current_app, request, session
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection, delete, select

from lineage.terms import ItemId
from plugin import app_state, bearer, translating
from plugin.bearer import Bearer, Face, NotProven
from plugin.errors import Missing, NotAllowed, SignInFirst
from plugin.identity_tables import operators, seen_tokens
from store import workspaces
from store.database import insert_or_ignore, reading
from store.workspaces import Workspace

KINDS: Mapping[str, str] = {
    "anyone": "nothing: what is shown is nobody's",
    "agent load": "Zendesk's signed form, good once: the first load of the sidebar",
    "agent": "our bearer token from such a first load, in the sidebar of that workspace",
    "queue load": "Zendesk's signed form for its nav bar, good once, of somebody who may see every ticket",
    "queue agent": "our bearer token from such a load of the queue, for that workspace",
    "jira lifecycle": "Atlassian's own signature (RS256), good once: the app is installed or uninstalled",
    "jira host": "the site's signature (HS256) over this very call: enabled or disabled",
    "engineer load": "the site's signature (HS256) over this very address: the first load of a panel",
    "engineer again": "the site's word (HS256, for no request in particular) on who reads an open page",
    "engineer": "our bearer token from such a first load, for that one issue",
    "board reader": "our bearer token from the first load of Jira's page with the board, for that site",
    "forge": "Forge's own token (RS256) for one call of the app that the operator registered, good once",
    "operator link": "a link that was printed for one operator, good once",
    "operator": "an operator's session, and for every change a form of ours",
    "member link": "a sign-in link that was mailed to one address, good once",
    "member": "a forum session, and for every change a form of ours",
    "requester": "the unguessable, revocable link of that one request, and for every change a form of ours",
    "webhook": "the vendor's signature over the raw body, or a site's (HS256) over this very call",
    "monitor": "a call from this machine, or the token that `kithspark doctor --token` prints",
}
"""Each kind, and the proof that is asked for."""

OPERATOR_FOR = timedelta(hours=12)

View = Callable[..., ResponseReturnValue]
AnyView = TypeVar("AnyView", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody who works in this workspace's Zendesk. `user` is Zendesk's id.

    `sees_every_ticket`: Zendesk said that it keeps none from them. Anybody else reads what stands beside a
    ticket through `plugin/zendesk/shown.py` alone.
    """

    workspace: Workspace
    user: str
    name: str
    sees_every_ticket: bool = False


@dataclass(frozen=True, slots=True)
class Engineer:
    """Somebody who has this issue open in Jira, and may see it there. `account` is Atlassian's id.

    `sees_customers`: whether names and words of customers are for them, as the workspace wants it; `edits`:
    whether they may edit the issue there.
    """

    workspace: Workspace
    account: str
    name: str
    issue: ItemId
    sees_customers: bool = True
    edits: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who signed in to a Jira site of this workspace and opened the board there."""

    workspace: Workspace
    account: str


@dataclass(frozen=True, slots=True)
class Operator:
    id: int
    email: str


def proves(kind: str) -> Callable[[AnyView], AnyView]:
    """Declares what a view, or the decorator around it, asks for. Raises KeyError for no kind of ours."""
    KINDS[kind]

    def declare(view: AnyView) -> AnyView:
        view.identity = kind  # type: ignore[attr-defined]
        return view

    return declare


def declared(app: Flask) -> dict[str, str | None]:
    """The kind that each endpoint asks for; None where none is declared."""
    return {name: getattr(view, "identity", None) for name, view in app.view_functions.items()}


def agents_only(view: View) -> View:
    """The view gets the `Agent`; the address names their workspace as `slug`.

    Beside a ticket it is `shown_only` of `plugin/zendesk/shown.py` that lets in.
    """

    @proves("agent")
    @functools.wraps(view)
    def asked(slug: str, **rest: Any) -> ResponseReturnValue:
        proven = presented("zendesk")
        translating.speak_if_written(proven.language)
        workspace = _workspace(slug, proven)
        return view(Agent(workspace, proven.user, proven.name, proven.sees_every_ticket), **rest)

    return asked


def queue_agents_only(view: View) -> View:
    """The view gets the `Agent`, who opened the queue; the address names their workspace as `slug`."""

    @proves("queue agent")
    @functools.wraps(view)
    def asked(slug: str, **rest: Any) -> ResponseReturnValue:
        proven = presented("queue")
        translating.speak_if_written(proven.language)
        return view(Agent(_workspace(slug, proven), proven.user, proven.name), **rest)

    return asked


COUNTS_ALONE = (
    "This workspace does not show you who its customers are and what they wrote. Ask whoever administers "
    "this Jira project, or the operator of Kithspark."
)


def for_every_reader(view: View) -> View:
    """A view of the panel that looks itself whether its reader sees customers."""
    view.for_every_reader = True  # type: ignore[attr-defined]
    return view


def engineers_only(view: View) -> View:
    """The view gets the `Engineer`; the address names workspace and issue as `slug` and `issue`.

    Raises NotAllowed for whom customers are not to be shown to, unless the view is `for_every_reader`.
    """
    counts_alone = getattr(view, "for_every_reader", False)

    @proves("engineer")
    @functools.wraps(view)
    def asked(slug: str, issue: str, **rest: Any) -> ResponseReturnValue:
        proven = presented("jira")
        workspace = _workspace(slug, proven)
        if issue != proven.issue:
            raise Missing
        if not proven.sees_customers and not counts_alone:
            raise NotAllowed(COUNTS_ALONE)
        engineer = Engineer(
            workspace, proven.user, proven.name, ItemId(issue), proven.sees_customers, proven.edits
        )
        return view(engineer, **rest)

    return asked


READS_ALONE = (
    "Jira does not let you edit this issue, so nothing is decided of it here by you. Ask whoever administers "
    "this Jira project."
)


def editors_only(view: View) -> View:
    """A view for engineers who may edit the issue in Jira. Raises NotAllowed for the others."""

    @functools.wraps(view)
    def asked(engineer: Engineer, **rest: Any) -> ResponseReturnValue:
        if not engineer.edits:
            raise NotAllowed(READS_ALONE)
        return view(engineer, **rest)

    return engineers_only(asked)


def board_readers_only(view: View) -> View:
    """The view gets the `Reader`; the address names the workspace as `slug`."""

    @proves("board reader")
    @functools.wraps(view)
    def asked(slug: str, **rest: Any) -> ResponseReturnValue:
        proven = presented("board")
        return view(Reader(_workspace(slug, proven), proven.user), **rest)

    return asked


def operators_only(view: View) -> View:
    """The view gets the `Operator`. Forged forms are refused by `pages.guard` on the blueprint."""

    @proves("operator")
    @functools.wraps(view)
    def asked(**rest: Any) -> ResponseReturnValue:
        return view(_operator(), **rest)

    return asked


def presented(face: Face) -> Bearer:
    """The bearer token that this request carries. Raises NotProven."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer":
        raise NotProven("This view is not signed in. Open it again from where it lives.")
    return bearer.read(token, face=face, keys=signing_keys(), now=app_state.current().clock())


def signing_keys() -> list[str]:
    """The app's signing keys, the newest first (`pages.prepare` derives them from the installation's)."""
    return [current_app.config["SECRET_KEY"], *(current_app.config["SECRET_KEY_FALLBACKS"] or ())]


def spend(conn: Connection, token: str, *, until: datetime, now: datetime) -> bool:
    """True for the first use of this signed token; False ever after. It is remembered `until` it runs out.

    The signature's own text is left out: its last letter can be changed without changing what it says.
    """
    conn.execute(delete(seen_tokens).where(seen_tokens.c.expires_at < now))
    signed, _, _ = token.rpartition(".")
    return insert_or_ignore(conn, seen_tokens, {"digest": digest(signed), "expires_at": until})


def digest(secret: str) -> str:
    """What is kept of a secret that only has to be recognised."""
    return hashlib.sha256(secret.encode()).hexdigest()


def sign_in(operator: Operator, *, now: datetime) -> None:
    session.pop("csrf_token", None)  # what was handed out before is worth nothing now
    session.permanent = True
    session["operator"] = {"id": operator.id, "at": now.timestamp()}


def sign_out() -> None:
    session.pop("operator", None)


def _workspace(slug: str, proven: Bearer) -> Workspace:
    """A workspace that is not the token's is as good as none: nobody learns which exist."""
    with reading(app_state.current().engine) as conn:
        try:
            found = workspaces.by_id(conn, proven.workspace_id)
        except workspaces.NoSuchWorkspace:
            raise Missing from None
    if found.slug != slug:
        raise Missing
    return found


def _operator() -> Operator:
    kept, state = session.get("operator"), app_state.current()
    if not isinstance(kept, dict):
        raise SignInFirst
    age = state.clock().timestamp() - float(kept["at"])
    with reading(state.engine) as conn:
        row = conn.execute(select(operators).where(operators.c.id == kept["id"])).first()
    if row is None or age > OPERATOR_FOR.total_seconds() or kept["at"] < row.sessions_from.timestamp():
        sign_out()
        raise SignInFirst
    return Operator(row.id, row.email)
