"""Two voters in the community: Eve gets a ticket of her own; Fay, who has no address, reads the post."""

from dataclasses import dataclass

from lineage.changes import Linked, PersonSeen, PostSeen, Voted
from lineage.terms import ItemId, Origin
from sandbox.zendesk.community import Post
from sandbox.zendesk.records import User
from store.database import utc_now
from tests.crashes.town import Town


@dataclass(frozen=True)
class Square:
    """`wrong`: who was told too often or not often enough."""

    town: Town
    post: Post
    eve: User

    def wrong(self) -> list[str]:
        hers = [one for one in self.town.zendesk.tickets() if one.requester_id == self.eve.id]
        counted = {"tickets for Eve": len(hers), "comments on the post": len(self.post.comments)}
        return [f"{what}: {there}, not 1" for what, there in counted.items() if there != 1]


def placed(town: Town, number: int, item: ItemId) -> Square:
    """A post on which both voted, placed on the issue; as known for long."""
    eve, fay = (town.zendesk.add_user(name, f"{name.lower()}{number}@example.com") for name in ("Eve", "Fay"))
    fay.identities.clear()
    post, now = town.zendesk.add_post(eve, f"Export {number}"), utc_now()
    for user in (eve, fay):
        town.zendesk.vote(user, post)
    here = f"community:{post.id}"
    town.record(
        PostSeen(here, post.title, _seen(eve), now),
        Linked(Origin("zendesk:community", str(post.id)), item, by="agnes", at=now),
        *(Voted(here, _seen(user), now) for user in (eve, fay)),
    )
    return Square(town, post, eve)


def _seen(user: User) -> PersonSeen:
    return PersonSeen("zendesk", str(user.id), user.name, (user.email,) if user.email else ())
