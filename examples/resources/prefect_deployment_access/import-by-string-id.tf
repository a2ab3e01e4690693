import {
  to = prefect_deployment_access.payroll
  id = "payroll/monthly"
}
