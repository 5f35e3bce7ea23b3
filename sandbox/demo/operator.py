"""The operator: everything that they do is a command on the command line, as they would type it."""

import json
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

from sandbox.demo.stage import Stage

SLUG, COMPANY = "kites", "Kite Works"
EMAIL = "olga@kites.example"
QUIET_S = 2
"""The quiet period of the demo. The default is a quarter of an hour."""


class CommandFailed(Exception):
    """A command did not exit 0. The message holds what it said."""


class Operator:
    """Types commands for one workspace. Every method raises CommandFailed. Ends with the stage."""

    def __init__(self, stage: Stage) -> None:
        self._environment = stage.kithspark.environment
        self._prompt: subprocess.Popen[str] | None = None
        stage.at_the_end(self.leave)

    def run(self, *words: str, said: str | None = None) -> str:
        """What the command printed. `said`: what is typed when it asks for a secret with `-`."""
        prompt = self._prompt = self._prompt or self._open()
        assert prompt.stdin is not None
        assert prompt.stdout is not None
        prompt.stdin.write(json.dumps({"words": words, "said": said}) + "\n")
        prompt.stdin.flush()
        line = prompt.stdout.readline()
        if not line:
            raise CommandFailed(f"kithspark {words[0]}: the command line ended.")
        done = json.loads(line)
        if done["code"]:
            raise CommandFailed(f"kithspark {' '.join(words)}: {(done['err'] or done['out']).strip()}")
        return str(done["out"])

    def leave(self) -> None:
        if self._prompt is not None:
            self._prompt.communicate()

    def _open(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "sandbox.demo.prompt"],
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C is for the demo, which ends it in order
        )

    def read(self, *words: str) -> Any:
        """The JSON document that the command prints."""
        return json.loads(self.run(*words, "--json"))

    def notices(self, state: str | None = None) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.read("notices", SLUG, *(("--state", state) if state else ()))[
            "notices"
        ]
        return found

    def policy(self, *words: str) -> None:
        self.run("policy", SLUG, *words)

    def sign_in_link(self, email: str) -> str:
        """The link that lets an operator into the pages under /admin, good once."""
        return next(word for word in self.run("operator", "add", email).split() if "/admin/sign-in/" in word)

    def approve(self, notices: Sequence[dict[str, Any]]) -> None:
        """Exactly the words that were read."""
        self.run("approve", SLUG, *(f"{one['id']}@{one['digest']}" for one in notices))


def set_up(operator: Operator, stage: Stage) -> None:
    """From an empty folder to a connected workspace."""
    kithspark, zendesk, jira = stage.kithspark, stage.zendesk, stage.jira
    operator.run("migrate")
    kithspark.start()
    operator.run("workspace", "add", SLUG, "--name", COMPANY)
    _connect_jira(operator, stage)
    _connect_zendesk(operator, stage)
    hubspot, openai = stage.hubspot, stage.openai
    secret = "sandbox-hubspot-client-secret"
    operator.run(
        *("connect", "hubspot", SLUG, "--url", hubspot.url, "--token", "-", "--client-secret", secret),
        said=hubspot.token,
    )
    hubspot.webhook(f"{kithspark.url}/webhooks/hubspot/{SLUG}", secret)
    operator.run(
        "connect", "openai", SLUG, "--url", f"{openai.url}/v1", "--api-key", "-", said=openai.api_key
    )
    operator.policy(
        "--deliver", "release", "--hold", str(QUIET_S), "--push-amounts", "yes", "--currency", "USD"
    )
    sidebar = f"{kithspark.url}/zendesk/sidebar/{SLUG}"
    zendesk.install(sidebar, f"{sidebar}/queue")
    jira.install(kithspark.url)


def _connect_jira(operator: Operator, stage: Stage) -> None:
    jira, secret = stage.jira, "sandbox-jira-webhook-secret"
    operator.run(
        *("connect", "jira", SLUG, "--url", jira.url, "--email", jira.email),
        *("--api-token", "-", "--webhook-secret", secret),
        said=jira.api_token,
    )
    jira.webhook(f"{stage.kithspark.url}/webhooks/jira/{SLUG}", secret)


def _connect_zendesk(operator: Operator, stage: Stage) -> None:
    zendesk, key = stage.zendesk, stage.folder / "app-key.pem"
    key.write_text(zendesk.public_key_pem)
    hook = zendesk.add_webhook(f"{stage.kithspark.url}/webhooks/zendesk/{SLUG}")
    operator.run(
        *("connect", "zendesk", SLUG, "--url", zendesk.url, "--client-id", zendesk.client_id),
        *("--client-secret", "-", "--webhook-secret", hook.secret),
        *("--app-public-key", str(key), "--app-audience", zendesk.app_audience),
        said=zendesk.client_secret,
    )
