"""What people decide: parts kept and sizes, what one person wants, the policy, and what goes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.lineage.twin.base import Base


@dataclass
class Deciding(Base):
    wants_no_news: set[str] = field(default_factory=set)

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
        if who in {request.person for request in self.facts.requests.values()} - self.facts.unproven:
            self.know(key, *parts)
            self.say(f"of {key}, {who} wants {' and '.join(parts) or 'everything'}")
            self.story.narrow(who, key, to=parts or None)
            self.facts.choices[who, key] = frozenset(parts)

    def policy(self, **changed: Any) -> None:
        self.say(f"the policy is {changed}")
        self.story.policy(**changed)
        self.facts.on_release = self.story.workspace.policy.deliver == "release"

    # --- what goes out

    def sends(self) -> None:
        if self.story.notices(state="held") or self.story.notices(state="queued"):
            self.say("the quiet period passes, and what is due goes out")
            self.story.send_all()

    def decides(self, *, yes: bool) -> None:
        """On everything that waits for approval."""
        waiting = self.story.notices(state="awaiting_approval")
        for notice in waiting:
            self.say(f"the {notice.kind} for {notice.person_name} is {'approved' if yes else 'dismissed'}")
            (self.story.approve if yes else self.story.cancel)(notice)

    def opts_out(self, who: str) -> None:
        asked = {request.person for request in self.facts.requests.values()} - self.facts.unproven
        if who in asked - self.wants_no_news:
            self.wants_no_news.add(who)
            self.say(f"{who} wants no news")
            self.story.opt_out(who)
