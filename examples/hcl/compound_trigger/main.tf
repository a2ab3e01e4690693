# A flow run once a resource was both pinged and replied to, in any order.

locals {
  resource = jsonencode({ "prefect.resource.id" = "my.external.resource" })
}

resource "prefect_work_pool" "replies" {
  name = "replies"
  type = "process"
}

resource "prefect_deployment" "replied" {
  name           = "replied"
  work_pool_name = prefect_work_pool.replies.name
  path           = abspath("${path.module}/../../flows")
  entrypoint     = "pinged.py:decorated_fn"
}

resource "prefect_automation" "pinged_and_replied" {
  name = "run-when-pinged-and-replied"
  trigger = {
    compound = {
      require = "all"
      triggers = [
        { event = { posture = "Reactive", match = local.resource, expect = ["external.resource.pinged"] } },
        { event = { posture = "Reactive", match = local.resource, expect = ["external.resource.replied"] } },
      ]
    }
  }
  actions = [{
    type          = "run-deployment"
    deployment_id = prefect_deployment.replied.id
    parameters    = jsonencode({ param_1 = "{{ event }}" })
  }]
}
