"""The invariants (lineage.md §3) by name, and what it is like to find one broken."""

SHARES = "the shares of an ask sum to 1"
PARTS = "what passed a split adds up to the whole"
CAP = "no company is above its amount on an item"
DISTINCT = "distinct counts equal a recount"
RECOMPUTE = "every derived row equals a full recompute"
MENDED = "rebuilding mends what was spoiled"
UNDO = "taking a link back restores the identical state"
ORDER = "what is heard late changes nothing"
REPETITION = "what is heard again changes nothing"
ONCE = "nobody is told the same twice"
SILENCE = "nobody is told who must not be"
PUSHED = "what counts otherwise is pushed"
RESTS = "asks rest where the model says"
FAR = "asks are as far as the model says"
COUNTS = "items count what the model says"
OWED = "everybody is owed what the model says"
RUNS = "the engine takes whatever can happen"


class Broken(AssertionError):
    """An event itself showed that an invariant does not hold."""

    def __init__(self, invariant: str, why: str) -> None:
        super().__init__(why)
        self.invariant = invariant
