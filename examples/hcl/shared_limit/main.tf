# Two deployments that share the slots of a warehouse, a limit on its queries, and a type of block for its address.

locals {
  flows = abspath("${path.module}/../../flows")
}

resource "prefect_global_concurrency_limit" "warehouse" {
  name  = "warehouse"
  limit = 3
}

resource "prefect_task_run_concurrency_limit" "query" {
  tag               = "warehouse-query"
  concurrency_limit = 10
}

resource "prefect_block_type" "warehouse" {
  name        = "Warehouse"
  slug        = "warehouse"
  description = "Where the reports come from."
}

resource "prefect_block_schema" "warehouse" {
  block_type_id = prefect_block_type.warehouse.id
  version       = "1.0"
  fields = jsonencode({
    title = "Warehouse"
    type  = "object"
    properties = {
      host     = { title = "Host", type = "string" }
      database = { title = "Database", type = "string" }
    }
    required = ["host"]
  })
}

resource "prefect_block" "warehouse" {
  name      = "reporting"
  type_slug = prefect_block_schema.warehouse.block_type
  data      = jsonencode({ host = "warehouse.example.com", database = "reporting" })
}

resource "prefect_work_pool" "reports" {
  name = "reports"
  type = "process"
}

resource "prefect_deployment" "load" {
  name                        = "load"
  work_pool_name              = prefect_work_pool.reports.name
  path                        = local.flows
  entrypoint                  = "pipeline.py:upstream"
  global_concurrency_limit_id = prefect_global_concurrency_limit.warehouse.id
}

resource "prefect_deployment" "report" {
  name                        = "report"
  work_pool_name              = prefect_work_pool.reports.name
  path                        = local.flows
  entrypoint                  = "pipeline.py:downstream"
  global_concurrency_limit_id = prefect_global_concurrency_limit.warehouse.id
}

resource "prefect_automation" "loaded" {
  name = "run-report"
  trigger = {
    event = {
      posture = "Reactive"
      expect  = ["warehouse.loaded"]
    }
  }
  actions = [{
    type          = "run-deployment"
    deployment_id = prefect_deployment.report.id
  }]
}
