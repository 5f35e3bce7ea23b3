"""How a workspace wants its news handled."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import click

from plugin.commands import desk, printing
from plugin.commands.explaining import Failed

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from plugin.app_state import Kithspark
    from store.workspaces import Policy, Workspace

KINDS = ("linked", "started", "part_delivered", "delivered", "declined")


@click.command()
@desk.slug
@click.option("--auto", help=f"Which news goes out by itself: {','.join(KINDS)} or none.")
@click.option("--hold", type=click.IntRange(0), help="The quiet period, in seconds.")
@click.option(
    "--deliver",
    type=click.Choice(["done", "release", "workspace"]),
    help="What counts as delivered; with --project: `workspace` takes back what was said of it.",
)
@click.option("--project", help="Say --deliver of this Jira project alone, by its key, like KS.")
@click.option("--currency", help="Of all amounts, like USD.")
@click.option("--push-amounts", type=click.Choice(["yes", "no"]), help="May amounts be written into Jira?")
@click.option(
    "--remote-links", type=click.Choice(["yes", "no"]), help="May issues in Jira link back to the tickets?"
)
@click.option(
    "--customers-in-jira",
    type=click.Choice(["everyone", "editors", "admins", "nobody"]),
    help="Who reads names and words of customers beside an issue, of those who may see it.",
)
@click.option(
    "--notes-in",
    type=click.Choice(["en", "de", "fr", "es", "pt", "ja"]),
    help="The language of internal notes on tickets, which agents read.",
)
@click.option(
    "--voter-tickets",
    type=click.Choice(["yes", "no"]),
    help="Is whoever voted in Zendesk's community told in a ticket of their own, besides the comment?",
)
@desk.as_json
def policy(slug: str, as_json: bool, **given: Any) -> None:
    """Show the policy, or change what is given. A correction never goes out by itself."""
    with desk.opened() as app:
        workspace = desk.workspace_of(app, slug)
        wanted = _changed(workspace.policy, **given)
        if wanted != workspace.policy:
            _set(app, workspace, wanted)
    if as_json:
        printing.document({**_shown(wanted), "auto": list(wanted.auto_kinds)})
        return
    rows = [("auto", ", ".join(wanted.auto_kinds) or "none"), *_shown(wanted).items()]
    printing.table(("POLICY", slug), [(name, _said(value)) for name, value in rows], empty="")


def _changed(policy: "Policy", **given: Any) -> "Policy":
    """Raises Failed for a value that is not possible."""
    if given["auto"] is not None:
        kinds = [kind for kind in given["auto"].replace(" ", "").split(",") if kind not in ("", "none")]
        if unknown := [kind for kind in kinds if kind not in KINDS]:
            raise click.UsageError(f"{', '.join(unknown)}: news is {', '.join(KINDS)}, or none.")
        policy = replace(policy, auto_kinds=tuple(kind for kind in KINDS if kind in kinds))
    wanted = {
        **_delivered(policy, given["deliver"], given["project"]),
        "hold_s": given["hold"],
        "currency": given["currency"],
        "push_amounts": _yes(given["push_amounts"]),
        "remote_links": _yes(given["remote_links"]),
        "customers_in_jira": given["customers_in_jira"],
        "notes_in": given["notes_in"],
        "voter_tickets": _yes(given["voter_tickets"]),
    }
    try:
        return replace(policy, **{name: value for name, value in wanted.items() if value is not None})
    except ValueError as wrong:
        raise Failed(str(wrong)) from None


def _yes(said: str | None) -> bool | None:
    return None if said is None else said == "yes"


def _delivered(policy: "Policy", deliver: str | None, project: str | None) -> dict[str, Any]:
    """What counts as delivered, in the workspace or in one project of it."""
    if project is None:
        if deliver == "workspace":
            raise click.UsageError("--deliver workspace takes back what was said of a --project: name it.")
        return {"deliver": deliver}
    if deliver is None or not project.strip():
        raise click.UsageError("Give --project together with --deliver, like --deliver release --project KS.")
    key = project.strip().upper()
    others = {name: said for name, said in policy.deliver_in.items() if name != key}
    return {"deliver_in": others if deliver == "workspace" else {**others, key: deliver}}


def _set(app: "Kithspark", workspace: "Workspace", wanted: "Policy") -> None:
    """What rests on the policy is worked out again with it; amounts in another currency are read again."""
    from lineage import ledger
    from lineage.changes import PolicyChanged
    from store import workspaces
    from store.database import transaction

    now = app.clock()
    with transaction(app.engine) as conn:
        workspaces.set_policy(conn, workspace.id, wanted)
        changed = workspaces.by_id(conn, workspace.id)
        ledger.record(conn, changed, PolicyChanged(desk.BY, now), cause=f"cli:{uuid4()}", now=now)
        if wanted.currency != workspace.policy.currency:
            _value_again(conn, app, workspace)
    app.wake()


def _value_again(conn: "Connection", app: "Kithspark", workspace: "Workspace") -> None:
    from connectors import known
    from store import looks

    now = app.clock()
    for company in known.every_company(conn, workspace.id):
        looks.ask(
            conn, workspace_id=workspace.id, system="hubspot", kind="company", object_id=company, now=now
        )  # fmt: skip


def _shown(policy: "Policy") -> dict[str, Any]:
    return {
        "hold_s": policy.hold_s,
        "deliver": policy.deliver,
        "deliver_in": dict(policy.deliver_in),
        "currency": policy.currency,
        "push_amounts": policy.push_amounts,
        "remote_links": policy.remote_links,
        "customers_in_jira": policy.customers_in_jira,
        "notes_in": policy.notes_in,
        "voter_tickets": policy.voter_tickets,
        "paused": policy.paused,
    }


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {said}" for name, said in sorted(value.items())) or "as the workspace"
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
