# Each CSV that lands in a bucket makes a run, whose memory follows the size of the file.

module "load_files" {
  source = "../.."

  name              = "load-files"
  bucket            = "incoming"
  suffix            = ".csv"
  package           = var.package
  api_url           = "https://prefect.example.com/api"
  api_key_parameter = "/prefect/api-key"
  deployment        = "load-files/load-files"
  parameters        = { path = "{uri}", size = "{size}" }
  run_tags          = ["landing"]
  memory            = { pool = "kubernetes" }
}

variable "package" {
  description = "Path of the function's archive."
  type        = string
  default     = "start-flow-run.zip"
}

output "function_arn" {
  description = "ARN of the function."
  value       = module.load_files.function_arn
}
