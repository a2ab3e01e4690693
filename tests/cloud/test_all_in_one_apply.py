"""All of an account's objects in one configuration of terraform, where each is known by ids of the same apply."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.objects.terraform_core import unique

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_cloud import PrefectCloud
    from tests.environment.terraform import Workspace

CONFIGURATION = """
resource "prefect_service_account" "this" {{
  name = "{name}"
}}

resource "prefect_team" "this" {{
  name = "{name}"
}}

resource "prefect_team_access" "this" {{
  team_id         = prefect_team.this.id
  member_type     = "service_account"
  member_id       = prefect_service_account.this.id
  member_actor_id = prefect_service_account.this.actor_id
}}

resource "prefect_workspace_role" "this" {{
  name   = "{name}"
  scopes = ["see_flows"]
}}

resource "prefect_workspace_access" "team" {{
  accessor_type     = "TEAM"
  accessor_id       = prefect_team.this.id
  workspace_role_id = prefect_workspace_role.this.id
}}

resource "prefect_workspace_access" "bot" {{
  accessor_type       = "SERVICE_ACCOUNT"
  accessor_id         = prefect_service_account.this.id
  workspace_role_name = "Worker"
}}

resource "prefect_webhook" "this" {{
  name               = "{name}"
  template           = "{{{{ body|tojson }}}}"
  service_account_id = prefect_service_account.this.id
}}

resource "prefect_flow" "this" {{
  name = "{name}"
}}

resource "prefect_deployment" "this" {{
  name    = "{name}"
  flow_id = prefect_flow.this.id
}}

resource "prefect_deployment_access" "this" {{
  deployment_id    = prefect_deployment.this.id
  manage_actor_ids = [prefect_service_account.this.actor_id]
  view_team_ids    = [prefect_team.this.id]
}}

resource "prefect_resource_sla" "this" {{
  resource_id = "prefect.deployment.${{prefect_deployment.this.id}}"
  slas        = [{{ name = "late", within = 600 }}]
}}

resource "prefect_user_api_key" "this" {{
  user_id = "{user}"
  name    = "{name}"
}}
"""

KEYS = re.compile(r"pn[bu]_[0-9a-f]{30,}")


def test_made_imported_and_destroyed_under_lag(
    terraform: Callable[..., Workspace], prefect_cloud: PrefectCloud
) -> None:
    """Made in one apply though reads lag, then an empty plan; imported, an empty plan again; then all is destroyed.

    No key is shown by a plan, by an error, or in the log.
    """
    name, cloud = unique("one-configuration"), prefect_cloud
    configuration = CONFIGURATION.format(name=name, user=cloud.owner["id"])
    env = {"PREFECT_API_KEY": cloud.key, "TF_LOG": "TRACE"}
    workspace = terraform(configuration, api_url=cloud.api_url, env=env)
    cloud.store.lag = 2
    try:
        applied = workspace.apply()
        workspace.assert_no_changes()
    finally:
        cloud.store.lag = 0
    state = workspace.state()
    keys = [state["prefect_service_account.this"]["api_key"], state["prefect_user_api_key.this"]["key"]]
    assert all(KEYS.fullmatch(key) for key in keys)
    assert not [key for key in (*keys, cloud.key) if key in applied.stdout + applied.stderr]

    other = terraform(configuration + imports(state), api_url=cloud.api_url, env=env)
    assert other.plan().actions() == {}
    other.apply()
    other.assert_no_changes()

    workspace.destroy()
    for kind in ("teams", "bots", "webhooks", "workspace_roles"):
        assert cloud.store.actual(kind, lambda one: one["name"] == name) == []


def imports(state: dict[str, Any]) -> str:
    """The blocks that import all of it."""
    forms = {
        "prefect_team_access.this": "{team_id},{member_actor_id}",
        "prefect_workspace_access.team": "{accessor_type}/{accessor_id}",
        "prefect_user_api_key.this": "{user_id},{id}",
    }
    return "\n".join(
        f'import {{\n  to = {address}\n  id = "{forms.get(address, "{id}").format(**values)}"\n}}'
        for address, values in state.items()
    )
