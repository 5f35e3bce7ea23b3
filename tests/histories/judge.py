"""What has to be the same on a bad day as on an orderly one.

`design/delivery.md` promises two things. What is *known* does not depend on the order, the number or the loss
of webhooks: after a reconciliation it is the same to the last share and cent, always. What was *said* is said
once, and is true: who was told nothing before the last deed reads the same words in the end. A message in the
middle may have gone out on one day and not on the other, since news waits for a quiet period and a state that
did not last may have passed unseen; then it must have been true at some moment, and nobody may be left who is
owed something and of whom no message is planned.

One thing is known by no reading: when a link was removed. It counts as removed when we heard of it, so what
came to rest on a finished issue thereby may look late on a bad day: the same message then waits for a person.
"""

from collections import Counter
from collections.abc import Iterator

from tests.histories.deeds import LINK_REMOVED
from tests.histories.playing import Played
from tests.histories.state import State


def differences(orderly: Played, rough: Played) -> list[str]:
    """What broke the promise, in words; nothing if all is well."""
    found = [*_alone(orderly), *_alone(rough)]
    one, other = orderly.state, rough.state
    touched = _told_in_the_middle(orderly) | _told_in_the_middle(rough)
    if any(words.endswith(LINK_REMOVED) for _, words in orderly.said):
        late = _late_on_one_day_only(one, other)
        found += _unequal("what is to be said", _messages(one, late), _messages(other, late))
        touched |= late
    for what in one.derived:
        if what == "places" and touched:  # whose ticket was closed when they were told has another by now
            continue
        found += _unequal(what, one.derived[what], other.derived[what])
    found += _unequal("the plan", _plan(one, touched), _plan(other, touched))
    for who in sorted((one.letters.keys() | other.letters.keys()) - touched):
        if who or not touched:  # an internal note follows from somebody's message
            found += _unequal(f"letters to {who}", one.letters.get(who, []), other.letters.get(who, []))
    return found + _unequal("left without a word", _forgotten(one), _forgotten(other))


def _alone(played: Played) -> Iterator[str]:
    """What must be true of each by itself."""
    yield from played.state.wrong
    yield from (f"said {n} times: {mark}" for mark, n in Counter(played.state.marks).items() if n > 1)
    for said in played.state.said:
        if (said.item, said.happened) not in played.true:
            yield f"{said.who} was told that {said.item} was {said.happened}, which it never was"


def _told_in_the_middle(played: Played) -> set[str]:
    return {said.who for said in played.state.said if said.at <= played.last_deed_at}


def _plan(state: State, but: set[str]) -> list[str]:
    return [str(one) for one in state.plan if one[0] not in but]


def _late_on_one_day_only(one: State, other: State) -> set[str]:
    lanes = ({(who, lane, str(facts)) for who, lane, *_, facts in each.plan} for each in (one, other))
    orderly, rough = lanes
    return {who for who, *_ in orderly ^ rough}


def _messages(state: State, of: set[str]) -> list[str]:
    """Whoever may let them go."""
    plan = [one for one in state.plan if one[0] in of]
    return sorted(f"{who} {kind} {place} {facts}" for who, _, kind, _, place, facts in plan)


def _forgotten(state: State) -> list[str]:
    """Who has something that is out, was never told anything, and of whom nothing is planned."""
    heard = {said.who for said in state.said} | {one[0] for one in state.plan}
    out = {
        who for who, *_, carriers, _ in state.derived["asks"] if any(c[3] == "delivered" for c in carriers)
    }
    return sorted(out - heard)


def _unequal(what: str, orderly: object, rough: object) -> list[str]:
    if orderly == rough:
        return []
    if isinstance(orderly, dict) and isinstance(rough, dict):
        orderly, rough = sorted(orderly.items()), sorted(rough.items())
    one, other = (
        list(map(str, side)) if isinstance(side, list) else [str(side)] for side in (orderly, rough)
    )
    found = [f"{what}, in order only: {line}" for line in one if line not in other]
    return found + [f"{what}, roughly only: {line}" for line in other if line not in one] or [
        f"{what}: order"
    ]
