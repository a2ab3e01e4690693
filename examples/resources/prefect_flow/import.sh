terraform import prefect_flow.daily_report daily-report
