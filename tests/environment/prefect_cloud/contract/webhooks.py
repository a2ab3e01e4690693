"""Webhooks and their addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from tests.environment.prefect_cloud.contract.facts import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.environment.prefect_cloud.contract.facts import Checked

__all__ = ["FACTS"]

_API: Final = "Prefect Cloud's OpenAPI document (webhooks)"
_DOCS: Final = "docs.prefect.io, Webhooks"
_CLIENT: Final = "the official provider's client (`webhooks.go`)"

_TEMPLATE: Final = '{"event": "contract.checked", "resource": {"prefect.resource.id": "contract"}}'


def _one(account: Checked) -> Iterator[dict[str, Any]]:
    """A webhook for a check, deleted afterwards."""
    body = {"name": f"contract-{uuid4().hex[:12]}", "template": _TEMPLATE}
    made = account.ask("POST", "P/webhooks/", body)
    assert made.status == 201
    try:
        yield made.data
    finally:
        assert account.ask("DELETE", f"P/webhooks/{made.data['id']}").status == 204


def _made(account: Checked) -> None:
    for hook in _one(account):
        assert hook["slug"]
        assert (hook["description"], hook["enabled"], hook["service_account_id"]) == ("", True, None)
        assert account.ask("GET", f"P/webhooks/{hook['id']}").data["template"] == _TEMPLATE


def _put(account: Checked) -> None:
    for hook in _one(account):
        body = {"name": hook["name"], "template": _TEMPLATE + "\n", "description": "d"}
        assert account.ask("PUT", f"P/webhooks/{hook['id']}", body).status == 204
        assert account.ask("GET", f"P/webhooks/{hook['id']}").data["slug"] == hook["slug"]


def _rotate(account: Checked) -> None:
    for hook in _one(account):
        rotated = account.ask("POST", f"P/webhooks/{hook['id']}/rotate")
        assert rotated.status == 200
        assert rotated.data["slug"] != hook["slug"]


def _list(account: Checked) -> None:
    found = account.ask("POST", "P/webhooks/filter", {"limit": 200, "offset": 0})
    assert found.status == 200
    assert [one["name"] for one in found.data] == sorted(one["name"] for one in found.data)


def _too_long(account: Checked) -> None:
    body = {"name": "contract", "template": " " * 30_001}
    assert account.ask("POST", "P/webhooks/", body).status == 422


FACTS: Final = (
    Fact(
        "webhook-made",
        "`POST P/webhooks/` answers 201 with the slug, which only Prefect chooses; `description` is empty and "
        "`enabled` true where they are left out.",
        f"{_API}; {_DOCS}",
        "documented",
        _made,
        writes=True,
    ),
    Fact(
        "webhook-put",
        "`PUT P/webhooks/{id}` replaces all but the slug, with 204; `PATCH` takes `enabled` only.",
        f"{_API}; {_CLIENT}",
        "documented",
        _put,
        writes=True,
    ),
    Fact(
        "webhook-service-account-changes",
        "The service account of a webhook can be changed, set and removed by `PUT`.",
        _API,
        "documented",
    ),
    Fact(
        "webhook-lag",
        "A read may show a webhook as it was before the last write.",
        f"{_CLIENT} waits until reads show template and `enabled`",
        "client",
    ),
    Fact(
        "webhook-rotate",
        "`POST P/webhooks/{id}/rotate` gives another slug at once, and answers 200 with the webhook.",
        f"{_API}; Prefect's command line (`prefect cloud webhook rotate`)",
        "client",
        _rotate,
        writes=True,
    ),
    Fact(
        "webhook-list",
        "`POST P/webhooks/filter` pages through the webhooks by name, and takes no conditions.",
        f"{_API}; Prefect's command line (`prefect cloud webhook ls`)",
        "documented",
        _list,
    ),
    Fact(
        "webhook-names",
        "Several webhooks of a workspace may share a name.",
        "nothing says unique",
        "assumed",
    ),
    Fact(
        "webhook-template",
        "A template has 30,000 characters at most; one that Jinja cannot parse is answered 422.",
        f"{_API} for the length; the rest is assumed",
        "assumed",
        _too_long,
        writes=True,
    ),
    Fact(
        "hook-address",
        "The address is `<host>/hooks/<slug>`, outside of `/api`, and takes GET, POST, PUT, PATCH and DELETE.",
        f"{_DOCS}; {_CLIENT}",
        "documented",
    ),
    Fact(
        "hook-answers",
        "A request that becomes an event is answered 204; one that does not 400, and the workspace gets a "
        "`prefect-cloud.webhook.failed` event with what came and what was rendered.",
        _DOCS,
        "documented",
    ),
    Fact(
        "hook-unknown",
        "An address that there is not, or whose webhook is not enabled, is answered 404.",
        "no page says it",
        "assumed",
    ),
    Fact(
        "hook-context",
        "A template has `method`, `headers` (names in any case, without Authorization) and `body`: JSON or a form as "
        "an object, anything else as JSON if it is, or as text.",
        _DOCS,
        "documented",
    ),
    Fact(
        "hook-filters",
        "A template has Jinja's own filters, those of jinja2-humanize-extension, and `from_cloud_event(headers)`.",
        _DOCS,
        "documented",
    ),
    Fact(
        "hook-filled-in",
        "The event gets `id` and `occurred` if it has none, the webhook as a related resource, and method, headers and "
        "body as its payload if it has none.",
        _DOCS,
        "documented",
    ),
    Fact(
        "hook-related",
        "The related resource is `prefect-cloud.webhook.<id>`, with the role `webhook`.",
        "events of Prefect Cloud are named so elsewhere",
        "assumed",
    ),
    Fact(
        "hook-guarded",
        "A webhook with a service account needs its key as `Authorization: Bearer <key>`; without it a request is "
        "answered 401.",
        f"{_DOCS}; the status is assumed",
        "assumed",
    ),
    Fact(
        "hook-enforced",
        "In an account that enforces the authentication of webhooks one without a service account cannot be enabled; "
        "the attempt is answered 422.",
        f"{_DOCS}; the status is assumed",
        "assumed",
    ),
)
