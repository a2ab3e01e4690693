resource "prefect_automation" "late" {
  name = "cancel-late-runs"
  tags = ["late"]
  trigger = {
    event = {
      posture = "Reactive"
      match   = jsonencode({ "prefect.resource.id" = "prefect.flow-run.*" })
      expect  = ["prefect.flow-run.Late"]
    }
  }
  actions = [{ type = "cancel-flow-run" }]
}

# By its name, if no other has it, or by `id`.
data "prefect_automation" "late" {
  name = prefect_automation.late.name
}

output "enabled" {
  value = data.prefect_automation.late.enabled
}
