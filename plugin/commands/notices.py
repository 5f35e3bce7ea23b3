"""The send plan: what waits to be said, and a person's yes or no."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from plugin.commands import desk, printing
from plugin.commands.explaining import Failed

if TYPE_CHECKING:
    from lineage.questions import NoticeView, Progress

STATES = (
    "held", "awaiting_approval", "queued", "sending", "unknown", "sent", "confirmed", "posted_not_emailed",
    "blocked", "cancelled", "skipped",
)  # fmt: skip
ids = click.argument("ids", nargs=-1, type=int, required=True, metavar="ID…")


@click.command()
@desk.slug
@click.option("--state", type=click.Choice(STATES), help="Only those in this state.")
@desk.as_json
def notices(slug: str, state: str | None, as_json: bool) -> None:
    """What was, is and will be said to whom."""
    found, progress = _read_with_progress(slug, state=state)
    if as_json:
        under_way = {"progress": progress.as_json()} if progress.under_way else {}
        printing.document({"notices": [one.as_json() for one in found], **under_way})
        return
    rows = [
        (f"{one.id}@{one.digest}" if one.digest else one.id, one.kind, one.person_name,
         ", ".join(item.key for item in one.issues), one.where, one.state,
         printing.moment(one.sent_at or one.due_at), printing.short(_why(one), 50))
        for one in found
    ]  # fmt: skip
    headings = ("ID@DIGEST", "KIND", "PERSON", "ISSUES", "WHERE", "STATE", "WHEN", "WHY")
    printing.table(headings, rows, empty="There is nothing to say.")
    if progress.under_way:
        from plugin.progress import progress_in_words

        click.echo(progress_in_words(progress))


@click.command()
@desk.slug
@click.argument("words", nargs=-1, metavar="[ID@DIGEST]…")
@click.option("--all", "every", is_flag=True, help="Everything that waits for approval, as it reads now.")
@click.option(
    "--at", metavar="MOMENT", help="Not before this moment, by this machine's clock, like '2026-12-03 09:00'."
)
def approve(slug: str, words: tuple[str, ...], every: bool, at: str | None) -> None:
    """Let notices go out, with exactly the words and the recipient of their digests."""
    from lineage import notices as acts

    moment = _moment(at) if at else None
    if bool(words) == every:
        raise click.UsageError("Give ID@DIGEST as `kithspark notices` shows it, or --all.")
    wanted = [_pair(one) for one in words]
    if every:
        wanted = [(one.id, one.digest) for one in _read(slug, state="awaiting_approval")]

    def do(conn: Any, workspace: Any, now: Any) -> None:
        for ident, digest in wanted:
            acts.approve(conn, workspace, ident, digest=digest, by=desk.BY, now=now, at=moment)

    _act(slug, do)
    when = f", to go out not before {printing.moment(moment)}" if moment else ""
    click.echo(f"{_counted(len(wanted))} approved{when}." if wanted else "Nothing waits for approval.")


@click.command()
@desk.slug
def pause(slug: str) -> None:
    """Let nothing go out, to nobody, until `resume`. What is under way is only looked for."""
    _pausing(slug, paused=True)


@click.command()
@desk.slug
def resume(slug: str) -> None:
    """Let go on what was paused: what is due goes out within a minute."""
    _pausing(slug, paused=False)


def _pausing(slug: str, *, paused: bool) -> None:
    from lineage import pausing

    changed: list[bool] = []

    def do(conn: Any, workspace: Any, now: Any) -> None:
        set_to = pausing.pause if paused else pausing.resume
        changed.append(set_to(conn, workspace, by=desk.BY, now=now))

    _act(slug, do)
    already = "" if all(changed) else " already"
    click.echo(f"Nothing goes out{already}." if paused else f"What is due goes out{already}.")


@click.command()
@desk.slug
@ids
def cancel(slug: str, ids: tuple[int, ...]) -> None:
    """Do not say this; it is said if it becomes true anew."""
    _take_back(slug, ids, "cancelled")


@click.command()
@desk.slug
@ids
def dismiss(slug: str, ids: tuple[int, ...]) -> None:
    """Let rest what waits for a yes or is blocked; of a dismissed correction, what was told stands."""
    _take_back(slug, ids, "dismissed")


@click.command("opt-out")
@desk.slug
@click.option("--person", required=True, help="Their e-mail address.")
@click.option("--undo", is_flag=True, help="They want news again, from the next on.")
def opt_out(slug: str, person: str, undo: bool) -> None:
    """Tell this person nothing more. What they asked for still counts."""
    from lineage import ledger, people
    from lineage.changes import OptedOut
    from lineage.requester_changes import OptedIn

    def do(conn: Any, workspace: Any, now: Any) -> None:
        found = people.by_address(conn, workspace.id, "email", person)
        if found is None:
            raise Failed(
                f"Nobody is known by {person}, so nothing is sent there: check the address with "
                f"`kithspark trace {slug} --person {person}`."
            )
        change = (OptedIn if undo else OptedOut)(found, by=desk.BY, at=now)
        ledger.record(conn, workspace, change, cause=f"cli:opt-out:{found}:{now.isoformat()}", now=now)

    _act(slug, do)
    told = "what happens from now on" if undo else "nothing more, and still counts"
    click.echo(f"{person} is told {told}.")


def _take_back(slug: str, ids: tuple[int, ...], done: str) -> None:
    from lineage import notices as acts

    left: list[int] = []

    def do(conn: Any, workspace: Any, now: Any) -> None:
        left.extend(one for one in ids if not acts.cancel(conn, workspace, one, by=desk.BY, now=now))

    _act(slug, do)
    click.echo(f"{_counted(len(ids) - len(left))} {done}.")
    for ident in left:
        click.echo(f"Notice {ident} may have left: it is taken back, unless it is found to have arrived.")


def _read(slug: str, *, state: str | None) -> "list[NoticeView]":
    return _read_with_progress(slug, state=state)[0]


def _read_with_progress(slug: str, *, state: str | None) -> "tuple[list[NoticeView], Progress]":
    from lineage import questions
    from store.database import reading

    with desk.opened() as app:
        workspace = desk.workspace_of(app, slug)
        with reading(app.engine) as conn:
            found = questions.notices(conn, workspace, state=state)
            return found, questions.progress(conn, workspace, now=app.clock())


def _act(slug: str, do: Callable[[Any, Any, Any], None]) -> None:
    """All of it, or (when one of them is refused) none of it."""
    from store.database import transaction

    with desk.opened() as app:
        workspace = desk.workspace_of(app, slug)
        with transaction(app.engine) as conn:
            do(conn, workspace, app.clock())
        app.wake()


def _why(notice: "NoticeView") -> str:
    return f"approved for then by {notice.approved_by}" if notice.scheduled else notice.reason


def _moment(given: str) -> datetime:
    """In the zone that it names, else in this machine's. Raises UsageError."""
    try:
        return datetime.fromisoformat(given.strip()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise click.UsageError(f"{given!r} is no moment: write it like '2026-12-03 09:00'.") from None


def _pair(given: str) -> tuple[int, str]:
    ident, _, digest = given.partition("@")
    if not (ident.isascii() and ident.isdigit() and digest):
        raise click.UsageError(f"{given!r} is not ID@DIGEST: an approval holds for exactly those words.")
    return int(ident), digest


def _counted(number: int) -> str:
    return f"{number} notice{'' if number == 1 else 's'}"
