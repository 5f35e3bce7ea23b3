"""One small story: somebody with two tickets, somebody whose ticket is closed, somebody in the forum."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

from sqlalchemy import func, select

from connectors.jira import reader
from connectors.zendesk import marks
from lineage.changes import Linked, PersonSeen, TicketSeen, Titled
from lineage.outcomes import notices
from lineage.terms import ItemId, Origin
from plugin.forum import members, publishing, votes
from plugin.forum.tables import forum_entries
from sandbox.zendesk.records import Applied, Ticket, User
from store.database import reading, transaction, utc_now
from tests.crashes import square as squares
from tests.crashes.town import Town

LONG_AGO_S = 3600.0
OPEN_STATES = ("held", "queued", "sending", "unknown", "blocked", "awaiting_approval")

_numbers: Iterator[int] = count(1)


@dataclass
class Story:
    """Everybody waits for one issue. `anns_times` and `cams_times`: how often Ann, and Cam in the forum, are
    told in the end; Ben once. `further`: what else is wrong then; `then`: what is still to be done when all
    run again.
    """

    town: Town
    key: str
    anns: list[Ticket] = field(default_factory=list)
    bens: Ticket | None = None
    post: int = 0
    anns_times: int = 1
    cams_times: int = 1
    further: Callable[[], list[str]] = list
    then: Callable[[], None] = lambda: None

    def done(self) -> None:
        """What they all wait for."""
        self.town.jira.transition(self.key, "done")

    def vote(self) -> None:
        """One more for the post, by somebody new, as the forum takes it."""
        now = utc_now()
        with transaction(self.town.app.engine) as conn:
            who = members.welcome(
                conn,
                self.town.workspace.id,
                f"dan{self.post}@example.com",
                name="Dan",
                language=None,
                now=now,
            )
            votes.cast(conn, self.town.workspace, self.post, who, why="", now=now)

    def wrong(self) -> list[str]:
        """What each was told too often or not often enough, by the vendors' own ledger and the forum."""
        said = self.town.zendesk.ledger
        anns = {ticket.id for ticket in self.anns}
        counted = {
            "the reply to Ann": (sum(_told(one) and one.ticket in anns for one in said), self.anns_times),
            "the note on Ann's other ticket": (
                sum(_noted(one) and one.ticket in anns for one in said), self.anns_times,
            ),
            "the follow-up for Ben": (self._bens(said), 1),
            "the entry in the forum": (self._entries(), self.cams_times),
            "messages on their way": (self._on_their_way(), 0),
        }  # fmt: skip
        found = [f"{what}: {there}, not {due}" for what, (there, due) in counted.items() if there != due]
        return found + self.further() + self.town.parked()

    def _bens(self, said: list[Applied]) -> int:
        """Wherever it was said."""
        assert self.bens is not None
        return sum(_told(one) and self.bens.id in (one.ticket, one.followup_of) for one in said)

    def _entries(self) -> int:
        with reading(self.town.app.engine) as conn:
            here = forum_entries.c.post_id == self.post
            return conn.scalar(select(func.count()).select_from(forum_entries).where(here)) or 0

    def _on_their_way(self) -> int:
        with reading(self.town.app.engine) as conn:
            there = notices.c.state.in_(OPEN_STATES)
            return conn.scalar(select(func.count()).select_from(notices).where(there)) or 0


def _told(one: Applied) -> bool:
    return one.public and marks.KEY in one.mark


def _noted(one: Applied) -> bool:
    return not one.public and marks.KEY in one.mark


def begun(town: Town, *, voters: int = 1, square: bool = False, quiet: bool = True) -> Story:
    """All is known and (`quiet`) done with; only the closing of Ben's ticket was never heard of. `square`:
    two more wait in Zendesk's community.
    """
    number = next(_numbers)
    town.zendesk.clock.advance(-LONG_AGO_S)
    for hooks in (town.zendesk.hooks, town.jira.hooks):
        hooks.lose = lambda body: True
    key = town.jira.add_issue("KS", f"Export {number}").key
    ann, ben = (town.zendesk.add_user(name, f"{name.lower()}{number}@example.com") for name in ("Ann", "Ben"))
    anns = [town.zendesk.open_ticket(ann, f"Export {number}", f"Words {n}") for n in range(2)]
    bens = town.zendesk.open_ticket(ben, f"Export {number}", "Please")
    seen = reader.read(town.client.issue(key), mapping=town.words, site=town.jira.url)
    tickets = [(ann, anns[0]), (ann, anns[1]), (ben, bens)]
    links = [_linked(Origin("zendesk:ticket", str(ticket.id)), seen.item) for _, ticket in tickets]
    title = Titled(seen.item, f"Export {number}", False, by="agnes", at=utc_now())
    town.record(seen, title, *(_seen(user, ticket) for user, ticket in tickets), *links)
    post = _post(town, number, voters)
    town.record(_linked(Origin("forum:post", str(post)), seen.item))
    further = [squares.placed(town, number, seen.item).wrong] if square else []
    town.zendesk.close(bens)
    town.zendesk.clock.advance(LONG_AGO_S)
    for hooks in (town.zendesk.hooks, town.jira.hooks):
        hooks.lose = lambda body: False
    if quiet:
        town.quiet()
    return Story(town, key, anns, bens, post, further=lambda: [one for of in further for one in of()])


def _post(town: Town, number: int, voters: int) -> int:
    """A published post; its author is one of the voters."""
    now = utc_now()
    with transaction(town.app.engine) as conn:
        people = [
            members.welcome(
                conn, town.workspace.id, f"cam{number}.{n}@example.com", name="Cam", language=None, now=now
            )
            for n in range(voters)
        ]
        draft = publishing.Draft(f"Export {number}", "Please", str(number))
        post = publishing.submit(conn, town.workspace, people[0].id, draft, now=now)
        publishing.publish(conn, town.workspace, post, by="operator", now=now)
        for one in people[1:]:
            votes.cast(conn, town.workspace, post, one, why="", now=now)
    return post


def _seen(user: User, ticket: Ticket) -> TicketSeen:
    asker = PersonSeen("zendesk", str(user.id), user.name, (str(user.email),))
    return TicketSeen(
        str(ticket.id), ticket.status, ticket.subject, ticket.description, asker,
        created=ticket.created, updated=ticket.updated,
    )  # fmt: skip


def _linked(origin: Origin, item: ItemId) -> Linked:
    return Linked(origin, item, by="agnes", at=utc_now())
