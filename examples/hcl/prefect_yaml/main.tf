# The deployments and triggers of a prefect.yaml. What Terraform makes of it shows in a plan first, and keeps its ids
# when it changes. The automations are named as `prefect deploy` names them.

locals {
  deployments = { for deployment in yamldecode(file("${path.module}/prefect.yaml")).deployments : deployment.name => deployment }

  triggers = merge([
    for name, deployment in local.deployments : {
      for index, trigger in try(deployment.triggers, []) :
      "${name}__automation_${index + 1}" => merge(trigger, { deployment = name })
    }
  ]...)
}

resource "prefect_work_pool" "this" {
  name = "yaml-work-pool"
  type = "process"
}

resource "prefect_deployment" "this" {
  for_each   = local.deployments
  depends_on = [prefect_work_pool.this]

  name           = each.key
  work_pool_name = each.value.work_pool.name
  path           = abspath("${path.module}/../../flows")
  entrypoint     = each.value.entrypoint
}

resource "prefect_automation" "event" {
  for_each = { for name, trigger in local.triggers : name => trigger if trigger.type == "event" }

  name    = each.key
  enabled = try(each.value.enabled, true)
  trigger = {
    event = {
      posture  = try(each.value.posture, "Reactive")
      match    = jsonencode(try(each.value.match, {}))
      after    = try(each.value.after, [])
      expect   = try(each.value.expect, [])
      for_each = try(each.value.for_each, [])
      within   = try(each.value.within, null)
    }
  }
  actions = [{
    type          = "run-deployment"
    deployment_id = prefect_deployment.this[each.value.deployment].id
    parameters    = jsonencode(try(each.value.parameters, {}))
  }]
}

resource "prefect_automation" "compound" {
  for_each = { for name, trigger in local.triggers : name => trigger if trigger.type == "compound" }

  name    = each.key
  enabled = try(each.value.enabled, true)
  trigger = {
    compound = {
      require = each.value.require
      within  = try(each.value.within, null)
      triggers = [
        for trigger in each.value.triggers : {
          event = {
            posture  = try(trigger.posture, "Reactive")
            match    = jsonencode(try(trigger.match, {}))
            after    = try(trigger.after, [])
            expect   = try(trigger.expect, [])
            for_each = try(trigger.for_each, [])
            within   = try(trigger.within, null)
          }
        }
      ]
    }
  }
  actions = [{
    type          = "run-deployment"
    deployment_id = prefect_deployment.this[each.value.deployment].id
    parameters    = jsonencode(try(each.value.parameters, {}))
  }]
}
