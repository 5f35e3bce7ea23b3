"""The given library, through our client, against the sandbox server."""

import subprocess
import sys
from functools import partial

import openai
import pytest
from flask import request

from connectors.errors import Conflict, NotFound, Refused, Unauthorized, Unavailable
from connectors.openai.check import check
from connectors.openai.client import OpenAI
from sandbox.faults import Fault
from sandbox.openai import OpenAI as Server

CATEGORIES = 13


def test_a_nasty_post_is_flagged_and_a_decent_one_is_not(server: Server, client: OpenAI) -> None:
    decent, nasty = client.moderate(["Please export to PDF.", "You id\u200biot, I will kill you"])
    assert not decent.flagged and nasty.flagged
    assert nasty.categories["harassment/threatening"] > 0.9 > decent.categories["violence"]
    assert len(decent.categories) == CATEGORIES
    assert decent.model == "omni-moderation-2024-09-26" and decent.whole


def test_verdicts_come_in_the_order_of_the_posts_over_several_calls(server: Server, client: OpenAI) -> None:
    posts = [f"post {n}" + " idiot" * (n % 3 == 0) for n in range(40)]
    assert [v.flagged for v in client.moderate(posts)] == [n % 3 == 0 for n in range(40)]


def test_nobodys_data_is_sent(server: Server, client: OpenAI) -> None:
    client.moderate(["I am anna@acme.example, call +43 664 1234567", " \u200b ", ""])
    assert server.seen == ["I am [EMAIL_1], call [PHONE_1]"]


def test_a_post_that_was_not_read_whole_says_so(server: Server, client: OpenAI) -> None:
    [verdict] = client.moderate(["a " * 9000])
    assert not verdict.whole


def test_the_knobs_flag_all_or_nothing(server: Server, client: OpenAI) -> None:
    server.always = True
    assert client.moderate(["fine"])[0].flagged
    server.always = False
    assert not client.moderate(["idiot"])[0].flagged


def test_the_address_may_end_in_its_version(server: Server) -> None:
    client = OpenAI(url=server.url + "/v1/", api_key=server.api_key)
    assert not client.moderate(["fine"])[0].flagged
    client.close()


def test_the_environment_has_no_say(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-elsewhere")
    heard: list[str | None] = []
    server.app.before_request(lambda: heard.append(request.headers.get("OpenAI-Organization")))
    client = OpenAI(url=server.url, api_key=server.api_key)
    assert client.moderate(["fine"])
    assert heard == [None]
    client.close()


def test_the_library_is_not_imported_before_it_is_needed() -> None:
    code = "import sys, connectors.openai.client, connectors.openai.check; print('openai' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"


@pytest.mark.parametrize(
    "fault",
    [
        Fault("drop_before"),
        Fault("drop_after"),
        Fault("reset"),
        Fault("delay", seconds=0.45),
        Fault("html"),
        Fault("garbage"),
        Fault("truncated"),
        Fault("status", status=204),
        Fault("status", status=500),
        Fault("status", status=503),
        Fault("status_after", status=500),
        *[
            Fault("status", status=200, body=body)
            for body in (
                "{}",
                "[]",
                "null",
                '{"model":"m","results":[]}',
                '{"model":"m","results":[{}]}',
                '{"model":"m","results":[{"flagged":"no","category_scores":{}}]}',
                '{"model":"m","results":[{"flagged":false,"category_scores":{"hate":"x"}}]}',
            )
        ],
    ],
    ids=lambda f: f"{f.kind}{f.status}{f.body}",
)
def test_no_answer_or_a_garbled_one_is_unavailable_and_not_tried_again(
    server: Server, client: OpenAI, fault: Fault
) -> None:
    server.faults.order(fault)
    with pytest.raises(Unavailable) as caught:
        client.moderate(["fine"])
    assert str(caught.value).startswith("OpenAI: ")
    assert len(server.faults.log) == 1


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, Refused),
        (401, Unauthorized),
        (403, Unauthorized),
        (404, NotFound),
        (409, Conflict),
        (422, Refused),
    ],
)
def test_a_refusal_is_told_by_its_kind(
    server: Server, client: OpenAI, status: int, error: type[Exception]
) -> None:
    server.faults.order(Fault("status", status=status))
    with pytest.raises(error) as caught:
        client.moderate(["fine"])
    assert type(caught.value) is error


def test_a_limit_says_how_long_to_wait(server: Server, client: OpenAI) -> None:
    for headers, after_s in (({"Retry-After": "7"}, 7.0), ({"retry-after-ms": "1500"}, 1.5), ({}, None)):
        server.faults.order(Fault("status", status=429, headers=headers))
        with pytest.raises(Unavailable) as caught:
            client.moderate(["fine"])
        assert (caught.value.after_s, caught.value.sent) == (after_s, False)


def test_an_account_without_quota_is_not_asked_again(server: Server, client: OpenAI) -> None:
    body = '{"error":{"message":"no","type":"insufficient_quota","param":null,"code":"insufficient_quota"}}'
    server.faults.order(Fault("status", status=429, body=body))
    with pytest.raises(Refused, match="Top it up"):
        client.moderate(["fine"])


def test_a_server_that_nobody_serves_was_never_reached() -> None:
    client = OpenAI(url="http://127.0.0.1:9", api_key="x")
    with pytest.raises(Unavailable) as caught:
        client.moderate(["fine"])
    assert not caught.value.sent


def test_the_doctor_sees_what_works_and_what_ends(server: Server, client: OpenAI) -> None:
    assert [ok for _, ok, _ in check(client)] == [True, True]
    server.shutdown_dates["omni-moderation-latest"] = "2027-01-14"
    assert check(client)[1] == (
        "model",
        False,
        "omni-moderation-latest ends on 2027-01-14: connect with another --model before that day.",
    )
    assert [ok for _, ok, _ in check(OpenAI(url=server.url, api_key="wrong"))] == [False, False]
    other = check(OpenAI(url=server.url, api_key=server.api_key, model="llama"))
    assert "every post waits for a person" in other[0][2]


def test_the_given_library_itself_reads_the_sandbox_strictly(server: Server) -> None:
    """Unmodified, with the library's own check of every answer against its models switched on."""
    library = openai.OpenAI(
        api_key=server.api_key, base_url=server.url + "/v1", _strict_response_validation=True
    )
    judged = library.moderations.create(input=["You idiot"], model="omni-moderation-latest").results[0]
    assert judged.flagged and judged.categories.harassment and not judged.categories.violence_graphic
    assert len(judged.category_scores.model_dump(by_alias=True)) == CATEGORIES
    assert "omni-moderation-latest" in [model.id for model in library.models.list()]
    assert library.models.retrieve("text-embedding-3-small").shutdown_date is None
    with pytest.raises(openai.NotFoundError):
        library.moderations.create(input="x", model="gpt-unknown")
    library.close()


def test_the_given_library_itself_unpacks_the_sandboxs_vectors(server: Server) -> None:
    """Not strictly: its own base64 answers fail its own strict check."""
    library = openai.OpenAI(api_key=server.api_key, base_url=server.url + "/v1")
    embed = partial(library.embeddings.create, model="text-embedding-3-small")
    packed = embed(input=["export PDF", "PDF export"], dimensions=64)
    plain = embed(input="export PDF", dimensions=64, encoding_format="float")
    assert packed.data[0].embedding == pytest.approx(packed.data[1].embedding)
    assert packed.data[0].embedding == pytest.approx(plain.data[0].embedding)
    assert len(embed(input="export").data[0].embedding) == 1536
    with pytest.raises(openai.BadRequestError):
        embed(input="")
    library.close()
