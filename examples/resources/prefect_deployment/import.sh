terraform import prefect_deployment.hourly load-invoices/hourly
