# One deployment runs whenever a run of another has completed.

locals {
  flows = abspath("${path.module}/../../flows")
}

resource "prefect_work_pool" "pipeline" {
  name = "pipeline"
  type = "process"
}

resource "prefect_deployment" "upstream" {
  name           = "upstream"
  work_pool_name = prefect_work_pool.pipeline.name
  path           = local.flows
  entrypoint     = "pipeline.py:upstream"
}

resource "prefect_deployment" "downstream" {
  name           = "downstream"
  work_pool_name = prefect_work_pool.pipeline.name
  path           = local.flows
  entrypoint     = "pipeline.py:downstream"
}

resource "prefect_automation" "upstream_completed" {
  name = "run-downstream"
  trigger = {
    event = {
      posture = "Reactive"
      match_related = jsonencode({
        "prefect.resource.role" = "deployment"
        "prefect.resource.id"   = "prefect.deployment.${prefect_deployment.upstream.id}"
      })
      expect = ["prefect.flow-run.Completed"]
    }
  }
  actions = [{
    type          = "run-deployment"
    deployment_id = prefect_deployment.downstream.id
  }]
}
