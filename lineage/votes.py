"""Posts and the votes for them, by name: of our own forum, and of Zendesk's community. Plain values.

A post is known by one word: `9` is one of the forum, `community:77` one of Zendesk's community. Whoever votes
there is a user of the helpdesk, so a vote and a ticket of the same user are one person's.
"""

from lineage.terms import Origin

COMMUNITY = "community:"
FORUM_POST, FORUM_VOTE, IN_COMMUNITY = "forum:post", "forum:vote", "zendesk:community"
OWN_TICKET = "zendesk:proactive"
"""A ticket that is opened for one voter of the community, to tell them there."""
PUBLIC = ("forum:", f"{IN_COMMUNITY}:")
"""How places begin that everybody reads."""


def placing_of(post: str) -> Origin:
    """By what a post is linked to an issue, and where it is answered.

    >>> str(placing_of("9")), str(placing_of("community:77"))
    ('forum:post:9', 'zendesk:community:77')
    """
    if post.startswith(COMMUNITY):
        return Origin(IN_COMMUNITY, post.removeprefix(COMMUNITY))
    return Origin(FORUM_POST, post)


def vote_of(post: str, voter: str) -> Origin:
    """The origin of one vote.

    >>> str(vote_of("9", "4")), str(vote_of("community:77", "4"))
    ('forum:vote:9:4', 'zendesk:community:77:4')
    """
    placing = placing_of(post)
    kind = FORUM_VOTE if placing.kind == FORUM_POST else placing.kind
    return Origin(kind, f"{placing.id}:{voter}")


def own_ticket_of(vote: str) -> str:
    """Where a voter is told, if that is in a ticket of their own. `vote`: its origin in the community.

    >>> own_ticket_of("zendesk:community:77:4")
    'zendesk:proactive:77:4'
    """
    return vote.replace(f"{IN_COMMUNITY}:", f"{OWN_TICKET}:", 1)


def vote_told_in(place: str) -> str:
    """The origin of the vote for which this ticket is opened.

    >>> vote_told_in("zendesk:proactive:77:4")
    'zendesk:community:77:4'
    """
    return place.replace(f"{OWN_TICKET}:", f"{IN_COMMUNITY}:", 1)


def post_of(origin: Origin) -> str | None:
    """The post that is linked as this origin; None where that is one request: a ticket, a single vote.

    >>> post_of(Origin("zendesk:community", "77")), post_of(Origin("zendesk:community", "77:4"))
    ('community:77', None)
    """
    if origin.kind == FORUM_POST:
        return origin.id
    return f"{COMMUNITY}{origin.id}" if origin.kind == IN_COMMUNITY and ":" not in origin.id else None


def voted_for(origin: str) -> str | None:
    """The post that this vote is for; None for what is no vote.

    >>> voted_for("forum:vote:9:4"), voted_for("zendesk:community:77:4"), voted_for("zendesk:ticket:7")
    ('9', 'community:77', None)
    """
    system, what, ident = (*origin.split(":", 2), "", "")[:3]
    post, _, voter = ident.partition(":")
    if not voter or f"{system}:{what}" not in {FORUM_VOTE, IN_COMMUNITY}:
        return None
    return post if system == "forum" else f"{COMMUNITY}{post}"
