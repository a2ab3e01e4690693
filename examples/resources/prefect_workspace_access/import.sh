terraform import prefect_workspace_access.operators 'TEAM/operators'
