import {
  to = prefect_deployment.hourly
  id = "load-invoices/hourly"
}
