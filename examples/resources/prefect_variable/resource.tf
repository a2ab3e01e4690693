resource "prefect_variable" "report_settings" {
  name = "report_settings"
  tags = ["reports"]
  value = {
    days       = 7
    recipients = ["finance@example.com"]
  }
}
