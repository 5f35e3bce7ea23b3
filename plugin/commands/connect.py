"""Connecting a workspace to its vendors. The credentials are tried before anything is kept."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from plugin import connecting
from plugin.commands import desk
from plugin.commands.explaining import Failed
from plugin.commands.secrets_given import secret

if TYPE_CHECKING:
    from plugin.app_state import Kithspark

url = click.option("--url", required=True, help="The address of the account.")


@click.group()
def connect() -> None:
    """Connect a workspace to its Jira, Zendesk, HubSpot and OpenAI-compatible server."""


@connect.command()
@desk.slug
@url
@click.option(
    "--way",
    type=click.Choice(["token", "forge", "connect"]),
    default="token",
    show_default=True,
    help="An account's API token, or our app that is installed at the site.",
)
@click.option("--email", help="With an API token: of the account that it belongs to.")
@secret("--api-token", "JIRA_API_TOKEN", "Its API token")
@secret("--webhook-secret", "JIRA_WEBHOOK_SECRET", "The secret of Jira's webhook")
def jira(
    slug: str, url: str, way: str, email: str | None, api_token: str | None, webhook_secret: str | None
) -> None:
    """Jira Cloud, by API token, or by the app that is installed there."""
    if way == "token" and not (email and api_token):
        raise click.UsageError("Give --email and --api-token, or another --way.")
    config = {"way": way, "email": email or ""}
    given = connecting.Given(slug, "jira", url, config, {"api_token": api_token or ""}, webhook_secret)
    with desk.opened() as app:
        if way != "token":
            given = connecting.by_app(app, given, way)
        kept = connecting.jira(app, given)
        click.echo(f"Jira is connected, as {kept['account_name']}.")
        click.echo("What its words mean was guessed by name: see `kithspark map " + slug + "`.")
        if way == "token":
            _say_webhook(app, given, "in Jira: Settings, System, WebHooks")
        else:
            click.echo("It needs no webhook: the app tells what changes.")
        click.echo(f"Try all of it on an issue: {app.settings.public_url}/admin/{slug}/jira")


@connect.command()
@desk.slug
@url
@click.option("--client-id", help="Of a confidential OAuth client.")
@secret("--client-secret", "ZENDESK_CLIENT_SECRET", "Its secret")
@click.option("--email", help="With --api-token: the agent that it belongs to.")
@secret("--api-token", "ZENDESK_API_TOKEN", "Legacy: an API token")
@secret("--webhook-secret", "ZENDESK_WEBHOOK_SECRET", "The signing secret of Zendesk's webhook")
@click.option(
    "--app-public-key", type=click.Path(exists=True, dir_okay=False, path_type=Path), multiple=True,
    help="PEM file with the sidebar app's public key; again for a second one.",
)  # fmt: skip
@click.option("--app-audience", help="The address of the app's installation, which its tokens name.")
@click.option("--make-webhook", is_flag=True, help="Make the webhook in Zendesk, or find or mend it.")
def zendesk(slug: str, url: str, webhook_secret: str | None, make_webhook: bool, **given: Any) -> None:
    """Zendesk, by OAuth client credentials."""
    if make_webhook and webhook_secret:
        raise click.UsageError(
            "Give --webhook-secret or --make-webhook: a webhook that is made brings its own."
        )
    config, secrets = _zendesk_credentials(given)
    keys = [file.read_text(encoding="ascii") for file in given["app_public_key"]]
    extra = {"app_public_keys": keys, "app_audience": given["app_audience"]}
    config |= {name: value for name, value in extra.items() if value}
    wanted = connecting.Given(slug, "zendesk", url, config, secrets, webhook_secret)
    with desk.opened() as app:
        kept = connecting.zendesk(app, wanted)
        click.echo(f"Zendesk is connected; replies appear as {kept['own_name']}.")
        if "api_token" in secrets:
            click.echo("API tokens stop working on 30 April 2027: make an OAuth client before that day.")
        if make_webhook:
            _make_webhook(app, slug)
        else:
            _say_webhook(app, wanted, "with --make-webhook, or in Zendesk: Admin Centre, Apps, Webhooks")
        click.echo(f"The sidebar's address: {app.settings.public_url}/zendesk/sidebar/{slug}")
        click.echo(f"Try all of it on a test ticket: {app.settings.public_url}/admin/{slug}/zendesk")


@connect.command()
@desk.slug
@url
@secret("--token", "HUBSPOT_TOKEN", "A service key, or a private app's token", required=True)
@secret("--client-secret", "HUBSPOT_CLIENT_SECRET", "The secret of the app whose webhooks point here")
def hubspot(slug: str, url: str, token: str, client_secret: str | None) -> None:
    """HubSpot, read only: what the requesters' companies are worth."""
    given = connecting.Given(slug, "hubspot", url, {}, {"token": token}, client_secret)
    with desk.opened() as app:
        kept = connecting.hubspot(app, given)
        click.echo(f"HubSpot is connected: portal {kept['portal']}, home currency {kept['home_currency']}.")
        _say_webhook(app, given, "in the HubSpot app, if you have one; else the sync reads changes")


@connect.command()
@desk.slug
@url
@secret("--api-key", "OPENAI_API_KEY", "Its key", required=True)
@click.option("--model", help="For moderation; else the newest.")
@click.option("--chat-model", help="To propose who wants which part of a split; else no model is asked.")
@click.option(
    "--embedding-model", help="To suggest issues also by what texts mean to it; else by words alone."
)
def openai(
    slug: str, url: str, api_key: str, model: str | None, chat_model: str | None, embedding_model: str | None
) -> None:
    """OpenAI, or any server that speaks the same: looks at forum posts before others do."""
    named = {"model": model, "chat_model": chat_model, "embedding_model": embedding_model}
    config = {name: value for name, value in named.items() if value}
    given = connecting.Given(slug, "openai", url, config, {"api_key": api_key})
    with desk.opened() as app:
        words = connecting.openai(app, given)
    click.echo(f"Connected: {words}.")


def _zendesk_credentials(given: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Raises Failed where neither of the two ways is given whole."""
    if given["client_id"] and given["client_secret"]:
        return {"client_id": given["client_id"]}, {"client_secret": given["client_secret"]}
    if given["email"] and given["api_token"]:
        return {"email": given["email"]}, {"api_token": given["api_token"]}
    raise Failed("Give --client-id with --client-secret, or (until April 2027) --email with --api-token.")


def _make_webhook(app: "Kithspark", slug: str) -> None:
    from plugin.zendesk import setting_up

    hook = setting_up.webhook(app, slug)
    click.echo(f"The webhook {hook.id} is {hook.deed}; its secret is kept.")
    if hook.others:
        click.echo(f"Further webhooks in Zendesk call this address ({hook.others}). Delete them there.")


def _say_webhook(app: "Kithspark", given: connecting.Given, where: str) -> None:
    """Where the vendor is to be told to call, and whether its calls will be believed."""
    click.echo(f"The webhook's address: {connecting.address_of_webhook(app, given.system, given.slug)}")
    click.echo(f"Set it up {where}.")
    if not connecting.hears(app, given):
        click.echo(
            "No webhook secret was given yet: until then its calls are refused, and the sync reads changes."
        )
