"""A ``prefect.yaml`` as a whole: its deployments and triggers, with what `prefect deploy` adds from values and code."""
