"""The account, its settings and its domains; there is one, and its ``id`` is part of almost every path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tests.environment.prefect_cloud.bodies import fields
from tests.environment.prefect_cloud.exchange import Answer, invalid
from tests.environment.prefect_cloud.routing import route
from tests.environment.prefect_cloud.store import moment

if TYPE_CHECKING:
    from tests.environment.prefect_cloud.cloud import PrefectCloud
    from tests.environment.prefect_cloud.exchange import Request

__all__ = ["read_account"]

_FIELDS: Final = ("name", "handle", "location", "link", "auth_expiration_seconds")
_SETTINGS: Final = (
    "allow_public_workspaces",
    "ai_log_summaries",
    "managed_execution",
    "enforce_webhook_authentication",
)


@route("GET", "/accounts/{account_id}", permission="see_account")
def read_account(cloud: PrefectCloud, request: Request) -> Answer:
    """The account itself; who pays for it is none of its business."""
    account = cloud.store.get("accounts", request.names["account_id"], "Account")
    return Answer(200, {name: value for name, value in account.items() if name != "domain_names"})


@route("PATCH", "/accounts/{account_id}", permission="manage_account")
def change_account(cloud: PrefectCloud, request: Request) -> Answer:
    """Change what is given."""
    given = fields(request.body, _FIELDS)
    for name in ("name", "handle"):
        if name in given and not given[name]:
            raise invalid(("body", name), "Input should be a valid string", given[name])
    cloud.store.change("accounts", cloud.account_id, "Account", **given)
    return Answer(204)


@route("DELETE", "/accounts/{account_id}", permission="delete_account")
def delete_account(cloud: PrefectCloud, request: Request) -> Answer:
    """It is gone, with all that is in it."""
    cloud.store.drop("accounts", request.names["account_id"], "Account")
    return Answer(204)


@route("PATCH", "/accounts/{account_id}/settings", permission="manage_account")
def change_settings(cloud: PrefectCloud, request: Request) -> Answer:
    """Change the settings that are given."""
    given = fields(request.body, _SETTINGS)
    [account] = cloud.store.actual("accounts")
    cloud.store.change("accounts", cloud.account_id, "Account", settings=account["settings"] | given)
    return Answer(204)


@route("GET", "/accounts/{account_id}/domains", permission="manage_account")
def read_domains(cloud: PrefectCloud, request: Request) -> Answer:
    """The domains whose users sign on by way of the account."""
    account = cloud.store.get("accounts", request.names["account_id"], "Account")
    domains = [
        {"account_id": cloud.account_id, "created": moment(), "name": n} for n in account["domain_names"]
    ]
    return Answer(200, domains)


@route("PATCH", "/accounts/{account_id}/domains", permission="manage_account")
def change_domains(cloud: PrefectCloud, request: Request) -> Answer:
    """Replace all domains; they are kept in an order of their own."""
    given: dict[str, Any] = fields(request.body, ("domain_names",))
    cloud.store.change(
        "accounts", cloud.account_id, "Account", domain_names=sorted(set(given["domain_names"]))
    )
    return Answer(204)
