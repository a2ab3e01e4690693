terraform import prefect_deployment_access.payroll 'payroll/monthly'
