"""Jira as the host of a Connect app: installs it, signs its frames and webhooks, hands out context tokens."""

import json
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

import jwt
import requests

from sandbox.jira.state import Alias, Issue, Site
from sandbox.jira.tokens import CONTEXT_S, FRAME_S, INSTALL_S, InstallKey, install_key, lasting, query_hash
from sandbox.jira.webhooks import Sender, Subscription
from sandbox.jira.words import User

TIMEOUT_S = 10.0


class InstallFailed(Exception):
    """The app did not answer 200 or 204, so the host rolled the installation back."""


@dataclass
class Installation:
    """One installed app. `base` is where its descriptor says it lives."""

    descriptor: dict[str, Any]
    client_key: str
    secret: str
    ident: str

    @property
    def app_key(self) -> str:
        return str(self.descriptor["key"])

    @property
    def base(self) -> str:
        return str(self.descriptor["baseUrl"]).rstrip("/")

    def module(self, key: str) -> dict[str, Any]:
        """A context panel, or a page, by its key. Raises KeyError."""
        modules = self.descriptor["modules"]
        for module in [*modules.get("jiraIssueContexts", []), *modules.get("generalPages", [])]:
            if module["key"] == key:
                found: dict[str, Any] = module
                return found
        raise KeyError(key)


@dataclass
class Connect:
    """The host's side of Connect. One app at most."""

    site: Site
    sender: Sender
    client_key: str = "5d0b3a4e-0000-4000-8000-kites0000001"
    installation: Installation | None = None

    @property
    def install_key(self) -> InstallKey:
        return install_key()

    def install(self, app_url: str) -> Installation:
        """Read the descriptor under `app_url` and tell the app, signed. Raises InstallFailed."""
        url = app_url if app_url.endswith(".json") else app_url.rstrip("/") + "/atlassian-connect.json"
        with _direct() as session:
            descriptor = session.get(url, timeout=TIMEOUT_S).json()
        secret, ident = secrets.token_urlsafe(48), secrets.token_hex(8)
        wanted = Installation(descriptor, self.client_key, secret, ident)
        self._lifecycle(wanted, "installed")
        self.installation = wanted
        for module in descriptor["modules"].get("jiraEntityProperties", []):
            self._learn_aliases(module)
        self._subscribe(wanted)
        return wanted

    def uninstall(self) -> None:
        """Tell the app, signed with the host's key, and forget it whatever it answers."""
        gone, self.installation = self.installation, None
        kept = [one for one in self.sender.subscriptions if one.authorize is None]
        self.sender.subscriptions[:] = kept
        if gone is not None:
            self._lifecycle(gone, "uninstalled")

    def install_token(self, to: Installation, url: str, **changed: Any) -> str:
        """What proves the host to `url`; `changed` claims make it wrong for tests."""
        qsh = query_hash("POST", url, base=to.base)
        claims = lasting(INSTALL_S, iss=to.client_key, aud=[to.base], qsh=qsh, sub="") | changed
        return self.install_key.sign(claims)

    def lifecycle_body(self, of: Installation, event: str) -> dict[str, Any]:
        return {
            "key": of.app_key,
            "clientKey": of.client_key,
            "sharedSecret": of.secret,
            "publicKey": "",
            "serverVersion": "100290",
            "pluginsVersion": "1001.0.0-SNAPSHOT",
            "baseUrl": self.site.url,
            "displayUrl": self.site.url,
            "productType": "jira",
            "description": "Atlassian JIRA at " + self.site.url,
            "eventType": event,
            "installationId": f"ari:cloud:ecosystem::installation/{of.ident}",
        }

    def _lifecycle(self, to: Installation, event: str) -> None:
        url = to.base + to.descriptor["lifecycle"][event]
        body = json.dumps(self.lifecycle_body(to, event))
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"JWT {self.install_token(to, url)}",
        }
        with _direct() as session:
            answer = session.post(url, data=body, headers=headers, timeout=TIMEOUT_S, allow_redirects=False)
        if event == "installed" and answer.status_code not in (200, 204):
            raise InstallFailed(f"{url} answered {answer.status_code}: {answer.text[:200]}")

    def _learn_aliases(self, module: dict[str, Any]) -> None:
        """What is known stays indexed; of a new word only what is written from now on."""
        now = self.site.clock.now()
        for configuration in module.get("keyConfigurations", []):
            for extraction in configuration["extractions"]:
                if (word := extraction.get("alias")) and word not in self.site.aliases:
                    self.site.aliases[word] = Alias(
                        configuration["propertyKey"], extraction["objectName"], extraction["type"], now
                    )

    def _subscribe(self, to: Installation) -> None:
        def authorize(url: str) -> str:
            return "JWT " + self.host_token(to, "POST", url)

        for hook in to.descriptor["modules"].get("webhooks", []):
            subscription = Subscription(
                to.base + hook["url"], frozenset({hook["event"]}), authorize=authorize
            )
            self.sender.subscriptions.append(subscription)

    def host_token(self, to: Installation, method: str, url: str, **claims: Any) -> str:
        """Signed with the shared secret for one request of the host to the app."""
        qsh = query_hash(method, url, base=to.base)
        return jwt.encode(
            lasting(FRAME_S, iss=to.client_key, qsh=qsh, **claims), to.secret, algorithm="HS256"
        )

    def context_token(self, issue: Issue | None, user: User) -> str:
        """What the page gets from AP.context.getToken: good for its own calls, tied to no URL."""
        to = self._installed()
        claims = lasting(CONTEXT_S, iss=to.client_key, sub=user.account_id, qsh="context-qsh")
        context = self._context(issue) if issue else {}
        return jwt.encode(claims | {"context": context}, to.secret, algorithm="HS256")

    def frame_url(self, issue: Issue, user: User, *, module: str, shown_at: str = "") -> str:
        """The signed address of the app's panel for this issue and reader. Raises KeyError.

        `shown_at`: the address of the page around it, where that is not the site's own.
        """
        to = self._installed()
        target = str(to.module(module)["target"]["url"])
        filled = target.replace("{issue.id}", issue.id).replace("{issue.key}", issue.key)
        joint = "&" if urlsplit(filled).query else "?"
        around = quote(shown_at or self.site.url, safe="")
        extra = f"xdm_e={around}&xdm_c=channel-{to.app_key}__{module}&cp=&lic=none"
        url = f"{to.base}{filled}{joint}{extra}"
        claims = {"sub": user.account_id, "context": self._context(issue)}
        return f"{url}&jwt={self.host_token(to, 'GET', url, **claims)}"

    def page_url(self, user: User, *, module: str, shown_at: str = "") -> str:
        """The signed address of a page of the app that is beside no issue. Raises KeyError."""
        to = self._installed()
        extra = f"xdm_e={quote(shown_at or self.site.url, safe='')}&xdm_c=channel-{to.app_key}__{module}"
        url = f"{to.base}{to.module(module)['url']}?{extra}"
        return f"{url}&jwt={self.host_token(to, 'GET', url, sub=user.account_id)}"

    def _context(self, issue: Issue) -> dict[str, Any]:
        project = self.site.projects[issue.project_id]
        return {
            "jira": {
                "issue": {"id": issue.id, "key": issue.key, "issuetype": {"id": issue.type.id}},
                "project": {"id": project.id, "key": project.key},
            }
        }

    def _installed(self) -> Installation:
        if self.installation is None:
            raise KeyError("no app is installed")
        return self.installation


def _direct() -> requests.Session:
    """No proxy stands between the sandbox and us."""
    session = requests.Session()
    session.trust_env = False
    return session
