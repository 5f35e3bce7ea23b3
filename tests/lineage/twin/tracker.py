"""What happens to the issues in the tracker, and what is read of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lineage.terms import EdgeKind
from tests.lineage.model.facts import Link
from tests.lineage.twin.base import Base

DONE: dict[str, tuple[str | None, str | None, str | None]] = {
    "done": ("1", "delivered", "delivered"),
    "done without a resolution": (None, None, None),
    "declined": ("2", "declined", "declined"),
    "closed as a duplicate": ("3", "closed", "closed"),
    "closed as nobody knows what": ("4", None, "closed"),
}
"""As people say it: Jira's resolution, to what the workspace maps it, and what that is."""


@dataclass
class InTheTracker(Base):
    # --- links

    def splits(self, key: str, *parts: str) -> None:
        for part in parts:
            self.connects("split", key, part)

    def merges(self, key: str, into: str) -> None:
        self.connects("merged", key, into)

    def connects(self, kind: str, src: str, dst: str) -> bool:
        """Whether the link could be made. No issue is linked to itself, in no tracker."""
        if src == dst or not self.know(src, dst):
            return False
        self.say(f"{src} is split into {dst}" if kind == "split" else f"{src} is a duplicate of {dst}")
        known = {*self.story.tracker.links}
        self.story.connect(EdgeKind(kind), (src, dst))
        (link_id,) = {*self.story.tracker.links} - known
        self.facts.links.add(Link(int(link_id), kind, src, dst))
        return True

    def disconnects(self, src: str, dst: str) -> None:
        """Every link between the two goes, in that direction."""
        if self.linked(src, dst):
            self.say(f"the links from {src} to {dst} are removed")
            self.story.disconnect(src, dst)
            self._forget()

    def linked(self, src: str, dst: str) -> bool:
        return any(link[2:] == (src, dst) for link in self.facts.links)

    def _forget(self) -> None:
        """A link is gone once both ends can be read and neither lists it."""
        self.facts.links = {
            link
            for link in self.facts.links
            if str(link.id) in self.story.tracker.links or {link.src, link.dst} & self.unreadable
        }

    # --- states

    def moves_to(self, key: str, category: str) -> None:
        words = {"new": "open again", "indeterminate": "started"}[category]
        self._becomes(key, words, category=category, status=words, resolution_id=None, meaning=None)

    def closes(self, key: str, how: str = "done") -> None:
        resolution_id, mapped, meaning = DONE[how]
        changed = {"category": "done", "status": how, "resolution_id": resolution_id, "meaning": mapped}
        self._becomes(key, how, resolution=meaning, **changed)

    def _becomes(self, key: str, words: str, *, resolution: str | None = None, **fields: Any) -> None:
        if self.know(key):
            self.say(f"{key} is {words}")
            self.story.change(key, **fields)
            self.facts.issues[key].category = fields["category"]
            self.facts.issues[key].resolution = resolution

    def belongs_to(self, key: str, version: str) -> None:
        if self.know(key):
            self.say(f"{key} goes into release {version}")
            self.story.fix_version(key, version)
            self.facts.issues[key].versions = (version,)

    def releases(self, version: str, *, out: bool = True) -> None:
        self.say(f"release {version} is {'out' if out else 'not out after all'}")
        self.story.release(version, released=out)
        (self.facts.released.add if out else self.facts.released.discard)(version)

    # --- what can be read

    def deletes(self, key: str) -> None:
        if self.know(key):
            self.say(f"{key} is deleted")
            self.story.deleted(key)
            self.facts.issues[key].deleted = True

    def hides(self, key: str) -> None:
        if self.know(key):
            self.say(f"{key} cannot be read any more")
            self.story.tracker.gone.add(key)
            self.story.look(key)
            self.hidden.add(key)

    def shows(self, key: str) -> None:
        if key in self.hidden:
            self.say(f"{key} can be read again")
            self.story.tracker.gone.remove(key)
            self.hidden.remove(key)
            self.story.look(key)
            self._forget()

    def hears_again(self, keys: Sequence[str]) -> None:
        """A round that reads issues which did not change says nothing new."""
        for key in keys:
            if key in self.facts.issues and key not in self.unreadable:
                self.say(f"{key} is read again")
                assert not self.story.look(key), f"{key} did not change, and was heard as if it had"
