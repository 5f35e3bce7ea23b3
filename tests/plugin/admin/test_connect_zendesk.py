"""Setting up Zendesk on a page: what is wrong is said, what is right is kept, and who may ask."""

import socket

import pytest

from store import connections
from store.database import transaction
from tests.plugin.admin.conftest import Browser
from tests.plugin.admin.zendesk_page import PAGE, answered, connect, kept, send, words_of
from tests.plugin.house import House, free_port


def test_the_account_is_tried_and_kept(house: House, olga: Browser) -> None:
    page = words_of(connect(olga, house))
    assert "Zendesk is connected; replies appear as Kithspark." in page
    assert house.zendesk.client_secret not in page
    assert kept(house).config["own_user_id"] == str(house.zendesk.service.id)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"secret": "wrong"}, "Zendesk did not accept the OAuth client"),
        ({"ident": "nobody"}, "Zendesk did not accept the OAuth client"),
        ({"ident": "nobody", "secret": ""}, "Give the client’s identifier and secret."),
        ({"url": ""}, "Give the address of your Zendesk"),
        ({"url": "https://acme.zendesk.com", "secret": ""}, "Give the client’s identifier and secret."),
        ({"way": "token", "ident": "a@b.example", "secret": ""}, "Give e-mail address and API token."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_kept_stays(
    house: House, olga: Browser, typed: dict[str, str], said: str
) -> None:
    before = kept(house)
    answer = connect(olga, house, **typed)
    assert (answer.status_code, said in words_of(answer)) == (422, True)
    assert house.zendesk.client_secret not in answer.text
    assert kept(house) == before


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}", "http://localhost:{port}", "localhost:{port}", "http://[::1]:{port}",
        "http://169.254.169.254", "https://10.0.0.1", "http://acme.zendesk.com", "https://zendesk.com.evil.example",
        "https://acme.zendesk.com.evil.example", "https://evil.example/.zendesk.com", "https://a.b.zendesk.com",
        "https://user@acme.zendesk.com", "https://acme.zendesk.com:{port}", "https://acme.zendesk.com@127.0.0.1:{port}",
        "https://127.0.0.1:{port}#.zendesk.com", "https://acme.zendesk.com\n.evil.example", "file:///etc/passwd",
        "https://[", "https://acme\u2024zendesk.com", "https://acme.zendesk.com.:{port}",
    ],
)  # fmt: skip
def test_a_page_leads_our_server_to_no_other_address(house: House, olga: Browser, url: str) -> None:
    with socket.create_server(("127.0.0.1", free_port())) as somebody:
        answer = connect(olga, house, url=url.format(port=somebody.getsockname()[1]))
        somebody.setblocking(False)
        with pytest.raises(BlockingIOError):
            somebody.accept()
    assert answer.status_code == 422
    assert "like https://acme.zendesk.com" in words_of(answer)


def test_what_no_form_can_send_is_refused_at_the_door(house: House, olga: Browser) -> None:
    assert connect(olga, house, url="https://acme.zendesk.com\x00").status_code == 400


def test_the_kept_secret_goes_to_its_own_account_and_client_only(house: House, olga: Browser) -> None:
    connect(olga, house)
    assert "Zendesk is connected" in connect(olga, house, secret="").text
    for other in ({"url": "https://evil.zendesk.com"}, {"ident": "another"}):
        assert "Give the client’s identifier and secret." in words_of(
            connect(olga, house, secret="", **other)
        )


def test_a_scope_that_is_not_granted_is_named(house: House, olga: Browser) -> None:
    before = kept(house)
    house.zendesk.doors.at_most = "read"
    answer = connect(olga, house)
    assert answer.status_code == 422
    assert "Zendesk does not grant write to this OAuth client" in words_of(answer)
    assert kept(house) == before


def test_who_is_no_administrator_is_told_what_that_costs(house: House, olga: Browser) -> None:
    house.zendesk.service.role = "agent"
    assert "This user is no administrator of Zendesk" in words_of(connect(olga, house))
    answer = send(olga, "webhook")
    assert (answer.status_code, "administrators only" in answer.text) == (422, True)
    assert "administrators only" in send(olga, "app").text


def test_an_api_token_is_taken_and_its_end_is_said(house: House, olga: Browser) -> None:
    desk = house.zendesk
    page = words_of(connect(olga, house, way="token", ident=str(desk.service.email), secret=desk.api_token))
    assert "Zendesk ends the last of them on 30 April 2027" in page
    assert desk.api_token not in page
    assert kept(house).secrets["api_token"] == desk.api_token
    assert "A test ticket was answered" in answered(olga, house)


def test_another_account_does_not_inherit_who_may_open_the_sidebar(house: House, olga: Browser) -> None:
    with transaction(house.state.engine) as conn:
        old = kept(house)
        connections.save(
            conn, house.state.vault, workspace_id=house.workspace.id, system="zendesk",
            url=house.zendesk.url.replace("127.0.0.1", "localhost"), config=old.config, secrets=old.secrets,
            now=house.clock.now(),
        )  # fmt: skip
    from plugin import connecting  # as the command line does, which may name any address

    desk = house.zendesk
    given = connecting.Given(
        "acme", "zendesk", desk.url, {"client_id": desk.client_id}, {"client_secret": desk.client_secret}
    )
    connecting.zendesk(house.state, given)
    assert "app_audience" not in kept(house).config


def test_no_form_is_taken_that_is_not_ours(house: House, olga: Browser) -> None:
    before = kept(house)
    for step in ("account", "webhook", "app", "key", "test", "test/on"):
        assert olga.post(f"{PAGE}/{step}", csrf_token="", installation="1").status_code == 400
        assert house.post(f"{PAGE}/{step}").status_code == 400  # nobody is signed in there
    assert kept(house) == before
    assert house.zendesk.outgoing.webhooks == {} and house.zendesk.tickets() == []
    for page in (PAGE, f"{PAGE}/kithspark-zendesk.zip"):
        assert "/admin/sign-in" in house.get(page).headers["Location"]


def test_a_workspace_that_is_none_is_not_found_and_one_without_zendesk_begins_with_the_account(
    house: House, olga: Browser
) -> None:
    assert olga.get("/admin/nobody/zendesk").status_code == 404
    assert olga.get("/admin/nobody/zendesk/kithspark-zendesk.zip").status_code == 404
    with transaction(house.state.engine) as conn:
        connections.remove(conn, house.workspace.id, "zendesk")
    page = words_of(olga.get(PAGE))
    assert "1. The account" in page and "2. The webhook" not in page
    for step in ("webhook", "app"):
        assert send(olga, step).status_code == 422
    send(olga, "test")
    send(olga, "key", installation="1", keys=house.zendesk.public_key_pem)
    assert house.zendesk.tickets() == []
