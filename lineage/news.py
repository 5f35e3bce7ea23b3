"""Who is owed which words. Only processes data (§5).

What a person is owed is worked out from their asks as they stand now and from what they were told;
never from the event that caused it. So hearing something twice, or undoing it, makes no message.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lineage.standing import Progress
from lineage.terms import FINAL, AskId, ItemId, Kind, Lane, Standing, State


class Happened(StrEnum):
    """What became of one item for one ask, as far as words go."""

    LINKED = "linked"
    STARTED = "started"
    DELIVERED = "delivered"
    DECLINED = "declined"
    CLOSING = "closing"
    """No item changed, but what was promised to follow will not: the last word on an ask."""


WORTH_TELLING = {
    State.STARTED: Happened.STARTED,
    State.DELIVERED: Happened.DELIVERED,
    State.DECLINED: Happened.DECLINED,
}
CONTRADICTS = {
    Happened.DELIVERED: frozenset({State.OPEN, State.STARTED, State.DECLINED}),
    Happened.DECLINED: frozenset({State.OPEN, State.STARTED, State.DELIVERED}),
}
"""States that make what was told untrue. `gone` and `closed` ask a person first."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """One item on which an ask rests, with the state in which it counts there."""

    item: ItemId
    own: bool
    """Whether it is the part that a split item kept for itself."""
    state: State
    state_at: datetime
    since: datetime


@dataclass(frozen=True, slots=True)
class AskNow:
    """One ask that counts, as it stands now."""

    ask: AskId
    item: ItemId
    vote: bool
    carriers: tuple[Carrier, ...]
    progress: Progress
    below: Callable[[ItemId, bool], tuple[State, ...]]
    """The states of this ask's carriers below an item (or its own part) that it passes; else empty."""
    asked_at: datetime
    """When it was asked, or the vote was cast."""
    imported_at: datetime | None = None
    """As of when it was taken over from elsewhere: what happened before is no news."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one person was told: what happened to an item, speaking for these asks."""

    told: int
    item: ItemId
    happened: Happened
    asks: frozenset[AskId]
    promised: frozenset[AskId]
    """Those of the asks to which the message promised that more would follow."""
    at: datetime
    own: bool = False
    retracted: bool = False
    correction_dismissed: bool = False


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing to be told: for this ask, what happened to this item."""

    ask: AskId
    item: ItemId
    happened: Happened
    kind: Kind
    lane: Lane
    own: bool = False
    told: int = 0
    """The told row that a correction takes back; else 0."""
    at: datetime | None = None
    """When it happened, by Jira's time: the second time that it happens is another thing to tell."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Which kinds go out by themselves. A correction never does."""

    auto: frozenset[Kind] = frozenset({Kind.PART_DELIVERED, Kind.DELIVERED})

    def lane(self, kind: Kind) -> Lane:
        return Lane.AUTOMATIC if kind in self.auto and kind is not Kind.CORRECTION else Lane.APPROVAL

    def silent(self, kind: Kind) -> bool:
        """`linked` and `started` are said only where the workspace switched them on."""
        return kind in {Kind.LINKED, Kind.STARTED} and kind not in self.auto


def owed(
    asks: Sequence[AskNow],
    told: Sequence[Told],
    policy: Policy,
    merged_into: Callable[[ItemId], Collection[ItemId]],
) -> list[Owed]:
    """Everything owed to one person now, in a stable order.

    `merged_into(item)` is the item itself and every item that it was merged into since.
    """
    answered = Answered(told, merged_into)
    news = [one for ask in asks for one in _of_items(ask, answered, policy)]
    closing = [_closing(ask, told, policy) for ask in asks if not any(one.ask == ask.ask for one in news)]
    taken_back = [one for ask in asks for one in _corrections(ask, told)]
    every = [*news, *(one for one in closing if one), *taken_back]
    return sorted(every, key=lambda one: (one.ask, one.item, one.happened, one.told))


@dataclass(frozen=True, slots=True)
class Answered:
    """Answers whether a told row already speaks for an ask and what happened to an item."""

    told: Sequence[Told]
    merged_into: Callable[[ItemId], Collection[ItemId]]

    def __call__(self, ask: AskId, item: ItemId, happened: Happened) -> bool:
        return any(
            ask in row.asks and row.happened is happened and item in self.merged_into(row.item)
            for row in self.told
            if not row.retracted
        )


def _of_items(ask: AskNow, answered: Answered, policy: Policy) -> Iterable[Owed]:
    unheard = not any(ask.ask in row.asks for row in answered.told)
    early = ask.progress.standing in {Standing.WAITING, Standing.STARTED}
    ours = not ask.vote and ask.imported_at is None
    if unheard and early and ours and not policy.silent(Kind.LINKED):
        yield Owed(ask.ask, ask.item, Happened.LINKED, Kind.LINKED, policy.lane(Kind.LINKED))
    for carrier in ask.carriers:
        happened = WORTH_TELLING.get(carrier.state)
        if happened is None or _past(ask, carrier) or answered(ask.ask, carrier.item, happened):
            continue
        kind = kind_of(happened, _standing_told(ask, answered, policy))
        cast_late = ask.vote and happened is not Happened.STARTED and _late(ask.asked_at, carrier)
        if policy.silent(kind) or cast_late:
            continue
        to_approve = _late(carrier.since, carrier) or _was_declined(ask)
        lane = Lane.APPROVAL if to_approve else policy.lane(kind)
        yield Owed(ask.ask, carrier.item, happened, kind, lane, own=carrier.own, at=carrier.state_at)


def _past(ask: AskNow, carrier: Carrier) -> bool:
    """Whether that was so when the ask was imported: whoever asked may have heard it from others, or not."""
    return ask.imported_at is not None and max(carrier.state_at, carrier.since) <= ask.imported_at


def _was_declined(ask: AskNow) -> bool:
    """Whether a message about the rest gives away a no that was said before the import, or never."""
    return any(carrier.state is State.DECLINED and _past(ask, carrier) for carrier in ask.carriers)


def _late(at: datetime, carrier: Carrier) -> bool:
    """Jira's stamps may have whole seconds: what happened within one second did not come late."""
    return at.replace(microsecond=0) > carrier.state_at


def _standing_told(ask: AskNow, answered: Answered, policy: Policy) -> Standing:
    """How far the ask is as far as its person may know: what was declined waits until somebody says so."""
    unsaid = any(
        carrier.state is State.DECLINED and not answered(ask.ask, carrier.item, Happened.DECLINED)
        for carrier in ask.carriers
        if not _past(ask, carrier)
    )
    if ask.progress.standing is Standing.DELIVERED_IN_PART and unsaid:
        return (
            Standing.PART_DELIVERED if policy.lane(Kind.DECLINED) is Lane.APPROVAL else ask.progress.standing
        )
    return ask.progress.standing


def kind_of(happened: Happened, standing: Standing) -> Kind:
    """The kind under whose policy this is told, for an ask that stands so."""
    if happened is Happened.DELIVERED:
        whole = standing in {Standing.DELIVERED, Standing.DELIVERED_IN_PART}
        return Kind.DELIVERED if whole else Kind.PART_DELIVERED
    return {
        Happened.STARTED: Kind.STARTED,
        Happened.DECLINED: Kind.DECLINED,
        Happened.LINKED: Kind.LINKED,
    }.get(happened, Kind.DELIVERED)


def _closing(ask: AskNow, told: Sequence[Told], policy: Policy) -> Owed | None:
    if ask.progress.standing not in FINAL or ask.progress.standing is Standing.WITHDRAWN:
        return None
    spoke = [row for row in told if ask.ask in row.asks and not row.retracted]
    if not spoke or ask.ask not in max(spoke, key=lambda row: (row.at, row.told)).promised:
        return None
    kind = Kind.DECLINED if ask.progress.standing is Standing.DECLINED else Kind.DELIVERED
    return Owed(ask.ask, ask.item, Happened.CLOSING, kind, policy.lane(kind))


def _corrections(ask: AskNow, told: Sequence[Told]) -> Iterable[Owed]:
    for row in told:
        if ask.ask not in row.asks or row.retracted or row.correction_dismissed:
            continue
        if any(state in CONTRADICTS.get(row.happened, ()) for state in ask.below(row.item, row.own)):
            yield Owed(
                ask.ask, row.item, row.happened, Kind.CORRECTION, Lane.APPROVAL, own=row.own, told=row.told
            )


RANK = (
    Kind.CORRECTION,
    Kind.DELIVERED,
    Kind.PART_DELIVERED,
    Kind.DECLINED,
    Kind.STARTED,
    Kind.LINKED,
)


def kind_of_notice(kinds: Collection[Kind]) -> Kind:
    """The kind of a message that tells of several: a correction first, and `delivered` only if all is."""
    if Kind.CORRECTION not in kinds and {Kind.DELIVERED, Kind.PART_DELIVERED} <= set(kinds):
        return Kind.PART_DELIVERED
    return next(kind for kind in RANK if kind in kinds)
