# A flow run for every `external.resource.pinged` event of one resource.

resource "prefect_work_pool" "pings" {
  name = "pings"
  type = "process"
}

resource "prefect_deployment" "pinged" {
  name           = "pinged"
  work_pool_name = prefect_work_pool.pings.name
  path           = abspath("${path.module}/../../flows")
  entrypoint     = "pinged.py:decorated_fn"
}

resource "prefect_automation" "pinged" {
  name = "run-when-pinged"
  trigger = {
    event = {
      posture = "Reactive"
      match   = jsonencode({ "prefect.resource.id" = "my.external.resource" })
      expect  = ["external.resource.pinged"]
    }
  }
  actions = [{
    type          = "run-deployment"
    deployment_id = prefect_deployment.pinged.id
    parameters    = jsonencode({ param_1 = "{{ event }}" })
  }]
}
