"""Atlassian's signed tokens, written from its documentation and apart from the product's own verifier."""

import base64
import hashlib
import re
import time
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

INSTALL_S = 180
FRAME_S = 180
CONTEXT_S = 900


def query_hash(method: str, url: str, *, base: str = "") -> str:
    """The `qsh` claim of one request: SHA-256 of method, path and sorted query."""
    parts = urlsplit(url)
    path = parts.path[len(urlsplit(base).path.rstrip("/")) :] if base else parts.path
    path = re.sub(r"(?<=.)/$", "", "/" + path.lstrip("/")).replace("&", "%26")
    grouped: dict[str, list[str]] = {}
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        if name != "jwt":
            grouped.setdefault(name, []).append(value)
    query = "&".join(
        quote(name, safe="-._~") + "=" + ",".join(quote(value, safe="-._~") for value in sorted(values))
        for name, values in sorted(grouped.items())
    )
    return hashlib.sha256(f"{method.upper()}&{path}&{query}".encode()).hexdigest()


@cache
def install_key() -> "InstallKey":
    """One key for the whole process, because making one takes long."""
    return InstallKey()


@cache
def forge_key() -> "InstallKey":
    """Forge's own, which signs no install."""
    return InstallKey()


class InstallKey:
    """An RSA key with which the host signs installs, or Forge its calls; the public half as it is served."""

    def __init__(self) -> None:
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.public_pem = pem.decode()
        digest = hashlib.sha256(pem).digest()[:16]
        self.kid = base64.urlsafe_b64encode(digest).decode().rstrip("=").replace("-", "a").replace("_", "b")

    def sign(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, self.private, algorithm="RS256", headers={"kid": self.kid})


def lasting(seconds: int, **claims: Any) -> dict[str, Any]:
    """Claims from now on. The real time: whoever checks them has no sandbox clock."""
    now = int(time.time())
    return {"iat": now, "exp": now + seconds, **claims}


def proves_app(token: str, *, secret: str, app_key: str, method: str, url: str) -> bool:
    """Whether this token of an app (app calls host) fits this very request."""
    try:
        claims = jwt.decode(
            token,
            secret,
            algorithms=["HS256"],
            issuer=app_key,
            options={"require": ["iss", "iat", "exp", "qsh"], "verify_aud": False},
        )
    except jwt.InvalidTokenError:
        return False
    return bool(claims["qsh"] == query_hash(method, url))
