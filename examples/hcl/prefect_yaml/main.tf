# The deployments and triggers of a prefect.yaml. What Terraform makes of it shows in a plan first, and keeps its ids
# when it changes. The automations are named as `prefect deploy` names them.
#
# Nothing is left out in silence: what cannot be taken over (build steps, templates that `prefect deploy` renders, a
# duration that is no number of seconds, a field that is misspelt ...) is named by an error in the plan.

locals {
  text     = file("${path.module}/prefect.yaml")
  document = yamldecode(local.text)

  # flatten() makes a list of what is one, and of nothing.
  deployments = {
    for deployment in flatten([try(local.document.deployments, null)]) :
    deployment.name => deployment if deployment != null
  }

  triggers = merge([
    for name, deployment in local.deployments : {
      for index, trigger in [for given in flatten([try(deployment.triggers, null)]) : given if given != null] :
      "${name}__automation_${index + 1}" => {
        deployment = name
        given      = trigger
        inner      = [for given in flatten([try(trigger.triggers, null)]) : given if given != null]
        # As Prefect tells them apart.
        type = try(coalesce(trigger.type), null) != null ? trigger.type : (
          try(lower(trigger.posture), null) == "metric" ? "metric" :
          try(trigger.triggers, null) == null ? "event" :
          try(trigger.require, null) == null ? "sequence" : "compound"
        )
      }
    }
  ]...)

  schedules = {
    for name, deployment in local.deployments :
    name => [for given in flatten([try(deployment.schedules, null)]) : given if given != null]
  }

  # A choice with `?` would give both sides one type, and make text of what is not.
  steps = {
    for name, deployment in local.deployments :
    name => [
      for given in flatten([
        try(deployment.pull, null),
        [for shared in [try(local.document.pull, null)] : shared if try(deployment.pull, null) == null],
      ]) : given if given != null
    ]
  }
}

# What is taken, and what is in the document besides.
locals {
  event_fields      = ["type", "posture", "match", "match_related", "after", "expect", "for_each", "threshold", "within"]
  automation_fields = ["name", "description", "enabled", "parameters", "job_variables", "schedule_after"]
  fields = {
    document    = ["name", "prefect-version", "deployments", "definitions", "pull"]
    deployment  = ["name", "flow_name", "entrypoint", "description", "version", "tags", "parameters", "enforce_parameter_schema", "paused", "concurrency_limit", "work_pool", "schedules", "triggers", "pull"]
    work_pool   = ["name", "work_queue_name", "job_variables"]
    concurrency = ["limit", "collision_strategy", "grace_period_seconds"]
    schedule    = ["slug", "cron", "interval", "rrule", "timezone", "day_or", "anchor_date", "active", "max_scheduled_runs", "parameters"]
    event       = concat(local.event_fields, local.automation_fields)
    compound    = concat(["type", "require", "within", "triggers"], local.automation_fields)
    sequence    = concat(["type", "within", "triggers"], local.automation_fields)
    inner       = local.event_fields
  }

  # Each part of the document with its place, and the kind of part that it is.
  parts = concat(
    [["document", "prefect.yaml", local.document]],
    [for name, deployment in local.deployments : ["deployment", name, deployment]],
    [for name, deployment in local.deployments : ["work_pool", "${name}, work_pool", try(deployment.work_pool, null)]],
    [
      for name, deployment in local.deployments :
      ["concurrency", "${name}, concurrency_limit", deployment.concurrency_limit] if can(keys(deployment.concurrency_limit))
    ],
    flatten([
      for name, schedules in local.schedules : [
        for index, schedule in schedules : { part = ["schedule", "${name}, schedules[${index}]", schedule] }
      ]
    ])[*].part,
    [for name, trigger in local.triggers : [trigger.type, name, trigger.given] if contains(keys(local.fields), trigger.type)],
    flatten([
      for name, trigger in local.triggers : [
        for index, inner in trigger.inner : { part = ["inner", "${name}, triggers[${index}]", inner] }
      ]
    ])[*].part,
  )

  refused = concat(
    [
      for found in distinct(regexall("(?m)(?:(?:[-:]\\s+|[,\\[]\\s*)[yYnN]\\s*(?:$|[,\\]}#])|(?:^|[{,\\s])[yYnN]:(?:\\s|$))", local.text)) :
      "an unquoted ${regex("[yYnN]", found)}, which is text to Prefect and true or false to Terraform: put it in quotes"
    ],
    [
      for name, trigger in local.triggers :
      "${name}: a trigger of type ${trigger.type}" if !contains(keys(local.fields), trigger.type)
    ],
    flatten([
      for name, trigger in local.triggers : [
        for index, inner in trigger.inner :
        "${name}, triggers[${index}]: a trigger that is itself made of triggers, or of metrics"
        if try(coalesce(inner.type), "event") != "event" || try(lower(inner.posture), "") == "metric" || try(inner.triggers, null) != null
      ]
    ]),
    [
      for part in local.parts : "${part[1]}: expected fields with values, got ${jsonencode(part[2])}"
      if part[2] != null && !can(keys(part[2]))
    ],
    flatten([
      for part in local.parts : [
        for field, value in part[2] : "${part[1]}: ${field}"
        if try(length(value) > 0, value != null) && !contains(local.fields[part[0]], field)
      ] if can(keys(part[2]))
    ]),
    flatten([
      for part in local.parts : [
        for field in ["within", "schedule_after", "interval"] :
        "${part[1]}: ${field}: expected a number of seconds, got ${jsonencode(part[2][field])}"
        if try(part[2][field], null) != null && !can(tonumber(part[2][field]))
      ]
    ]),
    flatten([
      for name, deployment in local.deployments : [
        for field, value in deployment : "${name}: ${field}: a template, which only `prefect deploy` renders"
        if !contains(["triggers", "pull"], field) && strcontains(jsonencode(value), "{{")
      ]
    ]),
  )
}

resource "prefect_work_pool" "this" {
  name = "yaml-work-pool"
  type = "process"

  lifecycle {
    precondition {
      condition     = length(local.refused) == 0
      error_message = "prefect.yaml has what is not taken over here:\n  ${join("\n  ", local.refused)}\nTake it out, or extend this configuration."
    }
  }
}

resource "prefect_deployment" "this" {
  for_each   = local.deployments
  depends_on = [prefect_work_pool.this]

  name                     = each.key
  flow_name                = try(each.value.flow_name, null)
  entrypoint               = try(each.value.entrypoint, null)
  path                     = length(local.steps[each.key]) == 0 ? abspath("${path.module}/../../flows") : null
  description              = try(each.value.description, null)
  version                  = try(each.value.version, null)
  tags                     = try(each.value.tags, null)
  paused                   = try(each.value.paused, null)
  parameters               = try(each.value.parameters == null ? null : jsonencode(each.value.parameters), null)
  enforce_parameter_schema = try(each.value.enforce_parameter_schema, null)
  work_pool_name           = try(each.value.work_pool.name, null)
  work_queue_name          = try(each.value.work_pool.work_queue_name, null)
  job_variables            = try(each.value.work_pool.job_variables == null ? null : jsonencode(each.value.work_pool.job_variables), null)
  concurrency_limit        = try(each.value.concurrency_limit.limit, each.value.concurrency_limit, null)
  concurrency_options = try(each.value.concurrency_limit.collision_strategy, null) == null ? null : {
    collision_strategy   = each.value.concurrency_limit.collision_strategy
    grace_period_seconds = try(each.value.concurrency_limit.grace_period_seconds, null)
  }
  schedules = try(each.value.schedules, null) == null ? null : {
    for index, schedule in local.schedules[each.key] : coalesce(try(schedule.slug, null), "schedule-${index + 1}") => {
      cron               = try(schedule.cron, null)
      interval           = try(schedule.interval, null)
      rrule              = try(schedule.rrule, null)
      timezone           = try(schedule.timezone, null)
      day_or             = try(schedule.day_or, null)
      anchor_date        = try(schedule.anchor_date, null)
      active             = try(schedule.active, null)
      max_scheduled_runs = try(schedule.max_scheduled_runs, null)
      parameters         = try(schedule.parameters == null ? null : jsonencode(schedule.parameters), null)
    }
  }
  pull_steps = length(local.steps[each.key]) == 0 ? null : [for step in local.steps[each.key] : { type = one(keys(step)), inputs = jsonencode(one(values(step))) }]
}

resource "prefect_automation" "trigger" {
  for_each = local.triggers

  name        = coalesce(try(each.value.given.name, null), each.key)
  description = try(each.value.given.description, null)
  enabled     = try(each.value.given.enabled, null)
  trigger = {
    event = each.value.type != "event" ? null : {
      posture       = coalesce(try(each.value.given.posture, null), "Reactive")
      match         = try(each.value.given.match == null ? null : jsonencode(each.value.given.match), null)
      match_related = try(each.value.given.match_related == null ? null : jsonencode(each.value.given.match_related), null)
      after         = try(each.value.given.after, null)
      expect        = try(each.value.given.expect, null)
      for_each      = try(each.value.given.for_each, null)
      threshold     = try(each.value.given.threshold, null)
      within        = try(each.value.given.within, null)
    }
    compound = each.value.type != "compound" ? null : {
      require  = each.value.given.require
      within   = try(each.value.given.within, null)
      triggers = local.inner[each.key]
    }
    sequence = each.value.type != "sequence" ? null : {
      within   = try(each.value.given.within, null)
      triggers = local.inner[each.key]
    }
  }
  actions = [{
    type           = "run-deployment"
    deployment_id  = prefect_deployment.this[each.value.deployment].id
    parameters     = try(each.value.given.parameters == null ? null : jsonencode(each.value.given.parameters), null)
    job_variables  = try(each.value.given.job_variables == null ? null : jsonencode(each.value.given.job_variables), null)
    schedule_after = try(each.value.given.schedule_after, null)
  }]
}

locals {
  inner = {
    for name, trigger in local.triggers : name => [
      for inner in trigger.inner : {
        event = {
          posture       = coalesce(try(inner.posture, null), "Reactive")
          match         = try(inner.match == null ? null : jsonencode(inner.match), null)
          match_related = try(inner.match_related == null ? null : jsonencode(inner.match_related), null)
          after         = try(inner.after, null)
          expect        = try(inner.expect, null)
          for_each      = try(inner.for_each, null)
          threshold     = try(inner.threshold, null)
          within        = try(inner.within, null)
        }
      }
    ]
  }
}
