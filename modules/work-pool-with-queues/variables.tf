variable "name" {
  description = "Name of the work pool. Changing it makes a new pool, and with it new queues."
  type        = string

  validation {
    condition     = trimspace(var.name) != "" && !startswith(lower(var.name), "prefect")
    error_message = "name: expected a name that is not empty and does not start with \"prefect\", which Prefect keeps for itself."
  }
}

variable "type" {
  description = "The kind of worker that serves the pool: `process`, `docker`, `kubernetes`, `ecs` and so on. Changing it makes a new pool."
  type        = string

  validation {
    condition     = trimspace(var.type) != ""
    error_message = "type: expected the kind of worker that serves the pool, such as \"process\"."
  }
}

variable "description" {
  description = "What the pool is for."
  type        = string
  default     = null
}

variable "paused" {
  description = "Whether the pool hands out no runs."
  type        = bool
  default     = false
  nullable    = false
}

variable "concurrency_limit" {
  description = "How many runs of the whole pool are at work at once; null means no limit."
  type        = number
  default     = null

  validation {
    condition     = var.concurrency_limit == null || try(var.concurrency_limit >= 0 && floor(var.concurrency_limit) == var.concurrency_limit, false)
    error_message = "concurrency_limit: expected a whole number of runs, 0 or more, or null."
  }
}

variable "base_job_template" {
  description = "The template of a run's infrastructure, as JSON; null leaves it to the worker that starts first."
  type        = string
  default     = null

  validation {
    condition     = var.base_job_template == null || can(keys(jsondecode(var.base_job_template)))
    error_message = "base_job_template: expected a JSON object, as jsonencode({...}) makes it."
  }
}

variable "queues" {
  description = "The pool's queues by name. Give either all of them a priority or none. The queue `default` is there always: naming it here sets what it has."
  type = map(object({
    description       = optional(string, "")
    priority          = optional(number)      # rank among the queues, 1 is served first; no two share one
    concurrency_limit = optional(number)      # how many runs at once; null means no limit
    paused            = optional(bool, false) # whether the queue hands out no runs
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for name, queue in var.queues : trimspace(name) != ""])
    error_message = "queues: a queue needs a name."
  }

  validation {
    condition = alltrue([
      for name, queue in var.queues :
      queue.priority == null || try(queue.priority >= 1 && floor(queue.priority) == queue.priority, false)
    ])
    error_message = "queues: expected a priority that is a whole number, 1 or more."
  }

  validation {
    condition = alltrue([
      for name, queue in var.queues :
      queue.concurrency_limit == null || try(queue.concurrency_limit >= 0 && floor(queue.concurrency_limit) == queue.concurrency_limit, false)
    ])
    error_message = "queues: expected a concurrency_limit that is a whole number of runs, 0 or more, or null."
  }

  validation {
    condition = (
      length(distinct([for queue in var.queues : queue.priority if queue.priority != null])) ==
      length([for queue in var.queues : queue.priority if queue.priority != null])
    )
    error_message = "queues: two queues have the same priority; Prefect would move one of them."
  }

  validation {
    condition = (
      alltrue([for queue in var.queues : queue.priority == null]) ||
      alltrue([for queue in var.queues : queue.priority != null])
    )
    error_message = "queues: some queues have a priority and some have none; Prefect moves those without one. Give all of them one, or none."
  }
}
