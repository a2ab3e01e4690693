resource "prefect_service_account" "reports" {
  name = "reports"
}

data "prefect_service_account" "reports" {
  name = prefect_service_account.reports.name
}

output "actor_of_reports" {
  value = data.prefect_service_account.reports.actor_id
}
