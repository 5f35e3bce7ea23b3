"""The operator's own wording of messages: shown, set from a file, tried on real cases, or ours again."""

from typing import IO, TYPE_CHECKING
from uuid import uuid4

import click

from plugin.commands import desk, printing
from plugin.commands.explaining import Failed

if TYPE_CHECKING:
    from lineage.terms import Kind
    from plugin.app_state import Kithspark
    from store.workspaces import Workspace

KINDS = ("linked", "started", "part_delivered", "delivered", "declined", "correction")
LANGUAGES = ("en", "de", "fr", "es", "pt", "ja")


@click.command()
@desk.slug
@click.option("--kind", type=click.Choice(KINDS), help="The kind of message.")
@click.option("--language", type=click.Choice(LANGUAGES), help="The language that it is in.")
@click.option(
    "--file", type=click.File(encoding="utf-8"), help="Your template; - reads it from standard input."
)
@click.option("--default", "ours", is_flag=True, help="Use our own wording again.")
@click.option("--preview", is_flag=True, help="Show it on real cases; nothing is kept.")
@desk.as_json
def wording(
    slug: str,
    kind: str | None,
    language: str | None,
    file: IO[str] | None,
    ours: bool,
    preview: bool,
    as_json: bool,
) -> None:
    """Show which messages you word yourself, or set one template. Without it the words are ours."""
    if (file or ours or preview) and not (kind and language):
        raise click.UsageError("Name the message by --kind and --language.")
    if file and ours:
        raise click.UsageError("Give either --file or --default.")
    with desk.opened() as app:
        workspace = desk.workspace_of(app, slug)
        if not (kind and language):
            _list(app, workspace, as_json=as_json)
            return
        from lineage.terms import Kind

        given = "" if ours else file.read() if file else None
        if preview:
            _preview(app, workspace, Kind(kind), language, given, as_json=as_json)
        elif given is None:
            _show(app, workspace, Kind(kind), language, as_json=as_json)
        else:
            _set(app, workspace, Kind(kind), language, given)
            whose = "yours" if given.strip() else "ours again"
            if as_json:
                printing.document({"kind": kind, "language": language, "own": bool(given.strip())})
            else:
                click.echo(f"The wording of {kind} in {language} is {whose}. What waits is worded anew.")


def _list(app: "Kithspark", workspace: "Workspace", *, as_json: bool) -> None:
    from lineage import questions
    from store.database import reading

    with reading(app.engine) as conn:
        own = list(questions.own_wordings(conn, workspace).values())
    if as_json:
        found = [{"kind": one.kind.value, "language": one.language, "template": one.template} for one in own]
        printing.document({"wordings": found})
        return
    rows = [(one.kind.value, one.language, one.changed_by, printing.moment(one.changed_at)) for one in own]
    printing.table(("KIND", "LANGUAGE", "BY", "SINCE"), rows, empty="Every message is worded by us.")


def _show(app: "Kithspark", workspace: "Workspace", kind: "Kind", language: str, *, as_json: bool) -> None:
    template, own = _template(app, workspace, kind, language)
    if as_json:
        printing.document({"kind": kind.value, "language": language, "own": own, "template": template})
    else:
        click.echo(template)


def _preview(
    app: "Kithspark", workspace: "Workspace", kind: "Kind", language: str, given: str | None, *, as_json: bool
) -> None:
    """Raises Failed for a template that could not be kept."""
    from lineage import questions
    from lineage.wording import STARTER, trouble_with
    from store.database import reading

    template = _template(app, workspace, kind, language)[0] if given is None else given or STARTER
    if trouble := trouble_with(kind, language, template):
        raise Failed(trouble)
    with reading(app.engine) as conn:
        cases = questions.preview(conn, workspace, kind, language, template)
    if as_json:
        printing.document({"previews": [
            {"person": one.person_name, "where": one.where, "waits": one.waits, "text": one.text,
             "html": one.html, "trouble": one.trouble}
            for one in cases
        ]})  # fmt: skip
        return
    if not cases:
        click.echo("Nobody has asked for anything with a public title yet: there is no case to show.")
    for one in cases:
        state = "waits to be said" if one.waits else "as if this were the news"
        click.echo(f"--- {one.person_name or 'everybody'}, {one.where} ({state})\n{one.text}\n")


def _template(app: "Kithspark", workspace: "Workspace", kind: "Kind", language: str) -> tuple[str, bool]:
    """The template in use, and whether it is the operator's own."""
    from lineage import questions
    from lineage.wording import STARTER
    from store.database import reading

    with reading(app.engine) as conn:
        kept = questions.own_wordings(conn, workspace).get((kind, language))
    return (kept.template, True) if kept else (STARTER, False)


def _set(app: "Kithspark", workspace: "Workspace", kind: "Kind", language: str, template: str) -> None:
    from lineage import ledger
    from lineage.operator_changes import WordingSet
    from store.database import transaction

    now = app.clock()
    change = WordingSet(kind, language, template, by=desk.BY, at=now)
    with transaction(app.engine) as conn:
        ledger.record(conn, workspace, change, cause=f"cli:wording:{uuid4()}", now=now)
    app.wake()
