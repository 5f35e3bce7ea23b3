"""One ask that counts, as it is read: what the rules need of it, of its request and of its person."""

from dataclasses import dataclass
from datetime import datetime

from lineage.terms import AskId, CompanyId, ItemId, PersonId, RequestId
from lineage.votes import FORUM_VOTE, IN_COMMUNITY

VOTES = (f"{FORUM_VOTE}:", f"{IN_COMMUNITY}:")
"""How the origins of votes begin."""


@dataclass(frozen=True, slots=True)
class AskRow:
    """`imported_at`: of an ask that was taken over from elsewhere, as of when; what happened before is no
    news.
    """

    ask: AskId
    request: RequestId
    person: PersonId
    company: CompanyId | None
    item: ItemId
    origin: str
    linked_at: datetime
    asked_at: datetime
    staff: bool
    proven: bool
    imported_at: datetime | None = None

    @property
    def vote(self) -> bool:
        return self.origin.startswith(VOTES)
