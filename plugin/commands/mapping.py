"""What Jira's link types and resolutions mean to a workspace, by id."""

from collections.abc import Mapping
from uuid import uuid4

import click

from plugin.commands import desk, printing
from plugin.commands.explaining import Failed


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
    from plugin import mapping as meanings
    from store import connections
    from store.database import reading

    with desk.opened() as app:
        workspace = desk.workspace_of(app, slug)
        with reading(app.engine) as conn:
            account = connections.load(conn, app.vault, workspace.id, "jira")
        try:
            mapping = meanings.edited(account, links=link_type, resolutions=resolution)
        except ValueError as wrong:
            raise Failed(str(wrong)) from None
        if link_type or resolution:
            meanings.remap(app, workspace, account, mapping, by=desk.BY, cause=f"cli:{uuid4()}")
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
