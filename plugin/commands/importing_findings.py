"""`kithspark import SLUG --csv FILE`: a file of findings, taken whole or not at all."""

from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import click

from plugin.commands import desk, printing
from plugin.commands.explaining import Failed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from lineage.changes import Change, IssueSeen
    from plugin.app_state import Kithspark
    from plugin.imports.findings import Finding, Wrong
    from store.workspaces import Workspace

SHOWN = 50
AROUND = 200
NOBODY = "Nobody is told of what happened before now."


def import_findings(
    app: "Kithspark", workspace: "Workspace", file: str, *, dry_run: bool, as_json: bool
) -> None:
    """Raises Failed, naming each line that is not well; nothing was taken then."""
    from plugin.imports import findings

    as_of = app.clock()
    found, wrong = findings.read(_content(file), now=as_of)
    if wrong:
        raise Failed(_refusal(file, wrong))
    if not found:
        raise Failed(f"{file} holds no finding: below the first line there is nothing.")
    issues, around = _issues(app, workspace, file, found)
    known = _known(app, workspace, found)
    fresh = [one for one in found if (one.origin, issues[one.issue].item) not in known]
    if not dry_run:
        _record(app, workspace, fresh, issues, around, as_of)
    said = {
        "findings": len(found), "people": len({one.email for one in found}),
        "companies": len({one.company for one in found if one.company}),
        "issues": len({one.item for one in issues.values()}), "already": len(found) - len(fresh),
        "new": len(fresh) if dry_run else 0, "imported": 0 if dry_run else len(fresh),
    }  # fmt: skip
    if as_json:
        printing.document(said)
    else:
        _say(said, dry_run=dry_run)


def _content(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as e:
        raise Failed(f"{file} cannot be read ({e.strerror}): check the path.") from None


def _refusal(file: str, wrong: "Sequence[Wrong]") -> str:
    lines = [f"line {one.line} {one.words}" for one in sorted(wrong, key=lambda one: one.line)]
    more = [f"… and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    first = f"Nothing of {file} was imported. Mend these lines, then start again:"
    return "\n  ".join([first, *lines[:SHOWN], *more])


def _issues(
    app: "Kithspark", workspace: "Workspace", file: str, found: "Sequence[Finding]"
) -> "tuple[dict[str, IssueSeen], list[IssueSeen]]":
    """Each issue that is named, read now, and those and what links lead to. Raises Failed for those that
    Jira does not show.
    """
    from connectors.errors import NotFound
    from connectors.jira.look import mapping_of
    from connectors.jira.reading import read_around, read_issue
    from plugin.commands import reading_now
    from plugin.imports.findings import Wrong
    from store import connections
    from store.database import reading

    jira = reading_now.jira_of(app, workspace)
    with reading(app.engine) as conn:
        account = connections.load(conn, app.vault, workspace.id, "jira")
    mapping, missing = mapping_of(account), set[str]()
    read: dict[str, IssueSeen] = {}
    for issue in dict.fromkeys(one.issue for one in found):
        try:
            read[issue] = read_issue(jira, issue, mapping=mapping, site=account.url)
        except NotFound:
            missing.add(issue)
    if missing:
        why = "Jira shows no such issue: check the key, and that its account may browse it"
        wrong = [Wrong(one.line, f"issue: {one.issue}: {why}") for one in found if one.issue in missing]
        raise Failed(_refusal(file, wrong))
    items = [one.item for one in read.values()]
    around = read_around(jira, items, mapping=mapping, site=account.url, most=AROUND)
    return read, [*read.values(), *around]


def _known(app: "Kithspark", workspace: "Workspace", found: "Sequence[Finding]") -> set[tuple[str, str]]:
    """Those that were imported before, by origin and issue."""
    from connectors import known
    from store.database import reading

    with reading(app.engine) as conn:
        return known.asked_for(conn, workspace.id, [one.origin for one in found])


def _record(
    app: "Kithspark",
    workspace: "Workspace",
    fresh: "Sequence[Finding]",
    issues: "Mapping[str, IssueSeen]",
    around: "Sequence[IssueSeen]",
    as_of: "datetime",
) -> None:
    """All of it in one transaction, as of the time before the issues were read."""
    from lineage import ledger
    from lineage.operator_changes import FindingImported
    from lineage.terms import Origin
    from store import workspaces
    from store.database import transaction

    changes: list[Change] = list(around)
    changes += [
        FindingImported(
            Origin.parse(one.origin), issues[one.issue].item, one.name,
            one.email, one.company, one.words, desk.BY, min(one.at, as_of), as_of,
        )
        for one in fresh
    ]  # fmt: skip
    cause = uuid4()
    with transaction(app.engine) as conn:
        current = workspaces.hold(conn, workspace.id)
        for number, change in enumerate(changes):
            ledger.record(conn, current, change, cause=f"cli:{cause}:{number}", now=as_of)
    app.wake()


def _say(said: "Mapping[str, int]", *, dry_run: bool) -> None:
    click.echo(
        f"{said['findings']} findings of {said['people']} people about {said['issues']} issues; "
        f"{said['companies']} companies are named."
    )
    if said["already"]:
        click.echo(f"{said['already']} were imported before, and stay as they are.")
    if dry_run:
        click.echo(f"{said['new']} would be imported. {NOBODY}")
    else:
        click.echo(f"{said['imported']} were imported. {NOBODY}")
