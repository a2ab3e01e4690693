data "prefect_deployment_schedules" "nightly" {
  deployment = "load-orders/nightly"
}

# Those that make no runs at present, by slug.
output "paused_schedules" {
  value = [
    for schedule in data.prefect_deployment_schedules.nightly.deployment_schedules :
    schedule.slug if !schedule.active
  ]
}
