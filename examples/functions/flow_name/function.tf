resource "prefect_flow" "weekly_report" {
  # "Weekly report", as the decorator in report.py says.
  name = provider::prefect::flow_name("${path.module}/report.py:weekly")
  tags = ["weekly"]
}
