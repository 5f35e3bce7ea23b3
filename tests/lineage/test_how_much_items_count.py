"""§3: people, companies and their money on each item, to the cent."""

import pytest

from lineage.questions import DemandView, demand, ranking
from tests.lineage.story import Story


def of(story: Story, key: str) -> DemandView:
    found = demand(story.conn, story.workspace, story.id(key))
    assert found is not None
    return found


def customer(story: Story, *keys: str) -> list[int]:
    """The won money that rests on each of these issues, in cents."""
    return [of(story, key).customer.minor for key in keys]


@pytest.fixture
def acme(story: Story) -> Story:
    """Ana of Acme asks for KS-1; Acme has won 1,000.01 and 250.00 open."""
    story.issue("KS-1")
    story.ask("Ana", "KS-1", org="Acme")
    story.company("Acme", customer=100_001, pipeline=25_000, of=["Ana"])
    return story


def test_a_company_counts_once_however_many_of_its_people_asked(acme: Story) -> None:
    acme.ask("Bo", "KS-1", org="Acme")
    found = of(acme, "KS-1")
    assert (found.requesters, found.companies, found.votes) == (2, 1, 0)
    assert (found.customer.minor, found.pipeline.minor) == (100_001, 25_000)
    assert (found.reach_customer.minor, found.reach_pipeline.minor) == (100_001, 25_000)


def test_what_nobody_asks_for_counts_nothing_and_is_not_ranked(story: Story) -> None:
    story.issue("KS-1")
    found = of(story, "KS-1")
    assert (found.requesters, found.score, found.oldest_at) == (0, 0.0, None)
    assert ranking(story.conn, story.workspace) == []


def test_an_undone_merge_restores_every_number(acme: Story) -> None:
    acme.issue("KS-9")
    acme.ask("Bo", "KS-9", org="Acme")
    before = [of(acme, key) for key in ("KS-1", "KS-9")]
    acme.duplicate("KS-9", of="KS-1")
    acme.disconnect("KS-9", "KS-1")
    after = [of(acme, key) for key in ("KS-1", "KS-9")]
    assert [(v.requesters, v.customer, v.score) for v in before] == [
        (v.requesters, v.customer, v.score) for v in after
    ]


def test_a_company_that_is_found_later_is_given_to_the_requests_that_have_none(story: Story) -> None:
    story.issue("KS-1")
    story.ask("Ana", "KS-1")
    assert story.company("Acme", customer=500, of=["Ana"])
    assert customer(story, "KS-1") == [500]
    assert not story.company("Acme", customer=500, of=["Ana"]), "the same value again is nothing new"


def test_a_withdrawn_vote_counts_no_more(story: Story) -> None:
    story.issue("KS-1")
    story.post("9", placed="KS-1")
    story.vote("Ana", "9")
    story.vote("Bo", "9")
    story.take_back_vote("Ana", "9")
    assert (of(story, "KS-1").votes, of(story, "KS-1").requesters) == (1, 1)


def test_the_oldest_request_says_how_long_people_wait(acme: Story) -> None:
    first = of(acme, "KS-1").oldest_at
    acme.ask("Bo", "KS-1")
    assert of(acme, "KS-1").oldest_at == first is not None


def test_the_score_adds_up_and_names_the_companies(acme: Story) -> None:
    found = of(acme, "KS-1")
    assert found.why == (
        "people: 1 × log2(1 + 1) = 1.00",
        "money: 1 × log2(1 + 1.25) = 1.17",
        "Acme: customer $1,000.01 won, pipeline $250.00 open",
    )
    assert found.score == 2.17


def test_the_why_of_a_part_says_that_money_is_shared(acme: Story) -> None:
    acme.split("KS-1", into=["KS-2"])
    assert of(acme, "KS-2").why[-1] == (
        "Acme: customer $500.01 of $1,000.01 won, pipeline $125.00 of $250.00 open"
    )


def test_only_the_companies_worth_most_are_named(story: Story) -> None:
    story.issue("KS-1")
    for number in range(7):
        story.ask(f"P{number}", "KS-1", org=f"Org{number}")
        story.company(f"Org{number}", customer=number, of=[f"P{number}"])
    lines = of(story, "KS-1").why[2:]
    assert [line.split(":")[0] for line in lines] == [
        "Org6",
        "Org5",
        "Org4",
        "Org3",
        "Org2",
        "and 2 more companies",
    ]
    assert lines[-1] == "and 2 more companies: customer $0.01 won, pipeline $0.00 open", "it adds up"


def test_a_thousand_of_a_currency_without_cents_weighs_the_same(story: Story) -> None:
    story.policy(currency="JPY")
    story.issue("KS-1")
    story.ask("Ana", "KS-1", org="Acme")
    story.company("Acme", customer=1_000, of=["Ana"])
    found = of(story, "KS-1")
    assert found.score == 2.0
    assert found.why[2] == "Acme: customer ¥1,000 won, pipeline ¥0 open"


def test_another_currency_weighs_every_item_anew(acme: Story) -> None:
    acme.policy(currency="JPY")
    (ranked,) = ranking(acme.conn, acme.workspace)
    assert ranked.score == of(acme, "KS-1").score > 7


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("score", "KS-2"),
        ("requesters", "KS-1"),
        ("companies", "KS-1"),
        ("customer", "KS-2"),
        ("pipeline", "KS-3"),
    ],
)
def test_the_ranking_can_be_sorted_by_each_number(story: Story, sort: str, first: str) -> None:
    story.issue("KS-1", "KS-2", "KS-3")
    for who in ("Ana", "Bo", "Cy"):
        story.ask(who, "KS-1", org=who)
    story.ask("Di", "KS-2", org="Di")
    story.ask("Ed", "KS-3", org="Ed")
    story.company("Di", customer=9_000_000, of=["Di"])
    story.company("Ed", pipeline=500_000, of=["Ed"])
    found = ranking(story.conn, story.workspace, sort=sort)  # type: ignore[arg-type]
    assert found[0].item.key == first and len(found) == 3


def test_the_ranking_cannot_be_sorted_by_something_else(story: Story) -> None:
    with pytest.raises(ValueError, match="sorted by score"):
        ranking(story.conn, story.workspace, sort="colour")  # type: ignore[arg-type]


def test_demand_as_json_is_what_the_contract_says(acme: Story) -> None:
    assert of(acme, "KS-1").as_json() == {
        "issue": {
            "id": "10001",
            "key": "KS-1",
            "summary": "internal words about KS-1",
            "public_title": "The KS-1 thing",
            "state": "open",
        },
        "requesters": 1,
        "companies": 1,
        "votes": 0,
        "pipeline": {"minor": 25_000, "currency": "USD"},
        "customer": {"minor": 100_001, "currency": "USD"},
        "reach_pipeline": {"minor": 25_000, "currency": "USD"},
        "reach_customer": {"minor": 100_001, "currency": "USD"},
        "score": 2.17,
        "why": list(of(acme, "KS-1").why),
    }
