"""What of the property `kithspark.demand` Jira indexes, and by which words of JQL: for every way in.

The Connect descriptor (`atlassian-connect.json`) and the Forge manifest say the same, so that a saved filter
outlives a change from one to the other. `tests/connectors/jira/test_demand_index.py` holds them to it.
"""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Type: TypeAlias = Literal["number", "string", "date"]
"""What JQL does with it: numbers and dates are compared and sorted, strings are equal or not."""

KEY = "kithspark.demand"
MODULE = "demand-index"
NAME = "Kithspark demand"


@dataclass(frozen=True, slots=True)
class Extraction:
    """One value inside the property, by its dotted path, and the word for it in JQL."""

    path: str
    type: Type
    alias: str


EXTRACTIONS = (
    Extraction("score", "number", "kithsparkDemand"),
    Extraction("requesters", "number", "kithsparkRequesters"),
    Extraction("companies", "number", "kithsparkCompanies"),
    Extraction("votes", "number", "kithsparkVotes"),
    Extraction("pipeline.minor", "number", "kithsparkPipeline"),
    Extraction("customer.minor", "number", "kithsparkCustomer"),
    Extraction("oldest", "date", "kithsparkOldest"),
    Extraction("lineage", "string", "kithsparkLineage"),
    Extraction("currency", "string", "kithsparkCurrency"),
)


def connect_module() -> dict[str, Any]:
    """The member of `jiraEntityProperties` in the Connect descriptor."""
    extractions = [{"objectName": one.path, "type": one.type, "alias": one.alias} for one in EXTRACTIONS]
    return {
        "key": MODULE,
        "name": {"value": NAME},
        "entityType": "issue",
        "keyConfigurations": [{"propertyKey": KEY, "extractions": extractions}],
    }


def forge_module() -> dict[str, Any]:
    """The member of `jira:entityProperty` in the Forge manifest."""
    values = [{"path": one.path, "type": one.type, "searchAlias": one.alias} for one in EXTRACTIONS]
    return {"key": MODULE, "entityType": "issue", "propertyKey": KEY, "values": values}
