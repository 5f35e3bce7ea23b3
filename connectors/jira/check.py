"""Whether a connected Jira lets us do our work: what `kithspark doctor` asks."""

from collections.abc import Sequence
from typing import TypeAlias

from connectors import skew
from connectors.errors import Refused
from connectors.jira import mapping
from connectors.jira.answers import Resolution
from connectors.jira.client import Jira
from connectors.jira.mapping import LinkMapping
from store.errors import TryLater

Line: TypeAlias = tuple[str, bool, str]
"""What, well?, what to do or what was found."""

NEEDED = ("BROWSE_PROJECTS", "EDIT_ISSUES")
WANTED = ("CREATE_ISSUES",)


def check(client: Jira, known: LinkMapping | None = None) -> list[Line]:
    """The first failure to reach it last. Raises nothing of a vendor's.

    `known`: what a person said of this site's words; else what their names suggest counts.
    """
    found: list[Line] = []
    try:
        found.append(("sign-in", True, f"as {client.myself().name}"))
        found.append(skew.in_words(client.session.ahead_s))
        found.append(_projects(client))
        found.append(_permissions(client))
        kinds, resolutions = client.link_types(), client.resolutions()
        seed = mapping.seed(kinds, resolutions)
        means = seed.edited(links=known.links, resolutions=known.resolutions) if known else seed
        found.append(_link_types(means))
        found.append(_resolutions(means, resolutions))
    except (Refused, TryLater) as e:
        found.append(("reach", False, str(e)))
    return found


def _projects(client: Jira) -> Line:
    keys = [project.key for project in client.projects()]
    if not keys:
        return ("projects", False, "The account sees no project: give it Browse projects where you work.")
    return ("projects", True, ", ".join(keys[:10]) + (" …" if len(keys) > 10 else ""))


def _permissions(client: Jira) -> Line:
    lacking = client.lacking([*NEEDED, *WANTED])
    if needed := [one for one in lacking if one in NEEDED]:
        return (
            "permissions",
            False,
            f"The account lacks {', '.join(needed)}: add it to a role that has them.",
        )
    if lacking:
        return ("permissions", True, f"without {', '.join(lacking)}: issues cannot be created from a ticket")
    return ("permissions", True, "all that is needed")


def _link_types(means: LinkMapping) -> Line:
    lacking = [word for word in ("merge", "split") if word not in means.links.values()]
    if lacking:
        # "Issue split" only comes into being with the first split, so this is a hint and no failure.
        return (
            "link types",
            True,
            f"none recognised for {' and '.join(lacking)} yet; say which with `kithspark map`",
        )
    return ("link types", True, "merge and split recognised")


def _resolutions(means: LinkMapping, every: Sequence[Resolution]) -> Line:
    if not every:
        return ("resolutions", True, "none on this site: what is done counts as delivered")
    unknown = [one.name for one in every if one.id not in means.resolutions]
    if not unknown:
        return ("resolutions", True, "all recognised")
    # One that is not mapped asks a person; a site that wants it so is well.
    named = ", ".join(unknown[:5]) + (" …" if len(unknown) > 5 else "")
    return ("resolutions", True, f"not recognised: {named}; say what they mean with `kithspark map`")
