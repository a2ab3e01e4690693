variable "deployment_id" {
  description = "The deployment; of one that is managed here, prefect_deployment.<name>.id."
  type        = string
}

resource "prefect_resource_sla" "nightly_report" {
  resource_id = "prefect.deployment.${var.deployment_id}"
  slas = [
    # A run takes ten minutes at most.
    { name = "duration", severity = "high", duration = 600 },
    # It begins within five minutes of its time.
    { name = "lateness", severity = "moderate", within = 300 },
    # There is one in every 25 hours.
    { name = "frequency", severity = "critical", stale_after = 90000 },
    # And within a day there are new sales to report.
    {
      name           = "freshness"
      severity       = "low"
      within         = 86400
      expected_event = "order.complete"
      resource_match = jsonencode({ "prefect.resource.id" = "order.*" })
    },
  ]
}
