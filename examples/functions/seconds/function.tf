resource "prefect_automation" "no_heartbeat" {
  name = "no-heartbeat"
  trigger = {
    event = {
      posture = "Proactive"
      expect  = ["my.heartbeat"]
      within  = provider::prefect::seconds("1h30m")
    }
  }
  actions = [{ type = "do-nothing" }]
}
