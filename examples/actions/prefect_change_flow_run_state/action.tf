variable "flow_run_id" {
  type        = string
  description = "The flow run that nobody runs any more."
  default     = "00000000-0000-4000-8000-000000000000"
}

# terraform apply -invoke=action.prefect_change_flow_run_state.lost -var flow_run_id=...
action "prefect_change_flow_run_state" "lost" {
  config {
    flow_run_id = var.flow_run_id
    state       = "CRASHED"
    message     = "The machine was replaced."
    force       = true
  }
}
