"""What happens in a history: to issues, links and versions, tickets, deals and votes."""

import random
from collections.abc import Callable, Mapping
from typing import TypeAlias

from sandbox.jira.state import Issue
from sandbox.zendesk.problems import Problem
from sandbox.zendesk.records import Ticket, User
from tests.histories.scene import ISSUES, TICKETS, WHO
from tests.histories.town import VOTERS, Town

LINK_REMOVED = "is removed"

Deed: TypeAlias = Callable[[Town, random.Random], str]
"""Does it, if it can be done, and says what was done. Looks only at the vendors, who know no roughness."""


def started(town: Town, rng: random.Random) -> str:
    issue = _issue(town, rng)
    town.scene.jira.transition(issue, "indeterminate")
    return f"{issue.key} is started"


def done(town: Town, rng: random.Random) -> str:
    issue = _issue(town, rng)
    town.scene.jira.transition(issue, "done")
    return f"{issue.key} is done"


def declined(town: Town, rng: random.Random) -> str:
    issue = _issue(town, rng)
    town.scene.jira.transition(issue, "done", resolution="Won't Do")
    return f"{issue.key} is declined"


def reopened(town: Town, rng: random.Random) -> str:
    issue = _issue(town, rng)
    town.scene.jira.reopen(issue)
    return f"{issue.key} is open again"


def duplicate(town: Town, rng: random.Random) -> str:
    one, other = rng.sample(_issues(town), 2)
    town.scene.jira.duplicate(one, of=other)
    return f"{one.key} is a duplicate of {other.key}"


def split(town: Town, rng: random.Random) -> str:
    one, other = rng.sample(_issues(town), 2)
    town.scene.jira.link("Issue split", one, other)
    return f"{one.key} is split to {other.key}"


def unlinked_issues(town: Town, rng: random.Random) -> str:
    links = list(town.scene.jira.site.links.values())
    if not links:
        return ""
    link = rng.choice(links)
    town.scene.jira.unlink(link)
    return f"the link {link.id} {LINK_REMOVED}"


def planned(town: Town, rng: random.Random) -> str:
    issue, versions = _issue(town, rng), list(town.scene.jira.site.versions.values())
    chosen = rng.sample(versions, rng.randint(0, 2))
    if any(version.project_id != issue.project_id for version in chosen):
        return ""
    town.scene.jira.set_fix_version(issue, *chosen)
    return f"{issue.key} goes with {[one.name for one in chosen]}"


def released(town: Town, rng: random.Random) -> str:
    version = rng.choice(list(town.scene.jira.site.versions.values()))
    town.scene.jira.release(version, released=rng.random() < 0.75)
    return f"{version.name} is released: {version.released}"


def moved(town: Town, rng: random.Random) -> str:
    issue = _issue(town, rng)
    former = issue.key
    town.scene.jira.move(issue, rng.choice(("KS", "KT")))
    return f"{former} is {issue.key} now"


def closed(town: Town, rng: random.Random) -> str:
    number, ticket = _ticket(town, rng)
    if ticket.status == "closed":
        return ""
    how = rng.choice(("open", "pending", "solved", "solved", "closed"))
    town.scene.zendesk.set_status(ticket, how, by=_agent(town))
    return f"ticket {number} is {how}"


def written(town: Town, rng: random.Random) -> str:
    number, ticket = _ticket(town, rng)
    if ticket.status == "closed":
        return ""
    town.scene.zendesk.reply_as(town.scene.zendesk.account.users[ticket.requester_id], ticket, "How is it?")
    return f"there is a word in ticket {number}"


def tickets_merged(town: Town, rng: random.Random) -> str:
    one, other = rng.sample(range(len(TICKETS)), 2)
    try:
        town.scene.zendesk.merge(town.scene.ticket(one), town.scene.ticket(other), by=_agent(town))
    except (ValueError, Problem):
        return ""
    return f"ticket {one} is merged into {other}"


def another_requester(town: Town, rng: random.Random) -> str:
    number, ticket = _ticket(town, rng)
    if ticket.status == "closed":
        return ""
    who = rng.choice(list(WHO))
    town.scene.zendesk.change_requester(ticket, town.scene.user(who), by=_agent(town))
    return f"ticket {number} is {who}'s now"


def deal(town: Town, rng: random.Random) -> str:
    which, hubspot = rng.choice(town.scene.deals), town.scene.hubspot
    if hubspot.portal.get("deals", which) is None:
        return ""
    match rng.randrange(4):
        case 0:
            hubspot.archive("deals", which)
            return f"deal {which} is deleted"
        case 1:
            stage = rng.choice(("open", "won", "lost"))
            hubspot.change_deal(which, stage=stage)
            return f"deal {which} is {stage}"
    amount = f"{rng.randrange(1, 10_000)}.{rng.randrange(100):02}"
    hubspot.change_deal(which, amount=amount)
    return f"deal {which} is worth {amount}"


def new_deal(town: Town, rng: random.Random) -> str:
    amount = f"{rng.randrange(1, 10_000)}.50"
    town.scene.hubspot.add_deal(amount=amount, company=rng.choice(town.scene.companies), stage="won")
    return f"a deal over {amount} is won"


def linked(town: Town, rng: random.Random) -> str:
    ticket, issue = rng.randrange(len(TICKETS)), rng.randint(1, ISSUES)
    town.link(ticket, issue)
    return f"ticket {ticket} is linked to {town.key(issue)}"


def vote(town: Town, rng: random.Random) -> str:
    who, stands = rng.choice(VOTERS), rng.random() < 0.7
    town.vote(who, stands=stands)
    return f"{who} {'votes' if stands else 'takes the vote back'}"


DEEDS: Mapping[Deed, int] = {
    done: 9, reopened: 3, started: 2, declined: 2, duplicate: 4, split: 4, unlinked_issues: 2, planned: 2,
    released: 3, moved: 1, closed: 4, written: 1, tickets_merged: 2, another_requester: 2, deal: 3,
    new_deal: 1, linked: 3, vote: 3,
}  # fmt: skip
"""How often each comes, relative to the others."""


def _issues(town: Town) -> list[Issue]:
    return [town.scene.jira.site.issues[str(10000 + number)] for number in range(1, ISSUES + 1)]


def _issue(town: Town, rng: random.Random) -> Issue:
    """The first ones more often: somebody waits for them."""
    return _issues(town)[min(rng.randrange(ISSUES), rng.randrange(ISSUES))]


def _agent(town: Town) -> User:
    return town.scene.zendesk.account.users[town.scene.agent]


def _ticket(town: Town, rng: random.Random) -> tuple[int, Ticket]:
    number = rng.randrange(len(TICKETS))
    return number, town.scene.ticket(number)
