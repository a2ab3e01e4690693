resource "prefect_deployment" "load_orders" {
  name       = "scheduled-apart"
  entrypoint = "flows/orders.py:load_orders"
}

resource "prefect_deployment_schedule" "load_orders" {
  for_each = { nightly = true, weekly = false }

  deployment_id = prefect_deployment.load_orders.id
  slug          = each.key
  cron          = each.key == "nightly" ? "0 2 * * *" : "0 2 * * 0"
  active        = each.value
}

data "prefect_deployment_schedules" "load_orders" {
  deployment_id = prefect_deployment.load_orders.id
  depends_on    = [prefect_deployment_schedule.load_orders]
}

# Those that make no runs at present, by slug.
output "paused_schedules" {
  value = [
    for schedule in data.prefect_deployment_schedules.load_orders.deployment_schedules :
    schedule.slug if !schedule.active
  ]
}
