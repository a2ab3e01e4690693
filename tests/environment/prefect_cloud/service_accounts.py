"""Service accounts, which the API calls bots, and their keys: a key is shown when it is made, and never again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from tests.environment.prefect_cloud.bodies import id_, moment_or_null, number, or_null, taken, text
from tests.environment.prefect_cloud.exchange import Answer, Refusal, gone, invalid
from tests.environment.prefect_cloud.routing import route
from tests.environment.prefect_cloud.store import moment, paged

if TYPE_CHECKING:
    from tests.environment.prefect_cloud.cloud import PrefectCloud
    from tests.environment.prefect_cloud.exchange import Request

__all__ = ["masked", "new_key_of", "shown_key"]

_ALL = "/accounts/{account_id}/bots/"
_ONE = "/accounts/{account_id}/bots/{id}"
_TWO_DAYS = 172_800


def new_key_of(
    cloud: PrefectCloud, actor_id: str, name: str, expires: str | None, *, stem: str
) -> dict[str, Any]:
    """A new key of an actor: with its text, as the answer to its making shows it."""
    text_ = f"{stem}_{uuid4().hex}{uuid4().hex[:4]}"
    one = cloud.store.put("keys", key=text_, actor_id=actor_id, expires=expires, name=name)
    return shown_key(one) | {"key": text_}


def shown_key(one: dict[str, Any]) -> dict[str, Any]:
    """A key without its text."""
    return {"id": one["id"], "created": one["created"], "name": one["name"], "expiration": one["expires"]}


def masked(one: dict[str, Any]) -> dict[str, Any]:
    """The same with its beginning and end, as reads show it."""
    return shown_key(one) | {"masked_key": f"{one['key'][:4]}...{one['key'][-4:]}"}


def _read(cloud: PrefectCloud, bot: dict[str, Any]) -> dict[str, Any]:
    [key] = cloud.store.actual("keys", lambda one: bool(one["id"] == bot["key_id"]))
    return {name: value for name, value in bot.items() if name != "key_id"} | {"api_key": masked(key)}


def _role(cloud: PrefectCloud, role_id: str | None) -> str:
    if role_id is None:
        return "Member"
    roles = cloud.store.actual("account_roles", lambda one: bool(one["id"] == role_id))
    if not roles:
        raise gone(noun="Account role")
    return str(roles[0]["name"])


def _refuse_taken(cloud: PrefectCloud, name: str, but: str = "") -> None:
    if cloud.store.actual("bots", lambda one: bool(one["name"] == name and one["id"] != but)):
        raise Refusal(409, f"A service account named {name!r} already exists")


@route("POST", _ALL, permission="manage_service_accounts")
def create(cloud: PrefectCloud, request: Request) -> Answer:
    """Make one, with its first key."""
    optional = {"api_key_expiration": moment_or_null, "account_role_id": or_null(id_)}
    body = taken(request.body, {"name": text()}, optional)
    role = _role(cloud, body.get("account_role_id"))
    _refuse_taken(cloud, body["name"])
    bot_id = str(uuid4())
    actor = cloud.store.put(
        "actors", type="bot", email=None, name=body["name"], account_role=role, bot_id=bot_id
    )
    name = f"{body['name']}-key"
    key = new_key_of(cloud, actor["id"], name, body.get("api_key_expiration"), stem="pnb")
    bot = cloud.store.put(
        "bots",
        id=bot_id,
        actor_id=actor["id"],
        account_id=cloud.account_id,
        name=body["name"],
        account_role_name=role,
        key_id=key["id"],
    )
    return Answer(201, _read(cloud, bot) | {"api_key": key})


@route("GET", _ONE, permission="see_service_accounts")
def read(cloud: PrefectCloud, request: Request) -> Answer:
    """One, with its key masked."""
    return Answer(200, _read(cloud, cloud.store.get("bots", request.names["id"].lower(), "Service account")))


@route("POST", f"{_ALL}filter", permission="see_service_accounts")
def list_all(cloud: PrefectCloud, request: Request) -> Answer:
    """Those of these ids, names, or a part of a name."""
    wanted = (request.body or {}).get("service_accounts") or {}
    if wanted.keys() - {"id", "name"}:
        raise invalid(("body", "service_accounts"), "Extra inputs are not permitted", wanted)
    ids, names = (wanted.get("id") or {}).get("any_"), (wanted.get("name") or {}).get("any_")
    part = (wanted.get("name") or {}).get("like_")

    def meets(one: dict[str, Any]) -> bool:
        return (
            (ids is None or one["id"] in ids)
            and (names is None or one["name"] in names)
            and (part is None or part.lower() in one["name"].lower())
        )

    return Answer(200, paged([_read(cloud, one) for one in cloud.store.all("bots", meets)], request.body))


@route("PATCH", _ONE, permission="manage_service_accounts")
def change(cloud: PrefectCloud, request: Request) -> Answer:
    """Name or role."""
    body = taken(request.body, {}, {"name": or_null(text()), "account_role_id": or_null(id_)})
    bot_id = request.names["id"].lower()
    values: dict[str, Any] = {}
    if body.get("name") is not None:
        _refuse_taken(cloud, body["name"], bot_id)
        values["name"] = body["name"]
    if body.get("account_role_id") is not None:
        values["account_role_name"] = _role(cloud, body["account_role_id"])
    bot = cloud.store.change("bots", bot_id, "Service account", **values)
    if "account_role_name" in values:
        cloud.store.change("actors", bot["actor_id"], "Actor", account_role=values["account_role_name"])
    return Answer(204)


@route("POST", f"{_ONE}/rotate_api_key", permission="manage_service_accounts")
def rotate(cloud: PrefectCloud, request: Request) -> Answer:
    """Make a new key; the old one ends, now or soon."""
    optional = {
        "api_key_expiration": moment_or_null,
        "old_key_expires_in_seconds": or_null(number(0, _TWO_DAYS, whole=True)),
    }
    body = taken(request.body or {}, {}, optional)
    bots = cloud.store.actual("bots", lambda one: bool(one["id"] == request.names["id"].lower()))
    if not bots:
        raise gone(noun="Service account")
    [bot] = bots
    name = f"{bot['name']}-key-{moment()}"
    key = new_key_of(cloud, bot["actor_id"], name, body.get("api_key_expiration"), stem="pnb")
    grace = body.get("old_key_expires_in_seconds")
    if grace:
        ends = (datetime.now(UTC) + timedelta(seconds=grace)).isoformat().replace("+00:00", "Z")
        cloud.store.change("keys", bot["key_id"], "API key", expires=ends)
    else:
        cloud.store.drop("keys", bot["key_id"], "API key")
    bot = cloud.store.change("bots", bot["id"], "Service account", key_id=key["id"])
    return Answer(201, _read(cloud, bot) | {"api_key": key})


@route("DELETE", _ONE, permission="manage_service_accounts")
def delete(cloud: PrefectCloud, request: Request) -> Answer:
    """Delete it, with its keys; webhooks that it guarded stay, and are guarded by nobody."""
    bot_id = request.names["id"].lower()
    bots = cloud.store.actual("bots", lambda one: bool(one["id"] == bot_id))
    cloud.store.drop("bots", bot_id, "Service account")
    for key in cloud.store.actual("keys", lambda one: bool(one["actor_id"] == bots[0]["actor_id"])):
        cloud.store.drop("keys", key["id"], "API key")
    return Answer(204)
