"""One conversation with one portal: the few calls that we make, in batches and pages, as plain values."""

import itertools
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias

import hubspot

from connectors.hubspot.answers import garbled
from connectors.hubspot.library import Library

Kind: TypeAlias = Literal["contacts", "companies", "deals"]

ACCOUNT = "/account-info/2026-03/details"
"""The newest version of this call that HubSpot documents."""

MOST_INPUTS = 100
MOST_ASSOCIATION_INPUTS = 1000
PER_PAGE = 200

FRESH_S = 600.0
"""How long stages and account details are taken as known: they change some times a year."""


@dataclass(frozen=True, slots=True)
class Record:
    """One contact, company or deal. Every value is HubSpot's string; what is unset is None."""

    id: str
    properties: Mapping[str, str | None]

    def get(self, name: str) -> str:
        """A property, stripped; empty when unset."""
        return (self.properties.get(name) or "").strip()


@dataclass(frozen=True, slots=True)
class Link:
    """One end of an association, with the ids of its types."""

    id: str
    types: frozenset[int]


@dataclass(frozen=True, slots=True)
class Page:
    """The first page of a search, and whether there is more."""

    records: tuple[Record, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Account:
    """What the portal says of itself."""

    portal: str
    currency: str
    utc_offset: timedelta


class HubSpot:
    """For one thread and one workspace; kept between calls, because it keeps its connection.

    `timeout_s` is (connect, read). `search_gap_s` is the least time between two searches: HubSpot allows
    some four a second and counts them apart. All calls raise the errors of `connectors.errors`.
    """

    def __init__(
        self,
        *,
        url: str,
        token: str,
        timeout_s: tuple[float, float] = (3.05, 10.0),
        search_gap_s: float = 0.25,
    ) -> None:
        self._search_gap_s = search_gap_s
        self._searched_at = 0.0
        self._stages: tuple[float, dict[str, str]] | None = None
        self._account: tuple[float, Account] | None = None
        self._library = Library(timeout_s=timeout_s)
        self._crm = hubspot.Client.create(
            access_token=token, host=url.rstrip("/"), api_factory=self._library.api
        ).crm

    @property
    def heard_at(self) -> datetime | None:
        """HubSpot's own time at its last answer; None where it did not say it."""
        return self._library.heard_at

    def close(self) -> None:
        """Drop the connection."""
        self._library.close()

    def read(
        self, kind: Kind, ids: Iterable[str], properties: Sequence[str], *, by: str | None = None
    ) -> list[Record]:
        """Records by id, or by the unique property `by`; unknown ones are simply missing, order is HubSpot's.

        A record that was merged comes under its new id.
        """
        records: dict[str, Record] = {}
        for batch in _batches(ids, MOST_INPUTS):
            body = {
                "inputs": [{"id": ident} for ident in batch],
                "properties": list(properties),
                "propertiesWithHistory": [],
            }
            answer = self._objects(kind).batch_api.read(body | ({"idProperty": by} if by else {}))
            records |= {record.id: record for record in map(_record, _listed(answer.results))}
        return list(records.values())

    def search(
        self,
        kind: Kind,
        groups: Sequence[Sequence[Mapping[str, object]]],
        properties: Sequence[str],
        *,
        sort: str = "hs_object_id",
    ) -> Page:
        """The first page of the records that fit all filters of any group, ascending by `sort`.

        No second page: HubSpot pages by offset, and a record that changes meanwhile would push another
        one over the edge. Ask again from where this page ended.
        """
        wait_s = self._searched_at + self._search_gap_s - time.monotonic()
        if wait_s > 0:
            time.sleep(wait_s)
        self._searched_at = time.monotonic()
        body = {
            "filterGroups": [{"filters": list(group)} for group in groups],
            "properties": list(properties),
            "sorts": [{"propertyName": sort, "direction": "ASCENDING"}],
            "limit": PER_PAGE,
        }
        answer = self._objects(kind).search_api.do_search(body)
        return Page(tuple(map(_record, _listed(answer.results))), more=_after(answer.paging) is not None)

    def links(self, kind: Kind, to: Kind, ids: Iterable[str]) -> dict[str, list[Link]]:
        """For each record that has any: what it is associated with. All pages of each."""
        found: dict[str, list[Link]] = {}
        for batch in _batches(ids, MOST_ASSOCIATION_INPUTS):
            inputs: list[dict[str, str]] = [{"id": ident} for ident in batch]
            while inputs:
                api = self._crm.associations.v4.batch_api
                answer = api.get_page(kind, to, {"inputs": inputs})
                inputs = []
                for row in _listed(answer.results):
                    ident = _source(row)
                    found.setdefault(ident, []).extend(map(_link, _listed(row.to)))
                    if after := _after(row.paging):
                        inputs.append({"id": ident, "after": after})
        return found

    def first(self, kind: Kind) -> Record | None:
        """Any record of this kind: shows whether the token may read them."""
        answer = self._objects(kind).basic_api.get_page(limit=1)
        return next(map(_record, _listed(answer.results)), None)

    def stage_probabilities(self) -> dict[str, str]:
        """Stage id to its probability (as text, "0.2"), of all deal pipelines. Asked once in a while."""
        if self._stages is None or self._stages[0] < time.monotonic():
            self._stages = (time.monotonic() + FRESH_S, self._ask_stages())
        return self._stages[1]

    def account(self) -> Account:
        """Home currency and time zone of the portal. Asked once in a while."""
        if self._account is None or self._account[0] < time.monotonic():
            self._account = (time.monotonic() + FRESH_S, self._ask_account())
        return self._account[1]

    def _ask_stages(self) -> dict[str, str]:
        pipelines = self._crm.pipelines.pipelines_api.get_all("deals").results
        stages = [stage for pipeline in _listed(pipelines) for stage in _listed(pipeline.stages)]
        return {str(s.id): str((s.metadata or {}).get("probability") or "") for s in stages}

    def _ask_account(self) -> Account:
        told = self._crm.deals.basic_api.api_client.call_api(
            ACCOUNT,
            "GET",
            response_types_map={200: "object"},
            auth_settings=["oauth2"],
            _return_http_data_only=True,
        )
        try:
            offset = timedelta(milliseconds=int(told["utcOffsetMilliseconds"]))
            account = Account(str(told["portalId"]), str(told["companyCurrency"]).upper(), offset)
        except (KeyError, TypeError, ValueError) as e:
            raise garbled(e) from e
        self._library.utc_offset = account.utc_offset
        return account

    def _objects(self, kind: Kind) -> Any:
        return getattr(self._crm, kind)


def _batches(ids: Iterable[str], size: int) -> Iterator[list[str]]:
    """Without repetitions: HubSpot refuses a batch that names one id twice."""
    left = iter(dict.fromkeys(ids))
    while batch := list(itertools.islice(left, size)):
        yield batch


def _listed(given: Any) -> list[Any]:
    """A list as the answer gave it. The library checks no answer: what it cannot read becomes None."""
    if not isinstance(given, list):
        raise garbled()
    return given


def _record(given: Any) -> Record:
    if given.id is None or given.properties is None:
        raise garbled()
    return Record(str(given.id), dict(given.properties))


def _source(row: Any) -> str:
    source = row._from  # noqa: SLF001 - the library's name for the field "from"
    if source is None or source.id is None:
        raise garbled()
    return str(source.id)


def _link(given: Any) -> Link:
    """`toObjectId` is text in the specification and a number on the wire."""
    if given.to_object_id is None:
        raise garbled()
    types = frozenset(int(kind.type_id) for kind in given.association_types or ())
    return Link(str(given.to_object_id), types)


def _after(paging: Any) -> str | None:
    return str(paging.next.after) if paging and paging.next and paging.next.after else None
