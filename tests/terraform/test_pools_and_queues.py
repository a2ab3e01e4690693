"""Work pools and queues under the real terraform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.objects.terraform_core import unique

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.environment.prefect_server import PrefectServer
    from tests.environment.terraform import Workspace

CONFIGURATION = """
resource "prefect_work_pool" "this" {{
  name              = "{name}"
  type              = "process"
  base_job_template = jsonencode({{
    variables         = {{ type = "object", properties = {{ env = {{ type = "object" }} }} }}
    job_configuration = {{ env = "{{{{ env }}}}" }}
  }})
{more}}}

locals {{
  lanes = {lanes}
}}

resource "prefect_work_queue" "lane" {{
  for_each       = local.lanes
  work_pool_name = prefect_work_pool.this.name
  name           = each.key
  priority       = each.value
}}
"""


def test_life_of_a_pool_with_queues(
    terraform: Callable[..., Workspace], prefect_server: PrefectServer
) -> None:
    """A pool and all of its queues are made in one apply with the order that is configured, reordered and destroyed."""
    name = unique("pool")

    def priorities() -> dict[str, int]:
        found = prefect_server.call("POST", f"/work_pools/{name}/queues/filter", {})
        return {queue["name"]: queue["priority"] for queue in found}

    lanes = "{ urgent = 1, default = 2, bulk = 3, late = 4, never = 9 }"
    workspace = terraform(CONFIGURATION.format(name=name, lanes=lanes, more=""))
    workspace.apply()
    assert priorities() == {"urgent": 1, "default": 2, "bulk": 3, "late": 4, "never": 9}
    workspace.assert_no_changes()

    lanes = "{ urgent = 4, default = 3, bulk = 2, late = 1, never = 9 }"
    workspace.write(CONFIGURATION.format(name=name, lanes=lanes, more="  paused = true\n"))
    plan = workspace.plan()
    assert set(plan.actions().values()) == {("update",)}
    assert plan.change("prefect_work_pool.this").differences.keys() == {"paused", "updated"}
    workspace.apply()
    assert priorities() == {"urgent": 4, "default": 3, "bulk": 2, "late": 1, "never": 9}
    workspace.assert_no_changes()

    prefect_server.call("PATCH", f"/work_pools/{name}", {"base_job_template": {}, "is_paused": False})
    prefect_server.call("DELETE", f"/work_pools/{name}/queues/never")
    assert workspace.plan().actions() == {
        "prefect_work_pool.this": ("update",),
        'prefect_work_queue.lane["never"]': ("create",),
    }
    workspace.apply()
    workspace.assert_no_changes()

    done = workspace.destroy()
    assert [warning.summary for warning in done.warnings] == ["The default queue stays"]
    assert not prefect_server.exists(f"/work_pools/{name}")


def test_import_of_a_pool_and_its_queues(
    terraform: Callable[..., Workspace], prefect_server: PrefectServer
) -> None:
    """A pool is imported by its name, its queues by name and by id, and the configuration plans nothing."""
    name = unique("pool")
    prefect_server.call("POST", "/work_pools/", {"name": name, "type": "process", "concurrency_limit": 3})
    id_ = prefect_server.call("POST", f"/work_pools/{name}/queues", {"name": "q", "priority": 1})["id"]
    workspace = terraform(
        f"""
resource "prefect_work_pool" "this" {{
  name              = "{name}"
  type              = "process"
  concurrency_limit = 3
}}
resource "prefect_work_queue" "q" {{
  work_pool_name = prefect_work_pool.this.name
  name           = "q"
  priority       = 1
}}
resource "prefect_work_queue" "default" {{
  work_pool_name = prefect_work_pool.this.name
  name           = "default"
  description    = "The work pool's default queue."
}}
import {{
  to = prefect_work_pool.this
  id = "{name}"
}}
import {{
  to = prefect_work_queue.q
  id = "{id_}"
}}
import {{
  to = prefect_work_queue.default
  id = "{name},default"
}}
"""
    )
    assert workspace.plan().actions() == {}
    workspace.apply()
    workspace.assert_no_changes()
    workspace.destroy()
