terraform import prefect_deployment_schedule.mondays 'sales-report/on-demand,mondays'
