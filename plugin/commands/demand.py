"""Asking what counts how much: now, or on a day."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import click

from plugin.commands import desk, printing

if TYPE_CHECKING:
    from lineage.questions import DemandView
    from store.workspaces import Workspace

SORTS = ("score", "requesters", "companies", "pipeline", "customer")


def _day(_ctx: click.Context, _param: click.Parameter, given: str | None) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError:
        raise click.BadParameter(
            f"{given!r} is no day: write year, month and day, like 2026-03-31."
        ) from None


@click.command()
@desk.slug
@click.option("--top", type=click.IntRange(1), default=50, show_default=True, help="How many.")
@click.option("--sort", type=click.Choice(SORTS), default="score", show_default=True)
@click.option("--at", callback=_day, metavar="DATE", help="As it was at the end of this day (UTC).")
@desk.as_json
def demand(slug: str, top: int, sort: Any, at: date | None, as_json: bool) -> None:
    """The issues on which something rests, the one that counts most first; now, or on a day."""
    from lineage import questions
    from store.database import reading

    with desk.opened() as app:
        workspace = desk.workspace_of(app, slug)
        now = app.clock().astimezone(UTC)
        if at is not None and at > now.date():
            raise click.BadParameter(
                f"{at} is still to come: today is {now.date()} (UTC).", param_hint="--at"
            )
        with reading(app.engine) as conn:
            found = questions.ranking(conn, workspace, top=top, sort=sort, at=at)
            since = questions.recorded_since(conn, workspace)
    if as_json:
        printing.document(_document(workspace, found, at, since, now))
    elif at is not None and (since is None or at < since):
        begins = "None is yet." if since is None else f"The record of this workspace begins on {since}."
        click.echo(f"What was asked for on {at} is not on record. {begins}")
    else:
        _print_ranking(slug, found, at)


def _document(
    workspace: "Workspace", found: "Sequence[DemandView]", at: date | None, since: date | None, now: datetime
) -> dict[str, Any]:
    """`as_of` is the end of a day that is over. Of days before `recorded_since` nothing is known."""
    over = at is not None and at < now.date()
    as_of = f"{at}T23:59:59Z" if over else now.isoformat().replace("+00:00", "Z")
    currency = found[0].customer.currency if found else workspace.policy.currency
    shown: dict[str, Any] = {"as_of": as_of, "currency": currency, "items": [one.as_json() for one in found]}
    return shown if at is None else shown | {"recorded_since": since and since.isoformat()}


def _print_ranking(slug: str, found: "Sequence[DemandView]", at: date | None) -> None:
    from lineage.money import spoken

    rows = [
        (one.item.key, printing.short(one.item.summary, 40), one.item.state.value, one.requesters,
         one.companies, one.votes, spoken(one.customer), spoken(one.pipeline), f"{one.score:.2f}")
        for one in found
    ]  # fmt: skip
    state = "STATE" if at is None else "STATE NOW"
    headings = ("ISSUE", "SUMMARY", state, "PEOPLE", "COMPANIES", "VOTES", "CUSTOMER", "PIPELINE", "SCORE")
    nobody = "Nobody asks for anything yet" if at is None else f"Nobody asked for anything on {at}"
    printing.table(headings, rows, empty=f"{nobody}: `kithspark link {slug} …`.")
