"""The approval queue, wherever it is shown: what an address asks for, a page of it, and what a form decides.

Everything that is chosen stands in the address. Operators have it among their pages, agents in Zendesk's nav
bar; each gives its own name, and the rules are the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import get_args
from urllib.parse import urlencode

from flask import request
from sqlalchemy import Connection

from lineage import editing, notices, pausing, questions
from lineage.errors import LineageError
from lineage.questions.queue import STATES, WHERE, Before, Filters, Group, QueuePage, queue, scheduled
from lineage.questions.views import NoticeView
from lineage.terms import ItemId, Kind, Lane, NoticeState
from lineage.wording import LANGUAGES
from plugin import app_state
from plugin.differing import Piece, pieces
from plugin.formats import moment
from plugin.incoming import row_number
from plugin.progress import progress_in_words
from plugin.said import said
from plugin.translating import gettext as _
from store.database import transaction
from store.workspaces import Workspace

TOP = 50
LONGEST = 255
MOST_AT_ONCE = 200
MOST_REFUSED = 5
"""What is said once may travel in the cookie, which holds 4 KB."""

CHOICES: Mapping[str, frozenset[str]] = {
    "kind": frozenset(kind.value for kind in Kind),
    "state": frozenset(state.value for state in NoticeState),
    "lane": frozenset(lane.value for lane in Lane),
    "language": frozenset(LANGUAGES),
    "where": frozenset(WHERE),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What one address asks for; `group` None: whatever is most urgent. What is no choice of ours is as if it
    were not there.
    """

    group: Group | None
    chosen: Mapping[str, str]
    after: int

    def query(self, **other: str) -> str:
        """The same with other choices, from the first page: `?…`, or nothing."""
        kept = {"show": self.group or "", **self.chosen, **other}
        given = {name: value for name, value in kept.items() if value}
        return f"?{urlencode(given)}" if given else ""

    @property
    def again(self) -> str:
        """The query of this very page."""
        return self.query(after=str(self.after) if self.after else "")


@dataclass(frozen=True, slots=True)
class Card:
    """One message. `diff`: what is other since `before`; empty where there is nothing to compare with."""

    notice: NoticeView
    before: Before | None
    diff: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """One page and what is around it. `next`: the query of the next page, empty on the last. `totals`: how
    many there are of each group, whatever was chosen.
    """

    workspace: Workspace
    asked: Asked
    group: Group
    totals: Mapping[str, int]
    cards: tuple[Card, ...]
    total: int | None
    next: str
    progress: str
    unknown_item: bool
    languages: tuple[tuple[str, str], ...] = tuple((one, one) for one in LANGUAGES)


def asked() -> Asked:
    """What the address of this request chooses."""
    args = request.args
    group: Group | None = next((one for one in get_args(Group) if one == args.get("show")), None)
    chosen = {name: value for name, may in CHOICES.items() if (value := args.get(name, "")) in may}
    if item := args.get("item", "").strip()[:LONGEST]:
        chosen["item"] = item
    return Asked(group, chosen, row_number(args.get("after", "")) or 0)


def page(conn: Connection, workspace: Workspace, wish: Asked, now: datetime) -> Shown:
    """The page that is asked for: as many statements for ten thousand messages as for ten."""
    totals = _totals(conn, workspace, now)
    groups: tuple[Group, ...] = get_args(Group)
    urgent = [one for one in groups if totals[one]] or ["waiting"]
    group: Group = urgent[0] if wish.group is None else wish.group
    item = wish.chosen.get("item")
    known = questions.item(conn, workspace, ItemId(item)) if item else None
    missing = bool(item) and known is None
    filters = Filters(
        kind=wish.chosen.get("kind"), state=wish.chosen.get("state"), lane=wish.chosen.get("lane"),
        language=wish.chosen.get("language"), where=wish.chosen.get("where"),
        item=known.id if known else None,
    )  # fmt: skip
    found = QueuePage((), 0, None)
    if not missing:
        found = queue(conn, workspace, group, filters, now=now, after=wish.after, most=TOP)
    following = Asked(group, wish.chosen, 0).query(after=str(found.after)) if found.after else ""
    cards = tuple(_card(one.notice, one.before) for one in found.messages)
    progress = progress_in_words(questions.progress(conn, workspace, now=now))
    return Shown(workspace, wish, group, totals, cards, found.total, following, progress, missing)


def _totals(conn: Connection, workspace: Workspace, now: datetime) -> dict[str, int]:
    of = questions.notices_by_state(conn, workspace)
    later = scheduled(conn, workspace, now=now)
    totals: dict[str, int] = {name: sum(of.get(one, 0) for one in states) for name, states in STATES.items()}
    return totals | {"scheduled": later, "going": totals["going"] - later}


def _card(notice: NoticeView, before: Before | None) -> Card:
    if before is None or not notice.text:
        return Card(notice, None, ())
    return Card(notice, before, pieces(before.words, notice.text, by_line=before.what == "told"))


# --- what a form decides


def approve(workspace: Workspace, *, by: str) -> list[str]:
    """Every `ID@DIGEST` of the form, for the moment that it names, if any: exactly the words that were on the
    page, and no others. What that came to, in words.
    """
    state, refused, approved = app_state.current(), [], 0
    try:
        at = moment_of_form()
    except ValueError:
        return [_("This is no moment: choose a day and a time.")]
    for ident, digest in _named():
        try:
            with transaction(state.engine) as conn:
                notices.approve(conn, workspace, ident, digest=digest, by=by, now=state.clock(), at=at)
            approved += 1
        except LineageError as error:
            refused.append(said(str(error)))
    state.wake()
    return [_approved(approved, at), *refused[:MOST_REFUSED], *_more(len(refused) - MOST_REFUSED)]


def _approved(number: int, at: datetime | None) -> str:
    if not number:
        return _("Nothing was approved.")
    if at is not None and at > app_state.current().clock():
        return _(
            "%(number)s approved: sent in exactly the words you read, not before %(moment)s.",
            number=number, moment=moment(at),
        )  # fmt: skip
    return _("%(number)s approved: sent in exactly the words you read.", number=number)


def _more(number: int) -> list[str]:
    return [_("And %(number)s more, for reasons like these.", number=number)] if number > 0 else []


def settle(workspace: Workspace, notice: int, act: str, *, by: str) -> list[str]:
    """Cancel, dismiss, retry or edit one message. What that came to, in words."""
    state = app_state.current()
    try:
        with transaction(state.engine) as conn:
            done = settle_notice(conn, workspace, notice, act, by=by, now=state.clock())
    except LineageError as error:
        done = said(str(error))
    state.wake()
    return [done]


def settle_notice(
    conn: Connection, workspace: Workspace, notice: int, act: str, *, by: str, now: datetime
) -> str:
    """Does it, and says what that means. Raises LineageError where there is nothing to settle."""
    if act == "edit":
        edit_as_sent(conn, workspace, notice, by=by, now=now)
        return _("The words are changed. They go out once somebody approves them.")
    if act == "retry":
        notices.retry(conn, workspace, notice, by=by, now=now)
        return _("It is tried again now.")
    if not notices.cancel(conn, workspace, notice, by=by, now=now):
        return _("It may have arrived already. If it has not, it is taken back.")
    return _("Cancelled: it will not be sent.") if act == "cancel" else _("Dismissed: what was told stands.")


def edit_as_sent(conn: Connection, workspace: Workspace, notice: int, *, by: str, now: datetime) -> None:
    """Put the words of this request's form in place of those that it shows. Raises LineageError."""
    words, digest = request.form.get("words", ""), request.form.get("digest", "")
    editing.edit(conn, workspace, notice, digest=digest, words=words, by=by, now=now)


def pause(workspace: Workspace, act: str, *, by: str) -> list[str]:
    """Pause everything that goes out, or let it go on."""
    state = app_state.current()
    with transaction(state.engine) as conn:
        do = pausing.pause if act == "pause" else pausing.resume
        new = do(conn, workspace, by=by, now=state.clock())
    state.wake()
    if act == "pause":
        return [_("Paused: nothing goes out.") if new else _("It was paused already.")]
    return [_("What is due goes out again.") if new else _("It was not paused.")]


def moment_of_form(*, needed: bool = False) -> datetime | None:
    """The moment that this request's form names: by the reader's own clock where their browser said which
    that is (`instant`), else in UTC (`at`). None where none is chosen. Raises ValueError for no moment, also
    where one is needed and none is chosen.
    """
    given = request.form.get("instant") or request.form.get("at") or ""
    if not given.strip() and not needed:
        return None
    try:
        found = datetime.fromisoformat(given.strip())
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError as far:
        raise ValueError(given) from far


def _named() -> list[tuple[int, str]]:
    pairs = (text.partition("@") for text in request.form.getlist("notice")[:MOST_AT_ONCE])
    numbered = ((row_number(ident), digest) for ident, _, digest in pairs)
    return [(ident, digest) for ident, digest in numbered if ident is not None]
