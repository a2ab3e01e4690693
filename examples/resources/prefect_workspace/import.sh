terraform import prefect_workspace.staging handle/staging
