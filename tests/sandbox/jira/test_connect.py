"""The sandbox as the host of a Connect app, judged by our own verifiers."""

from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests

from connectors.jira.client import Jira as Client
from connectors.jira.connect_jwt import ConnectAuth, verify_frame, verify_install
from connectors.jira.install_keys import InstallKeys
from lineage.terms import ItemId
from sandbox.jira import Jira
from sandbox.jira.connect import InstallFailed

from .conftest import App


def test_an_installation_is_signed_with_the_key_that_the_host_serves(jira: Jira, app: App) -> None:
    installed = jira.install(app.url)
    (call,) = app.calls
    claims = verify_install(
        call.headers["Authorization"].removeprefix("JWT "),
        method="POST",
        target=call.target,
        base_urls=[app.url],
        body_client_key=call.said["clientKey"],
        fetch_key=InstallKeys(f"{jira.url}/connect-keys").fetch,
    )
    assert claims["iss"] == installed.client_key
    assert call.said["sharedSecret"] == installed.secret
    assert (call.said["baseUrl"], call.said["eventType"]) == (jira.url, "installed")


def test_an_app_that_says_no_is_not_installed(jira: Jira, app: App) -> None:
    app.answers = [401]
    with pytest.raises(InstallFailed, match="answered 401"):
        jira.install(app.url)
    jira.add_issue("KS-1", "Export")
    with pytest.raises(KeyError):
        jira.frame_url("KS-1")


def test_a_frame_names_the_issue_and_who_reads_it(jira: Jira, app: App) -> None:
    issue = jira.add_issue("KS-1", "Export")
    installed = jira.install(app.url)
    url = jira.frame_url("KS-1", user=jira.site.users[1])
    target = url.removeprefix(app.url)
    query = parse_qs(urlsplit(url).query)
    frame = verify_frame(
        query["jwt"][0],
        method="GET",
        target=target,
        base_url=app.url,
        secrets_of=lambda key: [installed.secret] if key == installed.client_key else [],
    )
    assert frame.account_id == jira.site.users[1].account_id
    assert frame.context["jira"]["issue"] == {"id": issue.id, "key": "KS-1", "issuetype": {"id": "10001"}}
    assert (query["issueId"], query["xdm_e"]) == ([issue.id], [jira.url])


def test_its_webhooks_are_signed_for_their_very_address(jira: Jira, app: App) -> None:
    jira.add_issue("KS-1", "Export")
    installed = jira.install(app.url)
    jira.edit("KS-1", summary="Other")
    assert jira.hooks.settled(5)
    call = app.calls[-1]
    assert call.target == "/hooks/issue?x=1"
    verify_frame(
        call.headers["Authorization"].removeprefix("JWT "),
        method="POST",
        target=call.target,
        base_url=app.url,
        secrets_of=lambda _: [installed.secret],
    )


def test_an_installed_app_calls_back_with_our_signature(jira: Jira, app: App) -> None:
    issue = jira.add_issue("KS-1", "Export")
    installed = jira.install(app.url)
    auth = ConnectAuth(
        secret=installed.secret, app_key=installed.app_key, client_key=installed.client_key, host=jira.url
    )
    client = Client(url=jira.url, auth=auth)
    assert client.issue("KS-1")["id"] == issue.id
    client.set_property(ItemId(issue.id), "kithspark.demand", {"pipeline": {"minor": 5}})
    found = client._post("/search/jql", {"jql": "pipelineOfApp > 4", "fields": ["id"]})["issues"]
    assert found == [{"id": issue.id}]
    assert client.myself().name == "Example"
    assert client.search_text("exp & ort + é") == []


def test_after_it_is_gone_nothing_of_it_holds(jira: Jira, app: App) -> None:
    jira.add_issue("KS-1", "Export")
    jira.install(app.url)
    jira.uninstall()
    assert app.calls[-1].path == "/uninstalled"
    assert app.calls[-1].said["eventType"] == "uninstalled"
    jira.edit("KS-1", summary="Other")
    assert jira.hooks.settled(5)
    assert app.calls[-1].path == "/uninstalled"


def test_a_page_gets_context_tokens_and_the_script(jira: Jira, app: App) -> None:
    jira.add_issue("KS-1", "Export")
    installed = jira.install(app.url)
    token = requests.get(f"{jira.url}/connect-host/token?issue=KS-1", timeout=5).json()["token"]
    claims = jwt.decode(token, installed.secret, algorithms=["HS256"])
    assert (claims["iss"], claims["qsh"]) == (installed.client_key, "context-qsh")
    script = requests.get(f"{jira.url}/connect-host/all.js", timeout=5)
    assert script.headers["Content-Type"].startswith("text/javascript")
    assert "getToken" in script.text
