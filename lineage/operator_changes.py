"""What operators set for a whole workspace; `changes.py` joins it to the others."""

from dataclasses import dataclass
from datetime import datetime

from lineage.terms import Kind


@dataclass(frozen=True, slots=True)
class WordingSet:
    """The operator's own template for one kind and language; an empty one: ours is used again."""

    kind: Kind
    language: str
    template: str
    by: str
    at: datetime
