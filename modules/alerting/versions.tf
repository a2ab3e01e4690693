terraform {
  required_version = ">= 1.11"

  required_providers {
    prefect = {
      source = "prefect-iac/prefect"
    }
  }
}
