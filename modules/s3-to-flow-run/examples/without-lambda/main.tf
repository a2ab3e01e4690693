# EventBridge itself tells Prefect of each CSV that lands in a bucket; an automation decides what comes of it.

module "landed" {
  source = "../../modules/api-destination"

  name    = "landed"
  bucket  = "incoming"
  suffix  = ".csv"
  api_url = "https://prefect.example.com/api"
  api_key = var.prefect_api_key
}

variable "prefect_api_key" {
  description = "Key of the API."
  type        = string
  sensitive   = true
}
