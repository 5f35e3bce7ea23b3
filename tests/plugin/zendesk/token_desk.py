"""Where the sidebar's token matrix finds its doors, fills in their forms, makes tokens, and knocks."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import jwt
import requests
from sqlalchemy import delete

from plugin.bearer import Bearer, Face, mint
from plugin.identity import declared, signing_keys
from plugin.identity_tables import seen_tokens
from sandbox.zendesk.records import Ticket, User
from sandbox.zendesk.sidebar import app_key
from store.database import transaction
from tests.plugin.house import House

LOAD, AGAIN = "signed by Zendesk", "our bearer"
QUEUE_LOAD, QUEUE_AGAIN = "signed for the nav bar", "our bearer of the queue"
OPENS = {"agent load": LOAD, "agent": AGAIN, "queue load": QUEUE_LOAD, "queue agent": QUEUE_AGAIN}
LOADS = (LOAD, QUEUE_LOAD)
FACES: Mapping[str, Face] = {AGAIN: "zendesk", QUEUE_AGAIN: "queue"}
PLACES = {LOAD: "ticket_sidebar", QUEUE_LOAD: "nav_bar"}
"""Which kind of token each kind of identity asks for."""

Claims = dict[str, Any]


@dataclass(frozen=True)
class Door:
    """One method at one address of the sidebar or the queue; `kind`: the token that opens it."""

    method: str
    path: str
    kind: str
    name: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass
class Desk:
    """Agnes's. `forms`: what a right form holds at each endpoint."""

    house: House
    agent: User
    ticket: Ticket
    notice: int
    act: int
    forms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    place: str = "ticket_sidebar"
    face: Face = "zendesk"
    """For what door the tokens are that are made here; see `before`."""

    def before(self, door: Door) -> "Desk":
        """The same desk, whose tokens are those that this door asks for, right or wrong in another way."""
        loads = replace(self, place=PLACES.get(door.kind, self.place))
        return replace(loads, face=FACES.get(door.kind, "zendesk"))

    def doors(self) -> list[Door]:
        """All of them, from the app's own map. Fails for one that nobody sorted in here."""
        kinds, found = declared(self.house.app), []
        for rule in self.house.app.url_map.iter_rules():
            if not rule.rule.startswith("/zendesk/"):
                continue
            kind = kinds[rule.endpoint]
            assert kind in OPENS, f"{rule.rule}: say in OPENS which token opens it"
            path = rule.rule.replace("<slug>", "acme").replace("<int:ticket>", str(self.ticket.id))
            path = path.replace("<int:ask>", self.forms["unlink"]["ask"])
            path = path.replace("<int:act>", str(self.act)).replace("<int:notice>", str(self.notice))
            path = re.sub(r"<any\((\w+).*?>", r"\1", path)
            assert "<" not in path, f"{rule.rule}: say here what it is filled in with"
            found += [
                Door(one, path, OPENS[kind], rule.endpoint.rpartition(".")[2])
                for one in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
            ]
        return found

    def knock(
        self, door: Door, token: str | None, *, scheme: str = "Bearer", **form: str
    ) -> requests.Response:
        """The token goes into the form of a first load, and into the header of everything else."""
        sent, headers = {**self.forms.get(door.name, {}), **form}, {}
        if token is not None and door.kind in LOADS:
            sent = {"token": token}
        elif token is not None:
            headers["Authorization"] = f"{scheme} {token}"
        asked: dict[str, Any] = {"params": sent} if door.method == "GET" else {"data": sent}
        session = requests.Session()
        session.trust_env = False
        whole = requests.Request(door.method, self.house.url + door.path, headers=headers, **asked)
        return session.send(whole.prepare(), timeout=10, allow_redirects=False)

    def claims(self, **changed: Any) -> Claims:
        sidebar, url = self.house.zendesk.sidebar, self.house.zendesk.url
        whole = {**sidebar.claims(url, self.agent, self.place), **changed}
        return {name: value for name, value in whole.items() if value is not None}

    def signed(self, *, key: Any = None, algorithm: str = "RS256", **changed: Any) -> str:
        ours = app_key(self.house.zendesk.sidebar.installation)
        return jwt.encode(self.claims(**changed), key or ours, algorithm=algorithm)

    def bearer(self, *, ago: timedelta = timedelta(), **changed: Any) -> str:
        now, face = self.house.clock.now(), self.face
        said: Claims = {"face": face, "workspace_id": self.house.workspace.id, "began_at": now} | changed
        with self.house.within():
            keys = signing_keys()
        return mint(Bearer(user=str(self.agent.id), name="Agnes", **said), keys=keys, now=now - ago)

    def other_face(self, face: Face) -> str:
        return self.bearer(face=face, issue="10001" if face == "jira" else "")

    def right(self, kind: str) -> str:
        place, face = PLACES.get(kind, self.place), FACES.get(kind, self.face)
        made = replace(self, place=place, face=face)
        return made.signed() if kind in LOADS else made.bearer()

    def fresh(self) -> None:
        """Forget what was spent."""
        with transaction(self.house.state.engine) as conn:
            conn.execute(delete(seen_tokens))


Way = Callable[[Desk], str]


def opened(answer: requests.Response) -> bool:
    """Anything but "we cannot tell who you are", "not for you" and "there is nothing here"."""
    return answer.status_code not in (400, 401, 403, 404, 405, 503)
