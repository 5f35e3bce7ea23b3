"""What doctor says of a connected Jira."""

from structlog.testing import capture_logs

from connectors import skew
from connectors.jira.check import check
from connectors.jira.client import Jira as Client
from sandbox.jira import Jira


def test_a_good_connection_is_well_in_every_line(jira: Jira, client: Client) -> None:
    jira.add_project("KS")
    found = check(client)
    tried = ["sign-in", "clocks", "projects", "permissions", "link types", "resolutions"]
    assert [what for what, _, _ in found] == tried
    assert all(well for _, well, _ in found)
    assert found[0][2] == "as Kithspark Service"


def test_what_is_lacking_is_said(jira: Jira, client: Client) -> None:
    jira.site.denied = {"EDIT_ISSUES", "CREATE_ISSUES"}
    jira.site.link_types = jira.site.link_types[:1]
    lines = {what: (well, words) for what, well, words in check(client)}
    assert not lines["projects"][0]
    assert lines["permissions"] == (False, "The account lacks EDIT_ISSUES: add it to a role that has them.")
    assert lines["link types"][0]
    assert "kithspark map" in lines["link types"][1]


def test_a_bad_token_is_one_line_that_says_what_to_do(jira: Jira) -> None:
    (line,) = check(Client(url=jira.url, email=jira.email, api_token="wrong"))
    assert line[:2] == ("reach", False)
    assert "API token" in line[2]


def test_a_clock_that_is_wrong_is_said(client: Client) -> None:
    client.myself()
    assert client.session.ahead_s is not None
    assert abs(client.session.ahead_s) < skew.AWRY_S
    with capture_logs() as said:
        ahead_s = skew.compare("a vendor of this test", "Mon, 02 Mar 2026 09:30:00 GMT")
        skew.compare("a vendor of this test", "Mon, 02 Mar 2026 09:30:00 GMT")
    what, well, words = skew.in_words(ahead_s)
    assert (what, well, "NTP" in words) == ("clocks", False, True)
    assert [line["event"] for line in said] == ["clock_is_wrong"]
    assert skew.compare("a vendor of this test", "no time at all") is None
