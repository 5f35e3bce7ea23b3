"""Whether a connected server gives us what we need: for `kithspark doctor` and the connect command."""

from connectors.errors import NotFound, Refused
from connectors.openai.client import OpenAI
from connectors.openai.proposing import choices
from store.errors import TryLater


def check(client: OpenAI, proposes: OpenAI | None = None) -> list[tuple[str, bool, str]]:
    """(what, whether it works, what it said or what to do). `proposes`: a client of the chat model."""
    return [_moderates(client), _lasts(client), *([_proposes(proposes)] if proposes else [])]


def _proposes(client: OpenAI) -> tuple[str, bool, str]:
    try:
        choices(client, {"1": "Export to PDF", "2": "Weekly mail"}, {"1": "Please add an export to PDF."})
    except (Refused, TryLater) as e:
        return "proposals", False, f"{e} Without it parts are proposed by the same words."
    return "proposals", True, f"answered by {client.model}"


def _moderates(client: OpenAI) -> tuple[str, bool, str]:
    try:
        [verdict] = client.moderate(["Please add an export to PDF."])
    except NotFound as e:
        return "moderation", False, f"{e} Without it every post waits for a person."
    except (Refused, TryLater) as e:
        return "moderation", False, str(e)
    return "moderation", True, f"answered by {verdict.model}"


def _lasts(client: OpenAI) -> tuple[str, bool, str]:
    try:
        ends = client.shutdown_date()
    except (Refused, TryLater) as e:
        return "model", False, str(e)
    if ends is None:
        return "model", True, f"{client.model}, no end announced"
    return "model", False, f"{client.model} ends on {ends}: connect with another --model before that day."
