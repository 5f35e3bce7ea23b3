"""For which company a request counts: the organisation of its ticket, else the person's, where known."""

from dataclasses import dataclass, field

from tests.lineage.model.facts import Amounts, Facts

STAFF_OF = {"Acme": ("Ana", "Bo"), "Globex": ("Cy", "Di"), "Initech": ("Ed",)}
FIRM = {who: name for name, people in STAFF_OF.items() for who in people}


@dataclass
class Firms:
    """A firm may be known as an organisation of the helpdesk, to the CRM, or as both, once somebody who asked
    for the one leads to the other.
    """

    facts: Facts
    organisation: dict[str, str] = field(default_factory=dict)
    in_the_crm: dict[str, str] = field(default_factory=dict)
    of_person: dict[str, str] = field(default_factory=dict)

    def of_request(self, who: str, organisation: str | None) -> str | None:
        if organisation is None:
            return self.of_person.get(who)
        return self.organisation.setdefault(organisation, f"the organisation {organisation}")

    def valued(self, name: str, amounts: Amounts, of: set[str]) -> None:
        """The CRM says what a firm is worth, and that these people led to it."""
        theirs = [request for request in self.facts.requests.values() if request.person in of]
        known, company = self.organisation.get(name), self.in_the_crm.get(name)
        if known and known != company and any(request.company == known for request in theirs):
            self._are_one(name, known, company or known)
        company = self.in_the_crm.setdefault(name, f"{name} of the CRM")
        self.facts.amounts[company] = amounts
        for request in theirs:
            request.company = request.company or company
        for who in {*of} & {request.person for request in self.facts.requests.values()}:
            self.of_person.setdefault(who, company)

    def _are_one(self, name: str, known: str, company: str) -> None:
        if self.organisation[name] == company or company not in self.organisation.values():
            self.organisation[name] = self.in_the_crm[name] = company
            for request in self.facts.requests.values():
                request.company = company if request.company == known else request.company
