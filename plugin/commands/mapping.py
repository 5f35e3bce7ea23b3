"""What Jira's link types and resolutions mean to a workspace, by id."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import click

from plugin.commands import desk, printing
from plugin.commands.explaining import Failed

if TYPE_CHECKING:
    from plugin.app_state import Kithspark
    from store.connections import Connection as Account
    from store.workspaces import Workspace


def _pair(_ctx: click.Context, _param: click.Parameter, given: str | None) -> dict[str, str]:
    """What an option says of one id; nothing where it is not given."""
    ident, equals, word = (given or "").partition("=")
    if given and not (ident.strip().isdigit() and equals and word):
        raise click.BadParameter(f"{given!r} is not ID=WORD, like 10300=split")
    return {ident.strip(): word.strip()} if given else {}


@click.command("map")
@desk.slug
@click.option("--link-type", callback=_pair, metavar="ID=WORD", help="ID=split, ID=merge or ID=none")
@click.option(
    "--resolution", callback=_pair, metavar="ID=WORD", help="ID=delivered, ID=declined or ID=closed"
)
@desk.as_json
def map_(slug: str, link_type: dict[str, str], resolution: dict[str, str], as_json: bool) -> None:
    """Show what Jira's link types and resolutions mean, or say so, by id."""
    from store import connections
    from store.database import reading

    with desk.opened() as app:
        workspace = desk.workspace_of(app, slug)
        with reading(app.engine) as conn:
            account = connections.load(conn, app.vault, workspace.id, "jira")
        mapping = _mapped(account, link_type, resolution)
        if link_type or resolution:
            _remap(app, workspace, account, mapping)
    if as_json:
        printing.document({"link_types": mapping["links"], "resolutions": mapping["resolutions"]})
        return
    rows = _rows("link type", mapping.get("link_names", {}), mapping["links"], "none")
    rows += _rows(
        "resolution", mapping.get("resolution_names", {}), mapping["resolutions"], "not mapped: asks a person"
    )
    printing.table(("WHAT", "ID", "IN JIRA", "MEANS"), rows, empty="Jira told no link type yet.")


def _rows(
    what: str, names: Mapping[str, str], meanings: Mapping[str, str], otherwise: str
) -> list[tuple[str, str, str, str]]:
    every = sorted({*names, *meanings}, key=int)
    return [(what, one, names.get(one, ""), meanings.get(one, otherwise)) for one in every]


def _mapped(account: "Account", links: dict[str, str], resolutions: dict[str, str]) -> dict[str, Any]:
    """The mapping as it is to be. Raises Failed for a word that means nothing."""
    from connectors.jira.look import mapping_of

    try:
        edited = mapping_of(account).edited(links=links, resolutions=resolutions)
    except ValueError as wrong:
        raise Failed(str(wrong)) from None
    kept = account.config.get("mapping") or {}
    return {**kept, "links": dict(edited.links), "resolutions": dict(edited.resolutions)}


def _remap(app: "Kithspark", workspace: "Workspace", account: "Account", mapping: dict[str, Any]) -> None:
    """Every known issue is read again: its links and resolution mean something else now."""
    from connectors import known
    from lineage import history
    from store import connections, looks
    from store.database import transaction

    now = app.clock()
    with transaction(app.engine) as conn:
        connections.save(
            conn, app.vault, workspace_id=workspace.id, system="jira", url=account.url,
            config={**account.config, "mapping": mapping}, secrets=account.secrets, now=now,
        )  # fmt: skip
        told = {"links": mapping["links"], "resolutions": mapping["resolutions"]}
        history.note(conn, workspace.id, "MappingChanged", told, cause=f"cli:{uuid4()}", who=desk.BY, now=now)
        for item in known.every_item(conn, workspace.id):
            looks.ask(conn, workspace_id=workspace.id, system="jira", kind="issue", object_id=item, now=now)
    app.wake()
