"""What the demo prints: numbered steps, what each issue counts, and the replies that customers received."""

import re
import sys
import textwrap
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from sandbox.demo.cast import Cast, Customer
from sandbox.demo.ledger import Counts
from sandbox.demo.operator import SLUG
from sandbox.demo.scene import Scene
from sandbox.zendesk.records import Applied

WIDTH = 96


def say(text: str = "") -> None:
    """At once, also into a pipe."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def introduce(cast: Cast) -> None:
    say("Kithspark demo: the sandbox plays Zendesk, Jira, HubSpot and a moderation model on this machine.")
    say(f"No account, no key, nothing leaves it. Seed {cast.seed} gives these people and amounts every time.")
    say()


def tell(number: int, title: str, lines: Sequence[str], replies: Sequence[str]) -> None:
    """One step that came out as it should."""
    say(f"{number:>2}  {_strong(title)}")
    for line in lines:
        say(textwrap.fill(line, WIDTH, initial_indent="    ", subsequent_indent="      "))
    for reply in replies:
        say(reply)
    say()


def counted(counts: Mapping[str, Counts]) -> list[str]:
    """What each issue counts, the one that counts most first."""
    return [
        f"{key}: {_people(of)} · {money(of.customer)} won, {money(of.pipeline)} open · score {of.score:.2f}"
        for key, of in sorted(counts.items(), key=lambda one: -one[1].score)
    ]


def money(minor: int) -> str:
    """Whole cents as people write them.

    >>> money(1234567)
    '12,345.67 USD'
    """
    return f"{minor // 100:,}.{minor % 100:02d} USD"


def _people(of: Counts) -> str:
    people = f"{of.requesters} {'person' if of.requesters == 1 else 'people'}"
    companies = f"{of.companies} {'company' if of.companies == 1 else 'companies'}"
    votes = f" · {of.votes} vote{'s' if of.votes > 1 else ''}" if of.votes else ""
    return f"{people} · {companies}{votes}"


def quoted(scene: Scene, replies: Sequence[Applied]) -> list[str]:
    """Replies as they stand in Zendesk, each with where and to whom."""
    return [_quoted(scene, one) for one in replies if one.public] + [
        f"    Internal note on ticket {one.ticket}: {' '.join(one.body.split())}"
        for one in replies
        if not one.public
    ]


def _quoted(scene: Scene, reply: Applied) -> str:
    account = scene.stage.zendesk.account
    who = account.users[account.tickets[reply.ticket].requester_id].name
    after = f", a follow-up of the closed {reply.followup_of}" if reply.followup_of else ""
    lines = [f"    To {who}, in ticket {reply.ticket}{after}:", *_margin(reply.body)]
    return "\n".join(lines)


def entry_quoted(text: str) -> str:
    """What everybody reads under the forum post."""
    return "\n".join(["    In the forum, for those who voted:", *_margin(text)])


def _margin(text: str) -> list[str]:
    paragraphs = [line for line in text.strip().splitlines() if line.strip()]
    return [
        f"      │ {line}" for paragraph in paragraphs for line in textwrap.wrap(paragraph.strip(), WIDTH - 8)
    ]


def pages(scene: Scene, sign_in: str) -> None:
    """Where to look."""
    stage, cast = scene.stage, scene.cast
    ticket = scene.ticket(cast.whole, cast.closed)
    own = stage.kithspark.url
    shown = (
        (
            "An agent's ticket with the sidebar",
            f"{stage.zendesk.url}/agent/tickets/{scene.ticket(cast.whole, cast.both).id}",
        ),
        ("The Jira issue with the panel", f"{stage.jira.url}/browse/{cast.parts[1]}"),
        ("… and Jira's list by demand", f"{stage.jira.url}/search"),
        (
            f"{cast.closed.name}'s inbox (ticket {ticket.id})",
            f"{stage.zendesk.url}/inbox/{quote(cast.closed.email)}",
        ),
        ("… and their own page, from the mail there", _own_page(scene, cast.closed)),
        ("The forum", f"{own}/f/{SLUG}/"),
        ("The send plan (signs you in)", sign_in),
        ("HubSpot's deals", f"{stage.hubspot.url}/"),
    )
    say(_strong("Kithspark is running. Open these pages:"))
    for what, where in shown:
        say(f"    {what:<44} {where}")
    say()
    say("Click around: split, close, release, answer, vote. Ctrl-C ends it all.")


def _own_page(scene: Scene, who: Customer) -> str:
    """Where they see what became of their request, as the newest mail says that says it."""
    mails = (mail.body for mail in reversed(scene.stage.zendesk.mails(who.email)))
    return next((link[0] for body in mails if (link := re.search(r"\S+/r/[\w-]+", body))), "")


def _strong(text: str) -> str:
    return f"\x1b[1m{text}\x1b[0m" if sys.stdout.isatty() else text
