terraform import prefect_team.data_engineering 'data-engineering'
