# An automation that is described in a file of its own, as it would be sent to the REST API or given to
# `prefect automation create --from-file automation.yaml`.

locals {
  automation = yamldecode(file("${path.module}/automation.yaml"))
}

resource "prefect_automation" "from_file" {
  name        = local.automation.name
  description = try(local.automation.description, "")
  enabled     = try(local.automation.enabled, true)
  trigger = {
    event = {
      posture   = local.automation.trigger.posture
      match     = jsonencode(try(local.automation.trigger.match, {}))
      after     = try(local.automation.trigger.after, [])
      expect    = try(local.automation.trigger.expect, [])
      for_each  = try(local.automation.trigger.for_each, [])
      threshold = try(local.automation.trigger.threshold, 1)
      within    = try(local.automation.trigger.within, null)
    }
  }
  actions = local.automation.actions
}
