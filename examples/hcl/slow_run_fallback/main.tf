# When a run of a flow takes too long, the deployment runs it again with less to do.

variable "within" {
  description = "Seconds that a run may take."
  type        = number
  default     = 30
}

resource "prefect_work_pool" "names" {
  name = "names"
  type = "process"
}

resource "prefect_flow" "build_names" {
  name = "build-names"
}

resource "prefect_deployment" "build_fewer_names" {
  name           = "build-fewer-names"
  flow_id        = prefect_flow.build_names.id
  work_pool_name = prefect_work_pool.names.name
  path           = abspath("${path.module}/../../flows")
  entrypoint     = "names.py:build_names"
}

resource "prefect_automation" "slow" {
  name = "build-fewer-names-when-slow"
  trigger = {
    event = {
      posture = "Proactive"
      match   = jsonencode({ "prefect.resource.id" = "prefect.flow-run.*" })
      match_related = jsonencode([
        {
          "prefect.resource.role" = "flow"
          "prefect.resource.id"   = "prefect.flow.${prefect_flow.build_names.id}"
        },
      ])
      after = ["prefect.flow-run.Running"]
      expect = [
        "prefect.flow-run.Completed",
        "prefect.flow-run.Failed",
        "prefect.flow-run.TimedOut",
        "prefect.flow-run.Crashed",
        "prefect.flow-run.Cancelled",
      ]
      for_each = ["prefect.resource.id"]
      within   = var.within
    }
  }
  actions = [{
    type          = "run-deployment"
    deployment_id = prefect_deployment.build_fewer_names.id
    parameters    = jsonencode({ count = 10 })
  }]
}
