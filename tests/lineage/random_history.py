"""Random histories, told in the vocabulary of the stories, and what must hold after every step of one."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from hypothesis import strategies as st
from sqlalchemy import select

from lineage.counting import rebuild, whole
from lineage.outcomes import told, told_asks
from lineage.questions import notices
from lineage.terms import EdgeKind
from tests.lineage.story import Story

KEYS = tuple(f"KS-{number}" for number in range(1, 6))
PEOPLE = ("Ana", "Bo", "Cy")
COMPANIES = ("Acme", "Globex")

Step: TypeAlias = tuple[str, int, int]
Act: TypeAlias = Callable[[Story, int, int], object]


def begin(story: Story) -> None:
    """Five issues, and one ask of everybody."""
    story.issue(*KEYS)
    for number, who in enumerate(PEOPLE):
        story.ask(who, KEYS[number % 2], org=COMPANIES[number % 2])
    for name, who in zip(COMPANIES, PEOPLE, strict=False):
        story.company(name, customer=100_001, pipeline=7, of=[who])
    story.post("9", placed=KEYS[0])


def key(number: int) -> str:
    return KEYS[number % len(KEYS)]


def who(number: int) -> str:
    return PEOPLE[number % len(PEOPLE)]


def unlink_any(story: Story, a: int, _b: int) -> None:
    by_id = {issue.item: name for name, issue in story.tracker.issues.items()}
    edges = list(story.tracker.links.values())
    if edges:
        edge = edges[a % len(edges)]
        story.disconnect(by_id[edge.src], by_id[edge.dst])


def approve_any(story: Story, a: int, _b: int) -> None:
    waiting = story.notices(state="awaiting_approval")
    if waiting:
        story.approve(waiting[a % len(waiting)])


def cancel_any(story: Story, a: int, _b: int) -> None:
    waiting = [*story.notices(state="awaiting_approval"), *story.notices(state="held")]
    if waiting:
        story.cancel(waiting[a % len(waiting)])


def withdraw_any(story: Story, a: int, b: int) -> None:
    number = str(101 + a % len(story.tickets))
    open_ = [ask.item.key for ask in story.asks_of(number) if ask.standing != "withdrawn"]
    if open_:
        story.unlink(number, open_[b % len(open_)], keep=b % 2 == 0)


ACTS: Mapping[str, Act] = {
    "ask": lambda story, a, b: story.ask(who(a), key(b), org=COMPANIES[a % 2]),
    "vote": lambda story, a, _: story.vote(who(a), "9"),
    "take the vote back": lambda story, a, _: story.take_back_vote(who(a), "9"),
    "withdraw": withdraw_any,
    "split": lambda story, a, b: story.connect(EdgeKind.SPLIT, (key(a), key(b))),
    "merge": lambda story, a, b: story.connect(EdgeKind.MERGED, (key(a), key(b))),
    "remove a link": unlink_any,
    "narrow": lambda story, a, b: story.narrow(who(a), key(b), to=[key(a + b)]),
    "widen": lambda story, a, b: story.narrow(who(a), key(b), to=None),
    "keeps a part": lambda story, a, b: story.keeps_part(key(a), b % 2 == 0),
    "sizes": lambda story, a, b: story.sizes(key(a), {key(b): 1 + a % 4}),
    "start": lambda story, a, _: story.start(key(a)),
    "done": lambda story, a, _: story.done(key(a)),
    "decline": lambda story, a, _: story.decline(key(a)),
    "reopen": lambda story, a, _: story.reopen(key(a)),
    "delete": lambda story, a, _: story.deleted(key(a)),
    "close a ticket": lambda story, a, _: story.ticket_changes(
        str(101 + a % len(story.tickets)), status="closed"
    ),
    "opt out": lambda story, a, _: story.opt_out(who(a)) if a % 7 == 0 else None,
    "send": lambda story, _a, _b: story.send_all(),
    "approve": approve_any,
    "cancel": cancel_any,
    "revalue": lambda story, a, b: story.company(COMPANIES[a % 2], customer=b * 1_003, of=[PEOPLE[a % 2]]),
}
"""Everything that may happen, by name; the two numbers say to whom and to what."""


IN_THE_TRACKER = ("split", "merge", "start", "done", "decline", "reopen", "delete")
"""What cannot happen to an issue that is deleted."""


def steps_of(*names: str) -> st.SearchStrategy[Step]:
    numbers = st.integers(0, 20)
    return st.tuples(st.sampled_from(names), numbers, numbers)


steps = steps_of(*sorted(ACTS))


def play(story: Story, step: Step) -> None:
    name, a, b = step
    if name in IN_THE_TRACKER and {key(a), key(b)} & story.tracker.gone:
        return
    ACTS[name](story, a, b)


def derived(story: Story) -> dict[str, whole.Rows]:
    """Every derived row."""
    return whole.kept(story.conn, story.workspace.id, rebuild.every_item(story.conn, story.workspace))


def differences(story: Story) -> list[str]:
    """What `rebuild --check` finds."""
    every = rebuild.every_item(story.conn, story.workspace)
    return rebuild.look(story.conn, story.workspace, every, mend=False, now=story.now).differences


def told_twice(story: Story) -> list[tuple[Any, ...]]:
    """What one ask was told more than once without being taken back: item and what happened."""
    rows = story.conn.execute(
        select(told_asks.c.ask_id, told.c.item_id, told.c.happened)
        .join(told, told.c.id == told_asks.c.told_id)
        .where(told.c.retracted_at.is_(None), told.c.happened.in_(("delivered", "declined")))
    )
    return [tuple(row) for row, times in Counter(rows.all()).items() if times > 1]


def live_lanes(story: Story) -> list[tuple[Any, ...]]:
    """Persons with more than one message of a lane that waits to go out."""
    live = ("held", "awaiting_approval", "queued", "blocked")
    waiting = [
        (one.person_id, one.state == "awaiting_approval")
        for one in notices(story.conn, story.workspace)
        if one.state in live
    ]
    return [who for who, times in Counter(waiting).items() if times > 1]
