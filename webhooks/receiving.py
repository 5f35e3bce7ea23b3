"""One way for all vendors: limits, proof on the raw bytes, one durable row, 202.

Whoever cannot prove it gets the same answer after the same work, whatever workspace they name: nobody
learns here which workspaces exist or what they are connected to.
"""

import json
import secrets as random_secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial, update_wrapper

import structlog
from flask import Blueprint, Response, request
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import RequestEntityTooLarge

from connectors import accounts
from store import connections, inbox, trials, workspaces
from store.connections import Connection as Account
from store.connections import NotConnected
from store.crash_points import reached
from store.database import reading, transaction
from store.errors import TryLater
from store.secrets import Vault
from store.together import Together
from store.workspaces import NoSuchWorkspace
from webhooks import hubspot, jira, zendesk
from webhooks.call import Call, Ear

LARGEST_BYTES = 1024 * 1024
COME_BACK_S = 30
"""Below 60: Zendesk repeats only then."""

EARS: Mapping[str, Ear] = {"jira": jira, "zendesk": zendesk, "hubspot": hubspot}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Receiver:
    """`public_url`: the address that vendors were given; `wake`: after a commit that left work."""

    engine: Engine
    vault: Vault
    public_url: str
    wake: Callable[[], None]
    clock: Callable[[], datetime]
    together: Together = field(default_factory=Together, repr=False)
    nobodys: str = field(default_factory=random_secrets.token_hex, repr=False)
    """A secret that nobody has, for workspaces that nobody has."""


Decoy = Callable[[], str]
"""Opens a secret that nobody has, with the work that it takes to open one that somebody has."""


def routes(receiver: Receiver) -> Blueprint:
    """`POST /webhooks/VENDOR/SLUG` for every vendor."""
    blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks")
    nobodys = decoy(receiver)
    for system in EARS:
        call = partial(_receive, receiver, nobodys, system)
        view = update_wrapper(call, _receive)  # a limiter asks its name
        view.identity = "webhook"  # type: ignore[attr-defined]
        blueprint.add_url_rule(f"/{system}/<slug>", system, view, methods=["POST"])
    return blueprint


def decoy(receiver: Receiver) -> Decoy:
    """For whoever has no secret: nobody learns from the time that it takes who has one."""
    sealed = receiver.vault.seal(None, "decoy", receiver.nobodys)
    return lambda: receiver.vault.open(None, "decoy", sealed)


def receive(receiver: Receiver, system: str, hear: Callable[[Call], Response]) -> Response:
    """This request, if its body is one that we take, as `hear` answers it.

    `hear` may raise SQLAlchemyError and TryLater: it cannot be kept, or its secret not be opened, now.
    """
    try:
        body = _body()
    except RequestEntityTooLarge:
        return _answer(413, "At most 1 MiB is taken.")
    if not request.is_json and not (system == "zendesk" and not body):
        return _answer(415, "Send JSON, and say so in the Content-Type.")
    url = f"{receiver.public_url}{request.path}"
    if request.query_string:
        url += f"?{request.query_string.decode('latin-1')}"
    try:
        return hear(Call(url, request.headers, body, receiver.clock()))
    except (SQLAlchemyError, TryLater) as trouble:
        log.warning("webhook_not_kept", system=system, error=type(trouble).__name__)
        response = _answer(503, "It could not be kept. Send it again.")
        response.headers["Retry-After"] = str(COME_BACK_S)
        return response


def keep(receiver: Receiver, call: Call, *, workspace_id: int, system: str, delivery_id: str) -> Response:
    """Keeps what was proven, and says so once that is committed, with whatever else comes at this moment."""
    row = partial(
        inbox.keep,
        workspace_id=workspace_id,
        system=system,
        delivery_id=delivery_id[:200],
        headers={},
        body=call.body,
        now=call.now,
    )
    receiver.together.write(receiver.engine, row)
    reached("webhook.kept")
    receiver.wake()
    reached("webhook.rung")
    taken = _answer(202, "")
    taken.call_on_close(partial(reached, "webhook.answered"))
    return taken


def refuse() -> Response:
    """The same for everybody."""
    return _answer(401, "This was not proven to come from where it says.")


def _receive(receiver: Receiver, nobodys: Decoy, system: str, slug: str) -> Response:
    return receive(receiver, system, partial(_hear, receiver, nobodys, system, slug))


def _body() -> bytes:
    """Raises RequestEntityTooLarge: before a byte is read where the length is told, else at the limit."""
    if (request.content_length or 0) > LARGEST_BYTES:
        raise RequestEntityTooLarge
    # One more than may come: werkzeug cuts what comes in chunks at the limit, and says nothing.
    request.max_content_length = LARGEST_BYTES + 1
    body = request.get_data(cache=False)
    if len(body) > LARGEST_BYTES:
        raise RequestEntityTooLarge
    return body


def _hear(receiver: Receiver, nobodys: Decoy, system: str, slug: str, call: Call) -> Response:
    ear = EARS[system]
    account, secrets = _secrets(receiver, nobodys, system, slug, now=call.now)
    if not ear.proven(call, secrets) or account is None:
        return _refuse(receiver, account, now=call.now)
    workspace_id = account.workspace_id
    return keep(receiver, call, workspace_id=workspace_id, system=system, delivery_id=ear.delivery_id(call))


def _refuse(receiver: Receiver, account: Account | None, *, now: datetime) -> Response:
    """Whoever tries the connection right now is told of it, once the answer is out: nobody learns from it."""
    answer = refuse()
    if account is not None and trials.listening(account, now=now):
        answer.call_on_close(partial(_note_refused, receiver, account, now))
    return answer


def _note_refused(receiver: Receiver, account: Account, now: datetime) -> None:
    try:
        with transaction(receiver.engine) as conn:
            trials.note_refused(conn, account.workspace_id, account.system, now=now)
    except SQLAlchemyError as trouble:
        log.warning("refusal_not_noted", system=account.system, error=type(trouble).__name__)


def _secrets(
    receiver: Receiver, nobodys: Decoy, system: str, slug: str, *, now: datetime
) -> tuple[Account | None, Sequence[str]]:
    """The account and its live secrets for this vendor; else none, and a secret that nobody has."""
    with reading(receiver.engine) as conn:
        try:
            workspace = workspaces.by_slug(conn, slug)
            account = connections.load(conn, receiver.vault, workspace.id, system)
            found = accounts.webhook_secrets(account, now=now)
            if found:
                return account, found
        except (NoSuchWorkspace, NotConnected):
            pass
    return None, [nobodys()]


def _answer(status: int, words: str) -> Response:
    said = json.dumps({"error": {"status": status, "what": words}}) if words else ""
    return Response(said, status, content_type="application/json")
