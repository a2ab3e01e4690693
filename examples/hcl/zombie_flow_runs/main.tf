# A flow run that no longer sends heartbeats is marked as crashed. Flow runs of deployments send them when
# PREFECT_RUNNER_HEARTBEAT_FREQUENCY is set where they run, to 30 seconds or more.

variable "within" {
  description = "Seconds without a heartbeat after which a flow run counts as dead: three heartbeats of 30 seconds."
  type        = number
  default     = 90
}

resource "prefect_automation" "zombies" {
  name = "crash-zombie-flow-runs"
  trigger = {
    event = {
      posture = "Proactive"
      match   = jsonencode({ "prefect.resource.id" = "prefect.flow-run.*" })
      after   = ["prefect.flow-run.heartbeat"]
      # Another heartbeat begins anew; any change of state, whatever the flow calls it, says that the run has ended or waits.
      expect   = ["prefect.flow-run.*"]
      for_each = ["prefect.resource.id"]
      within   = var.within
    }
  }
  actions = [{
    type    = "change-flow-run-state"
    state   = "CRASHED"
    message = "Flow run marked as crashed due to missing heartbeats."
  }]
}
