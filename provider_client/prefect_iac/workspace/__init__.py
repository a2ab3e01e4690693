"""The objects of Prefect as they are, and as they will be when a plan has been applied."""
