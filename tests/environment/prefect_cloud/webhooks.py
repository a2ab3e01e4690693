"""Webhooks: a request to one's address becomes an event of the workspace, on its real server."""

from __future__ import annotations

import json
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl
from uuid import uuid4

from jinja2 import TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tests.environment.prefect_cloud.bodies import flag, id_, or_null, taken, text
from tests.environment.prefect_cloud.exchange import Answer, Refusal, gone, invalid
from tests.environment.prefect_cloud.routing import route
from tests.environment.prefect_cloud.store import moment, paged

if TYPE_CHECKING:
    from tests.environment.prefect_cloud.cloud import PrefectCloud
    from tests.environment.prefect_cloud.exchange import Request

__all__ = ["receive"]

_ALL = "/accounts/{account_id}/workspaces/{workspace_id}/webhooks/"
_ONE = "/accounts/{account_id}/workspaces/{workspace_id}/webhooks/{id}"
_NEEDED = {"name": text(), "template": text(30_000)}
_OPTIONAL = {"description": text(), "enabled": flag, "service_account_id": or_null(id_)}


def _find(cloud: PrefectCloud, request: Request) -> dict[str, Any]:
    found = cloud.store.actual("webhooks", lambda one: bool(one["id"] == request.names["id"].lower()))
    if not found or found[0]["workspace"] != request.names["workspace_id"].lower():
        raise gone(noun="Webhook")
    return found[0]


def _given(cloud: PrefectCloud, request: Request) -> dict[str, Any]:
    """The whole of a webhook, with what is left out as it is by default."""
    body = taken(request.body, _NEEDED, _OPTIONAL)
    try:
        _environment().parse(body["template"])
    except TemplateSyntaxError as error:
        raise invalid(("body", "template"), f"Invalid jinja template: {error.message}") from None
    given = {"description": "", "enabled": True, "service_account_id": None} | body
    guard = given["service_account_id"]
    if guard is not None and not cloud.store.actual(
        "bots", lambda one: bool(one["id"] == str(guard).lower())
    ):
        raise gone(noun="Service account")
    _refuse_unguarded(cloud, given)
    return given


def _refuse_unguarded(cloud: PrefectCloud, webhook: dict[str, Any]) -> None:
    [account] = cloud.store.actual("accounts")
    enforced = (account.get("settings") or {}).get("enforce_webhook_authentication")
    if enforced and webhook["enabled"] and webhook["service_account_id"] is None:
        raise invalid(("body", "service_account_id"), "This account needs a service account for each webhook")


@route("POST", _ALL, permission="manage_webhooks")
def create(cloud: PrefectCloud, request: Request) -> Answer:
    """Make one, with an address that nobody chooses."""
    place = {"account": cloud.account_id, "workspace": request.names["workspace_id"].lower()}
    return Answer(201, cloud.store.put("webhooks", **_given(cloud, request), **place, slug=token_urlsafe(16)))


@route("GET", _ONE, permission="see_webhooks")
def read(cloud: PrefectCloud, request: Request) -> Answer:
    """One."""
    found = cloud.store.get("webhooks", request.names["id"].lower(), "Webhook")
    if found["workspace"] != request.names["workspace_id"].lower():
        raise gone(noun="Webhook")
    return Answer(200, found | {"service_account": None})


@route("POST", f"{_ALL}filter", permission="see_webhooks")
def list_all(cloud: PrefectCloud, request: Request) -> Answer:
    """Those of the workspace, by name: there is no condition that it takes."""
    workspace = request.names["workspace_id"].lower()
    found = cloud.store.all("webhooks", lambda one: bool(one["workspace"] == workspace))
    listed = [one | {"service_account": None} for one in sorted(found, key=lambda one: str(one["name"]))]
    return Answer(200, paged(listed, request.body))


@route("PUT", _ONE, permission="manage_webhooks")
def replace(cloud: PrefectCloud, request: Request) -> Answer:
    """Replace all of it but its address."""
    cloud.store.change("webhooks", _find(cloud, request)["id"], "Webhook", **_given(cloud, request))
    return Answer(204)


@route("PATCH", _ONE, permission="manage_webhooks")
def switch(cloud: PrefectCloud, request: Request) -> Answer:
    """Switch it on or off."""
    body = taken(request.body, {}, {"enabled": flag})
    webhook = _find(cloud, request) | {"enabled": body.get("enabled", True)}
    _refuse_unguarded(cloud, webhook)
    cloud.store.change("webhooks", webhook["id"], "Webhook", enabled=webhook["enabled"])
    return Answer(204)


@route("POST", f"{_ONE}/rotate", permission="manage_webhooks")
def rotate(cloud: PrefectCloud, request: Request) -> Answer:
    """Give it another address."""
    webhook = _find(cloud, request)
    return Answer(200, cloud.store.change("webhooks", webhook["id"], "Webhook", slug=token_urlsafe(16)))


@route("DELETE", _ONE, permission="manage_webhooks")
def delete(cloud: PrefectCloud, request: Request) -> Answer:
    """Delete it."""
    cloud.store.drop("webhooks", _find(cloud, request)["id"], "Webhook")
    return Answer(204)


# ---------------------------------------------------------------------- the address


class _Headers(dict[str, str]):
    """Headers, by names in any case."""

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def __contains__(self, name: object) -> bool:
        return super().__contains__(str(name).lower())


def _from_cloud_event(body: Any, headers: _Headers) -> str:
    """A CloudEvent as an event: its subject, or its source, is the resource."""
    binary = {name.removeprefix("ce-"): value for name, value in headers.items() if name.startswith("ce-")}
    event = binary | {"data": body} if binary else dict(body)
    resource = event.get("subject") or event["source"]
    others = {name: value for name, value in event.items() if name != "data"}
    return json.dumps(
        {
            "event": event["type"],
            "resource": {"prefect.resource.id": resource},
            "payload": {"data": event.get("data"), "cloudevents": others},
        }
    )


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(autoescape=False)
    environment.filters["from_cloud_event"] = _from_cloud_event
    return environment


def _body_of(request: Request) -> Any:
    """The body, read as what it says it is, or as JSON; else the text."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    plain = request.content.decode(errors="replace")
    if kind == "application/x-www-form-urlencoded":
        return dict(parse_qsl(plain, keep_blank_values=True))
    try:
        return json.loads(plain)
    except ValueError:
        return plain


def receive(cloud: PrefectCloud, request: Request) -> Answer:
    """Make an event of a request: 204, or 400 and an event that tells why not."""
    slug = request.names["slug"]
    found = cloud.store.actual("webhooks", lambda one: bool(one["slug"] == slug and one["enabled"]))
    if not found:
        raise gone(noun="Webhook")
    [webhook] = found
    if not _is_let_in(cloud, webhook, request):
        raise Refusal(401, "Invalid authentication credentials")
    headers = {name: value for name, value in request.headers.items() if name != "authorization"}
    came = {"method": request.method, "headers": headers, "body": _body_of(request)}
    rendered = ""
    try:
        template = _environment().from_string(webhook["template"])
        rendered = template.render(came | {"headers": _Headers(headers)})
        event = _event(json.loads(rendered), webhook, came)
    except (TemplateError, AttributeError, KeyError, TypeError, ValueError) as error:
        resource = {"prefect.resource.id": _resource(webhook), "prefect.resource.name": webhook["name"]}
        payload = came | {"template": webhook["template"], "rendered": rendered, "error": str(error)}
        failed = {"event": "prefect-cloud.webhook.failed", "resource": resource, "payload": payload}
        _emit(cloud, webhook, _completed(failed))
        raise Refusal(400, "Bad Request") from None
    _emit(cloud, webhook, event)
    return Answer(204)


for _method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
    route(_method, "/hooks/{slug}", is_public=True)(receive)


def _is_let_in(cloud: PrefectCloud, webhook: dict[str, Any], request: Request) -> bool:
    """Whether the request has the key of the service account, if the webhook has one."""
    guard = webhook["service_account_id"]
    if guard is None:
        return True
    bots = cloud.store.actual("bots", lambda one: bool(one["id"] == str(guard).lower()))
    try:
        actor = cloud.actor_of(request.headers)
    except Refusal:
        return False
    return bool(bots) and bool(actor["id"] == bots[0]["actor_id"])


def _resource(webhook: dict[str, Any]) -> str:
    return f"prefect-cloud.webhook.{webhook['id']}"


def _event(rendered: Any, webhook: dict[str, Any], came: dict[str, Any]) -> dict[str, Any]:
    """The event that was rendered, with what Prefect Cloud adds; KeyError or TypeError if it is none."""
    if not isinstance(rendered["event"], str) or not rendered["resource"]["prefect.resource.id"]:
        msg = "the event has no name, or its resource no id"
        raise ValueError(msg)
    own = {
        "prefect.resource.id": _resource(webhook),
        "prefect.resource.name": webhook["name"],
        "prefect.resource.role": "webhook",
    }
    event = {"payload": came} | rendered
    return _completed(event | {"related": [*(event.get("related") or ()), own]})


def _completed(event: dict[str, Any]) -> dict[str, Any]:
    return {"id": str(uuid4()), "occurred": moment()} | event


def _emit(cloud: PrefectCloud, webhook: dict[str, Any], event: dict[str, Any]) -> None:
    """Give an event to the workspace's server."""
    body = json.dumps([event]).encode()
    headers = {"Content-Type": "application/json"}
    status, answer, _ = cloud.ask_server(webhook["workspace"], "POST", "/events", body, headers)
    if status >= 400:
        raise Refusal(400, answer.decode(errors="replace"))
