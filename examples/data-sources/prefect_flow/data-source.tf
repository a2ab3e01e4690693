resource "prefect_flow" "billing" {
  name = "billing"
}

data "prefect_flow" "billing" {
  name = prefect_flow.billing.name
}

output "labels" {
  value = data.prefect_flow.billing.labels
}
