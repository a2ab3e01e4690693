terraform {
  required_providers {
    prefect = {
      source = "prefect-iac/prefect"
    }
  }
}
