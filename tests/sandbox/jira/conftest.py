"""A Jira of its own for each test, and somebody who hears its webhooks and is installed as an app."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask, request
from flask.typing import ResponseReturnValue

from sandbox.jira import Jira
from sandbox.server import Server


@dataclass
class Call:
    """One call that an app received."""

    path: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> Any:
        return json.loads(self.body)


@dataclass
class App:
    """A small Connect app that keeps what it hears and answers as it is told."""

    server: Server
    descriptor: dict[str, Any]
    calls: list[Call] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.server.url


def small_app() -> App:
    flask = Flask("app")
    app = App(Server(flask), {})

    @flask.get("/atlassian-connect.json")
    def descriptor() -> ResponseReturnValue:
        return app.descriptor

    @flask.route("/", defaults={"path": ""}, methods=["POST", "GET"])
    @flask.route("/<path:path>", methods=["POST", "GET"])
    def anything(path: str) -> ResponseReturnValue:
        target = str(request.environ["REQUEST_URI"])
        app.calls.append(Call(f"/{path}", target, dict(request.headers), request.get_data()))
        return "", app.answers.pop(0) if app.answers else 204

    return app


@pytest.fixture
def app() -> Iterator[App]:
    app = small_app()
    with app.server:
        target = "/panel?issueId={issue.id}&issueKey={issue.key}"
        extraction = {"objectName": "pipeline.minor", "type": "number", "alias": "pipelineOfApp"}
        configuration = {"propertyKey": "kithspark.demand", "extractions": [extraction]}
        app.descriptor = {
            "key": "io.example.app",
            "name": "Example",
            "baseUrl": app.url,
            "lifecycle": {"installed": "/installed", "uninstalled": "/uninstalled"},
            "modules": {
                "jiraIssueContexts": [
                    {"key": "demand-context", "target": {"type": "web_panel", "url": target}}
                ],
                "jiraEntityProperties": [{"key": "index", "keyConfigurations": [configuration]}],
                "webhooks": [{"event": "jira:issue_updated", "url": "/hooks/issue?x=1"}],
            },
        }
        yield app


@pytest.fixture
def jira() -> Iterator[Jira]:
    site = Jira().start()
    yield site
    site.stop()
