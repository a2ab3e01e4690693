"""A configuration with one object of each kind that a self-hosted server has, and how to find them again."""

from __future__ import annotations

__all__ = ["ADDRESSES", "CONFIGURATION"]

CONFIGURATION = """
resource "prefect_flow" "f" {{
  name = "{name}"
  tags = ["b", "a"]
}}

resource "prefect_deployment" "d" {{
  name            = "{name}"
  flow_id         = prefect_flow.f.id
  entrypoint      = "flow.py:run"
  parameters      = jsonencode({{ a = 1 }})
  work_pool_name  = prefect_work_pool.p.name
  work_queue_name = prefect_work_queue.q.name
  schedules       = {{ daily = {{ cron = "0 6 * * *", timezone = "Europe/Berlin" }} }}
  pull_steps = [
    {{ type = "set_working_directory", directory = "/opt" }},
  ]
}}

resource "prefect_work_pool" "p" {{
  name        = "{name}"
  type        = "process"
  description = "for tests"
}}

resource "prefect_work_queue" "q" {{
  work_pool_name = prefect_work_pool.p.name
  name           = "{name}"
}}

resource "prefect_variable" "v" {{
  name  = "{name}"
  value = {{ a = [1, "x"] }}
}}

resource "prefect_global_concurrency_limit" "g" {{
  name  = "{name}"
  limit = 3
}}

resource "prefect_block" "b" {{
  name      = "{name}"
  type_slug = "secret"
  data      = jsonencode({{ value = "x" }})
}}

resource "prefect_automation" "a" {{
  name = "{name}"
  trigger = {{
    event = {{
      posture   = "Reactive"
      expect    = ["prefect.flow-run.Failed"]
      threshold = 1
      within    = 0
    }}
  }}
  actions = [{{ type = "cancel-flow-run" }}]
}}
"""

ADDRESSES = (
    "prefect_automation.a",
    "prefect_block.b",
    "prefect_deployment.d",
    "prefect_flow.f",
    "prefect_global_concurrency_limit.g",
    "prefect_variable.v",
    "prefect_work_pool.p",
    "prefect_work_queue.q",
)
