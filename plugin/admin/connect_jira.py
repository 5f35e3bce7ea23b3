"""Setting up Jira step by step: the account, its webhook, its words, and a self-test that says what works.

Every step can be done again. The core is that of `kithspark connect jira`, `map` and `doctor`.
"""

from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from connectors import accounts
from connectors.jira import self_test
from connectors.jira.look import mapping_of
from connectors.jira.mapping import LINK_MEANINGS, RESOLUTION_MEANINGS
from connectors.jira.ways import way_of
from lineage.counting.pushing import push_again
from lineage.wording.catalogue import later
from plugin import app_state, connecting, identity, mapping
from plugin.admin.connected import LONGEST, account_of, jira_site, kept_secret
from plugin.admin.workspace import around, cause, say
from plugin.connecting import Given
from plugin.identity import Operator
from plugin.issues import speaking
from plugin.jira import hearing
from plugin.pages import limits
from plugin.said import said
from plugin.translating import gettext as _
from store import trials
from store.connections import Connection as Account
from store.database import reading, transaction
from store.errors import GiveUp, TryLater

routes = Blueprint("connect_jira", __name__)

EXAMPLE = "https://acme.atlassian.net"
TRIED = {
    "sign-in": later("Signing in"), "clocks": later("Clocks"), "projects": later("Projects"),
    "permissions": later("Permissions"), "link types": later("Link types"),
    "resolutions": later("Resolutions"), "issue": later("The issue"),
    "demand property": later("The property kithspark.demand"), "test change": later("The test change"),
    "webhook": later("Jira’s call"), "reach": later("Reaching Jira"),
}  # fmt: skip
"""What each line of a self-test is called here."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form of the account; never the token. `problem` says why it was not taken."""

    url: str = ""
    email: str = ""
    problem: str = ""


@routes.get("/<slug>/jira")
@identity.operators_only
def page(operator: Operator, slug: str) -> ResponseReturnValue:
    return _page(operator, slug)


@routes.post("/<slug>/jira/account")
@limits.limit("20/minute")
@identity.operators_only
def connect(operator: Operator, slug: str) -> ResponseReturnValue:
    """Tries address, e-mail and token, and keeps them only if they open the site."""
    state, form = app_state.current(), request.form
    url, email, token = (form.get(name, "").strip()[:LONGEST] for name in ("url", "email", "token"))
    _workspace, account = account_of(slug, "jira")
    try:
        site = jira_site(url, account)
        token = token or _kept_token(account, site)
        config = {"way": "token", "email": email}
        learnt = connecting.jira(state, Given(slug, "jira", site, config, {"api_token": token}))
    except (ValueError, TryLater, GiveUp) as wrong:
        return _page(operator, slug, Typed(url, email, said(str(wrong))), status=422)
    say(_("Jira is connected, as %(name)s.", name=learnt["account_name"]))
    return redirect(url_for("admin.connect_jira.page", slug=slug), 303)


@routes.post("/<slug>/jira/secret")
@limits.limit("20/minute")
@identity.operators_only
def secret(operator: Operator, slug: str) -> ResponseReturnValue:
    """Shown in this one answer, and never again."""
    fresh = connecting.new_webhook_secret(app_state.current(), slug, "jira")
    answer = _page(operator, slug, secret=fresh)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@routes.post("/<slug>/jira/words")
@identity.operators_only
def words(operator: Operator, slug: str) -> ResponseReturnValue:
    state = app_state.current()
    workspace, account = account_of(slug, "jira")
    if account is not None:
        wanted = mapping.edited(account, links=_chosen("link"), resolutions=_chosen("resolution"))
        if wanted != mapping.edited(account, links={}, resolutions={}):
            by, why = operator.email, cause("map")
            mapping.remap(state, workspace, account, wanted, by=by, cause=why)
        say(_("Kept. It counts at once for everything that is known."))
    return redirect(url_for("admin.connect_jira.page", slug=slug, _anchor="words"), 303)


@routes.post("/<slug>/jira/test")
@limits.limit("20/minute")
@identity.operators_only
def test(_operator: Operator, slug: str) -> ResponseReturnValue:
    """Tries everything on one issue, then listens. A call may come before all of it is tried."""
    state, name = app_state.current(), request.form.get("issue", "").strip().upper()[:60]
    workspace, account = account_of(slug, "jira")
    if account is not None:
        with transaction(state.engine) as conn:
            trial = trials.begun(conn, now=state.clock())
            trials.keep(conn, workspace.id, "jira", trial)
        with speaking(account) as jira:
            tried = self_test.tried(jira, name, mapping_of(account))
        trial = replace(trial, about=tried.item or "", name=tried.key or name, lines=tried.lines)
        with transaction(state.engine) as conn:
            trials.keep(conn, workspace.id, "jira", trial)
            push_again(conn, workspace.id, [tried.item] if tried.item else [], now=state.clock())
        state.wake()
    return redirect(url_for("admin.connect_jira.page", slug=slug, _anchor="test"), 303)


def _page(
    operator: Operator, slug: str, typed: Typed | None = None, *, secret: str = "", status: int = 200
) -> Response:
    state = app_state.current()
    workspace, account = account_of(slug, "jira")
    address = connecting.address_of_webhook(state, "jira", slug)
    told: dict[str, Any] = {}
    verdict, hears = None, False
    if account is not None:
        now = state.clock()
        with reading(state.engine) as conn:
            verdict = hearing.verdict(conn, account, address=address, now=now)
        hears = bool(accounts.webhook_secrets(account, now=now))
        told = account.config.get("mapping") or {}
        typed = typed or Typed(account.url, str(account.config.get("email") or ""))
    text = render_template(
        "admin/connect_jira.html", account=account, typed=typed or Typed(), address=address, secret=secret,
        verdict=verdict, hears=hears, way=way_of(account) if account else "token", links=_named(told, "link"),
        resolutions=_named(told, "resolution"), tried_names=TRIED, example=EXAMPLE,
        **around(operator, workspace),
    )  # fmt: skip
    return make_response(text, status)


def _kept_token(account: Account | None, site: str) -> str:
    """Raises ValueError without one."""
    kept = kept_secret(account, site, "api_token")
    if not kept:
        raise ValueError(_("Give the API token of this account."))
    return kept


def _named(told: dict[str, Any], what: str) -> list[tuple[str, str, str]]:
    """(id, name in Jira, meaning) of every link type or resolution, by name."""
    names, meanings = told.get(f"{what}_names", {}), told.get(f"{what}s", {})
    found = [(one, names[one], meanings.get(one, "")) for one in names]
    return sorted(found, key=lambda one: (one[1].casefold(), one[0]))


def _chosen(what: str) -> dict[str, str]:
    """By id, what the form says; nothing of what it leaves open."""
    meanings = LINK_MEANINGS if what == "link" else RESOLUTION_MEANINGS
    given = {name.removeprefix(f"{what}-"): word for name, word in request.form.items()
             if name.startswith(f"{what}-")}  # fmt: skip
    return {ident: word for ident, word in given.items() if ident.isdigit() and word in meanings}
