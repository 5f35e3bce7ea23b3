"""Who most likely wants which part, for the form of a split: by the model that the workspace named, else by
the same words. It is marked in the form and chosen for nobody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import structlog

from connectors import accounts
from connectors.resting import Rests
from lineage.questions import Waiter, Waiting
from lineage.terms import PersonId
from plugin import app_state
from plugin.jira import proposal
from plugin.jira.acts import OWN
from plugin.jira.splitting import ALL, Typed
from store.connections import Connection
from store.database import reading
from store.errors import GiveUp, TryLater
from store.workspaces import Workspace

log = structlog.get_logger()

PATIENCE_S = 10.0
MODEL_ALL = "all"


@dataclass(frozen=True, slots=True)
class Proposed:
    """`part`: one of the form's options, or all. `quote`: the person's words that speak for it, if known."""

    part: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Proposals:
    """`model`: which one was asked; empty where none was. `failed`: it gave no answer that could be used."""

    by: Mapping[PersonId, Proposed] = field(default_factory=dict)
    model: str = ""
    failed: bool = False


def found(
    workspace: Workspace, typed: Typed, waiting: Waiting, people: Sequence[tuple[Waiter, str]]
) -> Proposals:
    """For each whose words point to one of the parts. Raises nothing of a model's; it waits some seconds."""
    parts = _parts(typed, waiting)
    said = {waiter.person_id: words for waiter, words in people if words}
    account = _account(workspace)
    model = str(account.config.get("chat_model") or "") if account else ""
    if account is None or not model or len(parts) < 1:
        return Proposals(_by_words(said, parts))
    names = [name for waiter, _ in people for name in (waiter.person_name, waiter.company) if name]
    try:
        return Proposals(_by_model(account, said, parts, names), model)
    except (TryLater, GiveUp) as trouble:
        log.warning("no_proposal", model=model, error=type(trouble).__name__)
        return Proposals(_by_words(said, parts), model, failed=True)


def _by_words(said: Mapping[PersonId, str], parts: Mapping[str, str]) -> dict[PersonId, Proposed]:
    each = {person: proposal.propose(words, parts) for person, words in said.items()}
    return {person: Proposed(part) for person, part in each.items() if part}


def _by_model(
    account: Connection, said: Mapping[PersonId, str], parts: Mapping[str, str], names: Sequence[str]
) -> dict[PersonId, Proposed]:
    """Raises what the model's connector raises."""
    from connectors.openai.proposing import choices  # its library is heavy: for those who ask for it

    state = app_state.current()
    client = accounts.chat(account, patience_s=PATIENCE_S)
    assert client is not None
    try:
        with Rests(state.engine, state.clock).obeyed(account):
            told = choices(client, parts, {str(one): words for one, words in said.items()}, names=names)
    finally:
        client.close()
    return {
        PersonId(int(person)): Proposed(ALL if choice.part == MODEL_ALL else choice.part, choice.quote)
        for person, choice in told.items()
    }


def _parts(typed: Typed, waiting: Waiting) -> dict[str, str]:
    """What can be chosen, by the form's own names, in words: new parts, those that are there, the own one."""
    parts = {n: f"{part.text} {part.title}".strip() for n, part in typed.filled}
    parts |= {
        f"item:{part.id}": part.public_title or part.summary
        for part in waiting.parts if part.id != waiting.item.id and (part.public_title or part.summary)
    }  # fmt: skip
    own = typed.own_title or waiting.item.own_title
    if own and (typed.close or typed.keeps != "no"):
        parts[OWN] = own
    return parts


def _account(workspace: Workspace) -> Connection | None:
    """Raises secrets.Unreadable."""
    state = app_state.current()
    with reading(state.engine) as conn:
        return accounts.connection_or_none(conn, state.vault, workspace.id, "openai")
