resource "prefect_flow" "daily_report" {
  name   = "daily-report"
  tags   = ["finance", "reports"]
  labels = { team = "finance" }
}
