"""What becomes of each way in which a Jira can fail us."""

import socket
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from connectors import bodies
from connectors.errors import Conflict, Refused, Unauthorized, Unavailable
from connectors.jira import making
from connectors.jira.client import Jira as Client
from connectors.jira.making import Wanted
from lineage.terms import ItemId
from sandbox.faults import Fault
from sandbox.jira import Jira, limits
from tests.dripping import dripping

ITEM = ItemId("10001")
CALLS: dict[str, Callable[[Client], object]] = {
    "issue": lambda client: client.issue("KS-1"),
    "issues": lambda client: client.issues([ITEM]),
    "changed since": lambda client: client.changed_since(datetime.now(UTC), now=datetime.now(UTC)),
    "search": lambda client: client.search_text("export"),
    "by key": lambda client: client.search_text("KS-1"),
    "link types": lambda client: client.link_types(),
    "resolutions": lambda client: client.resolutions(),
    "projects": lambda client: client.projects(),
    "myself": lambda client: client.myself(),
    "version": lambda client: client.version("30001"),
    "property": lambda client: client.property(ITEM, "kithspark.demand"),
    "create": lambda client: making.make(client, Wanted("KS", "10001", "x", "y", mark="m")),
}
FAULTS = {
    "no answer, nothing done": Fault("drop_before"),
    "no answer, but done": Fault("drop_after"),
    "too slow": Fault("delay", seconds=0.45),
    "broken": Fault("status", status=500),
    "overloaded": Fault("status", status=503),
    "gateway page": Fault("html"),
    "garbage": Fault("garbage"),
    "half an answer": Fault("truncated"),
    "reset": Fault("reset"),
    "a page that says 404": Fault("status", status=404, body="<html>Your site is unavailable</html>"),
}


@pytest.fixture(scope="module")
def shared() -> Iterator[tuple[Jira, Client]]:
    """One site for the whole matrix: each fault is ordered and used up by one call."""
    jira = Jira().start()
    jira.add_issue("KS-1", "Export")
    jira.add_version("KS", "2.0")
    jira._do.set_property(jira.issue("KS-1"), "kithspark.demand", {"rev": 1})
    client = Client(url=jira.url, email=jira.email, api_token=jira.api_token, timeout_s=(1, 0.2))
    yield jira, client
    client.close()
    jira.stop()


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_every_passing_trouble_of_every_call_is_worth_another_try(
    shared: tuple[Jira, Client], call: Callable[[Client], object], fault: Fault
) -> None:
    jira, client = shared
    before = len(jira.faults.log)
    jira.faults.order(fault)
    with pytest.raises(Unavailable, match=r"^Jira: "):
        call(client)
    assert len(jira.faults.log) == before + 1, "asked once, not again"


WITH_A_BODY = ("garbage", "half an answer")


@pytest.mark.parametrize("fault", [FAULTS[name] for name in FAULTS if name not in WITH_A_BODY])
def test_a_write_that_met_trouble_may_have_happened(shared: tuple[Jira, Client], fault: Fault) -> None:
    jira, client = shared
    jira.faults.order(fault)
    with pytest.raises(Unavailable) as trouble:
        client.set_property(ITEM, "kithspark.demand", {"rev": 2})
    assert trouble.value.sent


@pytest.mark.parametrize("reason", limits.REASONS)
def test_being_asked_to_slow_down_says_for_how_long(jira: Jira, client: Client, reason: str) -> None:
    jira.faults.order(limits.too_many(reason, wait_s=7))
    with pytest.raises(Unavailable, match=reason) as trouble:
        client.myself()
    assert trouble.value.after_s == pytest.approx(7, abs=1.1)
    assert not trouble.value.sent


def test_the_limit_on_writes_to_one_issue_is_felt(jira: Jira, client: Client) -> None:
    item = ItemId(jira.add_issue("KS-1", "Export").id)
    jira.site.per_issue_writes = 1
    client.set_property(item, "a", 1)
    with pytest.raises(Unavailable, match="per-issue-on-write"):
        client.set_property(item, "a", 2)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, Refused),
        (401, Unauthorized),
        (403, Unauthorized),
        (409, Conflict),
        (410, Refused),
        (413, Refused),
    ],
)
def test_a_no_is_no_and_says_what_to_do(
    jira: Jira, client: Client, status: int, error: type[Exception]
) -> None:
    jira.faults.order(Fault("status", status=status))
    with pytest.raises(error, match=rf"^Jira: GET /rest/api/3/myself answered {status}.*\.$") as no:
        client.myself()
    assert type(no.value) is error


def test_a_wrong_token_is_unauthorized(jira: Jira) -> None:
    client = Client(url=jira.url, email=jira.email, api_token="wrong")
    with pytest.raises(Unauthorized, match="API token"):
        client.myself()


def test_a_redirect_is_refused_and_names_the_address_to_connect(jira: Jira, client: Client) -> None:
    to = {"Location": "https://acme.example/rest/api/3/myself?secret=1"}
    jira.faults.order(Fault("status", status=302, headers=to))
    with pytest.raises(Refused, match=r"sent on to https://acme\.example\. Connect that") as no:
        client.myself()
    assert "secret" not in str(no.value)


def test_a_jira_that_is_not_there_was_surely_not_written_to() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        client = Client(url=f"http://127.0.0.1:{taken.getsockname()[1]}", email="a", api_token="b")
        with pytest.raises(Unavailable) as trouble:
            client.set_property(ITEM, "a", 1)
    assert not trouble.value.sent


def test_an_answer_that_drips_for_ever_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "SLOWEST_S", 0.3)
    with dripping() as url:
        client = Client(url=url, email="a", api_token="b")
        started = time.monotonic()
        with pytest.raises(Unavailable, match="took longer"):
            client.myself()
        assert time.monotonic() - started < 2


def test_an_answer_that_is_no_json_is_in_no_log(
    jira: Jira, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    jira.add_issue("KS-1", "Of a customer's own words")
    for kind in ("truncated", "garbage"):
        jira.faults.order(Fault(kind))
        with pytest.raises(Unavailable, match="not JSON"):
            client.issue("KS-1")
    assert not caplog.records
