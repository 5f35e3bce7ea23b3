"""What this site's link types and resolutions mean, by id: names can be renamed and translated, ids cannot.

Seeded by name once; from then on a person's edits count (lineage rules §2.11).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from connectors.jira.answers import LinkType, Resolution
from lineage.terms import EdgeKind

MERGE_WORDS = frozenset({"duplicate", "duplicates"})
SPLIT_WORDS = frozenset({"issue split", "work item split", "split to"})
DELIVERED_WORDS = frozenset(
    {"done", "fixed", "resolved", "complete", "completed", "delivered", "implemented", "released"}
)
DECLINED_WORDS = frozenset(
    {
        "won't do",
        "won't fix",
        "wont do",
        "wont fix",
        "won't implement",
        "declined",
        "rejected",
        "cannot reproduce",
        "can't reproduce",
        "not planned",
    }
)

LINK_MEANINGS = {"split": EdgeKind.SPLIT, "merge": EdgeKind.MERGED, "none": None}
RESOLUTION_MEANINGS = frozenset({"delivered", "declined", "closed"})


@dataclass(frozen=True, slots=True)
class LinkMapping:
    """`links`: link-type id to "split", "merge" or "none"; `resolutions`: id to "delivered", "declined" or
    "closed". `backwards` are link types whose destination, not source, passes its asks on.
    """

    links: Mapping[str, str] = field(default_factory=dict)
    resolutions: Mapping[str, str] = field(default_factory=dict)
    backwards: frozenset[str] = frozenset()

    def edge(self, type_id: str) -> EdgeKind | None:
        """None: links of this type say nothing about who asked."""
        return LINK_MEANINGS[self.links.get(type_id, "none")]

    def kinds(self) -> dict[str, EdgeKind | None]:
        """What each link type says about who asked, by id."""
        return {type_id: LINK_MEANINGS[word] for type_id, word in self.links.items()}

    def meaning(self, resolution_id: str) -> str | None:
        """What an issue closed for this reason is: delivered, declined or closed; None: nobody has said."""
        return self.resolutions.get(resolution_id)

    def edited(
        self, *, links: Mapping[str, str] | None = None, resolutions: Mapping[str, str] | None = None
    ) -> "LinkMapping":
        """This mapping with a person's words put over it. Raises ValueError for a word that means nothing."""
        links, resolutions = links or {}, resolutions or {}
        for word in links.values():
            if word not in LINK_MEANINGS:
                raise ValueError(f"A link type means split, merge or none, not {word!r}.")
        for word in resolutions.values():
            if word not in RESOLUTION_MEANINGS:
                raise ValueError(f"A resolution means delivered, declined or closed, not {word!r}.")
        return replace(self, links={**self.links, **links}, resolutions={**self.resolutions, **resolutions})


def seed(link_types: Iterable[LinkType], resolutions: Iterable[Resolution]) -> LinkMapping:
    """What the names suggest. A link type that is not recognised is "none"; a resolution is left out."""
    kinds = list(link_types)
    meanings = {one.id: _resolution_meaning(one.name) for one in resolutions}
    return LinkMapping(
        links={kind.id: _link_meaning(kind) for kind in kinds},
        resolutions={ident: meaning for ident, meaning in meanings.items() if meaning},
        backwards=frozenset(kind.id for kind in kinds if _is_backwards(kind)),
    )


def _link_meaning(kind: LinkType) -> str:
    words = {_plain(kind.name), _plain(kind.outward), _plain(kind.inward)}
    if words & MERGE_WORDS:
        return "merge"
    return "split" if words & SPLIT_WORDS else "none"


def _is_backwards(kind: LinkType) -> bool:
    telling = {"duplicates", "split to"}
    return _plain(kind.inward) in telling and _plain(kind.outward) not in telling


def _resolution_meaning(name: str) -> str | None:
    word = _plain(name)
    if word in DELIVERED_WORDS:
        return "delivered"
    if word in DECLINED_WORDS:
        return "declined"
    return "closed" if word in MERGE_WORDS else None


def _plain(words: str) -> str:
    return words.strip().lower().replace("’", "'")
