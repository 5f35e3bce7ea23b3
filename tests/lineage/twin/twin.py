"""Everything that can happen, to both."""

from dataclasses import dataclass

from tests.lineage.twin.asking import Asking
from tests.lineage.twin.deciding import Deciding
from tests.lineage.twin.tracker import InTheTracker


@dataclass
class Twin(Asking, InTheTracker, Deciding):
    def history(self) -> str:
        return "\n".join(f"  {number}. {sentence}" for number, sentence in enumerate(self.said, 1))
