# Automations that are described in a file of their own: one as it would be sent to the REST API, or one, a list, or a
# list under `automations`, as they are given to `prefect automation create --from-file automation.yaml` and as
# `prefect automation inspect --yaml` prints them.
#
# Nothing is left out in silence: what cannot be taken over (a metric, a duration that is no number of seconds, a field
# that is misspelt ...) is named by an error in the plan.

locals {
  text     = file("${path.module}/automation.yaml")
  document = yamldecode(local.text)

  # flatten() makes a list of what is one, and of nothing.
  automations = {
    for given in flatten([try(local.document.automations, local.document)]) :
    given.name => {
      given = given
      inner = [for inner in flatten([try(given.trigger.triggers, null)]) : inner if inner != null]
      # As Prefect tells them apart.
      type = try(coalesce(given.trigger.type), null) != null ? given.trigger.type : (
        try(lower(given.trigger.posture), null) == "metric" ? "metric" :
        try(given.trigger.triggers, null) == null ? "event" :
        try(given.trigger.require, null) == null ? "sequence" : "compound"
      )
      actions = {
        for list in ["actions", "actions_on_trigger", "actions_on_resolve"] :
        list => [for action in flatten([try(given[list], null)]) : action if action != null]
      }
    } if given != null
  }

  # What a compound or sequence trigger is made of.
  inner = {
    for name, automation in local.automations : name => [
      for inner in automation.inner : {
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

  actions = {
    for name, automation in local.automations : name => {
      for list, actions in automation.actions : list => [
        for action in actions : {
          type              = try(action.type, null)
          source            = try(action.source, null)
          deployment_id     = try(action.deployment_id, null)
          work_pool_id      = try(action.work_pool_id, null)
          work_queue_id     = try(action.work_queue_id, null)
          automation_id     = try(action.automation_id, null)
          schedule_id       = try(action.schedule_id, null)
          block_document_id = try(action.block_document_id, null)
          parameters        = try(action.parameters == null ? null : jsonencode(action.parameters), null)
          job_variables     = try(action.job_variables == null ? null : jsonencode(action.job_variables), null)
          schedule_after    = try(action.schedule_after, null)
          name              = try(action.name, null)
          state             = try(action.state, null)
          message           = try(action.message, null)
          force             = try(action.force, null)
          subject           = try(action.subject, null)
          body              = try(action.body, null)
          payload           = try(action.payload, null)
          emails            = try(action.emails, null)
        }
      ]
    }
  }
}

# What is taken, and what is in the file besides.
locals {
  event_fields  = ["type", "posture", "match", "match_related", "after", "expect", "for_each", "threshold", "within"]
  server_fields = ["id", "created", "updated"]
  fields = {
    automation = concat(["name", "description", "enabled", "tags", "trigger", "actions", "actions_on_trigger", "actions_on_resolve"], local.server_fields)
    event      = concat(local.event_fields, local.server_fields)
    compound   = concat(["type", "require", "within", "triggers"], local.server_fields)
    sequence   = concat(["type", "within", "triggers"], local.server_fields)
    action = [
      "type", "source", "deployment_id", "work_pool_id", "work_queue_id", "automation_id", "schedule_id",
      "block_document_id", "parameters", "job_variables", "schedule_after", "name", "state", "message", "force", "subject",
      "body", "payload", "emails",
    ]
  }

  # Each part of the file: what kind of part it is, its place, and itself.
  parts = concat(
    [for name, automation in local.automations : ["automation", name, automation.given]],
    [
      for name, automation in local.automations :
      [automation.type, "${name}, trigger", try(automation.given.trigger, null)] if contains(["event", "compound", "sequence"], automation.type)
    ],
    flatten([
      for name, automation in local.automations : [
        for index, inner in automation.inner : { part = ["event", "${name}, triggers[${index}]", inner] }
      ]
    ])[*].part,
    flatten([
      for name, automation in local.automations : [
        for list, actions in automation.actions : [
          for index, action in actions : { part = ["action", "${name}, ${list}[${index}]", action] }
        ]
      ]
    ])[*].part,
  )

  refused = concat(
    [
      for found in distinct(regexall("(?m)(?:(?:[-:]\\s+|[,\\[]\\s*)[yYnN]\\s*(?:$|[,\\]}#])|(?:^|[{,\\s])[yYnN]:(?:\\s|$))", local.text)) :
      "an unquoted ${regex("[yYnN]", found)}, which is text to Prefect and true or false to Terraform: put it in quotes"
    ],
    [
      for name, automation in local.automations :
      "${name}: a trigger of type ${automation.type}" if !contains(["event", "compound", "sequence"], automation.type)
    ],
    flatten([
      for name, automation in local.automations : [
        for index, inner in automation.inner :
        "${name}, triggers[${index}]: a trigger that is itself made of triggers, or of metrics"
        if try(coalesce(inner.type), "event") != "event" || try(lower(inner.posture), "") == "metric" || try(inner.triggers, null) != null
      ]
    ]),
    [
      for part in local.parts : "${part[1]}: expected fields with values, got ${jsonencode(part[2])}"
      if !can(keys(part[2]))
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
    [
      for part in local.parts : "${part[1]}: payload: expected text, got ${jsonencode(part[2].payload)}"
      if try(part[2].payload, null) != null && !can(tostring(part[2].payload))
    ],
  )
}

resource "prefect_automation" "from_file" {
  for_each = local.automations

  name        = each.key
  description = try(each.value.given.description, null)
  enabled     = try(each.value.given.enabled, null)
  tags        = try(each.value.given.tags, null)
  trigger = {
    event = each.value.type != "event" ? null : {
      posture       = coalesce(try(each.value.given.trigger.posture, null), "Reactive")
      match         = try(each.value.given.trigger.match == null ? null : jsonencode(each.value.given.trigger.match), null)
      match_related = try(each.value.given.trigger.match_related == null ? null : jsonencode(each.value.given.trigger.match_related), null)
      after         = try(each.value.given.trigger.after, null)
      expect        = try(each.value.given.trigger.expect, null)
      for_each      = try(each.value.given.trigger.for_each, null)
      threshold     = try(each.value.given.trigger.threshold, null)
      within        = try(each.value.given.trigger.within, null)
    }
    compound = each.value.type != "compound" ? null : {
      require  = each.value.given.trigger.require
      within   = try(each.value.given.trigger.within, null)
      triggers = local.inner[each.key]
    }
    sequence = each.value.type != "sequence" ? null : {
      within   = try(each.value.given.trigger.within, null)
      triggers = local.inner[each.key]
    }
  }
  actions            = local.actions[each.key].actions
  actions_on_trigger = local.actions[each.key].actions_on_trigger
  actions_on_resolve = local.actions[each.key].actions_on_resolve

  lifecycle {
    precondition {
      condition     = length(local.refused) == 0
      error_message = "automation.yaml has what is not taken over here:\n  ${join("\n  ", local.refused)}\nTake it out, or extend this configuration."
    }
  }
}
