"""How many messages ended unsaid, for the figures. What is undone with its transaction stays counted."""

from lineage.outcomes import ENDED, UNSAID
from store import tally


def count_unsaid(state: object, number: float = 1) -> None:
    """A message, or so many, that are in this state now; of any other state nothing is counted."""
    if state in UNSAID and number:
        tally.count(ENDED, number, state=str(state))
