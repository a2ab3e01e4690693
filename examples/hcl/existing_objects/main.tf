# What others made is looked up by its id or its name, or listed by its tags, names, pool or type. A name that there is
# not is an error with those that were probably meant.
#
# Here the objects are made along with it, so that the example can be applied as it is.

resource "prefect_work_pool" "elsewhere" {
  name = "elsewhere"
  type = "process"
}

resource "prefect_work_queue" "elsewhere" {
  work_pool_name = prefect_work_pool.elsewhere.name
  name           = "elsewhere-urgent"
}

resource "prefect_flow" "elsewhere" {
  name = "elsewhere"
  tags = ["elsewhere"]
}

resource "prefect_deployment" "elsewhere" {
  name           = "elsewhere"
  flow_id        = prefect_flow.elsewhere.id
  work_pool_name = prefect_work_pool.elsewhere.name
  entrypoint     = "flows/elsewhere.py:elsewhere"
  tags           = ["elsewhere"]
}

resource "prefect_variable" "elsewhere" {
  name  = "elsewhere"
  value = { crashes = 3 }
  tags  = ["elsewhere"]
}

resource "prefect_block" "elsewhere" {
  name      = "elsewhere"
  type_slug = "secret"
  data      = jsonencode({ value = "open sesame" })
}

# By name. An id works as well: `id = "..."`.

data "prefect_flow" "found" {
  name = prefect_flow.elsewhere.name
}

data "prefect_deployment" "found" {
  flow_name = data.prefect_flow.found.name
  name      = prefect_deployment.elsewhere.name
}

data "prefect_work_pool" "found" {
  name = prefect_work_pool.elsewhere.name
}

data "prefect_work_queue" "found" {
  work_pool_name = data.prefect_work_pool.found.name
  name           = prefect_work_queue.elsewhere.name
}

data "prefect_variable" "found" {
  name = prefect_variable.elsewhere.name
}

# Without `include_secrets = false`, the state has the block's data.
data "prefect_block" "found" {
  type_slug       = prefect_block.elsewhere.type_slug
  name            = prefect_block.elsewhere.name
  include_secrets = false
}

resource "prefect_automation" "elsewhere" {
  name = "pause-elsewhere"
  tags = ["elsewhere"]
  trigger = {
    event = {
      posture   = "Reactive"
      match     = jsonencode({ "prefect.resource.id" = "prefect.flow-run.*" })
      expect    = ["prefect.flow-run.Crashed"]
      threshold = data.prefect_variable.found.value.crashes
      within    = 300
      match_related = jsonencode({
        "prefect.resource.id" = "prefect.deployment.${data.prefect_deployment.found.id}"
      })
    }
  }
  actions = [
    { type = "pause-deployment", deployment_id = data.prefect_deployment.found.id },
    { type = "pause-work-queue", work_queue_id = data.prefect_work_queue.found.id },
  ]
}

data "prefect_automation" "found" {
  id = prefect_automation.elsewhere.id
}

# Lists. All conditions have to be met; without any, everything is listed.

data "prefect_flows" "tagged" {
  tags       = ["elsewhere"]
  depends_on = [prefect_flow.elsewhere]
}

data "prefect_deployments" "of_pool" {
  work_pool_names = [prefect_deployment.elsewhere.work_pool_name]
  paused          = false
}

data "prefect_work_pools" "processes" {
  types      = ["process"]
  names      = [prefect_work_pool.elsewhere.name]
  depends_on = [prefect_work_pool.elsewhere]
}

data "prefect_work_queues" "of_pool" {
  work_pool_name = prefect_work_queue.elsewhere.work_pool_name
}

data "prefect_variables" "named" {
  name_like = prefect_variable.elsewhere.name
}

data "prefect_blocks" "secrets" {
  type_slugs = [prefect_block.elsewhere.type_slug]
  names      = [prefect_block.elsewhere.name]
}

data "prefect_automations" "tagged" {
  tags       = ["elsewhere"]
  depends_on = [prefect_automation.elsewhere]
}

# The template that a pool for Kubernetes can start from.
data "prefect_worker_metadata" "types" {}

output "listed" {
  value = {
    automations = data.prefect_automations.tagged.automations[*].name
    blocks      = data.prefect_blocks.secrets.blocks[*].name
    deployments = data.prefect_deployments.of_pool.deployments[*].name
    flows       = data.prefect_flows.tagged.flows[*].name
    queues      = sort([for queue in data.prefect_work_queues.of_pool.work_queues : queue.name])
    pools       = data.prefect_work_pools.processes.work_pools[*].name
    variables   = { for one in data.prefect_variables.named.variables : one.name => jsondecode(one.value) }
    trigger     = data.prefect_automation.found.trigger.event.expect[0]
    namespace = jsondecode(
      data.prefect_worker_metadata.types.base_job_configs.kubernetes
    ).variables.properties.namespace.default
  }
}
