"""Whether a connected portal gives us what we need: for `kithspark doctor` and the connect command."""

from collections.abc import Callable

from connectors.errors import Refused
from connectors.hubspot.client import HubSpot
from store.errors import TryLater


def check(client: HubSpot) -> list[tuple[str, bool, str]]:
    """(what, whether it works, what it said or what to do) for the token and each scope we read with."""
    calls: list[tuple[str, Callable[[], str]]] = [
        ("token and account", lambda: _account(client)),
        ("crm.objects.contacts.read", lambda: _reads(client.first("contacts"))),
        ("crm.objects.companies.read", lambda: _reads(client.first("companies"))),
        ("crm.objects.deals.read", lambda: _reads(client.first("deals"))),
        ("deal stages", lambda: f"{len(client.stage_probabilities())} stages"),
    ]
    results = []
    for what, call in calls:
        try:
            results.append((what, True, call()))
        except (Refused, TryLater) as e:
            results.append((what, False, str(e)))
    return results


def _account(client: HubSpot) -> str:
    account = client.account()
    return f"portal {account.portal}, home currency {account.currency}"


def _reads(first: object) -> str:
    return "readable" if first else "readable, but empty"
