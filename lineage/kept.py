"""What the history keeps of a change: all of it but what is private."""

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Any

from lineage import changes, operator_changes, requester_changes

PRIVATE: Mapping[type, frozenset[str]] = {
    changes.TicketSeen: frozenset({"subject", "words", "requester"}),
    changes.PostSeen: frozenset({"title", "author"}),
    changes.Voted: frozenset({"voter", "words"}),
    changes.VoteWithdrawn: frozenset({"voter"}),
    changes.OrganisationSeen: frozenset({"name", "domains"}),
    requester_changes.NotMeant: frozenset({"words"}),
    operator_changes.FindingImported: frozenset({"name", "email", "company", "words"}),
    changes.UsersMerged: frozenset({"into"}),
    changes.CompanySeen: frozenset({"name", "domains", "emails", "why", "segment"}),
}
"""Fields that are left out: who people are, what they wrote, and what is known of their companies."""


def plain(value: Any) -> Any:
    """The same as JSON. An object becomes its fields by name, without the private ones."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        hidden = PRIVATE.get(type(value), frozenset())
        return {
            f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value) if f.name not in hidden
        }
    if isinstance(value, tuple | list | frozenset):
        return [plain(one) for one in value]
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    return value
