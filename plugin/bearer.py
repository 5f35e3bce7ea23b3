"""The short token that our pages inside Zendesk and Jira hold: minted from a proven first load, for one face.

It lives in the page's memory and nowhere else. Each face has a key of its own, so that a token of one
never opens the other.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import jwt

Face = Literal["zendesk", "queue", "jira", "board"]

LASTS: Mapping[Face, timedelta] = {
    "zendesk": timedelta(minutes=20), "queue": timedelta(minutes=20), "jira": timedelta(minutes=10),
    "board": timedelta(minutes=10),
}  # fmt: skip
"""In Jira it is also how long somebody sees and decides what Jira no longer lets them see and edit."""
LONGEST = timedelta(hours=8)
"""However often it is renewed: after this the host has to prove its reader again."""


class NotProven(Exception):
    """Whoever calls has not proved who they are. The message is for a person to read."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who reads which face. `user`: the vendor's id; `began_at`: the first load; `issue`: in Jira only.

    `sees_customers`: whether names and words of customers are for them; `edits`: whether they may edit the
    issue, in Jira. `language`: the tag of their own at the vendor's, empty where their browser's counts.
    `sees_every_ticket`: Zendesk said that it keeps none from them; else it is asked about each.
    """

    face: Face
    workspace_id: int
    user: str
    name: str
    began_at: datetime
    issue: str = ""
    sees_customers: bool = True
    edits: bool = False
    language: str = ""
    sees_every_ticket: bool = False


def mint(bearer: Bearer, *, keys: Sequence[str], now: datetime) -> str:
    """A token for as long as `LASTS` says, never past `LONGEST` after the first load; the first key signs."""
    until = min(now + LASTS[bearer.face], bearer.began_at + LONGEST)
    claims = {
        "aud": f"kithspark:{bearer.face}",
        "sub": bearer.user,
        "name": bearer.name,
        "ws": bearer.workspace_id,
        "issue": bearer.issue,
        "customers": bearer.sees_customers,
        "language": bearer.language,
        "every_ticket": bearer.sees_every_ticket,
        "edits": bearer.edits,
        "began": int(bearer.began_at.timestamp()),
        "iat": int(now.timestamp()),
        "exp": int(until.timestamp()),
    }
    return jwt.encode(claims, _key(keys[0], bearer.face), algorithm="HS256")


def read(token: str, *, face: Face, keys: Sequence[str], now: datetime) -> Bearer:
    """What `mint` was given. Raises NotProven for whatever is not a live token of this face."""
    for key in keys:
        try:
            claims = jwt.decode(
                token,
                _key(key, face),
                algorithms=["HS256"],
                audience=f"kithspark:{face}",
                options={"require": ["aud", "sub", "ws", "began", "iat", "exp"], "verify_exp": False,
                         "verify_iat": False},
            )  # fmt: skip
        except jwt.InvalidTokenError:
            continue
        return _bearer(claims, face, now)
    raise NotProven("This view is not signed in. Open it again from where it lives.")


def _bearer(claims: dict[str, Any], face: Face, now: datetime) -> Bearer:
    if int(claims["exp"]) <= now.timestamp():  # by our clock, which a test may set
        raise NotProven("This view has rested too long. Reload the page around it to go on.")
    began = datetime.fromtimestamp(int(claims["began"]), UTC)
    return Bearer(
        face, int(claims["ws"]), str(claims["sub"]), str(claims["name"]), began, str(claims["issue"]),
        claims.get("customers") is True, claims.get("edits") is True, str(claims.get("language", "")),
        claims.get("every_ticket") is True,
    )  # fmt: skip


def _key(secret: str, face: Face) -> bytes:
    return hmac.digest(secret.encode(), f"kithspark bearer {face}".encode(), hashlib.sha256)
