"""Setting up Zendesk step by step: account, webhook, sidebar, and a self-test that answers a ticket.

Every step can be done again. The core is that of `kithspark connect zendesk`, `zendesk-app` and `doctor`.
"""

from dataclasses import dataclass

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from connectors.zendesk import installed_app
from lineage.wording.catalogue import later
from plugin import app_state, connecting, identity
from plugin.admin.connected import LONGEST, account_of, kept_secret, zendesk_site
from plugin.admin.workspace import around, say
from plugin.connecting import Given
from plugin.identity import Operator
from plugin.pages import limits
from plugin.said import said
from plugin.translating import gettext as _
from plugin.zendesk import hearing, packaging, setting_up, trying
from store.connections import Connection as Account
from store.database import reading
from store.errors import GiveUp, TryLater

routes = Blueprint("connect_zendesk", __name__)

EXAMPLE = "https://acme.zendesk.com"
KEY_EXAMPLE = "-----BEGIN PUBLIC KEY-----"
LONGEST_KEYS = 20_000
TRIED = {
    "credentials": later("Signing in"), "scopes": later("Scopes"), "clocks": later("Clocks"),
    "role": later("Role"), "export of changes": later("Reading changes"), "webhooks": later("Webhooks"),
    "ticket": later("A test ticket"), "answer": later("The answer"), "read back": later("Reading it back"),
    "mail": later("The mail"), "closed": later("Tidying up"), "webhook": later("Zendesk’s call"),
}  # fmt: skip
"""What each line of a self-test is called here."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the forms; never a secret. `problem` says why `step` was not done."""

    url: str = ""
    client_id: str = ""
    email: str = ""
    installation: str = ""
    step: str = ""
    problem: str = ""


@routes.get("/<slug>/zendesk")
@identity.operators_only
def page(operator: Operator, slug: str) -> ResponseReturnValue:
    return _page(operator, slug)


@routes.post("/<slug>/zendesk/account")
@limits.limit("20/minute")
@identity.operators_only
def connect(operator: Operator, slug: str) -> ResponseReturnValue:
    """Tries address and credentials, and keeps them only if they open the account with what we need."""
    url, ident, secret = (request.form.get(one, "").strip()[:LONGEST] for one in ("url", "ident", "secret"))
    legacy = request.form.get("way") == "token"
    _workspace, account = account_of(slug, "zendesk")
    try:
        site = zendesk_site(url, account)
        given = _credentials(account, site, ident, secret, legacy=legacy)
        learnt = connecting.zendesk(app_state.current(), Given(slug, "zendesk", site, *given))
    except (ValueError, TryLater, GiveUp) as wrong:
        step = "token" if legacy else "account"
        names = {"email" if legacy else "client_id": ident}
        return _page(operator, slug, Typed(url, **names, step=step, problem=said(str(wrong))), status=422)
    say(_("Zendesk is connected; replies appear as %(name)s.", name=learnt["own_name"]))
    return _back(slug, "account")


@routes.post("/<slug>/zendesk/webhook")
@limits.limit("20/minute")
@identity.operators_only
def webhook(operator: Operator, slug: str) -> ResponseReturnValue:
    """Makes the webhook at Zendesk, or finds or mends it, and has Zendesk call it."""
    state = app_state.current()
    try:
        hook = setting_up.webhook(state, slug)
    except (TryLater, GiveUp) as wrong:
        return _page(operator, slug, _typed(slug, "webhook", str(wrong)), status=422)
    deeds = {
        "made": _("The webhook is made, and its secret is kept."),
        "found": _("The webhook was there already, and its secret is kept."),
        "mended": _("The webhook was there and lacked something; now it is whole, and its secret is kept."),
    }
    say(deeds[hook.deed])
    if hook.others:
        say(
            _(
                "Further webhooks in Zendesk call this address (%(number)s). Delete them: their calls are "
                "refused.",
                number=hook.others,
            )
        )
    try:
        rung = setting_up.ring(state, slug, hook.id)
    except (TryLater, GiveUp) as wrong:
        rung = setting_up.Rung(False, str(wrong))
    if not rung.well:
        return _page(operator, slug, _typed(slug, "webhook", rung.words), status=422)
    say(said(rung.words))
    return _back(slug, "webhook")


@routes.get("/<slug>/zendesk/kithspark-zendesk.zip")
@identity.operators_only
def package(_operator: Operator, slug: str) -> ResponseReturnValue:
    """The private app, which is the same for everybody."""
    account_of(slug, "zendesk")
    answer = make_response(packaging.zipped(packaging.files()))
    answer.headers["Content-Type"] = "application/zip"
    answer.headers["Content-Disposition"] = 'attachment; filename="kithspark-zendesk.zip"'
    return answer


@routes.post("/<slug>/zendesk/app")
@limits.limit("20/minute")
@identity.operators_only
def find_app(operator: Operator, slug: str) -> ResponseReturnValue:
    """Finds the installed app at Zendesk, with its key."""
    try:
        found = setting_up.app_by_itself(app_state.current(), slug)
    except (TryLater, GiveUp) as wrong:
        return _page(operator, slug, _typed(slug, "app", str(wrong)), status=422)
    say(_("The sidebar is known: app “%(name)s”, installation %(number)s.", name=found.name, number=found.id))
    return _back(slug, "app")


@routes.post("/<slug>/zendesk/key")
@limits.limit("20/minute")
@identity.operators_only
def give_key(operator: Operator, slug: str) -> ResponseReturnValue:
    """The number of the installation and its public key, by hand."""
    number = request.form.get("installation", "").strip()[:20]
    _workspace, account = account_of(slug, "zendesk")
    if account is None:
        return _back(slug, "account")
    try:
        if not (number.isascii() and number.isdigit()):
            raise ValueError(_("Give the number of the installation: digits, as in the list."))
        keys = installed_app.keys_in(request.form.get("keys", "")[:LONGEST_KEYS])
    except ValueError as wrong:
        typed = _typed(slug, "key", str(wrong), installation=number)
        return _page(operator, slug, typed, status=422)
    setting_up.keep_app(app_state.current(), slug, account, int(number), keys)
    say(_("Kept. Open a ticket in Zendesk to see whether the sidebar opens."))
    return _back(slug, "app")


@routes.post("/<slug>/zendesk/test")
@limits.limit("6/minute")
@identity.operators_only
def test(operator: Operator, slug: str) -> ResponseReturnValue:
    """Begins the self-test: its answer goes to whoever is signed in here, and to nobody else."""
    workspace, account = account_of(slug, "zendesk")
    if account is not None:
        trying.begin(app_state.current(), workspace, account, operator.email)
    return _back(slug, "test")


@routes.post("/<slug>/zendesk/test/on")
@limits.limit("60/minute")
@identity.operators_only
def further(_operator: Operator, slug: str) -> ResponseReturnValue:
    """The next attempt of the self-test, while the answer is not settled."""
    workspace, account = account_of(slug, "zendesk")
    if account is not None:
        trying.go_on(app_state.current(), workspace, account)
    return _back(slug, "test")


def _page(operator: Operator, slug: str, typed: Typed | None = None, *, status: int = 200) -> Response:
    state = app_state.current()
    workspace, account = account_of(slug, "zendesk")
    address = connecting.address_of_webhook(state, "zendesk", slug)
    verdict = None
    if account is not None:
        with reading(state.engine) as conn:
            verdict = hearing.verdict(conn, account, address=address, now=state.clock())
    text = render_template(
        "admin/connect_zendesk.html", account=account, typed=typed or _typed(slug), address=address,
        sidebar=setting_up.sidebar_address(state, slug), hook=account and account.config.get("webhook_id"),
        legacy=account is not None and "api_token" in account.secrets, verdict=verdict, tried_names=TRIED,
        example=EXAMPLE, key_example=KEY_EXAMPLE, **around(operator, workspace),
    )  # fmt: skip
    return make_response(text, status)


def _typed(slug: str, step: str = "", problem: str = "", *, installation: str = "") -> Typed:
    """The forms as they are kept."""
    _workspace, account = account_of(slug, "zendesk")
    config = account.config if account is not None else {}
    url = account.url if account is not None else ""
    known = {name: str(config.get(name) or "") for name in ("client_id", "email")}
    return Typed(url, **known, installation=installation, step=step, problem=said(problem))


def _credentials(
    account: Account | None, site: str, ident: str, secret: str, *, legacy: bool
) -> tuple[dict[str, str], dict[str, str]]:
    """What is kept as config and as secrets. Raises ValueError where something lacks."""
    name, secret_name = ("email", "api_token") if legacy else ("client_id", "client_secret")
    same = account is not None and account.config.get(name) == ident
    secret = secret or (kept_secret(account, site, secret_name) or "" if same else "")
    if not (ident and secret):
        raise ValueError(
            _("Give e-mail address and API token.")
            if legacy
            else _("Give the client’s identifier and secret.")
        )
    return {name: ident}, {secret_name: secret}


def _back(slug: str, anchor: str) -> ResponseReturnValue:
    return redirect(url_for("admin.connect_zendesk.page", slug=slug, _anchor=anchor), 303)
