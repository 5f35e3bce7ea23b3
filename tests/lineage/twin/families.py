"""Issues that are children of others, and whether they are their parts (rule 11)."""

from dataclasses import dataclass, field

from lineage.changes import ChildrenAreParts
from tests.lineage.model.facts import Link
from tests.lineage.twin.base import Base

OF_CHILDREN = 10**9
"""A child has no link in Jira: as a part it comes after all that have one, by its own number."""


@dataclass
class Families(Base):
    parents: dict[str, str] = field(default_factory=dict)
    wholes: set[str] = field(default_factory=set)
    """Issues of which somebody said that their children are their parts."""

    def in_a_family(self, key: str) -> bool:
        return key in self.parents or key in self.parents.values()

    def adopts(self, parent: str | None, child: str) -> None:
        """Or, without a parent: the child belongs to nobody any more."""
        old = self.parents.get(child)
        ends = [one for one in dict.fromkeys((child, parent, old)) if one]
        family = {**self.parents, child: parent or ""}
        if parent in (child, old) or not self.know(*ends):
            return
        self.say(f"{child} is a child of {parent or 'nobody any more'}")
        self.story.later()
        self.story.tracker.adopt(child, parent, at=self.story.now)
        self.story.look(*ends)
        self.parents = {one: of for one, of in family.items() if of}
        self.facts.links = self._with_children(self.parents, self.wholes)

    def children_are_parts(self, key: str, *, are: bool) -> None:
        wholes = self.wholes | {key} if are else self.wholes - {key}
        if self.know(key) and wholes != self.wholes:
            self.say(f"the children of {key} are {'its parts' if are else 'no parts'}")
            self.story.record(ChildrenAreParts(self.story.id(key), are, "agent", self.story.now))
            self.wholes = wholes
            self.facts.links = self._with_children(self.parents, self.wholes)

    def _with_children(self, parents: dict[str, str], wholes: set[str]) -> set[Link]:
        others = {link for link in self.facts.links if link.id < OF_CHILDREN}
        return others | {
            Link(OF_CHILDREN + int(self.story.id(child)), "split", of, child)
            for child, of in parents.items()
            if of in wholes
        }
