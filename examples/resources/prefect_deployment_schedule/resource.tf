# Without `schedules`: whoever runs the report on Mondays declares it apart.
resource "prefect_deployment" "sales_report" {
  name       = "on-demand"
  entrypoint = "flows/sales.py:sales_report"
}

resource "prefect_deployment_schedule" "mondays" {
  deployment_id = prefect_deployment.sales_report.id
  slug          = "mondays"
  cron          = "0 7 * * 1"
  timezone      = "Europe/Berlin"
  parameters    = jsonencode({ days = 7 })
}
