"""What people decide: parts kept and sizes, what one person wants, the policy, and what goes out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.lineage.twin.persons import Persons
from tests.lineage.twin.saying import said_since, spoken_of


@dataclass
class Deciding(Persons):
    def keeps(self, key: str, *, part: bool) -> None:
        self.know(key)
        self.say(f"{key} {'keeps a part' if part else 'is a mere container'}")
        self.story.keeps_part(key, part)
        self.facts.keeps[key] = part

    def sizes(self, key: str, sizes: Mapping[str, int]) -> None:
        self.know(key, *sizes)
        self.say(f"the parts of {key} have the sizes {dict(sizes)}")
        self.story.sizes(key, sizes)
        self.facts.sizes[key] = dict(sizes)

    def wants(self, who: str, key: str, *parts: str) -> None:
        """No parts: all of them."""
        if self.is_known(who):
            self.know(key, *parts)
            self.say(f"of {key}, {who} wants {' and '.join(parts) or 'everything'}")
            self.story.narrow(who, key, to=parts or None)
            self.facts.choices[self.whois(who), key] = frozenset(parts)

    def policy(self, **changed: Any) -> None:
        self.say(f"the policy is {changed}")
        self.story.policy(**changed)
        self.facts.on_release = self.story.workspace.policy.deliver == "release"

    # --- what goes out

    def sends(self) -> None:
        if self.story.notices(state="held") or self.story.notices(state="queued"):
            self.say("the quiet period passes, and what is due goes out")
            self.story.send_all()
            self._hears()

    def decides(self, *, yes: bool) -> None:
        """On everything that waits for approval."""
        for notice in self.story.notices(state="awaiting_approval"):
            self.say(f"the {notice.kind} for {notice.person_name} is {'approved' if yes else 'dismissed'}")
            if yes:
                self.story.approve(notice)
                continue
            corrected = spoken_of(self.story, notice.id)
            self.story.cancel(notice)
            for one in self.facts.told:
                one.left_standing |= one.number in corrected

    def _hears(self) -> None:
        """What was said is a fact from now on."""
        told, corrected = said_since(self.story, {one.number for one in self.facts.told})
        for one in told:
            one.links = frozenset(self.facts.links)
        for one in self.facts.told:
            one.taken_back |= one.number in corrected
        self.facts.told += told
