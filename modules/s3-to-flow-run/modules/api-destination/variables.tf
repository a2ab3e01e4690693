variable "name" {
  description = "Name of the rule, the destination, its connection and its role."
  type        = string
}

variable "bucket" {
  description = "Name of the bucket; its notifications have to go to EventBridge."
  type        = string
}

variable "api_url" {
  description = "Address of Prefect's API, which EventBridge reaches from outside: `https://...`."
  type        = string

  validation {
    condition     = startswith(var.api_url, "https://")
    error_message = "Expected an address that starts with https://: EventBridge calls no other."
  }
}

variable "deployment_id" {
  description = "Id of the deployment to run. Without one an event is sent, and automations decide."
  type        = string
  default     = null
}

variable "parameters" {
  description = "Parameters of the runs, each with the path of its value in the event of EventBridge."
  type        = map(string)
  default = {
    bucket = "$.detail.bucket.name"
    key    = "$.detail.object.key"
  }
}

variable "api_key" {
  description = "Key of the API. EventBridge keeps it in Secrets Manager; Terraform's state has it, too."
  type        = string
  default     = null
  sensitive   = true
}

variable "auth_string" {
  description = "`user:password` of a server that asks for it, in place of the key."
  type        = string
  default     = null
  sensitive   = true
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

variable "dead_letter_arn" {
  description = "The SQS queue that gets what could not be delivered within a day."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of what is made in AWS."
  type        = map(string)
  default     = {}
}
