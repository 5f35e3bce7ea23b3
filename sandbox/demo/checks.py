"""The judge: after each step, what the vendors themselves hold is compared with what must be."""

import re
from collections.abc import Mapping
from fractions import Fraction
from html import unescape
from typing import Any

from sandbox.demo.ledger import Counts, expected, worth_in
from sandbox.demo.operator import SLUG
from sandbox.demo.people import Browser
from sandbox.demo.scene import Said, Scene
from sandbox.demo.words import GREETING, amiss
from sandbox.jira import searching
from sandbox.zendesk.records import Applied

PROPERTY = "kithspark.demand"
BY_DEMAND = "kithsparkDemand > 0 ORDER BY kithsparkDemand DESC"


class Differs(Exception):
    """The first thing that is not as it should be, in words."""


def same(what: str, found: object, wanted: object) -> None:
    """Raises Differs."""
    if found != wanted:
        raise Differs(f"{what} is {found!r}, and should be {wanted!r}.")


def money_adds_up(scene: Scene) -> dict[str, Counts]:
    """The ranking, Jira's own issue properties and JQL order against HubSpot's deals. Raises Differs.

    Gives what every issue counts.
    """
    counts = expected(scene.played, worth_in(scene.stage.hubspot))
    ranked = scene.operator.read("demand", SLUG)["items"]
    same("The set of ranked issues", {one["issue"]["key"] for one in ranked}, set(counts))
    for row in ranked:
        _ranked_as(row, counts[row["issue"]["key"]])
    for key, wanted in counts.items():
        _shown_in_jira(scene, key, wanted)
    listed = [key for key in _found_by_jql(scene) if key in counts]
    same("What Jira lists by kithsparkDemand", set(listed), set(counts))
    scores = [counts[key].score for key in listed]
    same("The scores in Jira's order by kithsparkDemand", scores, sorted(scores, reverse=True))
    _parts_make_the_whole(scene, counts)
    return counts


def _ranked_as(row: Mapping[str, Any], wanted: Counts) -> None:
    key = row["issue"]["key"]
    for name in ("requesters", "companies", "votes", "score"):
        same(f"{name} of {key}", row[name], getattr(wanted, name))
    for name in ("customer", "pipeline"):
        same(f"{name} of {key}", row[name], {"minor": getattr(wanted, name), "currency": "USD"})


def _shown_in_jira(scene: Scene, key: str, wanted: Counts) -> None:
    shown = scene.stage.jira.property(key, PROPERTY)
    if not isinstance(shown, dict):
        raise Differs(f"{key} has no property {PROPERTY} in Jira.")
    for name in ("requesters", "companies", "votes", "score"):
        same(f"{name} in the property of {key}", shown[name], getattr(wanted, name))
    for name in ("customer", "pipeline"):
        same(f"{name} in the property of {key}", shown[name]["minor"], getattr(wanted, name))


def _found_by_jql(scene: Scene) -> list[str]:
    site = scene.stage.jira.site
    with site.lock:
        return [issue.key for issue in searching.find(site, BY_DEMAND, reconcile=set())]


def _parts_make_the_whole(scene: Scene, counts: Mapping[str, Counts]) -> None:
    """While nothing else rests on the parts, what they count is what the companies are worth, to the cent."""
    played, parts = scene.played, scene.played.parts
    if not parts or played.merged:
        return
    worth = worth_in(scene.stage.hubspot)
    asking = {ask.who.company.name for ask in played.asks if ask.key == scene.cast.whole}
    for name in ("customer", "pipeline"):
        whole = sum(getattr(worth[company], name) for company in asking)
        same(f"The sum of the parts' {name}", sum(getattr(counts[part], name) for part in parts), whole)


def shares_are_whole(scene: Scene) -> None:
    """Each ask rests on its parts with shares that make 1, where it was played to rest. Raises Differs."""
    asks = scene.operator.read("trace", SLUG, "--issue", scene.cast.whole)["asks"]
    same(f"Asks for {scene.cast.whole}", len(asks), len(_asks_for_the_whole(scene)))
    rests = sorted(tuple(sorted(scene.played.rests_on(ask))) for ask in _asks_for_the_whole(scene))
    found = sorted(tuple(sorted(one["issue"]["key"] for one in ask["carriers"])) for ask in asks)
    same("Where the asks rest", found, rests)
    for ask in asks:
        same("The sum of an ask's shares", sum(Fraction(one["share"]) for one in ask["carriers"]), 1)


def _asks_for_the_whole(scene: Scene) -> list[Any]:
    return [ask for ask in scene.played.asks if ask.key == scene.cast.whole]


def told_once(scene: Scene) -> None:
    """In Zendesk and in the forum stand the words that must, once, and no others. Raises Differs."""
    said = [one for one in scene.said if one.where != "forum"]
    written = [one for one in scene.stage.zendesk.ledger if one.public]
    for who in scene.cast.customers:
        wanted = [one for one in said if one.to == who]
        found = [one for one in written if _owner(scene, one) == who.email]
        same(f"The number of replies to {who.name}", len(found), len(wanted))
        for reply, must in zip(found, wanted, strict=True):
            _says(scene, reply, must)
    same("The number of replies in all", len(written), len(said))
    notes = [one.ticket for one in scene.stage.zendesk.ledger if not one.public]
    same("The tickets with an internal note of ours", sorted(notes), sorted(scene.notes))
    _forum_says(scene)


def _owner(scene: Scene, reply: Applied) -> str:
    account = scene.stage.zendesk.account
    return account.users[account.tickets[reply.ticket].requester_id].email or ""


def _says(scene: Scene, reply: Applied, must: Said) -> None:
    place = f"The reply to {must.to.name} in ticket {reply.ticket}"
    if must.where == "follow-up":
        same(f"{place}: the closed ticket that it follows up", reply.followup_of, must.ticket)
    else:
        same(f"{place}: its ticket", reply.ticket, must.ticket)
    if wrong := amiss(reply.body, must.words, must.to.language):
        raise Differs(f"{place}: {wrong}. It says:\n{reply.body}")
    if GREETING[must.to.language].format(name=must.to.name) not in reply.body:
        raise Differs(f"{place} does not greet {must.to.name} in their language. It says:\n{reply.body}")
    mailed = [scene.stage.zendesk.account.users[one].email for one in reply.mailed]
    same(f"{place}: who was mailed", mailed, [must.to.email])


def forum_entries(scene: Scene) -> list[str]:
    """What everybody reads under the forum post, oldest first."""
    if not scene.post:
        return []
    page = Browser().get(f"{scene.stage.kithspark.url}/f/{SLUG}/posts/{scene.post}").text
    return [_plain(one) for one in reversed(page.split('<div class="words"')[2:])]


def _plain(html: str) -> str:
    """The words of one entry: from its opening tag to its end."""
    inner = html[html.index(">") + 1 : html.index("</div>")]
    return unescape(re.sub(r"<[^>]*>", "", re.sub(r"<br ?/?>|</p>|</li>", "\n", inner))).strip()


def _forum_says(scene: Scene) -> None:
    wanted, found = [one for one in scene.said if one.where == "forum"], forum_entries(scene)
    same("The number of entries on the forum post", len(found), len(wanted))
    for entry, must in zip(found, wanted, strict=True):
        if wrong := amiss(entry, must.words, must.to.language):
            raise Differs(f"The forum entry: {wrong}. It says:\n{entry}")


def nothing_is_stuck(scene: Scene) -> None:
    """No row is parked, and every derived table equals a recount. Raises Differs."""
    same("What is parked", scene.operator.read("failures"), {"failures": []})
    same("The differences to a recount", scene.operator.read("rebuild", SLUG, "--check")["differences"], [])
