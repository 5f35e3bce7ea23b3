"""The Connect descriptor that stands in the repository."""

import json
from pathlib import Path
from typing import Any

from connectors.jira import events
from connectors.jira.demand_index import EXTRACTIONS, KEY

FILE = Path(__file__).parents[3] / "atlassian-connect.json"


def descriptor() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return read


def test_it_asks_for_no_more_than_reading_and_writing() -> None:
    assert descriptor()["scopes"] == ["READ", "WRITE"]
    assert descriptor()["apiMigrations"] == {"gdpr": True, "signed-install": True, "context-qsh": True}


def test_what_it_indexes_is_what_is_pushed() -> None:
    (module,) = descriptor()["modules"]["jiraEntityProperties"]
    (configuration,) = module["keyConfigurations"]
    assert configuration["propertyKey"] == KEY
    assert {one["objectName"] for one in configuration["extractions"]} == {one.path for one in EXTRACTIONS}
    assert all(one["alias"].startswith("kithspark") for one in configuration["extractions"])


def test_it_only_asks_to_be_told_what_is_understood() -> None:
    asked = {hook["event"] for hook in descriptor()["modules"]["webhooks"]}
    assert asked <= set(events.READERS)


def test_its_addresses_hold_nothing_that_would_have_to_be_encoded_in_a_path() -> None:
    text = json.dumps(descriptor()["modules"])
    assert "{issue.key}/" not in text
    assert descriptor()["links"]["self"] == descriptor()["baseUrl"] + "/atlassian-connect.json"
