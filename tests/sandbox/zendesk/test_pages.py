"""The pages for people: what one clicks there really happens."""

import re

import jwt
import requests

from sandbox.zendesk import Zendesk
from sandbox.zendesk.records import Ticket, User


def page(zendesk: Zendesk, path: str) -> str:
    answer = requests.get(zendesk.url + path, timeout=5)
    assert answer.status_code == 200
    return answer.text


def test_the_agent_answers_solves_and_the_customer_reads_it(
    zendesk: Zendesk, ticket: Ticket, sam: User
) -> None:
    url = f"{zendesk.url}/agent/tickets/{ticket.id}"
    requests.post(url, data={"do": "answer", "words": "It is out.", "public": "yes"}, timeout=5)
    requests.post(url, data={"do": "answer", "words": "between us", "public": "no"}, timeout=5)
    requests.post(url, data={"do": "status", "status": "solved"}, timeout=5)
    assert [one["author_id"] for one in zendesk.comments(ticket)][1:] == [sam.id, sam.id]
    assert ticket.status == "solved"
    inbox = page(zendesk, "/inbox/ana@acme.example")
    assert "It is out." in inbox
    assert "between us" not in inbox


def test_the_customer_answers_and_writes_anew(zendesk: Zendesk, ticket: Ticket) -> None:
    url = f"{zendesk.url}/inbox/ana@acme.example"
    requests.post(url, data={"words": "Any news?", "ticket": ticket.id}, timeout=5)
    requests.post(url, data={"words": "<b>Bold</b> idea", "subject": "New one"}, timeout=5)
    assert zendesk.comments(ticket)[-1]["body"] == "Any news?"
    assert zendesk.tickets()[-1].subject == "New one"
    assert "&lt;b&gt;Bold&lt;/b&gt; idea" in page(zendesk, f"/agent/tickets/{zendesk.tickets()[-1].id}")


def test_merging_what_cannot_be_merged_says_why(zendesk: Zendesk, ticket: Ticket, ana: User) -> None:
    other = zendesk.open_ticket(ana, "Two", "words")
    zendesk.close(other)
    url = f"{zendesk.url}/agent/tickets/{ticket.id}"
    answer = requests.post(url, data={"do": "merge", "into": other.id}, timeout=5)
    assert answer.status_code == 422
    assert "cannot be merged" in answer.text


def test_the_ticket_page_opens_the_sidebar_by_a_genuine_signed_post(
    zendesk: Zendesk, ticket: Ticket, sam: User
) -> None:
    zendesk.install("https://kithspark.example/zendesk/sidebar/acme")
    shown = page(zendesk, f"/agent/tickets/{ticket.id}")
    action = re.search(r'action="(https://kithspark[^"]*)"', shown)
    token = re.search(r'name="token" value="([^"]+)"', shown)
    assert action is not None
    assert token is not None
    assert action[1].startswith(
        "https://kithspark.example/zendesk/sidebar/acme?origin=http%3A%2F%2F127.0.0.1"
    )
    claims = jwt.decode(token[1], zendesk.public_key_pem, algorithms=["RS256"], audience=zendesk.app_audience)
    assert claims["sub"] == f"{zendesk.url}/api/v2/users/{sam.id}.json"
    assert claims["context"]["location"] == "ticket_sidebar"
    said = str({**claims, "iat": 0, "exp": 0, "nbf": 0, "jti": "", "sub": ""})
    assert not re.search(rf"\b{ticket.id}\b", said)  # a port may hold the same digits


def test_one_can_be_another_agent(zendesk: Zendesk, ticket: Ticket, sam: User) -> None:
    kim = zendesk.add_agent("Kim", "kim@helpdesk.example")
    with requests.Session() as browser:
        browser.post(f"{zendesk.url}/agent/switch", data={"agent": kim.id, "back": "/agent"}, timeout=5)
        url = f"{zendesk.url}/agent/tickets/{ticket.id}"
        browser.post(url, data={"do": "answer", "words": "Kim here", "public": "yes"}, timeout=5)
    assert zendesk.comments(ticket)[-1]["author_id"] == kim.id
