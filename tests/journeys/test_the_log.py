"""What the log says while a story is played, and what it never says."""

import json
from typing import Any

from sandbox.faults import Fault
from tests.journeys.house import House


def events(house: House) -> list[dict[str, Any]]:
    return [json.loads(line) for line in house.stage.kithspark.lines if line.startswith("{")]


def test_each_try_at_a_row_is_a_line_and_no_line_holds_a_name_an_address_a_word_or_a_secret(
    house: House,
) -> None:
    zoe = house.customer("Zoekanari", won="777")
    key = house.issue("Internalkanari of the engineers")
    words = "Wordskanari of a customer"
    ticket = house.linked(zoe, words, key, title="Titlekanari for customers")
    faults = house.stage.zendesk.faults
    faults.order(Fault("status", status=500, method="GET", path="tickets", body='{"error": "Bodykanari"}'))
    faults.order(Fault("status", status=429, method="PUT", headers={"Retry-After": "1"}, body="Bodykanari"))
    house.stage.jira.faults.order(Fault("status", status=400, method="PUT", body='{"message":"Bodykanari"}'))
    house.engineer.done(key)
    house.quiet()
    assert any("Titlekanari" in reply for reply in house.replies(ticket)), "the story was played"

    vendors = house.stage
    secrets = [vendors.zendesk.client_secret, vendors.jira.api_token, vendors.hubspot.token]
    never = ["kanari", zoe.who.email, zoe.who.company.domain, "Company ", "olga@", "sam@", *secrets]
    said = [line for line in vendors.kithspark.lines if "sign_in_link" not in line]
    for word in never:
        assert not [line for line in said if word.lower() in line.lower()], word

    tried = [event for event in events(house) if event["event"] == "row_tried"]
    assert {"inbox", "looks", "notices", "pushes"} <= {event["shelf"] for event in tried}
    for event in tried:
        assert {"workspace", "shelf", "row", "attempt", "outcome", "ms", "calls"} <= event.keys(), event
    told = [event for event in tried if event["shelf"] == "notices" and "zendesk PUT 200" in event["calls"]]
    assert told
    failed = [event for event in events(house) if event["event"] == "vendor_call_failed"]
    assert {429, 500} <= {event["status"] for event in failed}
    assert all({"system", "method", "status", "ms"} <= event.keys() for event in failed)
