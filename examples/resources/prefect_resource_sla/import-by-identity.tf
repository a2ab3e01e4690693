import {
  to = prefect_resource_sla.nightly_report
  identity = {
    id = "prefect.deployment.0198f3a4-1c7e-7c3d-9b1e-5d2f6a8c4b01"
  }
}
