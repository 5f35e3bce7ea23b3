"""The small events, each told to the ledger as those who hear of it tell it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from lineage.terms import EdgeKind
from tests.lineage.costs.company import HOT, HUB, PARTS, WHOLE
from tests.lineage.story import Story

Do: TypeAlias = Callable[[Story], object]
ONE, OTHER = "KS-3", "KS-4"
FRESH = ("KS-11", "KS-12")


@dataclass(frozen=True, slots=True)
class Small:
    """`before` makes ready and is not measured."""

    event: Do
    before: Do = lambda story: None


def _in_jira(kind: EdgeKind, src: str, *dst: str) -> Do:
    """Jira has new links, of which nobody has heard yet."""

    def do(story: Story) -> None:
        story.issue(*(key for key in dst if not story.tracker.knows(key)))
        for key in dst:
            story.tracker.link(kind, src, key, at=story.now)

    return do


def _merged_and_parted(story: Story) -> None:
    story.duplicate(ONE, of=OTHER)
    story.tracker.unlink(ONE, OTHER, at=story.now)
    story.look(ONE)


def _valued(customer: int) -> Do:
    return lambda story: story.company("Acme", customer=customer, of=[f"Ana-{ONE}"])


def _ticket(story: Story) -> str:
    """The number of the newest ticket."""
    return list(story.tickets)[-1]


def _merge(src: str, dst: str) -> Small:
    return Small(lambda story: story.look(src), before=_in_jira(EdgeKind.MERGED, src, dst))


SMALL = {
    "vote": Small(lambda story: story.vote("Eli", "plain")),
    "vote for a hot issue": Small(lambda story: story.vote("Eli", "hot")),
    "vote for a duplicate of a hub": Small(lambda story: story.vote("Eli", "copy")),
    "vote withdrawn": Small(lambda story: story.take_back_vote("Dee", "plain")),
    "link": Small(
        lambda story: story.link(_ticket(story), ONE), lambda story: story.ticket("Eli", org="Eli")
    ),
    "link for a busy company": Small(
        lambda story: story.link(_ticket(story), ONE), lambda story: story.ticket("Eli", org="Busy")
    ),
    "link to a hot issue": Small(
        lambda story: story.link(_ticket(story), HOT), lambda story: story.ticket("Eli", org="Eli")
    ),
    "unlink": Small(
        lambda story: story.unlink(_ticket(story), ONE), lambda story: story.ask("Eli", ONE, org="Eli")
    ),
    "merge": _merge(ONE, OTHER),
    "merge into a hot issue": _merge(ONE, HOT),
    "merge into a hub": _merge(ONE, HUB),
    "undo of the merge": Small(lambda story: story.look(OTHER), _merged_and_parted),
    "split": Small(lambda story: story.look(ONE), _in_jira(EdgeKind.SPLIT, ONE, *FRESH)),
    "narrowing": Small(lambda story: story.narrow(f"Ana-{WHOLE}", WHOLE, to=PARTS[:1])),
    "a part closed": Small(lambda story: story.done(PARTS[0])),
    "started": Small(lambda story: story.start(ONE)),
    "delivered": Small(lambda story: story.done(ONE)),
    "company amount": Small(_valued(70_000), _valued(50_000)),
    "public title": Small(lambda story: story.title(ONE, "Another thing")),
    "ticket seen": Small(lambda story: story.ticket_changes(_ticket(story), status="solved")),
    "opt-out": Small(lambda story: story.opt_out(f"Ana-{ONE}")),
}
"""By what happens, among ordinary issues where no other is named."""
