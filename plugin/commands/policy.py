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
@click.option("--deliver", type=click.Choice(["done", "release"]), help="What counts as delivered.")
@click.option("--currency", help="Of all amounts, like USD.")
@click.option("--push-amounts", type=click.Choice(["yes", "no"]), help="May amounts be written into Jira?")
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
        "hold_s": given["hold"],
        "deliver": given["deliver"],
        "currency": given["currency"],
        "push_amounts": None if given["push_amounts"] is None else given["push_amounts"] == "yes",
    }
    try:
        return replace(policy, **{name: value for name, value in wanted.items() if value is not None})
    except ValueError as wrong:
        raise Failed(str(wrong)) from None


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
        if wanted.push_amounts != workspace.policy.push_amounts:
            _push_again(conn, app, workspace)
    app.wake()


def _value_again(conn: "Connection", app: "Kithspark", workspace: "Workspace") -> None:
    from connectors import known
    from store import looks

    now = app.clock()
    for company in known.every_company(conn, workspace.id):
        looks.ask(
            conn, workspace_id=workspace.id, system="hubspot", kind="company", object_id=company, now=now
        )  # fmt: skip


def _push_again(conn: "Connection", app: "Kithspark", workspace: "Workspace") -> None:
    from sqlalchemy import select

    from lineage.counting.pushing import push
    from lineage.outcomes import demands

    counted = select(demands.c.item_id).where(demands.c.workspace_id == workspace.id)
    push(conn, workspace.id, set(conn.scalars(counted)), now=app.clock())


def _shown(policy: "Policy") -> dict[str, Any]:
    return {
        "hold_s": policy.hold_s,
        "deliver": policy.deliver,
        "currency": policy.currency,
        "push_amounts": policy.push_amounts,
        "paused": policy.paused,
    }


def _said(value: Any) -> str:
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
