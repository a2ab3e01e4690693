"""Service accounts, keys, webhooks and SLAs."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from prefect_provider.objects.cloud.resource_sla import ResourceSla
from prefect_provider.objects.cloud.service_account import ServiceAccount
from prefect_provider.objects.cloud.user_api_key import UserApiKey
from prefect_provider.objects.cloud.webhook import Webhook
from tests.objects.table import Case
from tests.objects.terraform_core import unique

if TYPE_CHECKING:
    from tests.objects.terraform_core import World

__all__ = ["CASES", "ELSEWHERE", "TEMPLATE"]

TEMPLATE = '{"event": "order.complete", "resource": {"prefect.resource.id": "order.{{ body.id }}"}}'

_PLACE = {"account_id": "there is one only", "workspace_id": "there is one only"}

_ACCOUNT = {"account_id": "there is one only"}

ELSEWHERE = {"prefect_user": "is imported only; see test_users.py"}


def _webhook(_world: World) -> dict[str, Any]:
    return {"name": unique("table"), "template": TEMPLATE}


_DYNAMIC = """\
{
  "event": "{{ headers['x-kind'] }}",
  "resource": {"prefect.resource.id": "x.{{ body.id|default(method) }}"}
}
"""

CASES: tuple[Case, ...] = (
    Case(
        ServiceAccount,
        lambda _world: {"name": unique("table")},
        {
            "name": [unique("table account"), "an account: with “unicode” / and %"],
            "account_role_name": ["Admin", "Owner", "Member"],
        },
        alone=_ACCOUNT
        | {
            "api_key_expiration": "makes a new key; see test_service_accounts.py",
            "api_key_keepers": "makes a new key; see test_service_accounts.py",
            "old_key_expires_in_seconds": "Terraform's alone; see test_service_accounts.py",
        },
    ),
    Case(
        UserApiKey,
        lambda world: {"name": unique("table"), "user_id": world.cloud.owner["id"]},
        {
            "name": [unique("table key"), "a key: with “unicode” / and %"],
            "expiration": ["2099-01-01T00:00:00Z", "2099-01-01T01:00:00+02:00"],
        },
        alone={"user_id": "a key makes others of its own user only"},
        import_id=lambda held: f"{held['user_id']},{held['id']}",
    ),
    Case(
        Webhook,
        _webhook,
        {
            "name": [unique("table hook"), "a hook: with “unicode” / and %"],
            "description": ["for tests", ""],
            "enabled": [False, True],
            "template": [
                '{"event": "a", "resource": {"prefect.resource.id": "a"}}',
                "{{ body|tojson }}",
                _DYNAMIC,
            ],
        },
        alone=_PLACE
        | {
            "service_account_id": "needs a service account; see test_webhooks.py",
            "endpoint_keepers": "Terraform's alone; see test_webhooks.py",
        },
    ),
    Case(
        ResourceSla,
        lambda _world: {
            "resource_id": f"prefect.deployment.{unique('d')}",
            "slas": [{"name": "x", "duration": 60}],
        },
        {
            "resource_id": [f"prefect.deployment.{unique('d')}"],
            "slas": [
                [
                    {"name": "b", "duration": 60},
                    {"name": "a", "stale_after": Decimal("90.5"), "severity": "critical"},
                    {"name": "late", "within": 55, "enabled": False},
                    {
                        "name": "fresh",
                        "within": 360,
                        "expected_event": "order.complete",
                        "resource_match": '{"prefect.resource.id": ["order.*", "x"]}',
                    },
                ],
                [{"name": "a", "stale_after": 91, "severity": "high", "enabled": True}],
            ],  # none at all is in test_resource_sla.py, for nothing is left to import
        },
        alone=_PLACE,
        import_id=lambda held: str(held["resource_id"]),
    ),
)
