"""A prompt at which commands are typed, in a data folder of their own, beside sandbox vendors."""

import json
import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog
from click.testing import CliRunner, Result

from plugin.commands import main
from sandbox.hubspot import HubSpot
from sandbox.jira import Jira
from sandbox.zendesk import Zendesk


@dataclass
class Prompt:
    """What an operator types. `folder` is the data folder."""

    folder: Path

    def type(self, *words: str, said: str | None = None) -> Result:
        return CliRunner().invoke(main, list(words), input=said)

    def does(self, *words: str, said: str | None = None) -> str:
        """What it printed; it must have gone well."""
        result = self.type(*words, said=said)
        assert result.exit_code == 0, (words, result.output, result.exception)
        return result.stdout

    def reads(self, *words: str) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.does(*words, "--json"))

    def fails(self, *words: str, code: int = 1, said: str | None = None) -> str:
        """What it said on standard error; nothing was printed."""
        result = self.type(*words, said=said)
        assert (result.exit_code, result.stdout) == (code, ""), (words, result.output, result.exception)
        return result.stderr


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Prompt]:
    """Nothing is there yet, not even a database."""
    for name in ("JIRA_API_TOKEN", "HUBSPOT_TOKEN", "KITHSPARK_REDIS_URL", "KITHSPARK_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KITHSPARK_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("KITHSPARK_LOG", "json")
    root, before = logging.getLogger(), logging.getLogger().handlers[:]
    yield Prompt(tmp_path)
    root.handlers[:] = before
    structlog.reset_defaults()


@pytest.fixture
def prompt(empty: Prompt, migrated_file: Path) -> Prompt:
    """With a database, and the workspace `acme`."""
    shutil.copyfile(migrated_file, empty.folder / "kithspark.db")
    empty.does("workspace", "add", "acme", "--name", "Acme")
    return empty


@pytest.fixture
def jira() -> Iterator[Jira]:
    site = Jira().start()
    yield site
    site.stop()


@pytest.fixture
def zendesk() -> Iterator[Zendesk]:
    with Zendesk() as account:
        yield account


@pytest.fixture
def hubspot() -> Iterator[HubSpot]:
    portal = HubSpot(seed=1).start()
    yield portal
    portal.stop()


@pytest.fixture
def connected(prompt: Prompt, jira: Jira, zendesk: Zendesk) -> Prompt:
    """`acme` with its Jira and its Zendesk."""
    prompt.does(
        *("connect", "jira", "acme", "--url", jira.url, "--email", jira.email),
        *("--api-token", jira.api_token, "--webhook-secret", "s"),
    )
    prompt.does(
        *("connect", "zendesk", "acme", "--url", zendesk.url, "--client-id", zendesk.client_id),
        *("--client-secret", zendesk.client_secret, "--webhook-secret", "s"),
    )
    return prompt
