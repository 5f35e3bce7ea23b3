"""Users, their addresses, and organizations."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from sandbox.zendesk import merging
from sandbox.zendesk.problems import invalid, missing
from sandbox.zendesk.records import Identity, Json, User
from sandbox.zendesk.rest.here import account, actor, base, given, page
from sandbox.zendesk.shapes import group_json, identity_json, organization_json, role_json, user_json

routes = Blueprint("zendesk_users", __name__, url_prefix="/api/v2")


def shown(user: User) -> Json:
    return user_json(user, base())


@routes.get("/users/me")
def me() -> ResponseReturnValue:
    return jsonify(user={**shown(actor()), "authenticity_token": "sandbox"})


@routes.get("/users/<int:ident>")
def show(ident: int) -> ResponseReturnValue:
    return jsonify(user=shown(account().user(ident)))


@routes.get("/users/show_many")
def show_many() -> ResponseReturnValue:
    ids = [int(one) for one in request.args.get("ids", "").split(",") if one.strip().isdigit()]
    return jsonify(page("users", [shown(account().users[i]) for i in ids if i in account().users]))


@routes.get("/users/search")
def search() -> ResponseReturnValue:
    """By e-mail address or name, or by `external_id`."""
    query = request.args.get("query", "").removeprefix("type:user").strip(' "').casefold()
    external = request.args.get("external_id")
    found = [one for one in account().users.values() if one.active and matches(one, query, external)]
    return jsonify(page("users", [shown(one) for one in found]))


def matches(user: User, query: str, external: str | None) -> bool:
    if external is not None:
        return user.external_id == external
    words = [user.name.casefold(), *(one.value.casefold() for one in user.identities)]
    return any(query in word for word in words)


@routes.post("/users")
def create() -> ResponseReturnValue:
    wanted = given("user")
    if wanted.get("email") and account().user_by_email(wanted["email"]):
        raise invalid("email", f"Email: {wanted['email']} is already being used by another user")
    role, locale = wanted.get("role") or "end-user", wanted.get("locale") or "en-US"
    user = account().add_user(wanted["name"], wanted.get("email"), role=role, locale=locale)
    return jsonify(user=shown(user)), 201


@routes.put("/users/<int:ident>")
def update(ident: int) -> ResponseReturnValue:
    user, wanted = account().user(ident), given("user")
    for name in ("name", "locale", "external_id", "organization_id"):
        if name in wanted:
            setattr(user, name, wanted[name])
    user.updated = account().stamp()
    if "suspended" in wanted:
        merging.suspend(account(), user, suspended=bool(wanted["suspended"]))
    return jsonify(user=shown(user))


@routes.put("/users/<int:ident>/merge")
def merge(ident: int) -> ResponseReturnValue:
    """The user of the path goes up in the one of the body, who is the answer."""
    wanted = given("user")
    by_email = account().user_by_email(str(wanted.get("email")))
    survivor = account().user(int(wanted["id"])) if wanted.get("id") else by_email
    if survivor is None:
        raise missing()
    merging.merge_users(account(), account().user(ident), survivor)
    return jsonify(user=shown(survivor))


@routes.get("/users/<int:ident>/identities")
def identities(ident: int) -> ResponseReturnValue:
    user = account().user(ident)
    return jsonify(page("identities", [identity_json(one, user, base()) for one in user.identities]))


@routes.post("/users/<int:ident>/identities")
def add_identity(ident: int) -> ResponseReturnValue:
    user, wanted = account().user(ident), given("identity")
    verified = bool(wanted.get("verified", False))
    identity = Identity(account().new_id(), wanted["value"], account().stamp(), verified=verified)
    user.identities.append(identity)
    return jsonify(identity=identity_json(identity, user, base())), 201


@routes.get("/users/<int:ident>/groups")
def groups(ident: int) -> ResponseReturnValue:
    """Those that the user is a member of; deleted ones too, unless `exclude_deleted` is asked for."""
    theirs = [account().groups[one] for one in account().user(ident).group_ids]
    if request.args.get("exclude_deleted") == "true":
        theirs = [one for one in theirs if not one.deleted]
    return jsonify(page("groups", [group_json(one, base()) for one in theirs]))


@routes.get("/custom_roles/<int:ident>")
def custom_role(ident: int) -> ResponseReturnValue:
    if ident not in account().roles:
        raise missing()
    return jsonify(custom_role=role_json(account().roles[ident]))


@routes.get("/organizations/<int:ident>")
def organization(ident: int) -> ResponseReturnValue:
    return jsonify(organization=organization_json(account().organization(ident), base()))


@routes.get("/organizations")
def organizations() -> ResponseReturnValue:
    found = account().organizations.values()
    return jsonify(page("organizations", [organization_json(one, base()) for one in found]))
