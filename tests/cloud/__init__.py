"""What exists on Prefect Cloud only, against the simulator of it."""
