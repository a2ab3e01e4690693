# terraform apply -invoke=action.prefect_cancel_flow_runs.backfill
action "prefect_cancel_flow_runs" "backfill" {
  config {
    flow_name = "load-orders"
    tags      = ["backfill"]
    states    = ["SCHEDULED", "PENDING"]
    message   = "The backfill is not needed any more."
  }
}
