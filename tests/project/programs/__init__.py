"""Programs that deploy with Prefect's SDK; they are read, and run by the Python of `.venv-prefect` alone."""
