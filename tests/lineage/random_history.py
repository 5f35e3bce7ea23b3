"""Random histories, told in the vocabulary of the stories, and what must hold after every step of one."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from hypothesis import strategies as st
from sqlalchemy import select

from lineage import people
from lineage.changes import ChildrenAreParts, Erased, MappingChanged, UsersMerged
from lineage.counting import rebuild, whole
from lineage.decided import decisions
from lineage.engineer_changes import Assigned, PutBack
from lineage.outcomes import told, told_asks
from lineage.questions import notices
from lineage.requester_changes import LinkRevoked, NotMeant, RequestResumed, RequestWithdrawn
from lineage.terms import EdgeKind, Origin
from tests.lineage.cast import person
from tests.lineage.story import Story
from tests.lineage.tracker import TYPES

KEYS = tuple(f"KS-{number}" for number in range(1, 6))
PEOPLE = ("Ana", "Bo", "Cy")
MEANT = {"1": "delivered", "2": "declined"}
"""What the resolutions mean with which `done` and `decline` close an issue."""
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


def is_known(story: Story, number: int) -> bool:
    """Whether this person was not forgotten, or came again."""
    return bool(people.by_address(story.conn, story.workspace.id, "email", person(who(number)).emails[0]))


def adopt(story: Story, a: int, b: int) -> None:
    """One issue becomes a child of another, or nobody's; one end is read, or both."""
    story.later()
    child, parent = key(a), None if b % 5 == 0 else key(b)
    story.tracker.adopt(child, parent if parent != child else None, at=story.now)
    story.look(child, *([parent] if parent and a % 2 else []))


def assign_any(story: Story, a: int, b: int) -> None:
    """An engineer says for two at once which part they want; sometimes it is taken back."""
    who_asks = {story.person(who(one)) for one in (a, b) if is_known(story, one)}
    item, wants = story.id(key(a)), dict.fromkeys(sorted(who_asks), (story.id(key(a + b)),))
    before = decisions(story.conn, story.workspace.id, item, who_asks)
    story.record(Assigned(item, wants, "engineer", story.now))
    if b % 2:
        story.record(PutBack(item, before.keeps, before.own_title, before.choices, "engineer", story.now))
        assert decisions(story.conn, story.workspace.id, item, who_asks) == before


def children_are_parts(story: Story, a: int, b: int) -> None:
    story.record(ChildrenAreParts(story.id(key(a)), b % 3 > 0, "agent", story.now))


def are_merged(a: int, b: int) -> bool:
    return a % 5 == 0 and who(a) != who(b)


def users_merged(story: Story, a: int, b: int) -> None:
    """Rare: afterwards there is one person less."""
    if are_merged(a, b):
        story.record(UsersMerged(person(who(a)).id, person(who(b)), story.now))


def erase(story: Story, a: int, b: int) -> None:
    """Rare: who comes again is somebody new."""
    if b % 7 == 0 and is_known(story, a):
        story.record(Erased(story.person(who(a)), "operator", story.now))


def remap(story: Story, a: int, b: int) -> None:
    """Links of a type mean something else; issues are not read again for it."""
    kind, meant = list(TYPES)[a % 2], [*EdgeKind, None, *EdgeKind, *EdgeKind][b % 7]
    story.tracker.meant[TYPES[kind]] = meant
    story.record(MappingChanged(dict(story.tracker.meant), MEANT, "agent", story.now))


def release_any(story: Story, a: int, b: int) -> None:
    """A version is released, or not any more, in a project that may count by releases."""
    story.policy(deliver_in={"KS": "release"} if b % 3 else {})
    story.fix_version(key(a), "1.0")
    story.release("1.0", released=b % 2 == 0)


def withdraw_any(story: Story, a: int, b: int) -> None:
    number = sorted(story.tickets)[a % len(story.tickets)]
    open_ = [ask.item.key for ask in story.asks_of(number) if ask.standing != "withdrawn"]
    if open_:
        story.unlink(number, open_[b % len(open_)], keep=b % 2 == 0)


def reconsider_any(story: Story, a: int, b: int) -> None:
    """On their own page: needed no longer, needed after all, or not what they meant."""
    origin = Origin("zendesk:ticket", str(101 + a % len(story.tickets)))
    acts = (RequestWithdrawn, RequestResumed, LinkRevoked)
    if b % 4 == 3:
        story.record(NotMeant(origin, f"I meant {b}", "requester", story.now))
    else:
        story.record(acts[b % 4](origin, "requester", story.now))


ACTS: Mapping[str, Act] = {
    "ask": lambda story, a, b: story.ask(who(a), key(b), org=COMPANIES[a % 2]),
    "vote": lambda story, a, _: story.vote(who(a), "9"),
    "take the vote back": lambda story, a, _: story.take_back_vote(who(a), "9"),
    "withdraw": withdraw_any,
    "reconsider": reconsider_any,
    "split": lambda story, a, b: story.connect(EdgeKind.SPLIT, (key(a), key(b))),
    "merge": lambda story, a, b: story.connect(EdgeKind.MERGED, (key(a), key(b))),
    "remove a link": unlink_any,
    "narrow": lambda story, a, b: is_known(story, a) and story.narrow(who(a), key(b), to=[key(a + b)]),
    "widen": lambda story, a, b: is_known(story, a) and story.narrow(who(a), key(b), to=None),
    "assign": assign_any,
    "keeps a part": lambda story, a, b: story.keeps_part(key(a), b % 2 == 0),
    "sizes": lambda story, a, b: story.sizes(key(a), {key(b): 1 + a % 4}),
    "adopt": adopt,
    "children are parts": children_are_parts,
    "users merged": users_merged,
    "erase": erase,
    "release": release_any,
    "remap": remap,
    "start": lambda story, a, _: story.start(key(a)),
    "done": lambda story, a, _: story.done(key(a)),
    "decline": lambda story, a, _: story.decline(key(a)),
    "reopen": lambda story, a, _: story.reopen(key(a)),
    "delete": lambda story, a, _: story.deleted(key(a)),
    "close a ticket": lambda story, a, _: story.ticket_changes(
        sorted(story.tickets)[a % len(story.tickets)], status="closed"
    ),
    "opt out": lambda story, a, _: a % 7 == 0 and is_known(story, a) and story.opt_out(who(a)),
    "send": lambda story, _a, _b: story.send_all(),
    "approve": approve_any,
    "cancel": cancel_any,
    "revalue": lambda story, a, b: story.company(COMPANIES[a % 2], customer=b * 1_003, of=[PEOPLE[a % 2]]),
}
"""Everything that may happen, by name; the two numbers say to whom and to what."""


IN_THE_TRACKER = ("split", "merge", "adopt", "release", "start", "done", "decline", "reopen", "delete")
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
