locals {
  deployments = provider::prefect::yaml_deployments(file("${path.module}/prefect.yaml"))
}

resource "prefect_work_pool" "docker" {
  name = "docker-pool"
  type = "docker"
}

resource "prefect_deployment" "all" {
  for_each   = local.deployments
  depends_on = [prefect_work_pool.docker]

  name                     = each.value.name
  flow_name                = each.value.flow_name
  entrypoint               = each.value.entrypoint
  description              = each.value.description
  version                  = each.value.version
  tags                     = each.value.tags
  paused                   = each.value.paused
  parameters               = each.value.parameters
  enforce_parameter_schema = each.value.enforce_parameter_schema
  concurrency_limit        = each.value.concurrency_limit
  concurrency_options      = each.value.concurrency_options
  work_pool_name           = each.value.work_pool_name
  work_queue_name          = each.value.work_queue_name
  job_variables            = each.value.job_variables
  schedules                = each.value.schedules
  pull_steps               = each.value.pull_steps
}
