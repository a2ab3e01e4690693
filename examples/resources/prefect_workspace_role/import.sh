terraform import prefect_workspace_role.release_manager "Release manager"
