"""The webhook that the set-up page makes, finds and mends, and the sidebar that it finds."""

import io
import json
import zipfile
from typing import Any

import pytest
from sqlalchemy import select

from connectors.accounts import webhook_secrets
from connectors.zendesk.hooks import EVENTS, OF_POSTS
from sandbox.faults import Fault
from store import connections, inbox
from store.database import reading, transaction
from tests.plugin.admin.conftest import Browser
from tests.plugin.admin.zendesk_page import PAGE, connect, kept, send, words_of
from tests.plugin.house import House


def hooks_of(house: House) -> list[dict[str, Any]]:
    return [one.shown for one in house.zendesk.outgoing.webhooks.values()]


def test_the_webhook_is_made_and_tried_and_its_secret_is_kept_encrypted(
    house: House, olga: Browser, capfd: pytest.CaptureFixture[str]
) -> None:
    page = words_of(send(olga, "webhook"))
    [hook] = house.zendesk.outgoing.webhooks.values()
    assert "The webhook is made" in page and "Zendesk called, and its signature fits." in page
    assert hook.shown["endpoint"] == f"{house.url}/webhooks/zendesk/acme"
    assert set(hook.shown["subscriptions"]) == set(EVENTS)
    assert webhook_secrets(kept(house), now=house.clock.now())[0] == hook.secret
    assert hook.secret not in page and hook.secret not in olga.get(PAGE).text
    with reading(house.state.engine) as conn:
        row = conn.execute(select(connections.connections)).mappings().all()
    assert hook.secret not in str(row)
    logged = "".join(capfd.readouterr())
    assert hook.secret not in logged and house.zendesk.client_secret not in logged


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


def test_once_a_post_of_the_community_is_placed_its_votes_are_subscribed_to(
    house: House, olga: Browser
) -> None:
    send(olga, "webhook")
    house.jira.add_issue("KS-1", "PDF export")
    ana = house.zendesk.add_user("Ana", "ana@acme.example")
    post = house.zendesk.add_post(ana, "Export, please")
    olga.post("/admin/acme/posts/community", post=str(post.id), issue="KS-1")
    assert "lacked something; now it is whole" in words_of(send(olga, "webhook"))
    [hook] = hooks_of(house)
    assert set(hook["subscriptions"]) == {*EVENTS, *OF_POSTS}
    house.zendesk.vote(ana, post)
    assert house.zendesk.hooks.settled()
    with reading(house.state.engine) as conn:
        bodies = conn.scalars(select(inbox.inbox.c.body)).all()
    assert any(b"community_post.vote_created" in body for body in bodies)


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


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (200, '{"response": {"status": 200}}', "but not by this server"),
        (200, '{"response": {"status": 401}}', "did not bear this webhook’s signature"),
        (200, '{"response": {"status": 502}}', "it was answered 502"),
        (200, '{"response": {"status": 0}}', "it got no answer"),
        (200, "{}", "it got no answer"),
        (400, '{"description": "payload is unknown"}', "payload is unknown"),
    ],
)
def test_a_try_that_does_not_come_in_here_is_said_and_the_webhook_is_kept_all_the_same(
    house: House, olga: Browser, status: int, body: str, said: str
) -> None:
    house.zendesk.faults.order(Fault("status", "POST", "webhooks/test", status=status, body=body))
    answer = send(olga, "webhook")
    assert (answer.status_code, said in words_of(answer)) == (422, True)
    assert "The webhook is made" in answer.text
    [hook] = house.zendesk.outgoing.webhooks.values()
    assert webhook_secrets(kept(house), now=house.clock.now()) == [hook.secret]


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
