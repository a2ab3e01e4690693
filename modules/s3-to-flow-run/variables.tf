variable "name" {
  description = "Name of the function, its role, its log and the rule that calls it."
  type        = string
}

variable "bucket" {
  description = "Name of the bucket whose new objects make flow runs."
  type        = string
}

variable "package" {
  description = "Path of the function's archive, as `python examples/aws_lambda/archive.py FILE.zip` writes it."
  type        = string
}

variable "api_url" {
  description = "Address of Prefect's API, such as `https://prefect.example.com/api`; the function has to reach it."
  type        = string

  validation {
    condition     = can(regex("^https?://", var.api_url))
    error_message = "Expected an address that starts with https:// or http://."
  }
}

variable "deployment" {
  description = "The deployment to run: `flow/deployment`, which stays the same over versions, or its id. Without one, the function sends an event for each object, and automations decide."
  type        = string
  default     = null

  validation {
    condition     = var.deployment == null || can(regex("^([^/]+/[^/]+|[0-9a-fA-F-]{36})$", var.deployment))
    error_message = "Expected flow/deployment or the id of a deployment."
  }
}

variable "api_key_parameter" {
  description = "Name of the SSM parameter (SecureString) that holds the API key."
  type        = string
  default     = null
}

variable "auth_string_parameter" {
  description = "Name of the SSM parameter (SecureString) that holds `user:password` of a server that asks for it."
  type        = string
  default     = null
}

variable "kms_key_arn" {
  description = "The KMS key of that parameter, if it is not the account's own for SSM."
  type        = string
  default     = null
}

variable "prefix" {
  description = "Only objects whose key starts so."
  type        = string
  default     = ""
}

variable "suffix" {
  description = "Only objects whose key ends so."
  type        = string
  default     = ""
}

variable "parameters" {
  description = "Parameters of the runs, with fields of the object in their texts, such as `{ path = \"{uri}\" }`."
  type        = any
  default     = {}
}

variable "run_name" {
  description = "Name of the runs, with fields of the object."
  type        = string
  default     = "{key}"
}

variable "run_tags" {
  description = "Tags of the runs."
  type        = list(string)
  default     = []
}

variable "delay_seconds" {
  description = "How long after an object was stored its run starts."
  type        = number
  default     = 0
}

variable "idempotency_key" {
  description = "What makes one run, with fields of the object. By default one object does; with a window, one bucket."
  type        = string
  default     = null
}

variable "idempotency_window" {
  description = "Objects that were stored in the same so many seconds make one run; 0 for each its own."
  type        = number
  default     = 0
}

variable "memory" {
  description = "How the memory of a run follows the object's size: the type of the work pool (`docker`, `ecs` or `kubernetes`), MiB for every run, bytes for each byte of the object, MiB at most, and for ECS units of CPU at least."
  type = object({
    pool     = string
    base     = optional(number, 512)
    per_byte = optional(number, 3)
    most     = optional(number, 30720)
    cpu      = optional(number, 1024)
  })
  default = null

  validation {
    condition     = var.memory == null || contains(["docker", "ecs", "kubernetes"], try(var.memory.pool, ""))
    error_message = "Expected docker, ecs or kubernetes as the pool."
  }
}

variable "refused" {
  description = "What becomes of objects whose run Prefect refuses: `log`, or `raise` so that the call fails and goes to `failure_destination_arn`."
  type        = string
  default     = "log"

  validation {
    condition     = contains(["log", "raise"], var.refused)
    error_message = "Expected log or raise."
  }
}

variable "trigger" {
  description = "Who tells the function: `eventbridge`, or `s3` itself."
  type        = string
  default     = "eventbridge"

  validation {
    condition     = contains(["eventbridge", "s3"], var.trigger)
    error_message = "Expected eventbridge or s3."
  }
}

variable "manage_bucket_notification" {
  description = "Whether to set the notifications of the bucket. They are one resource for the whole bucket: with other ones, say `false` and set them there."
  type        = bool
  default     = true
}

variable "failure_destination_arn" {
  description = "The SQS queue or SNS topic that gets the calls that failed three times."
  type        = string
  default     = null
}

variable "subnet_ids" {
  description = "The subnets of a VPC from which the function reaches an API that only they reach, and SSM."
  type        = list(string)
  default     = []
}

variable "security_group_ids" {
  description = "The security groups of the function in that VPC."
  type        = list(string)
  default     = []
}

variable "runtime" {
  description = "The function's Python."
  type        = string
  default     = "python3.13"
}

variable "timeout" {
  description = "Seconds that a call may take, its own attempts included."
  type        = number
  default     = 60
}

variable "log_retention_days" {
  description = "How long the function's log is kept."
  type        = number
  default     = 30
}

variable "tags" {
  description = "Tags of what is made in AWS."
  type        = map(string)
  default     = {}
}
