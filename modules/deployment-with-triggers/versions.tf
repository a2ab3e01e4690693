terraform {
  required_version = ">= 1.9"

  required_providers {
    prefect = {
      source = "prefect-iac/prefect"
    }
  }
}
