"""Whether a connected Jira lets us do our work: what `kithspark doctor` asks."""

from connectors import skew
from connectors.errors import Refused
from connectors.jira import mapping
from connectors.jira.client import Jira
from store.errors import TryLater

NEEDED = ("BROWSE_PROJECTS", "EDIT_ISSUES")
WANTED = ("CREATE_ISSUES",)


def check(client: Jira) -> list[tuple[str, bool, str]]:
    """(what, well?, what to do or what was found), the first failure last. Raises nothing of a vendor's."""
    found: list[tuple[str, bool, str]] = []
    try:
        found.append(("sign-in", True, f"as {client.myself().name}"))
        found.append(skew.in_words(client.session.ahead_s))
        found.append(_projects(client))
        found.append(_permissions(client))
        found.append(_link_types(client))
    except (Refused, TryLater) as e:
        found.append(("reach", False, str(e)))
    return found


def _projects(client: Jira) -> tuple[str, bool, str]:
    keys = [project.key for project in client.projects()]
    if not keys:
        return ("projects", False, "The account sees no project: give it Browse projects where you work.")
    return ("projects", True, ", ".join(keys[:10]) + (" …" if len(keys) > 10 else ""))


def _permissions(client: Jira) -> tuple[str, bool, str]:
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


def _link_types(client: Jira) -> tuple[str, bool, str]:
    known = mapping.seed(client.link_types(), [])
    lacking = [word for word in ("merge", "split") if word not in known.links.values()]
    if lacking:
        # "Issue split" only comes into being with the first split, so this is a hint and no failure.
        return (
            "link types",
            True,
            f"none recognised for {' and '.join(lacking)} yet; say which with `kithspark map`",
        )
    return ("link types", True, "merge and split recognised")
