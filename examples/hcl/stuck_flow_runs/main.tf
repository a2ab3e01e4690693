# A flow run that is still running after half an hour is cancelled.

variable "within" {
  description = "Seconds that a flow run may take."
  type        = number
  default     = 1800
}

resource "prefect_automation" "stuck" {
  name = "cancel-stuck-flow-runs"
  trigger = {
    event = {
      posture = "Proactive"
      match   = jsonencode({ "prefect.resource.id" = "prefect.flow-run.*", "prefect.state-type" = "*" })
      after   = ["prefect.flow-run.Running"]
      # Any other state, whatever the flow calls it, ends the waiting; to run again after a retry begins it anew.
      expect   = ["prefect.flow-run.*"]
      for_each = ["prefect.resource.id"]
      within   = var.within
    }
  }
  actions = [{ type = "cancel-flow-run" }]
}
