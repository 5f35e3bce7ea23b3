"""Setting up Zendesk on a page: what is wrong is said, what is right is kept, a test ticket is answered."""

import html
import io
import json
import socket
import zipfile
from typing import Any

import pytest
from sqlalchemy import select

from connectors.accounts import webhook_secrets
from connectors.zendesk.hooks import EVENTS
from connectors.zendesk.self_test import TAG
from lineage.tables import asks
from sandbox.faults import Fault
from sandbox.zendesk.records import Ticket
from store import connections, trials
from store.connections import Connection
from store.database import reading, transaction
from tests.plugin.admin.conftest import Browser
from tests.plugin.house import House, free_port

PAGE = "/admin/acme/zendesk"
OLGA = "olga@example.com"


def kept(house: House) -> Connection:
    with reading(house.state.engine) as conn:
        return connections.load(conn, house.state.vault, house.workspace.id, "zendesk")


def words_of(answer: Any) -> str:
    return html.unescape(answer.text)


def send(olga: Browser, step: str, **form: Any) -> Any:
    olga.get(PAGE)
    return olga.post(f"{PAGE}/{step}", **form)


def connect(olga: Browser, house: House, **typed: str) -> Any:
    desk = house.zendesk
    form = {"way": "client", "url": desk.url, "ident": desk.client_id, "secret": desk.client_secret, **typed}
    return send(olga, "account", **form)


def answered(olga: Browser, house: House) -> str:
    """The page after a self-test: begun, gone on with until it is settled, and its webhooks delivered."""
    send(olga, "test")
    house.clock.advance(5)
    send(olga, "test/on")
    assert house.zendesk.hooks.settled()
    return words_of(olga.get(PAGE))


def the_ticket(house: House) -> Ticket:
    [found] = [one for one in house.zendesk.tickets() if TAG in one.tags]
    return found


# 1. The account


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


# 2. The webhook


def hooks_of(house: House) -> list[dict[str, Any]]:
    return [one.shown for one in house.zendesk.outgoing.webhooks.values()]


def test_the_webhook_is_made_and_tried_and_its_secret_is_kept_encrypted(house: House, olga: Browser) -> None:
    page = words_of(send(olga, "webhook"))
    [(hook)] = list(house.zendesk.outgoing.webhooks.values())
    assert "The webhook is made" in page and "Zendesk called, and its signature fits." in page
    assert hook.shown["endpoint"] == f"{house.url}/webhooks/zendesk/acme"
    assert set(hook.shown["subscriptions"]) == set(EVENTS)
    assert webhook_secrets(kept(house), now=house.clock.now())[0] == hook.secret
    assert hook.secret not in page and hook.secret not in olga.get(PAGE).text
    with reading(house.state.engine) as conn:
        row = conn.execute(select(connections.connections)).mappings().all()
    assert hook.secret not in str(row)


def test_done_again_it_is_found_and_not_doubled(house: House, olga: Browser) -> None:
    send(olga, "webhook")
    assert "The webhook was there already" in words_of(send(olga, "webhook"))
    assert len(hooks_of(house)) == 1


@pytest.mark.parametrize(
    "what", [{"subscriptions": ["zen:event-type:ticket.created"]}, {"status": "inactive"}]
)
def test_what_it_lacks_is_mended_and_what_somebody_added_stays(
    house: House, olga: Browser, what: dict[str, Any]
) -> None:
    send(olga, "webhook")
    [hook] = hooks_of(house)
    hook.update(what)
    hook["subscriptions"] = [*hook["subscriptions"], "zen:event-type:organization.created"]
    assert "lacked something; now it is whole" in words_of(send(olga, "webhook"))
    assert hooks_of(house) == [hook]
    assert set(EVENTS) | {"zen:event-type:organization.created"} == set(hook["subscriptions"])
    assert hook["status"] == "active"


def test_webhooks_of_others_are_left_alone_and_a_second_one_of_ours_is_named(
    house: House, olga: Browser
) -> None:
    here = f"{house.url}/webhooks/zendesk/acme"
    for endpoint in (f"{house.url}/webhooks/zendesk/other", "https://elsewhere.example/hook"):
        house.zendesk.add_webhook(endpoint)
    trigger = house.zendesk.add_webhook(here, ["conditional_ticket_events"])
    before = {ident: dict(one.shown) for ident, one in house.zendesk.outgoing.webhooks.items()}
    page = words_of(send(olga, "webhook"))
    assert "The webhook is made" in page and "Further webhooks in Zendesk call this address (1)" in page
    after = {ident: dict(one.shown) for ident, one in house.zendesk.outgoing.webhooks.items()}
    assert {ident: after[ident] for ident in before} == before
    assert kept(house).config["webhook_id"] != trigger.id


def test_made_twice_at_once_the_older_one_stays(house: House, olga: Browser) -> None:
    """Whoever comes second sees the first one only after making their own."""
    send(olga, "webhook")
    [first] = hooks_of(house)
    whole = house.zendesk.outgoing.webhooks.pop(first["id"])
    made = house.zendesk.outgoing.webhooks

    class Late(dict[str, Any]):
        def __setitem__(self, key: str, value: Any) -> None:
            super().__setitem__(whole.id, whole)
            super().__setitem__(key, value)

    house.zendesk.outgoing.webhooks = Late(made)
    assert "The webhook was there already" in words_of(send(olga, "webhook"))
    assert [one["id"] for one in hooks_of(house)] == [first["id"]]
    assert webhook_secrets(kept(house), now=house.clock.now())[0] == whole.secret


def test_more_webhooks_than_stand_on_a_page(house: House, olga: Browser) -> None:
    for number in range(101):
        house.zendesk.add_webhook(f"https://elsewhere.example/{number}")
    send(olga, "webhook")
    assert "The webhook was there already" in words_of(send(olga, "webhook"))
    assert len(hooks_of(house)) == 102


def test_an_answer_that_got_lost_makes_no_second_one(house: House, olga: Browser) -> None:
    house.zendesk.faults.order(Fault("drop_after", "POST", "webhooks$"))
    answer = send(olga, "webhook")
    assert answer.status_code == 422 and "Zendesk did not answer" in words_of(answer)
    assert "The webhook was there already" in words_of(send(olga, "webhook"))
    assert len(hooks_of(house)) == 1


# 3. The sidebar


def test_the_zip_is_the_app_and_is_found_with_its_key_once_it_is_installed(
    house: House, olga: Browser
) -> None:
    connect(olga, house)
    before = kept(house).config
    zipped = olga.get(f"{PAGE}/kithspark-zendesk.zip")
    assert zipped.headers["Content-Type"] == "application/zip"
    manifest = json.loads(zipfile.ZipFile(io.BytesIO(zipped.content)).read("manifest.json"))
    [setting] = manifest["parameters"]
    house.zendesk.install("")
    assert "No app that is installed in Zendesk has the address" in words_of(send(olga, "app"))
    house.zendesk.other_apps = [{"id": 5, "app_id": 6, "settings": {"name": "Kithspark"}}]
    address = f"{house.url}/zendesk/sidebar/acme"
    house.zendesk.install_package(zipped.content, {setting["name"]: address})
    with transaction(house.state.engine) as conn:
        bare = {one: value for one, value in before.items() if not one.startswith("app_")}
        connections.save(
            conn, house.state.vault, workspace_id=house.workspace.id, system="zendesk", url=house.zendesk.url,
            config=bare, secrets=kept(house).secrets, now=house.clock.now(),
        )  # fmt: skip
    assert "The sidebar is known: app “Kithspark”" in words_of(send(olga, "app"))
    assert kept(house).config["app_audience"] == house.zendesk.app_audience
    [key] = kept(house).config["app_public_keys"]
    assert key.strip() == house.zendesk.public_key_pem.strip()
    agent = house.zendesk.add_agent("Sam", "sam@acme.example")
    opened = house.post("/zendesk/sidebar/acme", data={"token": house.zendesk.signed_token(agent)})
    assert opened.status_code == 200 and "kithspark-bearer" in opened.text


def test_the_key_may_be_pasted_and_what_is_no_key_is_not_taken(house: House, olga: Browser) -> None:
    connect(olga, house)
    before = kept(house)
    pem = house.zendesk.public_key_pem
    wrong = {
        "no key at all": "from -----BEGIN PUBLIC KEY-----",
        pem * 3: "two of them",
        pem.replace("M", "!", 3): "no public key that can be read",
        pem.replace("PUBLIC", "PRIVATE"): "That is a private key",
    }
    for text, said in wrong.items():
        answer = send(olga, "key", installation="7", keys=text)
        assert (answer.status_code, said in words_of(answer)) == (422, True)
    assert "digits, as in the list" in send(olga, "key", installation="7.json", keys=pem).text
    assert kept(house) == before
    assert "Kept." in send(olga, "key", installation="1234", keys=f"my key:\n{pem}").text
    assert kept(house).config["app_audience"] == f"{house.zendesk.url}/api/v2/apps/installations/1234.json"


# 4. The self-test


def test_it_ends_in_a_test_ticket_that_was_answered(house: House, olga: Browser) -> None:
    connect(olga, house)
    send(olga, "webhook")
    changes = house.changes()
    page = answered(olga, house)
    ticket = the_ticket(house)
    assert "A test ticket was answered, and mailed." in page
    for words in (
        "reading and writing are granted", f"ticket {ticket.id} is made",
        f"the answer stands on ticket {ticket.id}", "its mark stands in the ticket’s audit",
        f"a trigger of the account mailed it to {OLGA}", f"ticket {ticket.id} is solved, with the tag {TAG}",
        f"A signed call about ticket {ticket.id} arrived",
    ):  # fmt: skip
        assert words in page
    assert [one.ticket for one in house.zendesk.mails(OLGA)] == [ticket.id]
    assert (ticket.status, len(house.zendesk.public_comments(ticket))) == ("solved", 1)
    assert house.changes() == changes
    with reading(house.state.engine) as conn:
        assert conn.execute(select(asks)).all() == []


def test_where_no_trigger_fires_it_says_posted_not_emailed(house: House, olga: Browser) -> None:
    connect(olga, house)
    send(olga, "webhook")
    house.zendesk.knobs.mail_on_comment = False
    page = answered(olga, house)
    assert "A test ticket was answered: posted, not e-mailed." in page
    assert "no trigger of the account mailed the requester" in page
    assert house.zendesk.mails(OLGA) == []
    house.zendesk.knobs.mail_on_comment = True
    send(olga, "test")  # again, as often as one likes
    house.clock.advance(5)
    send(olga, "test/on")
    assert "a trigger of the account mailed it" in words_of(olga.get(PAGE))


def test_without_a_webhook_it_says_so_at_once(house: House, olga: Browser) -> None:
    page = answered(olga, house)
    assert "A test ticket was answered, and Zendesk’s calls do not arrive" in page
    assert "There is no webhook yet" in page


def test_a_webhook_with_another_secret_is_named_as_that(house: House, olga: Browser) -> None:
    send(olga, "webhook")
    next(iter(house.zendesk.outgoing.webhooks.values())).secret = "another"
    assert "not signed with the secret that is kept" in answered(olga, house)
    send(olga, "webhook")  # and the step again mends it
    send(olga, "test")
    house.clock.advance(5)
    send(olga, "test/on")
    house.zendesk.hooks.settled()
    assert "A test ticket was answered, and mailed." in words_of(olga.get(PAGE))


def test_one_waits_for_the_answer_and_for_the_call(house: House, olga: Browser) -> None:
    send(olga, "webhook")
    house.zendesk.hooks.hold()
    page = words_of(send(olga, "test"))
    assert "The test ticket is being answered" in page and 'hx-trigger="load delay:1500ms"' in page
    assert "waiting until its stamp is settled" in words_of(send(olga, "test/on"))
    house.clock.advance(5)
    assert "Answered. Now Zendesk has to call" in words_of(send(olga, "test/on"))
    house.clock.advance(91)
    late = words_of(olga.get(PAGE))
    assert "begins with https://" in late and "hx-trigger" not in late
    house.zendesk.hooks.release()


def test_an_answer_in_doubt_is_read_back_and_not_written_again(house: House, olga: Browser) -> None:
    """Zendesk takes it, and its answer gets lost."""
    connect(olga, house)
    send(olga, "test")
    house.clock.advance(5)
    house.zendesk.faults.order(Fault("drop_after", "PUT", "tickets"))
    assert "The test ticket is being answered" in words_of(send(olga, "test/on"))
    assert len(house.zendesk.public_comments(the_ticket(house))) == 1
    assert "the answer stands on ticket" in words_of(send(olga, "test/on"))
    assert len(house.zendesk.public_comments(the_ticket(house))) == 1


def test_the_same_ticket_where_nobody_knows_whether_it_was_made(house: House, olga: Browser) -> None:
    connect(olga, house)
    house.zendesk.faults.order(Fault("drop_after", "POST", "tickets"))
    assert "It does not work yet" in words_of(send(olga, "test"))
    assert "A test ticket was answered" in answered(olga, house)
    the_ticket(house)  # one and no more


def test_an_answer_that_is_never_settled_ends_with_words(house: House, olga: Browser) -> None:
    connect(olga, house)
    send(olga, "test")
    house.clock.advance(301)
    for _ in range(3):
        house.zendesk.faults.order(Fault("status", "GET", "tickets", status=503))
    page = words_of(send(olga, "test/on"))
    assert "It does not work yet" in page and "Zendesk answered 503" in page
    assert the_ticket(house).status == "solved"


def test_credentials_that_no_longer_open_are_said_and_no_ticket_is_made(house: House, olga: Browser) -> None:
    house.zendesk.doors.clients.clear()
    page = words_of(send(olga, "test"))
    assert "Zendesk did not accept the OAuth client" in page and "It does not work yet" in page
    assert house.zendesk.tickets() == []


def test_who_is_the_connected_account_itself_hears_why_nobody_was_mailed(house: House, olga: Browser) -> None:
    connect(olga, house)
    house.zendesk.service.identities[0].value = OLGA
    assert "Zendesk mails nobody their own words" in answered(olga, house)


def test_an_old_test_does_not_write_over_a_new_one(house: House, olga: Browser) -> None:
    connect(olga, house)
    send(olga, "test")
    old = trials.of(kept(house))
    house.clock.advance(1)
    send(olga, "test")
    new = trials.of(kept(house))
    assert old is not None and new is not None
    with transaction(house.state.engine) as conn:
        assert not trials.go_on(conn, house.workspace.id, "zendesk", old)
    assert trials.of(kept(house)) == new


# Whoever asks


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
