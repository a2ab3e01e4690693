import {
  to = prefect_flow.daily_report
  id = "daily-report"
}
