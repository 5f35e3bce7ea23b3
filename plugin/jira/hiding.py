"""What is said beside an issue of other ones: of those that its reader may not browse in Jira, that they are
there, and neither key nor id nor title.

Jira is asked once for all issues of a page, outside of a transaction, as for the picture (`site.seen`).
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from lineage import questions
from lineage.questions import EdgeView, Following, Waiter, Waiting
from lineage.questions.closing_views import Closing, WouldHear
from lineage.terms import ItemId
from plugin import app_state
from plugin.identity import Engineer
from plugin.jira import site
from plugin.jira.site import AccountOf
from plugin.phrases import all_parts
from plugin.said_patterns import UNTITLED_UNSEEN
from plugin.translating import counted
from plugin.translating import gettext as _
from store.database import reading

Seen = Collection[ItemId]
"""The issues that may be named."""


def nameless() -> str:
    return _("an issue you may not see")


def keys(named: Collection[tuple[ItemId, str]], seen: Seen) -> tuple[str, ...]:
    """The keys of those that may be named, and how many others there are."""
    shown = [key for item, key in named if item in seen]
    left = len(named) - len(shown)
    others = counted("%(num)s issue you may not see", "%(num)s issues you may not see", left)
    return (*shown, *([others] if left else ()))


def keys_of(engineer: Engineer, named: Collection[str]) -> tuple[str, ...]:
    """The same for a few keys: one that we do not know is none that this person may see."""
    with reading(app_state.current().engine) as conn:
        found = [(key, questions.item(conn, engineer.workspace, ItemId(key))) for key in named]
    items = [(item.id if item else ItemId(""), key) for key, item in found]
    return keys(items, site.seen(engineer, {item for item, _key in items if item}))


def in_waiting(engineer: Engineer, found: Waiting, account: AccountOf) -> Waiting:
    """Who waits, of whose parts and links only those are named that this person may browse."""
    ends = {ItemId(end) for edge in found.edges for end in (edge.src, edge.dst)}
    chosen = {item for one in found.waiters for item in one.chosen}
    seen = site.seen(engineer, {*ends, *chosen, *(part.id for part in found.parts)}, account)
    return replace(
        found,
        waiters=tuple(_waiter(one, seen) for one in found.waiters),
        parts=tuple(part for part in found.parts if part.id in seen),
        edges=tuple(_edge(edge, seen) for edge in found.edges),
    )


def parts_unseen(found: Waiting) -> int:
    """So many parts were left out of this for its reader."""
    return len(all_parts(found.item)) - len(found.parts)


def _waiter(one: Waiter, seen: Seen) -> Waiter:
    if one.choices is None:
        return one
    return replace(one, choices=keys(list(zip(one.chosen, one.choices, strict=True)), seen))


def _edge(edge: EdgeView, seen: Seen) -> EdgeView:
    src, dst = edge.src in seen, edge.dst in seen
    if src and dst:
        return edge
    return replace(
        edge, src_key=edge.src_key if src else nameless(), dst_key=edge.dst_key if dst else nameless(), why=""
    )


def in_following(engineer: Engineer, found: Following) -> Following:
    """What would follow: the counts of all, and the names and words of what this person may browse."""
    of_later = {item for one in found.later for named in one.named.values() for item in named}
    places = {*(one.item for one in found.places), *(one.item for one in found.later)}
    seen = _seen(engineer, {*places, *of_later, *_issues_of(found.now)})
    return replace(
        found,
        places=tuple(
            one if one.item in seen else replace(one, key=nameless(), title="") for one in found.places
        ),
        now=_closing(found.now, seen),
        later=tuple(
            replace(
                one,
                key=one.key if one.item in seen else nameless(),
                title=one.title if one.item in seen else "",
                hear=labels(one.hear, one.named, seen),
            )
            for one in found.later
        ),
    )


def in_closing(engineer: Engineer, found: Closing, *, most: int) -> Closing:
    """Who would hear what, with the first `most` messages: words that name what is not for this person to see
    are left out.
    """
    shown = replace(found, notices=found.notices[:most])
    return _closing(shown, _seen(engineer, set(_issues_of(shown))))


def _seen(engineer: Engineer, items: Collection[ItemId]) -> set[ItemId]:
    """Jira's issues have numbers; what has none is only supposed, by whoever reads of it."""
    there = {item for item in items if item.isdigit()}
    return site.seen(engineer, there) | {item for item in items if item not in there}


def _issues_of(found: Closing) -> Iterator[ItemId]:
    for named in (*found.named.values(), *(notice.about | notice.untitled for notice in found.notices)):
        yield from named


def _closing(found: Closing, seen: Seen) -> Closing:
    notices = tuple(_notice(one, seen) for one in found.notices)
    return replace(found, hear=labels(found.hear, found.named, seen), notices=notices)


def _notice(one: WouldHear, seen: Seen) -> WouldHear:
    if not one.untitled.issubset(seen):
        one = replace(one, why_not=UNTITLED_UNSEEN)
    if one.text and not one.about.issubset(seen):
        return replace(one, text="", unseen=True)
    return one


def labels(
    hear: Collection[tuple[str, int]], named: Mapping[str, frozenset[ItemId]], seen: Seen
) -> tuple[tuple[str, int], ...]:
    """The same counts; labels that become alike are one."""
    found: Counter[str] = Counter()
    for label, number in hear:
        hidden = not named.get(label, frozenset()).issubset(seen)
        found[f"blocked: {UNTITLED_UNSEEN}" if hidden else label] += number
    return tuple(found.most_common())
