"""§1: a request is for the company that it was made for, whatever becomes of the person."""

from dataclasses import replace

from sqlalchemy import select

from lineage.changes import CompanySeen, OrganisationSeen
from lineage.tables import companies, requests
from tests.lineage.cast import person
from tests.lineage.story import Story


def made_for(story: Story, origin: str) -> str | None:
    query = (
        select(companies.c.name)
        .join(requests, requests.c.company_id == companies.c.id)
        .where(requests.c.origin == origin)
    )
    return story.conn.scalar(query)


def test_a_ticket_is_for_its_organisation_and_stays_so(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1", org="Acme")
    story.company("Acme", customer=5, of=["Ana"])
    story.ticket_changes(ana, organisation=OrganisationSeen("globex", "Globex"))
    assert made_for(story, f"zendesk:ticket:{ana}") == "Acme"
    story.ticket_changes(ana, organisation=None)
    story.company("Globex", customer=7, of=["Ana"])
    assert made_for(story, f"zendesk:ticket:{ana}") == "Acme"


def test_without_an_organisation_it_is_for_the_first_company_that_was_found(story: Story) -> None:
    story.issue("KS-1")
    ana = story.ask("Ana", "KS-1")
    assert made_for(story, f"zendesk:ticket:{ana}") is None
    story.company("Acme", customer=5, of=["Ana"])
    story.company("Globex", customer=7, of=["Ana"])
    assert made_for(story, f"zendesk:ticket:{ana}") == "Acme"


def test_what_somebody_asks_after_they_changed_company_is_for_the_new_one(story: Story) -> None:
    story.issue("KS-1")
    story.post("9", placed="KS-1")
    story.post("8", placed="KS-1")
    story.vote("Ana", "9")
    story.company("Acme", customer=5, of=["Ana"])
    story.company("Globex", customer=7, of=["Ana"])
    story.vote("Ana", "8")
    assert made_for(story, "forum:vote:9:f-ana") == "Acme"
    assert made_for(story, "forum:vote:8:f-ana") == "Globex"


def test_a_vote_that_is_given_again_is_for_the_company_that_it_was_first_for(story: Story) -> None:
    story.issue("KS-1")
    story.post("9", placed="KS-1")
    story.vote("Ana", "9")
    story.company("Acme", customer=5, of=["Ana"])
    story.take_back_vote("Ana", "9")
    story.company("Globex", customer=7, of=["Ana"])
    story.vote("Ana", "9")
    assert made_for(story, "forum:vote:9:f-ana") == "Acme"


def test_of_several_addresses_the_first_says_for_whom_somebody_asks(story: Story) -> None:
    story.issue("KS-1")
    both = replace(person("Ana"), emails=("ana@example.com", "ana@home.example"))
    story.ticket("Ana", requester=both)
    for name, email in (("Acme", both.emails[0]), ("Globex", both.emails[1])):
        story.record(CompanySeen(f"crm-{name}", name, 5, 0, story.now, emails=(email,)))
    story.post("9", placed="KS-1")
    story.vote("Ana", "9")
    assert made_for(story, "forum:vote:9:f-ana") == "Acme"
