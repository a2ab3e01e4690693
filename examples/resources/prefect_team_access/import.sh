terraform import prefect_team_access.marvin 'analysts,marvin@example.com'
