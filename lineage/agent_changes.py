"""What agents say of a suggestion that is wrong; `changes.py` joins it to the others."""

from dataclasses import dataclass
from datetime import datetime

from lineage.terms import ItemId, Origin


@dataclass(frozen=True, slots=True)
class NotThis:
    """This request is not about this item, though it sounds so: it is suggested for it no more."""

    origin: Origin
    item: ItemId
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MaybeThis:
    """It was taken back that the request is not about this item."""

    origin: Origin
    item: ItemId
    by: str
    at: datetime
