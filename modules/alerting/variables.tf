variable "name" {
  description = "What the names of the automations begin with: `<name>-failed`, `<name>-zombie` and so on."
  type        = string

  validation {
    condition     = trimspace(var.name) != ""
    error_message = "name: expected a name that is not empty."
  }
}

variable "alerts" {
  description = "What is told of. An alert that is not named here is off; `{}` is one with the defaults."
  type = object({
    # A run has failed, or timed out: its state is of the type FAILED, whatever its name.
    failed = optional(object({
      threshold = optional(number, 1)            # how many runs it takes
      within    = optional(number, 0)            # seconds in which they count; with a threshold of 1: one message in that time
      count_by  = optional(string, "deployment") # what is counted apart: deployment, flow, work-pool, work-queue or all
      subject   = optional(string)               # of the message, a template
      body      = optional(string)               # of the message, a template
    }))
    # A run has crashed: what it ran on went away.
    crashed = optional(object({
      threshold = optional(number, 1)
      within    = optional(number, 0)
      count_by  = optional(string, "deployment")
      subject   = optional(string)
      body      = optional(string)
    }))
    # A run should have started, and has not.
    late = optional(object({
      threshold = optional(number, 1)
      within    = optional(number, 0)
      count_by  = optional(string, "deployment")
      subject   = optional(string)
      body      = optional(string)
    }))
    # A run sends no heartbeats any more, and has not ended.
    zombie = optional(object({
      within       = optional(number, 90)  # seconds without a heartbeat
      mark_crashed = optional(bool, false) # whether its state becomes Crashed, too
      subject      = optional(string)
      body         = optional(string)
    }))
    # A run has been running for too long.
    stuck = optional(object({
      within  = optional(number, 3600) # seconds that it may take
      cancel  = optional(bool, false)  # whether it is cancelled, too
      subject = optional(string)
      body    = optional(string)
    }))
  })
  default = {
    failed  = {}
    crashed = {}
  }
  nullable = false

  validation {
    condition     = anytrue([for alert in values(var.alerts) : alert != null])
    error_message = "alerts: expected at least one of failed, crashed, late, zombie and stuck."
  }

  validation {
    condition = alltrue([
      for alert in [var.alerts.failed, var.alerts.crashed, var.alerts.late] :
      alert == null || try(alert.threshold >= 1 && floor(alert.threshold) == alert.threshold, false)
    ])
    error_message = "alerts: expected a threshold that is a whole number of runs, 1 or more."
  }

  validation {
    condition = alltrue([
      for alert in [var.alerts.failed, var.alerts.crashed, var.alerts.late] :
      alert == null || try(alert.within >= 0 && (alert.threshold <= 1 || alert.within > 0), false)
    ])
    error_message = "alerts: expected the seconds in which runs count as `within`, more than 0 where the threshold is more than 1; without them Prefect forgets a run after a minute."
  }

  validation {
    condition = alltrue([
      for alert in [var.alerts.failed, var.alerts.crashed, var.alerts.late] :
      alert == null || try(contains(["deployment", "flow", "work-pool", "work-queue", "all"], alert.count_by), false)
    ])
    error_message = "alerts: expected deployment, flow, work-pool, work-queue or all as count_by."
  }

  validation {
    condition     = alltrue([for alert in [var.alerts.zombie, var.alerts.stuck] : alert == null || try(alert.within >= 10, false)])
    error_message = "alerts: expected 10 seconds or more as `within` of zombie and stuck; Prefect looks no more often."
  }
}

variable "scope" {
  description = "Which runs: those for which all that is given here holds. Nothing given: all runs."
  type = object({
    tags           = optional(list(string), []) # runs with one of these tags
    all_tags       = optional(list(string), []) # runs with all of these tags
    deployment_ids = optional(list(string), []) # runs of one of these deployments
    flow_ids       = optional(list(string), []) # runs of one of these flows
    work_pool_ids  = optional(list(string), []) # runs in one of these work pools; not for zombie, as heartbeats name no pool
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for tag in concat(var.scope.tags, var.scope.all_tags) : tag != "" && !startswith(tag, "!")])
    error_message = "scope: expected tags that are not empty and do not begin with \"!\"; a negated tag would mean runs with some other tag."
  }

  validation {
    condition     = length(var.scope.work_pool_ids) == 0 || var.alerts.zombie == null
    error_message = "scope: heartbeats do not name a work pool, so that the alert zombie would never fire with work_pool_ids. Leave one of them out, or use the module twice."
  }

  validation {
    condition = length(var.scope.work_pool_ids) == 0 || alltrue([
      for id in var.scope.work_pool_ids : id != ""
    ])
    error_message = "scope: expected the ids of work pools."
  }
}

variable "notification_block_id" {
  description = "The id (UUID) of the block that messages are sent through. Give it, or `notification_block`."
  type        = string
  default     = null
}

variable "notification_block" {
  description = "A block to make for the messages. Its data come as `notification_block_data`."
  type = object({
    name         = string                            # name of the block
    type_slug    = optional(string, "slack-webhook") # a type of block that notifies
    data_version = optional(number, 1)               # another number sends the data again
  })
  default = null

  validation {
    condition     = (var.notification_block == null) != (var.notification_block_id == null)
    error_message = "notification_block: give either notification_block, to make a block, or notification_block_id, for one that there is."
  }
}

variable "notification_block_data" {
  description = "The data of `notification_block`, as JSON, such as `jsonencode({ url = ... })`. It is sent to Prefect, and neither in the plan nor in the state."
  type        = string
  default     = null
  sensitive   = true
  ephemeral   = true

  validation {
    condition     = var.notification_block == null || can(keys(jsondecode(var.notification_block_data)))
    error_message = "notification_block_data: expected a JSON object with the data of the block, as jsonencode({ url = ... }) makes it."
  }
}

variable "enabled" {
  description = "Whether the alerts are on at all."
  type        = bool
  default     = true
  nullable    = false
}

variable "tags" {
  description = "Tags of the automations; null keeps those that they have."
  type        = set(string)
  default     = null
}
