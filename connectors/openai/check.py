"""Whether a connected server gives us what we need: for `kithspark doctor` and the connect command."""

from connectors.errors import NotFound, Refused
from connectors.openai.client import OpenAI
from connectors.openai.embedding import vectors
from connectors.openai.proposing import choices
from store.errors import TryLater


def check(
    client: OpenAI, proposes: OpenAI | None = None, compares: OpenAI | None = None
) -> list[tuple[str, bool, str]]:
    """(what, whether it works, what it said or what to do). `proposes`: a client of the chat model,
    `compares`: of the embedding model.
    """
    more = [*([_proposes(proposes)] if proposes else []), *([_compares(compares)] if compares else [])]
    return [_moderates(client), _lasts(client), *more]


def _compares(client: OpenAI) -> tuple[str, bool, str]:
    try:
        [one] = vectors(client, ["Please add an export to PDF."])
    except (Refused, TryLater) as e:
        return "embeddings", False, f"{e} Without it issues are suggested by words and meanings alone."
    return "embeddings", True, f"answered by {client.model}, {len(one)} numbers a text"


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
