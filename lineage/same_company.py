"""Whether an organisation of the helpdesk and a company of the CRM are one. Only processes data.

That one of its people is known to the CRM does not say so: a consultant asks in a client's organisation.
Domains decide where both have any; else the names do, or a domain that is called like the other. Without such
a sign they stay two until the organisation gets a domain: never guess whose the money is.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

LEGAL_FORMS = frozenset(
    {
        "ab", "ag", "as", "bv", "co", "corp", "corporation", "gmbh", "inc", "incorporated", "kg",
        "limited", "llc", "ltd", "nv", "oy", "plc", "sa", "sarl", "se", "spa", "srl",
    }
)  # fmt: skip
"""Words at the end of a name that do not tell one company from another."""


@dataclass(frozen=True, slots=True)
class Called:
    """What a company is called, on one of the two sides."""

    name: str
    domains: Collection[str]


def are_one(one: Called, other: Called) -> bool:
    """Whether these are one company.

    >>> acme = Called("Acme", [])
    >>> are_one(acme, Called("ACME, Inc.", [])), are_one(acme, Called("Advice", ["advice.example"]))
    (True, False)
    """
    if one.domains and other.domains:
        return bool({*one.domains} & {*other.domains})
    names, others = {_plain(one.name), *_labels(one.domains)}, {_plain(other.name), *_labels(other.domains)}
    return bool((names & others) - {""})


def _plain(name: str) -> str:
    words = re.findall(r"\w+", name.casefold())
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
    return "".join(words)


def _labels(domains: Iterable[str]) -> Iterable[str]:
    """The first word of each domain: `acme` of acme.co.uk."""
    return (re.sub(r"\W", "", domain.partition(".")[0].casefold()) for domain in domains)
