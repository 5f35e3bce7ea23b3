"""The public keys with which Atlassian signs installs, fetched once each: a key id never changes its key."""

import threading
from urllib.parse import quote

import requests

from connectors.errors import Refused, Unavailable

KEYS_URL = "https://connect-install-keys.atlassian.com"
TIMEOUT_S = (3.05, 10.0)
MOST_KEYS = 100
LONGEST_CHARS = 10_000


class InstallKeys:
    """Gives the PEM of a key id. May be shared between threads."""

    def __init__(self, url: str = KEYS_URL) -> None:
        self._url = url.rstrip("/")
        self._known: dict[str, str] = {}
        self._lock = threading.Lock()

    def fetch(self, kid: str) -> str:
        """The key as PEM text. Raises Unavailable (answer 503, Jira asks again) or Refused (no such key)."""
        with self._lock:
            known = self._known.get(kid)
        return known or self._ask(kid)

    def _ask(self, kid: str) -> str:
        try:
            with requests.Session() as session:
                session.trust_env = False
                answer = session.get(
                    f"{self._url}/{quote(kid, safe='/')}", timeout=TIMEOUT_S, allow_redirects=False
                )
        except requests.RequestException as e:
            raise Unavailable(
                f"Jira: Atlassian's install keys do not answer ({type(e).__name__}). Install again later."
            ) from e
        pem = answer.text.strip()
        if answer.status_code >= 500 or answer.status_code == 429:
            raise Unavailable(
                f"Jira: Atlassian's install keys answered {answer.status_code}. Install again later."
            )
        # A page of a 404 must never be taken for a key.
        if answer.status_code != 200 or not pem.startswith("-----BEGIN PUBLIC KEY-----"):
            raise Refused(
                "Jira: Atlassian knows no such install key. Whoever called is not Jira.",
                status=answer.status_code,
            )
        if len(pem) > LONGEST_CHARS:
            raise Refused("Jira: the install key is no key.", status=answer.status_code)
        with self._lock:
            if len(self._known) < MOST_KEYS:
                self._known[kid] = pem
        return pem
