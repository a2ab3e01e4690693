locals {
  # Which runs: each of these has to hold for something that the events of a run name.
  conditions = concat(
    [
      for kind, ids in {
        deployment  = var.scope.deployment_ids
        flow        = var.scope.flow_ids
        tag         = var.scope.tags
        "work-pool" = var.scope.work_pool_ids
        } : {
        "prefect.resource.role" = [kind]
        "prefect.resource.id"   = [for id in ids : "prefect.${kind}.${id}"]
      } if length(ids) > 0
    ],
    [
      for tag in var.scope.all_tags : {
        "prefect.resource.role" = ["tag"]
        "prefect.resource.id"   = ["prefect.tag.${tag}"]
      }
    ],
  )
  # A list is for two or more, which servers before 3.4.1 do not know.
  match_related = (
    length(local.conditions) == 0 ? "{}" :
    length(local.conditions) == 1 ? jsonencode(local.conditions[0]) :
    jsonencode(local.conditions)
  )

  any_run = { "prefect.resource.id" = ["prefect.flow-run.*"] }

  # A state that ends a run may have any name, so that its type tells. Heartbeats have none.
  any_state = merge(local.any_run, { "prefect.state-type" = ["*"] })
  failed    = merge(local.any_run, { "prefect.state-type" = ["FAILED"] })
  crashed   = merge(local.any_run, { "prefect.state-type" = ["CRASHED"] })

  on_states = {
    failed  = { match = local.failed, expect = "prefect.flow-run.*", one = "has failed", several = "have failed" }
    crashed = { match = local.crashed, expect = "prefect.flow-run.*", one = "has crashed", several = "have crashed" }
    late    = { match = local.any_run, expect = "prefect.flow-run.Late", one = "is late", several = "are late" }
  }

  reactive = {
    for kind, alert in { for kind in keys(local.on_states) : kind => var.alerts[kind] } : kind => {
      event = {
        posture   = "Reactive"
        match     = jsonencode(local.on_states[kind].match)
        after     = []
        expect    = [local.on_states[kind].expect]
        for_each  = alert.within > 0 && alert.count_by != "all" ? ["related:${alert.count_by}:prefect.resource.id"] : []
        threshold = alert.threshold
        within    = alert.within
      }
      description = (
        alert.threshold > 1 ? "${alert.threshold} flow runs ${local.on_states[kind].several} within ${alert.within} seconds." :
        alert.within > 0 ? "A flow run ${local.on_states[kind].one}; told once in ${alert.within} seconds." :
        "A flow run ${local.on_states[kind].one}."
      )
      subject = (
        alert.subject != null ? alert.subject :
        alert.threshold > 1 ? "${alert.threshold} flow runs ${local.on_states[kind].several}, at last {{ flow_run.name }}" :
        "Flow run {{ flow_run.name }} ${local.on_states[kind].one}"
      )
      body = alert.body
      also = []
    } if alert != null
  }

  zombie = {
    for alert in [var.alerts.zombie] : "zombie" => {
      event = {
        posture = "Proactive"
        match   = jsonencode(local.any_run)
        after   = ["prefect.flow-run.heartbeat"]
        # Another heartbeat begins anew; any change of state says that the run has ended, or was told of.
        expect    = ["prefect.flow-run.*"]
        for_each  = ["prefect.resource.id"]
        threshold = 1
        within    = alert.within
      }
      description = "A flow run has sent no heartbeat for ${alert.within} seconds."
      subject     = alert.subject != null ? alert.subject : "Flow run {{ flow_run.name }} sends no heartbeats"
      body        = alert.body
      also        = alert.mark_crashed ? [{ type = "change-flow-run-state", state = "CRASHED", message = "No heartbeat for ${alert.within} seconds." }] : []
    } if alert != null
  }

  stuck = {
    for alert in [var.alerts.stuck] : "stuck" => {
      event = {
        posture = "Proactive"
        match   = jsonencode(local.any_state)
        after   = ["prefect.flow-run.Running"]
        # Any other change of state says that it runs no longer; running once more begins anew.
        expect    = ["prefect.flow-run.*"]
        for_each  = ["prefect.resource.id"]
        threshold = 1
        within    = alert.within
      }
      description = "A flow run is still running after ${alert.within} seconds."
      subject     = alert.subject != null ? alert.subject : "Flow run {{ flow_run.name }} is still running"
      body        = alert.body
      also        = alert.cancel ? [{ type = "cancel-flow-run", state = null, message = null }] : []
    } if alert != null
  }

  body = <<-EOT
    Flow run: {{ flow_run.name }}
    Flow: {{ flow.name }}
    Deployment: {{ deployment.name }}
    State: {{ flow_run.state.name }}, {{ flow_run.state.timestamp }}
    Message: {{ flow_run.state.message }}
    Link: {{ flow_run | ui_url }}
    Alert: {{ automation.name }}
  EOT
}

resource "prefect_block" "notification" {
  count = var.notification_block == null ? 0 : 1

  name            = var.notification_block.name
  type_slug       = var.notification_block.type_slug
  data_wo         = var.notification_block_data
  data_wo_version = var.notification_block.data_version
}

resource "prefect_automation" "alert" {
  for_each = merge(local.reactive, local.zombie, local.stuck)

  name        = "${var.name}-${each.key}"
  description = each.value.description
  enabled     = var.enabled
  tags        = var.tags

  trigger = {
    event = merge(each.value.event, { match_related = local.match_related })
  }

  actions = concat(
    [
      {
        type              = "send-notification"
        block_document_id = var.notification_block == null ? var.notification_block_id : prefect_block.notification[0].id
        subject           = each.value.subject
        body              = each.value.body != null ? each.value.body : local.body
      },
    ],
    each.value.also,
  )
}
