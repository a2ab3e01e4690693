resource "prefect_automation" "housekeeping" {
  name = "cancel-runs-at-night"
  tags = ["housekeeping"]
  trigger = {
    event = {
      posture = "Reactive"
      match   = jsonencode({ "prefect.resource.id" = "prefect.flow-run.*" })
      expect  = ["prefect.flow-run.Late"]
    }
  }
  actions = [{ type = "cancel-flow-run" }]
}

data "prefect_automations" "housekeeping" {
  tags       = ["housekeeping"]
  depends_on = [prefect_automation.housekeeping]
}

output "names" {
  value = data.prefect_automations.housekeeping.automations[*].name
}
