"""The sidebar's app, as it is installed in a Zendesk account: its audience and its public key."""

import re
from typing import NamedTuple

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from connectors.zendesk.client import Zendesk, objects

PEM = re.compile(r"-----BEGIN ([A-Z ]+)-----[^-]+-----END \1-----")
SHORTEST_BITS = 2048
MOST_KEYS = 2
"""The old one and the new one, while one replaces the other."""


class Installed(NamedTuple):
    """One installation; `app` is the number of the app itself, None where it is not told."""

    id: int
    app: int | None
    name: str


def installed(client: Zendesk, address: str) -> list[Installed]:
    """The installations whose settings hold our sidebar's address, whatever their name.

    Raises Unavailable, Refused and Unauthorized: it takes an administrator.
    """
    found = []
    for one in objects(client.call("GET", "apps/installations.json"), "installations"):
        settings, ident, app = one.get("settings"), one.get("id"), one.get("app_id")
        if not isinstance(settings, dict) or not isinstance(ident, int):
            continue
        if any(
            isinstance(value, str) and value.strip().rstrip("/") == address for value in settings.values()
        ):
            name = str(settings.get("name") or settings.get("title") or ident)[:200]
            found.append(Installed(ident, app if isinstance(app, int) else None, name))
    return found


def audience(site: str, installation: int) -> str:
    """What the app's tokens name."""
    return f"{site}/api/v2/apps/installations/{installation}.json"


def public_keys(client: Zendesk, app: int) -> list[str]:
    """As Zendesk tells it. Raises Unavailable, Refused, Unauthorized, and ValueError for what is no key."""
    return keys_in(client.text(f"apps/{app}/public_key.pem"))


def keys_in(text: str) -> list[str]:
    """The public keys in a pasted text, one or two. Raises ValueError with what to paste instead."""
    blocks = list(PEM.finditer(text))
    if any("PRIVATE" in found[1] for found in blocks):
        raise ValueError(
            "That is a private key. Paste the public key of the app, and never give this one away."
        )
    if not 0 < len(blocks) <= MOST_KEYS:
        raise ValueError(
            "Paste the app's public key whole, from -----BEGIN PUBLIC KEY----- to -----END PUBLIC KEY-----; "
            "two of them while one replaces the other."
        )
    return [_checked(found[0]) for found in blocks]


def _checked(block: str) -> str:
    """Raises ValueError."""
    try:
        key = serialization.load_pem_public_key(block.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError("That is no public key that can be read. Copy it once more, whole.") from None
    if not isinstance(key, RSAPublicKey) or key.key_size < SHORTEST_BITS:
        raise ValueError("Zendesk signs with RSA keys of 2,048 bits and more; this is another kind of key.")
    return block + "\n"
