"""Jira as the host of a Forge app: its tokens and key set, its calls to the app, and the app's static page.

One app at most. Its module keys and addresses are those of the manifest in the folder that is installed.
"""

import json
import re
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jwt
import requests

from sandbox.jira.state import Alias, Issue, Site
from sandbox.jira.telling import Event
from sandbox.jira.tokens import InstallKey, forge_key, lasting
from sandbox.jira.webhooks import Hooks, retries
from sandbox.jira.words import User

APP_ID = "ari:cloud:ecosystem::app/7e9a3b52-0000-4000-8000-000000000001"
CLOUD_ID = "c10d0000-0000-4000-8000-000000000001"
PAGES = {"kithspark-admin": "jira:adminPage", "kithspark-board": "jira:globalPage"}
"""The kinds of the modules that are beside no issue."""
TOKEN_S = 25
SYSTEM_S = 4 * 3600
UI_TIMEOUT_S, EVENT_TIMEOUT_S = 25.0, 5.0

EVENTS = {
    "jira:issue_created": "avi:jira:created:issue",
    "jira:issue_updated": "avi:jira:updated:issue",
    "jira:issue_deleted": "avi:jira:deleted:issue",
    "issuelink_created": "avi:jira:created:issuelink",
    "issuelink_deleted": "avi:jira:deleted:issuelink",
    "jira:version_created": "avi:jira:created:version",
    "jira:version_updated": "avi:jira:updated:version",
    "jira:version_released": "avi:jira:released:version",
    "jira:version_unreleased": "avi:jira:unreleased:version",
    "project_updated": "avi:jira:updated:project",
}


@dataclass
class Installed:
    """`folder`: what was deployed; `base`: the remote's address as its manifest says; `ident`: its ARI."""

    folder: Path
    base: str
    ident: str
    events: frozenset[str]


@dataclass
class Forge:
    """The host's side of Forge. `calls`: what the app answered when it was told by itself, (path, status)."""

    site: Site
    outgoing: Hooks
    app_id: str = APP_ID
    cloud_id: str = CLOUD_ID
    installed: Installed | None = None
    calls: list[tuple[str, int]] = field(default_factory=list)
    system_tokens: set[str] = field(default_factory=set)

    @property
    def key(self) -> InstallKey:
        return forge_key()

    def key_set(self) -> dict[str, Any]:
        """As Forge publishes it."""
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.private.public_key()))
        return {"keys": [{**public, "kid": self.key.kid, "use": "sig", "alg": "RS256"}]}

    @property
    def api_url(self) -> str:
        return f"{self.site.url}/ex/jira/{self.cloud_id}"

    def install(self, folder: Path) -> Installed:
        """Deploy this folder and install it: the app is told, with its first system token."""
        manifest = (folder / "manifest.yml").read_text(encoding="utf-8")
        base = re.search(r"^ +baseUrl: (\S+)", manifest, re.MULTILINE)
        assert base is not None, "the manifest names no remote"
        ident = f"ari:cloud:ecosystem::installation/{secrets.token_hex(8)}"
        asked = frozenset(re.findall(r"avi:jira:[\w:-]+", manifest))
        self.installed = Installed(folder, base[1].rstrip("/"), ident, asked)
        for path, kind, alias in re.findall(r"path: ([\w.]+), type: (\w+), searchAlias: (\w+)", manifest):
            known = self.site.aliases.get(alias)
            since = known.since if known else self.site.clock.now()
            self.site.aliases[alias] = Alias("kithspark.demand", path, kind, since)
        self.lifecycle("installed")
        return self.installed

    def uninstall(self) -> None:
        """Tell the app, and forget it whatever it answers."""
        self.lifecycle("uninstalled")
        self.installed = None
        self.system_tokens.clear()

    def lifecycle(self, what: str) -> int:
        to = self._there()
        body = {
            "eventType": f"avi:forge:{what}:app",
            "id": to.ident,
            "context": f"ari:cloud:jira::site/{self.cloud_id}",
            "app": {"id": self.app_id, "version": "1.0.0"},
        }
        return self.call("/forge/lifecycle", body)

    def tick(self) -> int:
        """The scheduled trigger."""
        return self.call("/forge/tick", {"context": {"cloudId": self.cloud_id}})

    def tell(self, event: Event) -> None:
        """What changed in Jira, as far as the manifest asks for it; later, and again after most trouble."""
        name = EVENTS.get(event.name, "")
        if self.installed is None or name not in self.installed.events:
            return
        about = dict(event.about)
        if "issueLink" in about:
            link = about.pop("issueLink")
            about = {key: link[key] for key in ("sourceIssueId", "destinationIssueId", "issueLinkType")}
            about = {"id": str(link["id"]), **about}
        body = json.dumps({"eventType": name, **about}).encode()
        headers = {**self.headers(self.token()), "Content-Type": "application/json"}
        self.outgoing.send(self.installed.base + "/forge/events", body, headers, retry_on=retries())

    def call(self, path: str, body: dict[str, Any], *, token: str = "") -> int:
        """One call of Forge's own accord. The status; 0 where nobody answered in time."""
        headers = self.headers(token or self.token())
        try:
            with _direct() as session:
                answer = session.post(
                    self._there().base + path, json=body, headers=headers, timeout=EVENT_TIMEOUT_S
                )
            status = answer.status_code
        except requests.RequestException:
            status = 0
        self.calls.append((path, status))
        return status

    def invoke(self, issue: Issue | None, user: User, module: str, asked: dict[str, Any]) -> dict[str, Any]:
        """What a page gets for `invoke` over the bridge: Forge calls the remote in its name."""
        headers = self.headers(self.token(issue=issue, user=user, module=module))
        headers |= {str(name): str(value) for name, value in (asked.get("headers") or {}).items()}
        url = self._there().base + str(asked["path"])
        try:
            with _direct() as session:
                answer = session.request(
                    str(asked["method"]), url, json=asked.get("body"), headers=headers, timeout=UI_TIMEOUT_S
                )
        except requests.RequestException:
            return {"success": False, "error": {"message": "The remote does not answer.", "status": 504}}
        if answer.status_code // 100 != 2 or "application/json" not in answer.headers.get("Content-Type", ""):
            return {
                "success": False,
                "error": {"message": "The remote failed.", "status": answer.status_code},
            }
        told = {"status": answer.status_code, "headers": {}, "body": answer.json()}
        return {"success": True, "payload": told}

    def headers(self, token: str) -> dict[str, str]:
        return {
            "Authorization": f"Bearer {token}",
            "x-forge-oauth-system": self.system_token(),
            "x-b3-traceid": secrets.token_hex(8),
            "x-b3-spanid": secrets.token_hex(8),
        }

    def system_token(self, *, lasts_s: int = SYSTEM_S) -> str:
        """The app's own, for calls to Jira."""
        claims = lasting(lasts_s, aud="sandbox", jti=secrets.token_hex(8))
        token = jwt.encode(claims, "a secret of the sandbox alone, nobody's", algorithm="HS256")
        self.system_tokens.add(token)
        return token

    def accepts(self, token: str) -> bool:
        """Whether the API takes it: one of ours, and not run out."""
        if token not in self.system_tokens:
            return False
        told = jwt.decode(token, options={"verify_signature": False})
        return bool(told["exp"] > time.time())

    def token(
        self, *, issue: Issue | None = None, user: User | None = None, module: str = "", **changed: Any
    ) -> str:
        """An invocation token: with `user` of a page, without of an event. `changed` claims are for tests."""
        return self.key.sign(self.claims(issue=issue, user=user, module=module) | changed)

    def claims(
        self, *, issue: Issue | None = None, user: User | None = None, module: str = ""
    ) -> dict[str, Any]:
        to = self._there()
        told: dict[str, Any] = lasting(
            TOKEN_S, iss="forge/invocation-token", aud=self.app_id, jti=secrets.token_hex(20)
        )
        told["nbf"] = told["iat"]
        told["app"] = {
            "id": self.app_id, "appVersion": "1.0.0", "installationId": to.ident, "apiBaseUrl": self.api_url,
            "environment": {"type": "PRODUCTION", "id": "ari:cloud:ecosystem::environment/x/y"},
            "module": {"type": "core:endpoint", "key": "ui"},
            "installation": {"id": to.ident, "contexts": [{"name": "jira", "apiBaseUrl": self.api_url}]},
        }  # fmt: skip
        if user is not None:
            extension: dict[str, Any] = {"type": "jira:issueContext" if issue else PAGES[module]}
            if issue is not None:
                extension["issue"] = {"id": issue.id, "key": issue.key, "type": issue.type.name}
            told["principal"] = user.account_id
            told["context"] = {
                "cloudId": self.cloud_id, "siteUrl": self.site.url, "moduleKey": module, "localId": "l",
                "extension": extension,
            }  # fmt: skip
        return told

    def _there(self) -> Installed:
        if self.installed is None:
            raise KeyError("no Forge app is installed")
        return self.installed


def _direct() -> requests.Session:
    """No proxy stands between the sandbox and us."""
    session = requests.Session()
    session.trust_env = False
    return session
