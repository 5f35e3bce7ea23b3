"""A story that remembers what it told the ledger, so that it can be told again; and where such are played."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TypeAlias

from lineage.changes import Change
from tests.lineage.story import Story


@dataclass
class Hearing(Story):
    heard: list[tuple[Change, str]] = field(default_factory=list)
    """Every change that was news, with its cause, in order."""

    def again(self, change: Change, cause: str = "") -> bool:
        cause = cause or f"test:{next(self._causes)}"
        news = super().again(change, cause)
        if news:
            self.heard.append((change, cause))
        return news


Stage: TypeAlias = Callable[[], AbstractContextManager[Hearing]]
