"""What a picture of a lineage is made of: plain values, the same for every face that shows one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from lineage.terms import State

NodeKind: TypeAlias = Literal["askers", "item", "part", "folded"]
EdgeKindShown: TypeAlias = Literal["asked", "merged", "split"]


@dataclass(frozen=True, slots=True)
class PictureNode:
    """One thing in a picture. `name` is unique in it; edges refer to it, and it says nothing to a reader.

    askers   who asked for the item that its one edge leads to. Of a single ask: `title` is the person,
             `company` theirs, `at` when. Of an item: `people` and `companies` that asked for it directly.
    item     a work item. `people`: who asks for it, whether it rests there or passed; `beyond`: so many more
             neighbours that the picture has no room for.
    part     what a split item kept for itself. Its key is the item's.
    folded   `number` neighbours of one item in one node, `delivered` of them; `people` asked for these.

    `share`: of the one ask that the picture is of, as an exact fraction; None where it does not rest here.
    `here`: what the picture is of. In a public picture there is no key, no address, no person and no count.
    """

    name: str
    kind: NodeKind
    key: str = ""
    title: str = ""
    url: str = ""
    state: State | None = None
    share: str | None = None
    company: str = ""
    people: int = 0
    companies: int = 0
    at: datetime | None = None
    here: bool = False
    number: int = 0
    delivered: int = 0
    beyond: int = 0


@dataclass(frozen=True, slots=True)
class PictureEdge:
    """From the node `src` to the node `dst`. Where it does not stand, `why` says what stands against it.

    `share`: which part goes this way at a split (`1/2`), of the one ask that the picture is of or, in the
    picture of an item, of an ask that wants all parts.
    """

    kind: EdgeKindShown
    src: str
    dst: str
    stands: bool = True
    why: str = ""
    share: str | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """Empty where there is nothing to show. At most `lineage.questions.near.MOST` nodes."""

    nodes: tuple[PictureNode, ...] = ()
    edges: tuple[PictureEdge, ...] = ()
    public: bool = False
    """Whether anybody may see it: no key, no internal title, nobody else."""
