"""Whether a connected server gives us what we need: for `kithspark doctor` and the connect command."""

from typing import TypeAlias

from connectors.errors import NotFound, Refused
from connectors.openai.client import OpenAI
from connectors.openai.embedding import TRIED, Form, vectors
from connectors.openai.proposing import choices
from store.errors import TryLater

Found: TypeAlias = tuple[str, bool, str]
"""What, whether it works, and what it said or what to do."""

NO_MODERATION = "this server moderates nothing: every post waits for a person"
WITHOUT_EMBEDDINGS = "Without it issues are suggested by words and meanings alone."


def check(
    moderates: OpenAI | None, proposes: OpenAI | None = None, compares: tuple[OpenAI, Form] | None = None
) -> list[Found]:
    """A line for each. A client of the model that moderates (None: the server is known to have none), of the
    chat model, and of the embedding model, with how it answers.
    """
    found = [_moderates(moderates), _lasts(moderates)] if moderates else [("moderation", True, NO_MODERATION)]
    if proposes:
        found.append(_proposes(proposes))
    if compares:
        found.append(_compares(*compares))
    return found


def has_moderation(client: OpenAI) -> bool:
    """False where the server knows no such address or model. Any other trouble is for `check` to say."""
    try:
        client.moderate([TRIED])
    except NotFound:
        return False
    except (Refused, TryLater):
        return True
    return True


def _compares(client: OpenAI, form: Form) -> Found:
    try:
        vectors(client, [TRIED], form)
    except (Refused, TryLater) as e:
        return "embeddings", False, f"{e} {WITHOUT_EMBEDDINGS}"
    return "embeddings", True, f"answered by {client.model}, {form.numbers} numbers a text"


def _proposes(client: OpenAI) -> Found:
    try:
        choices(client, {"1": "Export to PDF", "2": "Weekly mail"}, {"1": TRIED})
    except (Refused, TryLater) as e:
        return "proposals", False, f"{e} Without it parts are proposed by the same words."
    return "proposals", True, f"answered by {client.model}"


def _moderates(client: OpenAI) -> Found:
    try:
        [verdict] = client.moderate([TRIED])
    except NotFound as e:
        return "moderation", False, f"{e} Without it every post waits for a person."
    except (Refused, TryLater) as e:
        return "moderation", False, str(e)
    return "moderation", True, f"answered by {verdict.model}"


def _lasts(client: OpenAI) -> Found:
    try:
        ends = client.shutdown_date()
    except (Refused, TryLater) as e:
        return "model", False, str(e)
    if ends is None:
        return "model", True, f"{client.model}, no end announced"
    return "model", False, f"{client.model} ends on {ends}: connect with another --model before that day."
