"""The public keys with which Forge signs its calls: one set for all, fetched when a new key id appears."""

import threading
import time
from collections.abc import Callable

import jwt
import requests
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from connectors.errors import Refused, Unavailable

KEYS_URL = "https://forge.cdn.prod.atlassian-dev.net/.well-known/jwks.json"
TIMEOUT_S = (2.0, 3.0)
"""Short: an event is answered within five seconds, or comes again."""
REST_S = 60.0
"""Whoever makes up key ids gets the set asked for once in so long, and not more often."""
LONGEST_BYTES = 200_000
SMALLEST_BITS = 2048


class ForgeKeys:
    """Gives the key of an id. May be shared between threads. `clock`: seconds that only ever grow."""

    def __init__(self, url: str = KEYS_URL, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._url, self._clock = url, clock
        self._known: dict[str, RSAPublicKey] = {}
        self._asked_at: float | None = None
        self._silent = False  # the last time, nothing that can be used came back
        self._lock = threading.Lock()

    def fetch(self, kid: str) -> RSAPublicKey:
        """Raises Unavailable (the caller answers 503) or Refused (Forge has no such key)."""
        if (known := self._known.get(kid)) is not None:
            return known  # nobody who has a key waits for whoever makes one up
        with self._lock:
            if self._may_ask():
                self._asked_at, self._silent = self._clock(), True
                self._known = self._ask()  # the whole set: a key that was withdrawn is gone
                self._silent = False
            known = self._known.get(kid)
        if known is None and self._silent:
            raise Unavailable("Jira: Forge's keys did not answer. They are asked for again in a minute.")
        if known is None:
            raise Refused("Jira: Forge has no such key. Whoever called is not Forge.", status=404)
        return known

    def _may_ask(self) -> bool:
        return self._asked_at is None or self._clock() - self._asked_at >= REST_S

    def _ask(self) -> dict[str, RSAPublicKey]:
        try:
            with requests.Session() as session:
                session.trust_env = False
                answer = session.get(self._url, timeout=TIMEOUT_S, allow_redirects=False)
        except requests.RequestException as e:
            raise Unavailable(f"Jira: Forge's keys do not answer ({type(e).__name__}).") from e
        if answer.status_code != 200 or len(answer.content) > LONGEST_BYTES:
            raise Unavailable(f"Jira: Forge's keys answered {answer.status_code}.")
        try:
            keys = jwt.PyJWKSet.from_dict(answer.json()).keys
        except (jwt.PyJWTError, ValueError, TypeError, AttributeError) as e:
            raise Unavailable(f"Jira: Forge's keys cannot be read ({type(e).__name__}).") from e
        return {str(one.key_id): one.key for one in keys if one.key_id and _strong(one.key)}


def _strong(key: object) -> bool:
    """An RSA key, long enough, and the public half: nothing else signs a call."""
    return isinstance(key, RSAPublicKey) and key.key_size >= SMALLEST_BITS
