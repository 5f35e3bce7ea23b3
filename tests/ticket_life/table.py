"""What may happen to a ticket × how far its ask is × how it ends: the table, as data."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.ticket_life import deeds
from tests.ticket_life.world import Deed

WAITS, OWED, TOLD = "she waits", "she is owed the news", "she was told"
"""How far the ask is when it happens: nothing is done yet; it is done, and about to be said; it was said."""
ON_IT = "Ana is told on the ticket"
FOLLOWED_UP = "Ana is told in a follow-up of the ticket"
ON_THE_OTHER = "Ana is told on the other ticket"
ON_EITHER = f"{ON_IT} / {ON_THE_OTHER}"
"""Once: which of the two she is answered on, if she asked for the same on both, does not matter."""
ON_THE_THIRD = "Ana is told on the third ticket"
AS_SURVIVOR = "Ana at home is told on the ticket"
SUSPENDED = "nobody is told: blocked, suspended in Zendesk: lift the suspension first"
BY_HAND = f"nobody is told: blocked, {deeds.MESSAGING}"
WARNED = f"nobody is told: blocked, {deeds.PROBLEM}"
GONE = "nobody is told: blocked, no place to answer: the ticket is deleted"
NOT_HERS = (
    "nobody is told: blocked, not the requester of the ticket any more: a reply would reach somebody else"
)


@dataclass(frozen=True)
class Row:
    """`ends`: by how far the ask is, what is true in the end; ` / ` stands between two that both may be."""

    happens: str
    deed: Deed
    ends: Mapping[str, str]


def always(sentence: str) -> dict[str, str]:
    """It ends so however far the ask is; who was told is not told again."""
    return {WAITS: sentence, OWED: sentence, TOLD: ON_IT}


TABLE = [
    Row("nothing", deeds.nothing, always(ON_IT)),
    Row("somebody merges it into another ticket of hers", deeds.merge_into_hers, always(ON_THE_OTHER)),
    Row("that one is merged into a third", deeds.merge_twice, always(ON_THE_THIRD)),
    Row("somebody merges it into a ticket of somebody else", deeds.merge_into_anothers, always(FOLLOWED_UP)),
    Row("it gets another requester", deeds.change_requester, always(NOT_HERS)),
    Row("it gets another requester, and her back", deeds.change_requester_back, always(ON_IT)),
    Row("it is deleted", deeds.delete, always(GONE)),
    Row("it is deleted and restored", deeds.delete_and_restore, always(ON_IT)),
    Row("it is deleted for good", deeds.erase, always(GONE)),
    Row("it is solved", deeds.solve, always(ON_IT)),
    Row("it is closed", deeds.close, always(FOLLOWED_UP)),
    Row("it is solved and she opens it again", deeds.reopen, always(ON_IT)),
    Row("its organisation changes", deeds.change_organisation, always(ON_IT)),
    Row("its brand changes", deeds.change_brand, always(ON_IT)),
    Row("she reads another language from now on", deeds.change_language, always(ON_IT)),
    Row("somebody begins a side conversation in it", deeds.side_conversation, always(ON_IT)),
    Row("a side conversation answers", deeds.side_answer, always(ON_IT)),
    Row("it goes on as a conversation in messaging", deeds.messaging, always(BY_HAND)),
    Row("it is shared with another account", deeds.share, always(ON_IT)),
    Row("she is suspended", deeds.suspend, always(SUSPENDED)),
    Row("she is suspended, and not any more", deeds.suspend_and_lift, always(ON_IT)),
    Row("her account is merged into another of hers", deeds.merge_users, always(AS_SURVIVOR)),
    Row("another account of hers is merged into this one", deeds.merge_users_here, always(ON_EITHER)),
    Row("it becomes an incident of a problem", deeds.incident, always(ON_IT)),
    Row("it becomes a problem with incidents", deeds.problem, always(ON_IT)),
    Row("its problem is solved with an answer to all", deeds.problem_solved, always(WARNED)),
]
