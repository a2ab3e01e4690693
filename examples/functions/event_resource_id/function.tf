resource "prefect_flow" "upstream" {
  name = "upstream"
}

resource "prefect_automation" "after_upstream" {
  name = "after-upstream"
  trigger = {
    event = {
      posture = "Reactive"
      match = jsonencode({
        "prefect.resource.id" = provider::prefect::event_resource_id("flow-run", "*")
      })
      match_related = jsonencode({
        "prefect.resource.id"   = provider::prefect::event_resource_id("flow", prefect_flow.upstream.id)
        "prefect.resource.role" = "flow"
      })
      expect = ["prefect.flow-run.Completed"]
    }
  }
  actions = [{ type = "do-nothing" }]
}
