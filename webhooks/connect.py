"""Jira's webhooks to the installed Connect app: the site signs the call, and leaves out the body.

So of a body nothing is believed but "look at this object": a deletion only asks for a look, and neither a
time nor a hint is taken from it. For the same reason it does no harm when somebody sends a call that they
caught again, or with another body, before its token runs out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial, update_wrapper
from typing import Protocol

from flask import Blueprint, Response
from sqlalchemy import Connection

from connectors.jira.connect_jwt import Unproven, verify_frame
from store.connections import Connection as Account
from store.database import reading
from store.secrets import Vault
from webhooks import jira, receiving
from webhooks.call import Call, digest
from webhooks.receiving import Decoy, Receiver
from webhooks.wishes import Heard, Wish

SYSTEM = "connect"
KINDS = ("issue", "link", "version", "project")
"""As the descriptor has them. Which event comes where does not matter."""


@dataclass(frozen=True, slots=True)
class Tenant:
    """A site where the app is installed and enabled, and whose workspace is known. `secrets`: live ones."""

    workspace_id: int
    secrets: Sequence[str] = field(repr=False)


class TenantOf(Protocol):
    """The installations are kept above: this is how they are asked."""

    def __call__(self, conn: Connection, vault: Vault, client_key: str, *, now: datetime) -> Tenant | None:
        """None for whoever is not to be heard. Raises secrets.Unreadable."""


def routes(receiver: Receiver, *, tenant_of: TenantOf) -> Blueprint:
    """`POST /connect/webhooks/KIND` for every kind that the descriptor names."""
    blueprint = Blueprint("connect_webhooks", __name__, url_prefix="/connect/webhooks")
    hear = partial(_hear, receiver, tenant_of, receiving.decoy(receiver))
    view = update_wrapper(partial(receiving.receive, receiver, SYSTEM, hear), receiving.receive)
    view.identity = "webhook"  # type: ignore[attr-defined]
    for kind in KINDS:
        blueprint.add_url_rule(f"/{kind}", kind, view, methods=["POST"])
    return blueprint


def heard(conn: Connection, account: Account, body: bytes) -> Heard:
    """Looks at what we know among what is said to have changed, or gone. Raises ValueError."""
    told = jira.heard(conn, account, body)
    named = [(one.kind, one.id) for one in told.wishes] + [("issue", one.item) for one in told.gone]
    return Heard([Wish(kind, ident) for kind, ident in named])


def delivery_id(call: Call) -> str:
    """Over Jira's number and the body: neither is signed, and no forged one may keep a genuine one out."""
    return digest(call.header("X-Atlassian-Webhook-Identifier").encode(), call.body)


def _hear(receiver: Receiver, tenant_of: TenantOf, decoy: Decoy, call: Call) -> Response:
    workspace_id = _workspace(receiver, tenant_of, decoy, call)
    if workspace_id is None:
        return receiving.refuse()
    return receiving.keep(
        receiver, call, workspace_id=workspace_id, system=SYSTEM, delivery_id=delivery_id(call)
    )


def _workspace(receiver: Receiver, tenant_of: TenantOf, decoy: Decoy, call: Call) -> int | None:
    """Of the site that signed this very call; None where none did. Raises as `receiving.receive` expects."""
    tenant: Tenant | None = None

    def secrets_of(client_key: str) -> Sequence[str]:
        nonlocal tenant
        with reading(receiver.engine) as conn:
            tenant = tenant_of(conn, receiver.vault, client_key, now=call.now)
        return tenant.secrets if tenant else [decoy()]

    scheme, _, token = call.header("Authorization").partition(" ")
    try:
        verify_frame(
            token if scheme == "JWT" else "",
            method="POST",
            target=call.url.removeprefix(receiver.public_url),
            base_url=receiver.public_url,
            secrets_of=secrets_of,
        )
    except Unproven:
        return None
    return tenant.workspace_id if tenant else None
