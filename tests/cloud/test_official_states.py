"""States of the official provider with keys, webhooks and SLAs in them: the first plan after the switch is empty."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.cloud.cases.keys import TEMPLATE
from tests.objects.terraform_core import unique
from tests.terraform.official_states import ADDRESS, OURS, Instance, state_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.environment.prefect_cloud import PrefectCloud
    from tests.environment.terraform import Workspace


def _seconds(answer: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """Times at the precision at which the official provider stores them."""
    return {name: f"{answer[name][:19]}Z" for name in names}


def _made(cloud: PrefectCloud, method: str, path: str, body: Any) -> Any:
    headers = {"authorization": f"Bearer {cloud.key}"}
    answer = cloud.answer(method, path, headers, json.dumps(body).encode())
    assert answer.status < 300, answer
    return answer.data


def test_keys_webhooks_and_slas(prefect_cloud: PrefectCloud, terraform: Callable[..., Workspace]) -> None:
    """Each object as the official provider writes it is taken over as it is; its keys stay the same."""
    cloud, name, owner = prefect_cloud, unique("switch"), f"prefect.deployment.{unique('d')}"
    account = f"/accounts/{cloud.account_id}"
    place = f"{account}/workspaces/{cloud.workspace_id}"
    bot = _made(cloud, "POST", f"{account}/bots/", {"name": name})
    hook = _made(
        cloud,
        "POST",
        f"{place}/webhooks/",
        {"name": name, "template": TEMPLATE, "service_account_id": bot["id"]},
    )
    key = _made(cloud, "POST", f"/users/{cloud.owner['id']}/api_keys", {"name": name})
    slas = [{"name": "a", "duration": 60}, {"name": "b", "within": 5, "severity": "low"}]
    _made(cloud, "POST", f"{place}/slas/apply-resource-slas/{owner}", slas)
    user = cloud.owner

    given: dict[str, dict[str, Any]] = {
        "prefect_service_account": {"name": name},
        "prefect_webhook": {"name": name, "template": TEMPLATE, "service_account_id": bot["id"]},
        "prefect_user_api_key": {"name": name, "user_id": user["id"]},
        "prefect_user": {},
        "prefect_resource_sla": {"resource_id": owner, "slas": slas},
    }
    told: dict[str, dict[str, Any]] = {
        "prefect_service_account": _seconds(bot, "created", "updated")
        | {field: bot[field] for field in ("id", "name", "actor_id", "account_id", "account_role_name")}
        | {f"api_key_{field}": bot["api_key"][field] for field in ("id", "name")}
        | {"api_key_created": f"{bot['api_key']['created'][:19]}Z", "api_key": bot["api_key"]["key"]}
        | {"old_key_expires_in_seconds": 0},
        "prefect_webhook": _seconds(hook, "created", "updated")
        | {field: hook[field] for field in ("id", "name", "description", "enabled", "template")}
        | {"account_id": cloud.account_id, "workspace_id": cloud.workspace_id}
        | {"service_account_id": bot["id"]}
        | {"endpoint": f"{cloud.url.removesuffix('/api')}/hooks/{hook['slug']}"},
        "prefect_user_api_key": _seconds(key, "created")
        | {"id": key["id"], "name": name, "user_id": user["id"], "key": key["key"]},
        "prefect_user": _seconds(user, "created", "updated")
        | {field: user[field] for field in ("id", "actor_id", "handle", "first_name", "last_name", "email")},
        "prefect_resource_sla": given["prefect_resource_sla"],
    }
    workspace = terraform(
        {"resource": {kind: {"x": one} for kind, one in given.items()}},
        api_url=cloud.api_url,
        env={"PREFECT_API_KEY": cloud.key},
    )
    instances = [Instance(kind, "x", one) for kind, one in told.items()]
    workspace.write_json(state_file(instances), "terraform.tfstate")
    workspace.run("state", "replace-provider", "-auto-approve", ADDRESS, OURS, check=True)

    plan = workspace.plan()
    assert plan.actions() == {}, {change.address: change.differences for change in plan.changes}
    workspace.apply()
    workspace.assert_no_changes()

    state = workspace.state()
    assert state["prefect_service_account.x"]["api_key"] == bot["api_key"]["key"]
    assert state["prefect_user_api_key.x"]["key"] == key["key"]
    workspace.destroy()
    assert _made(cloud, "GET", f"/users/{user['id']}", None)["id"] == user["id"]
