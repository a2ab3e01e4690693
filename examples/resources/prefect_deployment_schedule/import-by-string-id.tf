import {
  to = prefect_deployment_schedule.mondays
  id = "sales-report/on-demand,mondays"
}
