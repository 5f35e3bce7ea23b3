"""Who appears in the stories: Ana in the helpdesk is the same person as Ana in the forum."""

from typing import Any

from lineage.changes import PersonSeen


def person(who: str, **more: Any) -> PersonSeen:
    """Somebody the helpdesk knows."""
    name = who.lower()
    return PersonSeen("zendesk", f"zd-{name}", who, (f"{name}@example.com",), "en", **more)


def member(who: str) -> PersonSeen:
    """The same person where they signed in to the forum."""
    return PersonSeen("forum", f"f-{who.lower()}", who, (f"{who.lower()}@example.com",), "en")
