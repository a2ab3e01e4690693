resource "prefect_global_concurrency_limit" "licences" {
  name  = "licences"
  limit = 2
}

data "prefect_global_concurrency_limit" "licences" {
  name = prefect_global_concurrency_limit.licences.name
}

output "taken" {
  value = data.prefect_global_concurrency_limit.licences.active_slots
}
