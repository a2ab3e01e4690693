variable "name" {
  description = "Name of the deployment. Changing it makes a new one."
  type        = string

  validation {
    condition     = trimspace(var.name) != ""
    error_message = "name: expected a name that is not empty."
  }
}

variable "entrypoint" {
  description = "Where the flow is, relative to `path`: `path/to/file.py:function`."
  type        = string

  validation {
    condition     = can(regex("^[^:]+:[^:]+$", var.entrypoint)) || can(regex("^[A-Za-z_][\\w.]*$", var.entrypoint))
    error_message = "entrypoint: expected path/to/file.py:function, or the Python path of a flow."
  }
}

variable "flow" {
  description = "A flow to make, which is destroyed along with the deployment. Without it and `flow_id` the flow is the one that `entrypoint` names: it is found, or made, and stays."
  type = object({
    name   = string                # as in the code
    tags   = optional(set(string)) # tags of the flow
    labels = optional(map(string)) # labels of the flow
  })
  default = null

  validation {
    condition     = var.flow == null || try(trimspace(var.flow.name) != "", false)
    error_message = "flow: expected the name of the flow."
  }
}

variable "flow_id" {
  description = "The id (UUID) of a flow that there is, such as that of another use of this module."
  type        = string
  default     = null

  validation {
    condition     = var.flow_id == null || var.flow == null
    error_message = "flow_id: give flow, to make a flow, or flow_id, for one that there is; not both."
  }
}

variable "path" {
  description = "The directory in which the entrypoint is found when it runs."
  type        = string
  default     = null
}

variable "pull_steps" {
  description = "How a run gets at its code, step by step."
  type = list(object({
    type                 = string           # git_clone, set_working_directory, run_shell_script, pull_from_s3 ...
    id                   = optional(string) # name for its outputs
    requires             = optional(string) # Python package that it needs
    credentials          = optional(string) # "{{ prefect.blocks.github-credentials.my-block }}"
    repository           = optional(string) # git_clone
    branch               = optional(string)
    commit_sha           = optional(string)
    include_submodules   = optional(bool)
    directories          = optional(list(string))
    clone_directory_name = optional(string)
    directory            = optional(string) # set_working_directory, run_shell_script, pip_install_requirements
    script               = optional(string) # run_shell_script
    env                  = optional(map(string))
    stream_output        = optional(bool)
    expand_env_vars      = optional(bool)
    requirements_file    = optional(string) # pip_install_requirements
    bucket               = optional(string) # pull_from_s3, pull_from_gcs
    container            = optional(string) # pull_from_azure_blob_storage
    folder               = optional(string)
    inputs               = optional(string) # further inputs, as JSON
  }))
  default  = []
  nullable = false
}

variable "work_pool_name" {
  description = "The work pool that runs it."
  type        = string
  default     = null
}

variable "work_queue_name" {
  description = "The pool's queue; null means its default queue."
  type        = string
  default     = null

  validation {
    condition     = var.work_queue_name == null || var.work_pool_name != null
    error_message = "work_queue_name: a queue belongs to a work pool; give work_pool_name, too."
  }
}

variable "description" {
  description = "What the deployment does."
  type        = string
  default     = null
}

variable "code_version" {
  description = "Version of the deployment. (`version` is Terraform's own word in a module block.)"
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of the deployment and of its runs."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "labels" {
  description = "Labels of the deployment; null leaves them to others."
  type        = map(string)
  default     = null
}

variable "parameters" {
  description = "Parameters of the runs, as JSON: `jsonencode({ ... })`."
  type        = string
  default     = "{}"
  nullable    = false

  validation {
    condition     = can(keys(jsondecode(var.parameters)))
    error_message = "parameters: expected a JSON object, as jsonencode({...}) makes it."
  }
}

variable "parameter_schema" {
  description = "The schema of the flow's parameters, as JSON; the function `provider::prefect::parameter_schema` reads it from the code. Null keeps the stored one."
  type        = string
  default     = null

  validation {
    condition     = var.parameter_schema == null || can(keys(jsondecode(var.parameter_schema)))
    error_message = "parameter_schema: expected a JSON object, as jsonencode({...}) makes it."
  }
}

variable "enforce_parameter_schema" {
  description = "Whether parameters are checked against the schema."
  type        = bool
  default     = true
  nullable    = false
}

variable "job_variables" {
  description = "Values for the work pool's job template, as JSON: `jsonencode({ ... })`."
  type        = string
  default     = "{}"
  nullable    = false

  validation {
    condition     = can(keys(jsondecode(var.job_variables)))
    error_message = "job_variables: expected a JSON object, as jsonencode({...}) makes it."
  }
}

variable "paused" {
  description = "Whether the deployment's schedules make no runs. Triggers do."
  type        = bool
  default     = false
  nullable    = false
}

variable "concurrency_limit" {
  description = "How many runs of the deployment are at work at once; null means no limit."
  type        = number
  default     = null

  validation {
    condition     = var.concurrency_limit == null || try(var.concurrency_limit >= 1 && floor(var.concurrency_limit) == var.concurrency_limit, false)
    error_message = "concurrency_limit: expected a whole number of runs, 1 or more, or null."
  }
}

variable "collision_strategy" {
  description = "Whether a run for which there is no slot waits (`ENQUEUE`) or is cancelled (`CANCEL_NEW`); null leaves it to Prefect."
  type        = string
  default     = null

  validation {
    condition     = var.collision_strategy == null || try(contains(["ENQUEUE", "CANCEL_NEW"], var.collision_strategy), false)
    error_message = "collision_strategy: expected ENQUEUE, CANCEL_NEW or null."
  }
}

variable "grace_period" {
  description = "Seconds for which a slot is kept for a run that is starting; needs `collision_strategy`."
  type        = number
  default     = null

  validation {
    condition     = var.grace_period == null || var.collision_strategy != null
    error_message = "grace_period: it needs collision_strategy."
  }
}

variable "schedules" {
  description = "When runs are made by time: schedules by slug. Null keeps those that were made elsewhere; `{}` removes them."
  type = map(object({
    cron               = optional(string) # "0 3 * * *"; give one of cron, interval and rrule
    interval           = optional(number) # seconds between runs
    rrule              = optional(string) # "FREQ=WEEKLY;BYDAY=MO"
    timezone           = optional(string) # "Europe/Berlin"; by default UTC
    day_or             = optional(bool)   # cron: whether the day of the month or that of the week is enough
    anchor_date        = optional(string) # interval: an instant at which a run falls
    active             = optional(bool, true)
    max_scheduled_runs = optional(number)       # how many are scheduled ahead
    parameters         = optional(string, "{}") # over the deployment's, as JSON
  }))
  default = null

  validation {
    condition = alltrue([
      for schedule in values(coalesce(var.schedules, {})) :
      length([for form in [schedule.cron, schedule.interval, schedule.rrule] : form if form != null]) == 1
    ])
    error_message = "schedules: expected exactly one of cron, interval and rrule in each schedule; see ${join(", ", [
      for slug, schedule in coalesce(var.schedules, {}) : "\"${slug}\"" if length([for form in [schedule.cron, schedule.interval, schedule.rrule] : form if form != null]) != 1
    ])}."
  }

  validation {
    condition     = alltrue([for schedule in values(coalesce(var.schedules, {})) : can(keys(jsondecode(schedule.parameters)))])
    error_message = "schedules: expected parameters as a JSON object, as jsonencode({...}) makes it."
  }
}

variable "triggers" {
  description = "What makes runs besides time: an automation for each of these, by name."
  type = map(object({
    # Exactly one of these: on events; on several of these together (compound) or in order (sequence); on a metric (Prefect Cloud).
    event = optional(object({
      expect        = optional(set(string), [])             # events that count; none means every event
      match         = optional(map(list(string)), {})       # labels of the event's resource, each with its alternatives
      match_related = optional(list(map(list(string))), []) # labels of related resources; each is to be met by one of them
      after         = optional(set(string), [])             # events that come first
      for_each      = optional(set(string), [])             # labels whose values are counted apart
      posture       = optional(string, "Reactive")          # Reactive: on events; Proactive: where they do not come
      threshold     = optional(number, 1)                   # how many events make it fire, or keep it from firing
      within        = optional(number)                      # seconds in which they count
    }))
    compound = optional(object({
      require = optional(string, "all") # all, any or a number
      within  = optional(number)        # seconds in which they fire; null means no limit
      events = list(object({
        expect        = optional(set(string), [])
        match         = optional(map(list(string)), {})
        match_related = optional(list(map(list(string))), [])
        after         = optional(set(string), [])
        for_each      = optional(set(string), [])
        posture       = optional(string, "Reactive")
        threshold     = optional(number, 1)
        within        = optional(number)
      }))
    }))
    sequence = optional(object({
      within = optional(number)
      events = list(object({
        expect        = optional(set(string), [])
        match         = optional(map(list(string)), {})
        match_related = optional(list(map(list(string))), [])
        after         = optional(set(string), [])
        for_each      = optional(set(string), [])
        posture       = optional(string, "Reactive")
        threshold     = optional(number, 1)
        within        = optional(number)
      }))
    }))
    metric = optional(object({
      name          = string                # lateness, duration, successes ...
      operator      = string                # <, <=, > or >=
      threshold     = number                # to compare it with
      range         = optional(number, 300) # seconds to look back over
      firing_for    = optional(number, 300) # seconds for which it has to be so
      match         = optional(map(list(string)), {})
      match_related = optional(list(map(list(string))), [])
    }))
    # The run.
    parameters     = optional(string) # over the deployment's, as JSON; "{{ event.resource.id }}" is filled in
    job_variables  = optional(string) # over the deployment's, as JSON
    schedule_after = optional(number) # seconds until it starts
    # The automation.
    name        = optional(string) # by default <deployment>-<name of the trigger>
    description = optional(string, "")
    enabled     = optional(bool, true)
    tags        = optional(set(string)) # null keeps those that it has
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for trigger in var.triggers :
      length([for form in [trigger.event, trigger.compound, trigger.sequence, trigger.metric] : form if form != null]) == 1
    ])
    error_message = "triggers: expected exactly one of event, compound, sequence and metric in each trigger; see ${join(", ", [
      for name, trigger in var.triggers : "\"${name}\"" if length([for form in [trigger.event, trigger.compound, trigger.sequence, trigger.metric] : form if form != null]) != 1
    ])}."
  }

  validation {
    condition = alltrue([
      for json in flatten([for trigger in var.triggers : [trigger.parameters, trigger.job_variables]]) :
      json == null || can(keys(jsondecode(json)))
    ])
    error_message = "triggers: expected parameters and job_variables as JSON objects, as jsonencode({...}) makes them."
  }

  validation {
    condition     = alltrue([for trigger in var.triggers : try(trigger.schedule_after >= 0, trigger.schedule_after == null)])
    error_message = "triggers: expected 0 seconds or more as schedule_after."
  }

  validation {
    condition = alltrue([
      for event in flatten([
        for trigger in var.triggers :
        concat(trigger.event == null ? [] : [trigger.event], try(trigger.compound.events, []), try(trigger.sequence.events, []))
      ]) : contains(["Reactive", "Proactive"], event.posture) && event.threshold >= 1 && floor(event.threshold) == event.threshold
    ])
    error_message = "triggers: expected Reactive or Proactive as posture, and a whole number of events, 1 or more, as threshold."
  }

  validation {
    condition = alltrue([
      for event in flatten([
        for trigger in var.triggers :
        concat(trigger.event == null ? [] : [trigger.event], try(trigger.compound.events, []), try(trigger.sequence.events, []))
      ]) : event.within == null || try(event.within >= (event.posture == "Proactive" ? 10 : 0), false)
    ])
    error_message = "triggers: expected 0 seconds or more as within, and 10 or more where the posture is Proactive."
  }

  validation {
    condition = alltrue([
      for event in flatten([
        for trigger in var.triggers :
        concat(trigger.event == null ? [] : [trigger.event], try(trigger.compound.events, []), try(trigger.sequence.events, []))
      ]) : event.posture != "Proactive" || (length(event.after) == 0) == (length(event.for_each) == 0) || (length(event.after) == 0 && event.threshold > 1)
    ])
    error_message = "triggers: a Proactive trigger with after needs for_each, or it fires although nothing has happened; with for_each it needs after, or it never fires."
  }

  validation {
    condition     = alltrue([for trigger in var.triggers : length(try(trigger.compound.events, [{}])) > 0 && length(try(trigger.sequence.events, [{}])) > 0])
    error_message = "triggers: expected events in compound and sequence; without them it never fires."
  }

  validation {
    condition = alltrue([
      for trigger in var.triggers :
      try(contains(["all", "any"], trigger.compound.require), true) || try(tonumber(trigger.compound.require) >= 1 && tonumber(trigger.compound.require) <= length(trigger.compound.events), false)
    ])
    error_message = "triggers: expected all, any or a number of the events as require."
  }
}
