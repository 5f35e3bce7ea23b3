"""One history, lived twice: by the engine, through the one door, and by the model, as bare facts.

Every event is a sentence, so that a history that fails can be read. What is not possible just now (to remove
a link that is not there, to work on an issue that nobody can read) does not happen and is not said.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.lineage.model.facts import Facts, Issue
from tests.lineage.twin.hearing import Hearing


@dataclass
class Base:
    story: Hearing
    facts: Facts = field(default_factory=Facts)
    said: list[str] = field(default_factory=list)
    hidden: set[str] = field(default_factory=set)
    """Issues that answer 404 just now."""
    pushed: dict[str, tuple[Mapping[str, Any], int]] = field(default_factory=dict)
    """What each issue counted, and how often it was pushed, when that was looked at last."""

    def __post_init__(self) -> None:
        known = self.story.tracker.issues
        self.facts.issues |= {key: Issue(at=issue.state_at) for key, issue in known.items()}

    def say(self, sentence: str) -> None:
        self.said.append(sentence)

    def know(self, *keys: str) -> bool:
        """Makes the issues that are new. Whether all of them can be read."""
        for key in keys:
            if key not in self.facts.issues:
                self.story.issue(key)
                self.story.title(key, f"What {key} keeps", own_part=True)
                self.facts.issues[key] = Issue(at=self.story.tracker.issues[key].state_at)
        return not {*keys} & self.unreadable

    @property
    def unreadable(self) -> set[str]:
        return self.hidden | {key for key, issue in self.facts.issues.items() if issue.deleted}
