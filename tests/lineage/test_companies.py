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


# --- the organisation of the helpdesk and the company of the CRM


def asks_for(story: Story, who: str, name: str, *domains: str) -> str:
    """A ticket of this person in an organisation of this name; where it came from."""
    number = story.ticket(who, organisation=OrganisationSeen(name.lower(), name, domains))
    story.link(number, "KS-1")
    return f"zendesk:ticket:{number}"


def valued(story: Story, name: str, *domains: str, of: str) -> None:
    emails = person(of).emails
    story.record(CompanySeen(f"crm-{name}", name, 500, 0, story.now, domains=domains, emails=emails))


def worth_of(story: Story, origin: str) -> int:
    query = select(companies.c.customer_minor).join(requests, requests.c.company_id == companies.c.id)
    return story.conn.scalar(query.where(requests.c.origin == origin)) or 0


def test_a_guest_does_not_make_an_organisation_without_domains_their_own_company(story: Story) -> None:
    story.issue("KS-1")
    guest, ana = asks_for(story, "Gus", "Acme"), asks_for(story, "Ana", "Acme")
    valued(story, "Advice Partners", "advice.example", of="Gus")
    assert (made_for(story, guest), worth_of(story, ana)) == ("Acme", 0)
    valued(story, "ACME, Inc.", "acme.example", of="Ana")
    assert (made_for(story, guest), worth_of(story, ana)) == ("ACME, Inc.", 500)


def test_an_organisation_without_domains_is_the_company_of_its_name_or_whose_domain_has_its_name(
    story: Story,
) -> None:
    story.issue("KS-1")
    acme, globex = asks_for(story, "Ana", "Acme"), asks_for(story, "Cy", "Globex")
    valued(story, "acme GmbH", of="Ana")
    valued(story, "Hank's Holding", "globex.example", of="Cy")
    assert (worth_of(story, acme), worth_of(story, globex)) == (500, 500)


def test_a_shared_domain_says_that_they_are_one_whatever_their_names(story: Story) -> None:
    story.issue("KS-1")
    ana = asks_for(story, "Ana", "Customer 17", "acme.example", "acme.test")
    valued(story, "Acme", "acme.example", of="Ana")
    assert worth_of(story, ana) == 500


def test_other_domains_say_that_they_are_two_though_they_have_one_name(story: Story) -> None:
    story.issue("KS-1")
    ana = asks_for(story, "Ana", "Acme", "acme.test")
    valued(story, "Acme", "acme.example", of="Ana")
    assert worth_of(story, ana) == 0


def test_domains_that_an_organisation_gets_later_are_heeded_once_it_is_read_again(story: Story) -> None:
    story.issue("KS-1")
    ana = asks_for(story, "Ana", "Customer 17")
    valued(story, "Acme", "acme.example", of="Ana")
    assert worth_of(story, ana) == 0
    asks_for(story, "Ana", "Customer 17", "acme.example")
    valued(story, "Acme", "acme.example", of="Ana")
    assert worth_of(story, ana) == 500
    asks_for(story, "Ana", "Customer 17")
    assert made_for(story, ana) == "Acme"
