"""Of a webhook we believe only which objects it names."""

import json
from datetime import UTC, datetime

import pytest

from connectors.hubspot.events import Dirty, read


def body(*events: dict[str, object]) -> bytes:
    return json.dumps(events).encode()


def test_each_object_is_named_once_in_the_order_heard() -> None:
    heard = body(
        {"subscriptionType": "deal.propertyChange", "objectId": 9, "propertyName": "amount"},
        {"subscriptionType": "company.creation", "objectId": 3},
        {"subscriptionType": "deal.propertyChange", "objectId": 9, "propertyName": "dealstage"},
        {"subscriptionType": "contact.privacyDeletion", "objectId": 4},
    )
    assert read(heard) == [Dirty("deal", "9"), Dirty("company", "3"), Dirty("contact", "4")]


def test_of_a_property_the_newest_time_is_known_and_of_what_moves_no_stamp_none() -> None:
    change = {"subscriptionType": "deal.propertyChange", "objectId": 9}
    heard = [change | {"occurredAt": at} for at in (2_000, 5_000, 3_000, None, "x", 10**30)]
    [dirty] = read(body(*heard, {"subscriptionType": "deal.merge", "objectId": 9, "occurredAt": 9_000}))
    assert dirty == Dirty("deal", "9")
    assert dirty.at == datetime(1970, 1, 1, 0, 0, 5, tzinfo=UTC)
    [restored] = read(body({"subscriptionType": "deal.restore", "objectId": 9, "occurredAt": 9_000}))
    assert restored.at is None


def test_a_merge_names_the_old_and_the_new_record() -> None:
    merge = {"subscriptionType": "company.merge", "objectId": 1, "primaryObjectId": 1, "newObjectId": 7}
    assert read(body(merge)) == [Dirty("company", "1"), Dirty("company", "7")]


def test_an_association_names_both_its_ends() -> None:
    change = {"subscriptionType": "deal.associationChange", "associationType": "DEAL_TO_COMPANY"}
    assert read(body(change | {"fromObjectId": 5, "toObjectId": 6})) == [
        Dirty("deal", "5"),
        Dirty("company", "6"),
    ]


def test_a_generic_subscription_names_its_type_by_number() -> None:
    generic = {"subscriptionType": "object.propertyChange", "objectId": 5}
    assert read(body(generic | {"objectTypeId": "0-3"}, generic | {"objectTypeId": "0-5"})) == [
        Dirty("deal", "5")
    ]


def test_what_we_do_not_follow_is_passed_over() -> None:
    assert read(body({"subscriptionType": "ticket.creation", "objectId": 1})) == []
    assert read(b"[]") == []


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"not json",
        b"\xff",
        b"{}",
        b"null",
        b"[1]",
        b"[{}]",
        b"[" * 100_000,
        b'[{"subscriptionType": 5}]',
        b'[{"subscriptionType": "deal.creation"}]',
        b'[{"subscriptionType": "deal.creation", "objectId": true}]',
        b'[{"subscriptionType": "deal.creation", "objectId": "1; drop"}]',
    ],
)
def test_what_is_not_hubspots_is_a_value_error(wrong: bytes) -> None:
    with pytest.raises(ValueError):
        read(wrong)
