"""Setting up Jira on a page: what is wrong is said, what is right is kept, a self-test tries all of it."""

import html
import re
import socket
from datetime import timedelta
from typing import Any

import pytest

from connectors.accounts import webhook_secrets
from connectors.jira.demand_index import KEY
from connectors.jira.self_test import LABEL
from store import connections, trials
from store.connections import Connection
from store.database import reading, transaction
from tests.plugin.admin.conftest import Browser
from tests.plugin.house import House, free_port

PAGE = "/admin/acme/jira"


def kept(house: House) -> Connection:
    with reading(house.state.engine) as conn:
        return connections.load(conn, house.state.vault, house.workspace.id, "jira")


def connect(olga: Browser, house: House, **typed: str) -> Any:
    olga.get(PAGE)
    form = {"url": house.jira.url, "email": house.jira.email, "token": house.jira.api_token, **typed}
    return olga.post(f"{PAGE}/account", **form)


def secret_of(olga: Browser) -> str:
    olga.get(PAGE)
    shown = re.search(r'<code id="secret">([\w-]+)</code>', olga.post(f"{PAGE}/secret").text)
    assert shown is not None
    return shown[1]


def try_it(olga: Browser, name: str = "KS-1") -> str:
    olga.get(PAGE)
    return html.unescape(olga.post(f"{PAGE}/test", issue=name).text)


def settled(olga: Browser, house: House, *, after_s: float = 0) -> str:
    """The page once the webhooks that were sent have arrived."""
    assert house.jira.hooks.settled()
    house.clock.advance(after_s)
    return html.unescape(olga.get(PAGE).text)


def test_the_account_is_tried_and_its_words_are_read(house: House, olga: Browser) -> None:
    page = html.unescape(connect(olga, house).text)
    assert "Jira is connected, as Kithspark Service." in page
    assert "Issue split" in page and "Won't Do" in page
    assert kept(house).config["mapping"]["link_names"]
    assert house.jira.api_token not in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"token": "wrong"}, "Check the e-mail address, the API token"),
        ({"email": "nobody@acme.example"}, "Check the e-mail address, the API token"),
        ({"url": "acme"}, "Here only a site of Jira Cloud can be connected"),
        ({"url": ""}, "Give the address of your Jira"),
        ({"url": "https://acme.atlassian.net", "token": ""}, "Give the API token of this account."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_kept_stays(
    house: House, olga: Browser, typed: dict[str, str], said: str
) -> None:
    before = kept(house)
    answer = connect(olga, house, **typed)
    assert (answer.status_code, said in html.unescape(answer.text)) == (422, True)
    assert house.jira.api_token not in answer.text
    assert kept(house) == before


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}", "http://localhost:{port}", "http://[::1]:{port}", "http://169.254.169.254",
        "https://10.0.0.1", "http://acme.atlassian.net", "https://atlassian.net.evil.example",
        "https://evil.example/.atlassian.net", "https://user@acme.atlassian.net", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_a_page_leads_our_server_to_no_other_address(house: House, olga: Browser, url: str) -> None:
    with socket.create_server(("127.0.0.1", free_port())) as somebody:
        answer = connect(olga, house, url=url.format(port=somebody.getsockname()[1]))
        somebody.setblocking(False)
        with pytest.raises(BlockingIOError):
            somebody.accept()
    assert answer.status_code == 422
    assert "like https://acme.atlassian.net" in html.unescape(answer.text)


def test_the_kept_token_goes_to_its_own_site_only(house: House, olga: Browser) -> None:
    assert "Jira is connected" in connect(olga, house, token="").text
    answer = connect(olga, house, url="https://evil.atlassian.net", token="")
    assert "Give the API token of this account." in answer.text


def test_a_secret_is_shown_once_and_the_one_before_counts_for_a_day(house: House, olga: Browser) -> None:
    first = secret_of(olga)
    assert first not in olga.get(PAGE).text
    second = secret_of(olga)
    now = house.clock.now()
    assert webhook_secrets(kept(house), now=now) == [second, first]
    assert webhook_secrets(kept(house), now=now + timedelta(days=2)) == [second]
    olga.get(PAGE)
    assert olga.post(f"{PAGE}/secret").headers["Cache-Control"] == "no-store"


def test_no_form_is_taken_that_is_not_ours(house: House, olga: Browser) -> None:
    before = kept(house)
    for step in ("account", "secret", "words", "test"):
        assert olga.post(f"{PAGE}/{step}", csrf_token="", issue="KS-1").status_code == 400
        assert house.post(f"{PAGE}/{step}").status_code == 400  # nobody is signed in there
    assert kept(house) == before
    assert "/admin/sign-in" in house.get(PAGE).headers["Location"]


def test_words_are_given_a_meaning_that_counts_at_once(house: House, olga: Browser) -> None:
    connect(olga, house)
    told = kept(house).config["mapping"]
    relates = next(one for one, name in told["link_names"].items() if name == "Relates")
    wont = next(one for one, name in told["resolution_names"].items() if name == "Won't Do")
    olga.get(PAGE)
    answer = olga.post(f"{PAGE}/words", **{f"link-{relates}": "split", f"resolution-{wont}": "closed"})
    assert "It counts at once" in answer.text
    mapping = kept(house).config["mapping"]
    assert (mapping["links"][relates], mapping["resolutions"][wont]) == ("split", "closed")
    changes = house.changes()
    olga.post(f"{PAGE}/words", **{f"link-{relates}": "nonsense", "link-x": "split", "resolution-1": ""})
    olga.post(f"{PAGE}/words", **{f"link-{relates}": "split"})
    assert kept(house).config["mapping"] == mapping
    assert house.changes() == changes, "nothing was said that was not said before"


def test_everything_works_when_jira_calls(house: House, olga: Browser) -> None:
    issue = house.jira.add_issue("KS-1", "Export to PDF")
    house.jira.webhook(f"{house.url}/webhooks/jira/acme", secret_of(olga))
    try_it(olga)
    page = settled(olga, house)
    assert "Everything works" in page
    for words in (
        "as Kithspark Service",
        "the issue KS-1 is read",
        "written and read back",
        "came and went",
        "merge and split recognised",
    ):
        assert words in page
    assert "A signed call about KS-1 arrived" in page
    assert house.jira.property("KS-1", KEY)["requesters"] == 0
    assert issue.labels == [] and [LABEL in str(one.items) for one in issue.history] == [True, True]


def test_what_stands_on_the_issue_already_stays(house: House, olga: Browser) -> None:
    house.jira.add_issue("KS-1", "Export to PDF")
    there = {"rev": 7, "score": 3.5, "requesters": 4}
    with house.jira._doing() as do:
        do.set_property(house.jira.issue("KS-1"), KEY, there)
    assert "written and read back" in try_it(olga)
    assert house.jira.property("KS-1", KEY) == there


def test_without_a_secret_it_says_so_at_once(house: House, olga: Browser) -> None:
    house.jira.add_issue("KS-1", "Export to PDF")
    page = try_it(olga)
    assert "It works, and Jira’s calls do not arrive" in page
    assert "There is no secret yet" in page


def test_a_call_with_another_secret_is_named_as_that(house: House, olga: Browser) -> None:
    house.jira.add_issue("KS-1", "Export to PDF")
    secret_of(olga)
    house.jira.webhook(f"{house.url}/webhooks/jira/acme", "another secret")
    try_it(olga)
    assert "was not signed with our secret" in settled(olga, house)


def test_a_refused_call_is_noted_during_a_test_only(house: House, olga: Browser) -> None:
    house.jira.add_issue("KS-1", "Export to PDF")
    secret_of(olga)
    bad = {"headers": {"X-Hub-Signature": "sha256=00"}, "json": {"webhookEvent": "jira:issue_updated"}}
    assert house.post("/webhooks/jira/acme", **bad).status_code == 401
    assert trials.of(kept(house)) is None
    try_it(olga)
    house.clock.advance(trials.LISTENS_FOR.total_seconds())
    house.post("/webhooks/jira/acme", **bad)
    trial = trials.of(kept(house))
    assert trial is not None and trial.refused_at is None


def test_a_test_in_which_nothing_was_tried_yet_says_nothing(house: House, olga: Browser) -> None:
    with transaction(house.state.engine) as conn:
        begun = trials.begun(conn, now=house.clock.now())
        trials.keep(conn, house.workspace.id, "jira", begun)
    assert 'class="tried"' not in (page := html.unescape(olga.get(PAGE).text))
    assert "Everything works" not in page


def test_one_waits_and_then_hears_what_did_not_come(house: House, olga: Browser) -> None:
    house.jira.add_issue("KS-1", "Export to PDF")
    secret_of(olga)
    page = try_it(olga)
    assert "Now Jira has to call" in page and 'hx-trigger="load delay:1500ms"' in page
    late = settled(olga, house, after_s=91)
    assert "Jira calls only addresses that begin with https://" in late and "hx-trigger" not in late


def test_a_webhook_that_leaves_the_event_out_is_found_out(house: House, olga: Browser) -> None:
    house.jira.add_issue("KS-1", "Export to PDF")
    house.jira.webhook(f"{house.url}/webhooks/jira/acme", secret_of(olga), ["jira:issue_created"])
    try_it(olga)
    house.jira.add_issue("KS-2", "Another")
    assert "Tick “Issue: updated” in the webhook" in settled(olga, house, after_s=91)


def test_an_issue_that_is_not_there_and_an_account_that_may_not(house: House, olga: Browser) -> None:
    assert "Jira shows our account no issue KS-9" in try_it(olga, "ks-9")
    house.jira.add_issue("KS-1", "Export to PDF")
    house.jira.site.denied = {"EDIT_ISSUES"}
    page = try_it(olga)
    assert "The account lacks EDIT_ISSUES" in page and "It does not work yet" in page


def test_a_word_that_was_given_a_meaning_is_known_to_the_test(house: House, olga: Browser) -> None:
    house.jira.add_issue("KS-1", "Export to PDF")
    connect(olga, house)
    assert "not recognised: Parked by steering group" in try_it(olga)
    names = kept(house).config["mapping"]["resolution_names"]
    parked = next(one for one, name in names.items() if name == "Parked by steering group")
    olga.post(f"{PAGE}/words", **{f"resolution-{parked}": "declined"})
    assert "all recognised" in try_it(olga)


def test_each_step_can_be_done_again_and_a_new_connection_asks_for_a_new_test(
    house: House, olga: Browser
) -> None:
    house.jira.add_issue("KS-1", "Export to PDF")
    house.jira.webhook(f"{house.url}/webhooks/jira/acme", secret_of(olga))
    for _ in range(2):
        try_it(olga)
        assert "Everything works" in settled(olga, house)
    connect(olga, house)
    assert "Everything works" not in olga.get(PAGE).text
    assert webhook_secrets(kept(house), now=house.clock.now())


def test_a_workspace_that_has_no_jira_begins_with_the_account(house: House, olga: Browser) -> None:
    with transaction(house.state.engine) as conn:
        connections.remove(conn, house.workspace.id, "jira")
    page = olga.get(PAGE).text
    assert "1. The account" in page and "2. The webhook" not in page
    assert olga.post(f"{PAGE}/secret").status_code == 502
