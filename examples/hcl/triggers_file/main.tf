# The triggers of a file that is also one for `prefect deploy --trigger triggers.yaml`. The automations are named
# as that command names them.
#
# Nothing is left out in silence: what cannot be taken over (a metric, a duration that is no number of seconds, a field
# that is misspelt ...) is named by an error in the plan.

locals {
  text     = file("${path.module}/triggers.yaml")
  document = yamldecode(local.text)

  # flatten() makes a list of what is one, and of nothing.
  triggers = {
    for index, trigger in [for given in flatten([try(local.document.triggers, null)]) : given if given != null] :
    "trigger ${index + 1}" => {
      name  = "test-deployment__automation_${index + 1}"
      given = trigger
      inner = [for given in flatten([try(trigger.triggers, null)]) : given if given != null]
      # As Prefect tells them apart.
      type = try(coalesce(trigger.type), null) != null ? trigger.type : (
        try(lower(trigger.posture), null) == "metric" ? "metric" :
        try(trigger.triggers, null) == null ? "event" :
        try(trigger.require, null) == null ? "sequence" : "compound"
      )
    }
  }

  # What a compound or sequence trigger is made of.
  inner = {
    for key, trigger in local.triggers : key => [
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

# What is taken, and what is in the file besides.
locals {
  event_fields      = ["type", "posture", "match", "match_related", "after", "expect", "for_each", "threshold", "within"]
  automation_fields = ["name", "description", "enabled", "parameters", "job_variables", "schedule_after"]
  fields = {
    document = ["triggers"]
    event    = concat(local.event_fields, local.automation_fields)
    compound = concat(["type", "require", "within", "triggers"], local.automation_fields)
    sequence = concat(["type", "within", "triggers"], local.automation_fields)
    inner    = local.event_fields
  }

  # Each part of the file: what kind of part it is, its place, and itself.
  parts = concat(
    [["document", "the file", local.document]],
    [for key, trigger in local.triggers : [trigger.type, key, trigger.given] if contains(keys(local.fields), trigger.type)],
    flatten([
      for key, trigger in local.triggers : [
        for index, inner in trigger.inner : { part = ["inner", "${key}, triggers[${index}]", inner] }
      ]
    ])[*].part,
  )

  refused = concat(
    [
      for found in distinct(regexall("(?m)(?:(?:[-:]\\s+|[,\\[]\\s*)[yYnN]\\s*(?:$|[,\\]}#])|(?:^|[{,\\s])[yYnN]:(?:\\s|$))", local.text)) :
      "an unquoted ${regex("[yYnN]", found)}, which is text to Prefect and true or false to Terraform: put it in quotes"
    ],
    [
      for key, trigger in local.triggers :
      "${key}: a trigger of type ${trigger.type}" if !contains(keys(local.fields), trigger.type)
    ],
    flatten([
      for key, trigger in local.triggers : [
        for index, inner in trigger.inner :
        "${key}, triggers[${index}]: a trigger that is itself made of triggers, or of metrics"
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
        for field in ["within", "schedule_after"] :
        "${part[1]}: ${field}: expected a number of seconds, got ${jsonencode(part[2][field])}"
        if try(part[2][field], null) != null && !can(tonumber(part[2][field]))
      ]
    ]),
  )
}

resource "prefect_work_pool" "tests" {
  name = "tests"
  type = "process"

  lifecycle {
    precondition {
      condition     = length(local.refused) == 0
      error_message = "triggers.yaml has what is not taken over here:\n  ${join("\n  ", local.refused)}\nTake it out, or extend this configuration."
    }
  }
}

resource "prefect_deployment" "test" {
  name           = "test-deployment"
  work_pool_name = prefect_work_pool.tests.name
  path           = abspath("${path.module}/../../flows")
  entrypoint     = "pinged.py:decorated_fn"
}

resource "prefect_automation" "trigger" {
  for_each = local.triggers

  name        = coalesce(try(each.value.given.name, null), each.value.name)
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
    deployment_id  = prefect_deployment.test.id
    parameters     = try(each.value.given.parameters == null ? null : jsonencode(each.value.given.parameters), null)
    job_variables  = try(each.value.given.job_variables == null ? null : jsonencode(each.value.given.job_variables), null)
    schedule_after = try(each.value.given.schedule_after, null)
  }]
}
