"""Who plays: the people, their companies, the issues and their amounts, all from one seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

FIRST = (
    "Ana",
    "Ben",
    "Cara",
    "Dana",
    "Eve",
    "Femi",
    "Goro",
    "Hanna",
    "Ilse",
    "Jens",
    "Kim",
    "Lena",
    "Milo",
    "Nora",
)
LAST = (
    "Silva",
    "Vogt",
    "Lindt",
    "Reyes",
    "Okoye",
    "Adler",
    "Brandt",
    "Costa",
    "Duval",
    "Ito",
    "Kaya",
    "Novak",
)
COMPANIES = ("Acme", "Beacon", "Cobalt", "Dorado", "Ember", "Fjord", "Granite", "Harbour")
PROJECTS = ("KS", "WEB", "CORE", "DOCS")
SIDE_PROJECTS = ("APP", "OPS", "DESK")
STAGES = (
    "appointmentscheduled",
    "qualifiedtobuy",
    "presentationscheduled",
    "decisionmakerboughtin",
    "contractsent",
)
AS_WRITTEN = 1
"""The seed of the story as the documents tell it, with its keys, names and languages."""

WORDS = {
    "en": (
        ("PDF export for reports", "We export 300 reports a month by hand. Could they come as a PDF?"),
        ("Export to PDF, please", "Our auditors only take PDF. Today we print every single page."),
        ("A PDF export would save us a day", "Each quarter we export all reports and send them on as PDF."),
        ("Save reports as PDF", "A button that gives us the report as a PDF export, that is all we need."),
    ),
    "de": (
        ("PDF-Export für Berichte", "Unsere Prüfer nehmen nur PDF an. Gibt es einen Export als PDF?"),
        ("Berichte als PDF", "Wir drucken jeden Bericht einzeln. Ein PDF-Export würde uns Tage sparen."),
        ("Export als PDF gesucht", "Jedes Quartal schicken wir alle Berichte als PDF weiter."),
        ("PDF-Export", "Bitte einen Export der Berichte als PDF."),
    ),
}  # fmt: skip
SIDE_WORDS = {
    "en": ("Dark mode", "Dark mode would be kind to our eyes on the night shift."),
    "de": ("Dunkles Design (Dark mode)", "Ein Dark mode würde unsere Augen in der Nachtschicht schonen."),
}


@dataclass(frozen=True, slots=True)
class Deal:
    """One deal in HubSpot. `amount` as HubSpot spells it; `stage` is a stage id there."""

    name: str
    amount: str
    stage: str


@dataclass(frozen=True, slots=True)
class Company:
    name: str
    domain: str
    deals: tuple[Deal, ...]


@dataclass(frozen=True, slots=True)
class Customer:
    """`language`: `en` or `de`, in which they write and want to be answered."""

    name: str
    email: str
    company: Company
    language: str
    subject: str
    words: str

    @property
    def locale(self) -> str:
        return {"en": "en-US", "de": "de"}[self.language]


@dataclass(frozen=True, slots=True)
class Cast:
    """The parts to be played.

    `narrowed` only wants the second part; `closed` (who writes German) has a ticket that is closed before
    the end, and asks for the side issue too; `voter` only votes; `both` asks by ticket and by vote;
    `again` asks for the twin issue: a fifth customer, or `both` once more.
    """

    seed: int
    narrowed: Customer
    closed: Customer
    voter: Customer
    both: Customer
    again: Customer
    whole: str
    """The key of the issue that everybody asks for; its parts get the next two numbers."""
    parts: tuple[str, str]
    twin: str
    side: str
    placed_early: bool
    """Whether the forum post is placed on the issue before its second vote."""
    ticket_order: tuple[Customer, ...]
    """In which order the tickets are written and linked."""

    @property
    def project(self) -> str:
        return self.whole.partition("-")[0]

    @property
    def customers(self) -> tuple[Customer, ...]:
        """Everybody, once."""
        return tuple(dict.fromkeys((self.narrowed, self.closed, self.voter, self.both, self.again)))

    @property
    def companies(self) -> tuple[Company, ...]:
        return tuple(dict.fromkeys(one.company for one in self.customers))


def cast_for(seed: int) -> Cast:
    """The same seed gives the same cast; `AS_WRITTEN` gives that of the documents."""
    rng = random.Random(seed)
    written = seed == AS_WRITTEN
    names = _names() if written else _names(rng)
    homes = [
        _company(name, rng) for name in (COMPANIES if written else rng.sample(COMPANIES, len(COMPANIES)))
    ]
    tongues = (
        ["en", "de", "en", "en", "en"] if written else [rng.choice(("en", "en", "de")) for _ in range(5)]
    )
    tongues[1] = "de"
    # Four people of three companies; who asks for the twin issue may come from a fourth, or from the second.
    at_home = [
        homes[0],
        homes[1],
        homes[0],
        homes[2],
        homes[3] if written else rng.choice((homes[1], homes[3])),
    ]
    people = [
        _customer(next(names), home, tongue, number)
        for number, (home, tongue) in enumerate(zip(at_home, tongues, strict=True))
    ]
    number = 1 if written else rng.randint(1, 60)
    project = PROJECTS[0] if written else rng.choice(PROJECTS)
    order = [people[0], people[1], people[3]]
    if not written:
        rng.shuffle(order)
    asks_again = not written and rng.random() < 0.5
    both = people[3]
    return Cast(
        seed=seed,
        narrowed=people[0],
        closed=people[1],
        voter=people[2],
        both=both,
        again=both if asks_again else people[4],
        whole=f"{project}-{number}",
        parts=(f"{project}-{number + 1}", f"{project}-{number + 2}"),
        twin=f"{project}-{number + (8 if written else rng.randint(4, 20))}",
        side=f"{SIDE_PROJECTS[0]}-4" if written else f"{rng.choice(SIDE_PROJECTS)}-{rng.randint(2, 90)}",
        placed_early=not written and rng.random() < 0.5,
        ticket_order=tuple(order),
    )


def _names(rng: random.Random | None = None) -> Iterator[str]:
    first, last = list(FIRST), list(LAST)
    if rng is not None:
        rng.shuffle(first)
        rng.shuffle(last)
    return (f"{one} {other}" for one, other in zip(first, last, strict=False))


def _customer(name: str, company: Company, language: str, number: int) -> Customer:
    first, _, last = name.lower().partition(" ")
    subject, words = WORDS[language][number % len(WORDS[language])]
    return Customer(name, f"{first}.{last}@{company.domain}", company, language, subject, words)


def _company(name: str, rng: random.Random) -> Company:
    """A customer or a prospect, mostly both; never a round amount, so that a lost cent is seen."""
    amounts = [f"{rng.randint(900, 180_000)}.{rng.randint(1, 99):02d}" for _ in range(3)]
    deals = (
        Deal(f"{name} yearly plan", amounts[0], "closedwon"),
        Deal(f"{name} more seats", amounts[1], rng.choice(STAGES)),
        Deal(f"{name} old offer", amounts[2], "closedlost"),
    )
    kept = deals if rng.random() < 0.7 else deals[1:]
    return Company(name, f"{name.lower()}.example", kept)


def side_ticket(customer: Customer) -> Customer:
    """The same person with the small ask for the side issue."""
    subject, words = SIDE_WORDS[customer.language]
    return replace(customer, subject=subject, words=words)
