"""The first half of the story: people ask, an agent links, the numbers appear. Each act says what it did."""

from sandbox.demo.cast import Customer, side_ticket
from sandbox.demo.checks import same
from sandbox.demo.operator import SLUG
from sandbox.demo.people import Browser
from sandbox.demo.scene import Scene
from sandbox.demo.words import TITLE
from sandbox.hubspot.portal import STAGES

SIDE_TITLE = "Dark mode"
POST_TITLE, POST_WORDS = "Let us export reports to PDF", "We paste screenshots into slides. A *PDF* would do."


def customers_write_in(scene: Scene) -> list[str]:
    cast = scene.cast
    lines = [_writes(scene, who, cast.whole) for who in cast.ticket_order]
    return [*lines, _writes(scene, side_ticket(cast.closed), cast.side)]


def _writes(scene: Scene, who: Customer, key: str) -> str:
    """A ticket that is about this issue, though nobody knows yet."""
    ticket = scene.tickets[key, who.email] = scene.writer(who).write(who.subject, who.words)
    return f"{who.name} of {who.company.name} writes ticket {ticket.id}: “{who.subject}”"


def the_forum_hears_of_it(scene: Scene) -> list[str]:
    cast, voter = scene.cast, scene.writer(scene.cast.voter)
    voter.sign_in()
    scene.post = voter.post(POST_TITLE, POST_WORDS)
    scene.quiet()
    same(
        "Texts of this post that the model was shown",
        sum(POST_TITLE in t for t in scene.stage.openai.seen),
        1,
    )
    lines = [
        f"{cast.voter.name} of {cast.voter.company.name} signs in by a mailed link, posts “{POST_TITLE}”.",
        "The moderation model clears it: it is published, with the author's own vote.",
    ]
    return lines if cast.placed_early else [*lines, _votes(scene)]


def _votes(scene: Scene) -> str:
    scene.writer(scene.cast.both).sign_in()
    scene.writer(scene.cast.both).vote(scene.post)
    return f"{scene.cast.both.name} of {scene.cast.both.company.name}, who wrote a ticket too, votes for it."


def the_agent_links(scene: Scene) -> list[str]:
    """The first by search, the others by the suggestion that comes of it."""
    cast, whole = scene.cast, scene.issue_id(scene.cast.whole)
    first, *others = cast.ticket_order
    scene.agent.link_by_search(scene.ticket(cast.whole, first), cast.whole, whole, title=TITLE)
    lines = [
        f"The agent links {first.name}'s ticket to {cast.whole} from the sidebar: customers read “{TITLE}”."
    ]
    for who in others:
        scene.agent.link_by_suggestion(scene.ticket(cast.whole, who), whole)
        lines.append(f"For {who.name}'s the sidebar suggests {cast.whole}, and the agent takes it.")
    side = scene.ticket(cast.side, cast.closed)
    scene.agent.link_by_search(side, cast.side, scene.issue_id(cast.side), title=SIDE_TITLE)
    for who in cast.ticket_order:
        scene.asks(who, cast.whole)
    scene.asks(cast.closed, cast.side)
    return [*lines, f"{cast.closed.name}'s small wish goes to {cast.side}."]


def the_post_is_placed(scene: Scene) -> list[str]:
    cast = scene.cast
    scene.operator.run("link", SLUG, "--post", f"forum:{scene.post}", "--issue", cast.whole)
    lines = [f"The forum post is placed on {cast.whole}: all its votes count there, also those to come."]
    if cast.placed_early:
        scene.quiet()
        lines.append(_votes(scene))
    scene.asks(cast.voter, cast.whole, vote=True)
    scene.asks(cast.both, cast.whole, vote=True)
    return lines


def sales_wins_a_deal(scene: Scene) -> list[str]:
    """A change in HubSpot's own page; its webhook brings it."""
    hubspot, company = scene.stage.hubspot, scene.cast.both.company
    with hubspot.portal.lock:
        deal = next(
            one
            for one in hubspot.portal.live("deals")
            if one.properties["dealname"] == company.deals[-2].name
        )
        amount, before = str(deal.properties["amount"]), STAGES[str(deal.properties["dealstage"])][0]
    page = Browser()
    page.post(f"{hubspot.url}/deals/{deal.id}", {"amount": amount, "dealstage": "closedwon"})
    return [
        f"Sales wins {company.name}'s “{company.deals[-2].name}” (was: {before.lower()}), worth {amount} USD."
    ]
