locals {
  given_events = {
    for name, trigger in var.triggers : name => concat(
      trigger.event == null ? [] : [trigger.event],
      trigger.compound == null ? [] : trigger.compound.events,
      trigger.sequence == null ? [] : trigger.sequence.events,
    )
  }

  # As Prefect has them. A list of related resources is for two or more, which servers before 3.4.1 do not know.
  events = {
    for name, given in local.given_events : name => [
      for event in given : merge(event, {
        match = jsonencode(event.match)
        match_related = (
          length(event.match_related) == 0 ? "{}" :
          length(event.match_related) == 1 ? jsonencode(event.match_related[0]) :
          jsonencode(event.match_related)
        )
      })
    ]
  }

  metrics = {
    for name, trigger in var.triggers : name => {
      match = jsonencode(trigger.metric.match)
      match_related = (
        length(trigger.metric.match_related) == 0 ? "{}" :
        length(trigger.metric.match_related) == 1 ? jsonencode(trigger.metric.match_related[0]) :
        jsonencode(trigger.metric.match_related)
      )
      metric = {
        name       = trigger.metric.name
        operator   = trigger.metric.operator
        threshold  = trigger.metric.threshold
        range      = trigger.metric.range
        firing_for = trigger.metric.firing_for
      }
    } if trigger.metric != null
  }
}

resource "prefect_flow" "this" {
  count = var.flow == null ? 0 : 1

  name   = var.flow.name
  tags   = var.flow.tags
  labels = var.flow.labels
}

resource "prefect_deployment" "this" {
  name                     = var.name
  flow_id                  = var.flow == null ? var.flow_id : prefect_flow.this[0].id
  entrypoint               = var.entrypoint
  path                     = var.path
  pull_steps               = var.pull_steps
  work_pool_name           = var.work_pool_name
  work_queue_name          = var.work_queue_name
  description              = var.description
  version                  = var.code_version
  tags                     = var.tags
  labels                   = var.labels
  parameters               = var.parameters
  parameter_openapi_schema = var.parameter_schema
  enforce_parameter_schema = var.enforce_parameter_schema
  job_variables            = var.job_variables
  paused                   = var.paused
  concurrency_limit        = var.concurrency_limit
  concurrency_options = var.collision_strategy == null ? null : {
    collision_strategy   = var.collision_strategy
    grace_period_seconds = var.grace_period
  }
  schedules = var.schedules
}

resource "prefect_automation" "trigger" {
  for_each = var.triggers

  name        = coalesce(each.value.name, "${var.name}-${each.key}")
  description = each.value.description
  enabled     = each.value.enabled
  tags        = each.value.tags

  trigger = {
    event  = each.value.event == null ? null : local.events[each.key][0]
    metric = each.value.metric == null ? null : local.metrics[each.key]
    compound = each.value.compound == null ? null : {
      require  = try(tonumber(each.value.compound.require), each.value.compound.require)
      within   = each.value.compound.within
      triggers = [for event in local.events[each.key] : { event = event }]
    }
    sequence = each.value.sequence == null ? null : {
      within   = each.value.sequence.within
      triggers = [for event in local.events[each.key] : { event = event }]
    }
  }

  actions = [
    {
      type           = "run-deployment"
      deployment_id  = prefect_deployment.this.id
      parameters     = each.value.parameters
      job_variables  = each.value.job_variables
      schedule_after = each.value.schedule_after
    },
  ]
}
