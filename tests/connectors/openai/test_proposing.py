"""What is sent to a chat model, and what of its answer is believed."""

import json
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from connectors.errors import NotFound, Unavailable
from connectors.openai.check import check
from connectors.openai.client import OpenAI
from connectors.openai.proposing import ALL, MOST, WORDS_CHARS, Choice, choices, without
from sandbox.faults import Fault
from sandbox.openai import OpenAI as Server

PARTS = {"1": "Export one report", "item:7": "Weekly mail"}


@pytest.fixture
def chat(server: Server) -> OpenAI:
    return OpenAI(
        url=server.url, api_key=server.api_key, model="sandbox-chat", timeout_s=(1.0, 0.5), slowest_s=1
    )


def test_a_choice_names_what_was_offered_and_quotes_what_was_written(chat: OpenAI) -> None:
    found = choices(chat, PARTS, {"a": "We export by hand", "b": "every week a MAIL, please", "c": "hurry!"})
    assert found == {"a": Choice("1", "export"), "b": Choice("item:7", "week")}


def test_nothing_is_asked_where_nothing_may_be_sent(chat: OpenAI, server: Server) -> None:
    assert choices(chat, PARTS, {"a": "\u200b", "b": ""}) == {}
    assert server.seen == []


def test_whoever_asks_is_named_neither_in_their_words_nor_in_a_part(chat: OpenAI, server: Server) -> None:
    parts, said = {"1": "SSO for Globex (Ana Ruiz)", "2": "Mail"}, {"7": "Ana Ruiz of Globex wants SSO"}
    found = choices(chat, parts, said, names=["Ana Ruiz", "Globex"])
    told = json.loads(server.seen[0])
    assert [one["text"] for one in told["parts"]] == ["SSO for [NAME] ([NAME] [NAME])", "Mail"]
    assert "Globex" not in server.seen[0] and "Ruiz" not in server.seen[0]
    assert found["7"].part == "1"


def test_no_more_is_sent_than_a_person_waits_for(chat: OpenAI, server: Server) -> None:
    choices(chat, PARTS, {str(n): f"export {'x ' * 2000}" for n in range(MOST + 20)})
    told = json.loads(server.seen[0])
    assert len(told["requests"]) == MOST
    assert max(len(one["words"]) for one in told["requests"]) <= WORDS_CHARS


@pytest.mark.parametrize(
    ("words", "names", "sent"),
    [
        ("Hi, Ana Müller of ACME here", ["Ana Müller", "Acme GmbH"], "Hi, [NAME] [NAME] of [NAME] here"),
        ("Analysis of banana", ["Ana"], "Analysis of banana"),
        ("mail ana@acme.example\n\nnow", [], "mail [EMAIL_1] now"),
        ("我们需要导出", ["李"], "我们需要导出"),
        ("a+b (c", ["(", "++", ""], "a+b (c"),
        (
            "Li and Bo: import is broken, li bo",
            ["Li Na", "Bo B."],
            "[NAME] and [NAME]: import is broken, li bo",
        ),
        ("田中です。田中さんの太郎", ["田中 太郎"], "[NAME]です。[NAME]さんの[NAME]"),
        ("Anaです、Bananaです", ["Ana"], "[NAME]です、Bananaです"),
        ("สวัสดีสมชายครับ", ["สมชาย"], "สวัสดี[NAME]ครับ"),
        ("Ｍüller, Mu\u0308ller, Mül\u200bler", ["Mu\u0308ller"], "[NAME], [NAME], [NAME]"),
    ],
)
def test_names_that_we_know_are_taken_out(words: str, names: list[str], sent: str) -> None:
    assert without(words, names) == sent


def test_all_is_offered_to_everybody(chat: OpenAI, server: Server) -> None:
    server.says = json.dumps({"choices": [{"request": 1, "part": ALL, "quote": "EXPORT  all"}]})
    assert choices(chat, PARTS, {"a": "export all of it"}) == {"a": Choice(ALL, "EXPORT all")}


def test_what_cannot_be_read_or_comes_too_slowly_is_unavailable(chat: OpenAI, server: Server) -> None:
    for says in ("no", "[]", '{"choices": {}}'):
        server.says = says
        with pytest.raises(Unavailable):
            choices(chat, PARTS, {"a": "export"})
    server.says = None
    server.faults.order(Fault("delay", path="/v1/chat", seconds=3))
    with pytest.raises(Unavailable):
        choices(chat, PARTS, {"a": "export"})


class Dripping(BaseHTTPRequestHandler):
    """Answers a byte now and then, each in time, and never ends."""

    def do_POST(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        with suppress(OSError):
            for _ in range(100):
                self.wfile.write(b" ")
                time.sleep(0.1)

    def log_message(self, *_: object) -> None:
        pass


def test_an_answer_that_drips_is_not_waited_for() -> None:
    with HTTPServer(("127.0.0.1", 0), Dripping) as dripping:
        threading.Thread(target=dripping.handle_request, daemon=True).start()
        url, started = f"http://127.0.0.1:{dripping.server_port}", time.monotonic()
        slow = OpenAI(url=url, api_key="k", model="m", timeout_s=(1.0, 1.0), slowest_s=0.5)
        with pytest.raises(Unavailable):
            choices(slow, PARTS, {"a": "export"})
        assert time.monotonic() - started < 5
        slow.close()


def test_the_doctor_tries_it(server: Server, client: OpenAI, chat: OpenAI) -> None:
    assert ("proposals", True, "answered by sandbox-chat") in check(client, chat)
    wrong = OpenAI(url=server.url, api_key=server.api_key, model="nobody")
    with pytest.raises(NotFound):
        choices(wrong, PARTS, {"a": "export"})
    [line] = [one for one in check(client, wrong) if one[0] == "proposals"]
    assert not line[1] and "by the same words" in line[2]
