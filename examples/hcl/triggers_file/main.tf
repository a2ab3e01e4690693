# The triggers of a file that is also one for `prefect deploy --trigger triggers.yaml`. The automations are named
# as that command names them.

locals {
  triggers = yamldecode(file("${path.module}/triggers.yaml")).triggers
}

resource "prefect_work_pool" "tests" {
  name = "tests"
  type = "process"
}

resource "prefect_deployment" "test" {
  name           = "test-deployment"
  work_pool_name = prefect_work_pool.tests.name
  path           = abspath("${path.module}/../../flows")
  entrypoint     = "pinged.py:decorated_fn"
}

resource "prefect_automation" "trigger" {
  for_each = { for index, trigger in local.triggers : index + 1 => trigger }

  name    = try(each.value.name, "${prefect_deployment.test.name}__automation_${each.key}")
  enabled = try(each.value.enabled, true)
  trigger = {
    event = {
      posture       = try(each.value.posture, "Reactive")
      match         = jsonencode(try(each.value.match, {}))
      match_related = jsonencode(try(each.value.match_related, {}))
      after         = try(each.value.after, [])
      expect        = try(each.value.expect, [])
      for_each      = try(each.value.for_each, [])
      threshold     = try(each.value.threshold, 1)
      within        = try(each.value.within, null)
    }
  }
  actions = [{
    type           = "run-deployment"
    deployment_id  = prefect_deployment.test.id
    parameters     = jsonencode(try(each.value.parameters, {}))
    job_variables  = jsonencode(try(each.value.job_variables, {}))
    schedule_after = try(each.value.schedule_after, 0)
  }]
}
