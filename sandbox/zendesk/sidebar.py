"""The installed app, beside tickets and in the nav bar: its key, and the signed token that opens it."""

import io
import json
import re
import uuid
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox.clock import Clock
from sandbox.zendesk.records import Json, User

LASTS = timedelta(minutes=2)


KEYS: dict[int, rsa.RSAPrivateKey] = {}
"""One key per installation, made once in a process: making one takes a while."""


def app_key(installation: int) -> rsa.RSAPrivateKey:
    if installation not in KEYS:
        KEYS[installation] = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return KEYS[installation]


@dataclass
class SidebarApp:
    """The app in the ticket sidebar. `backend_url` is what `install` was told; without one nothing shows.
    `nav_bar_url`: the same for its place in the nav bar.
    """

    clock: Clock
    installation: int
    backend_url: str = ""
    nav_bar_url: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    """What the administrator gave on installing it: the manifest's parameters, by name."""
    app_guid: str = field(default_factory=lambda: str(uuid.uuid4()))

    def public_key_pem(self) -> str:
        """What the real vendor lets an admin fetch for the app."""
        public = app_key(self.installation).public_key()
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return public.public_bytes(serialization.Encoding.PEM, form).decode()

    @property
    def app_id(self) -> int:
        """An app and its installation are numbered apart."""
        return self.installation + 77

    def installations(self) -> list[Json]:
        """As the list of installed apps shows it; none while it is not installed."""
        if not self.backend_url:
            return []
        shown = {"name": "Kithspark", "title": "Kithspark", **self.settings}
        about = {"id": self.installation, "app_id": self.app_id, "product": "support", "enabled": True}
        return [{**about, "settings": shown, "settings_objects": [], "paid": None}]

    def audience(self, base: str) -> str:
        return f"{base}/api/v2/apps/installations/{self.installation}.json"

    def claims(self, base: str, agent: User, location: str = "ticket_sidebar") -> Json:
        """What the vendor says of who opens the app. It does not say on which ticket."""
        now = self.clock.now()
        return {
            "iss": urlsplit(base).netloc,
            "aud": self.audience(base),
            "sub": f"{base}/api/v2/users/{agent.id}.json",
            "iat": int(now.timestamp()),
            "nbf": int(now.timestamp()),
            "exp": int((now + LASTS).timestamp()),
            "jti": str(uuid.uuid4()),
            "qsh": "context-qsh",
            "context": {
                "product": "support",
                "location": location,
                "role": agent.role,
                "host": base,
            },
        }

    def token(self, base: str, agent: User, *, location: str = "ticket_sidebar", **overrides: Any) -> str:
        """RS256. `overrides` replace claims; None takes one out."""
        claims = {**self.claims(base, agent, location), **overrides}
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(kept, app_key(self.installation), algorithm="RS256")

    def first_load_url(self, base: str, location: str = "ticket_sidebar") -> str:
        """Where the signed form is posted to."""
        asked = urlencode({"origin": base, "app_guid": self.app_guid})
        url = self.nav_bar_url if location == "nav_bar" else self.backend_url
        return f"{url}{'&' if '?' in url else '?'}{asked}"


def addresses_in(package: bytes, settings: Mapping[str, str]) -> dict[str, str]:
    """What an uploaded app shows at each of its places, with the installer's settings filled in.

    Raises ValueError for an app without that place, and for a required setting that is missing or, where
    its type is `url`, is no address.
    """
    with zipfile.ZipFile(io.BytesIO(package)) as whole:
        manifest = json.loads(whole.read("manifest.json"))
    for one in manifest.get("parameters", []):
        given = settings.get(one["name"], "")
        if one.get("required") and not given:
            raise ValueError(f"{one['name']} can't be blank")
        if given and one["type"] == "url" and not re.fullmatch(r"https?://\S+", given):
            raise ValueError(f"{one['name']} is not a valid URL")
    places = manifest["location"]["support"]
    if "ticket_sidebar" not in places or not manifest.get("signedUrls"):
        raise ValueError("The app shows no signed page in the ticket sidebar.")
    return {
        name: re.sub(r"\{\{setting\.(\w+)\}\}", lambda hole: settings[hole[1]], place["url"])
        for name, place in places.items()
    }
