terraform {
  required_providers {
    prefect = {
      source = "prefect-iac/prefect"
    }
  }
}

# Whatever is left out comes from the environment or from Prefect's active profile.
provider "prefect" {}

variable "prefect_password" {
  type      = string
  sensitive = true
  ephemeral = true
}

# A second server, for what names it: `provider = prefect.staging`.
provider "prefect" {
  alias          = "staging"
  endpoint       = "https://prefect.staging.example.com/api"
  basic_auth_key = "admin:${var.prefect_password}"
}
