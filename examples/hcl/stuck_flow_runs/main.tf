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
      match   = jsonencode({ "prefect.resource.id" = "prefect.flow-run.*" })
      after   = ["prefect.flow-run.Running"]
      expect = [
        "prefect.flow-run.Completed",
        "prefect.flow-run.Failed",
        "prefect.flow-run.TimedOut",
        "prefect.flow-run.Crashed",
        "prefect.flow-run.Cancelling",
        "prefect.flow-run.Cancelled",
        "prefect.flow-run.Paused",
        "prefect.flow-run.Suspended",
        "prefect.flow-run.AwaitingRetry",
      ]
      for_each = ["prefect.resource.id"]
      within   = var.within
    }
  }
  actions = [{ type = "cancel-flow-run" }]
}
